"""Two runs to the report `diff`: movements between bands, every account's change with its parts, and their sums."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.explaining.changes import PARTS
from cscli.analysis.past.scored_run import ScoredRun
from cscli.analysis.past.snapshots import relative_metrics
from cscli.analysis.scoring.adjustments import Floats
from cscli.reports.history.comparison import MOVEMENTS, Comparison, band_pair_column
from cscli.reports.history.diff_causes import causes
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import metric_labels
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.sheets import nothing
from cscli.texts import Language, text

SHORT = ("name", "score_from", "score_to", "change", "cause")
"""Columns of the sheet `accounts` that fit a terminal."""
_MOVERS = 5


def diff_report(comparison: Comparison, context: Context, *, complete: bool) -> Report:
    """The report. Not `complete`, for a terminal: causes only of the largest movers, and no sheet `metrics`."""
    movements = _movements(comparison, context.language)
    accounts = _accounts(comparison, context.language, complete=complete)
    sheets = [movements, accounts, _summary(comparison, context.language)]
    if complete:
        sheets.append(_metrics(comparison, context.language))
    report = context.report(
        name="diff",
        sheets=tuple(sheets),
        headline=_headline(comparison, movements, context),
        short=("movement", "band_from", "band_to", "accounts", *_money_shown(movements)),
    )
    own = ("parts", "steps", "relative")
    told = tuple(
        (text(f"diff.term.{key}", context.language), text(f"diff.definition.{key}", context.language))
        for key in own
    )
    return replace(report, definitions=(*report.definitions, *told))


def movers(report: Report) -> tuple[Sheet, Sheet]:
    """The accounts that fell most, and those that rose most; of each the first few."""
    sheet = report.sheets[1]
    change = np.nan_to_num(sheet.column("change"))
    falls = np.flatnonzero(change < 0)[:_MOVERS]
    rises = np.flatnonzero(change > 0)[::-1][:_MOVERS]
    return _rows(sheet, falls), _rows(sheet, rises)


def _rows(sheet: Sheet, rows: NDArray[np.intp]) -> Sheet:
    return replace(sheet, values=tuple(sheet.column(column.id)[rows] for column in sheet.columns))


def _money_shown(movements: Sheet) -> tuple[str, ...]:
    return ("arr",) if np.nansum(movements.column("arr")) > 0 else ()


def _movements(comparison: Comparison, language: Language) -> Sheet:
    start, end, changes = comparison.start, comparison.end, comparison.changes
    moves = pd.DataFrame(
        {
            "movement": [*comparison.kinds(), *["new"] * len(changes.came), *["left"] * len(changes.left)],
            "band_from": [*comparison.band_from(), *[None] * len(changes.came), *start.band[changes.left]],
            "band_to": [*comparison.band_to(), *end.band[changes.came], *[None] * len(changes.left)],
            "arr": np.concatenate(
                [
                    end.numbers("arr")[changes.after],
                    end.numbers("arr")[changes.came],
                    start.numbers("arr")[changes.left],
                ]
            ),
        }
    )
    groups = moves.groupby(["movement", "band_from", "band_to"], dropna=False, sort=False)
    table = groups["arr"].agg(["size", "sum"]).reset_index()
    table["rank"] = table["movement"].map({name: rank for rank, name in enumerate(MOVEMENTS)})
    order = ["rank", "sum", "size", "band_from", "band_to"]
    table = table.sort_values(order, ascending=[True, False, False, True, True], kind="stable")
    kinds = {name: text(f"diff.movement.{name}", language) for name in MOVEMENTS}
    columns = [
        (
            Column(id="movement", label=text("label.movement", language), meaning=Meaning.TEXT, labels=kinds),
            _objects(table["movement"]),
        ),
        (band_pair_column("band_from", comparison, language), _objects(table["band_from"])),
        (band_pair_column("band_to", comparison, language), _objects(table["band_to"])),
        (_column("accounts", Meaning.COUNT, language), table["size"].to_numpy(np.float64)),
        (_column("arr", Meaning.MONEY, language), table["sum"].to_numpy(np.float64)),
    ]
    return _sheet("movements", columns, language)


def _accounts(comparison: Comparison, language: Language, *, complete: bool) -> Sheet:
    start, end, changes = comparison.start, comparison.end, comparison.changes
    order = np.lexsort(
        (_objects(end.ids)[changes.after].astype(str), np.nan_to_num(changes.change, nan=np.inf))
    )
    after, before = changes.after[order], changes.before[order]
    told = order if complete else _extremes(changes.change, order)
    words = nothing(len(changes.after))
    words[told] = causes(comparison, told, language)
    columns: list[tuple[Column, Values]] = [
        *(
            (_column(name, _OF[name], language), _text_column(end, name)[after])
            for name in ("account_id", "name", "owner")
        ),
        (band_pair_column("band_from", comparison, language), start.band[before]),
        (band_pair_column("band_to", comparison, language), end.band[after]),
        (_column("score_from", Meaning.SCORE, language), start.score[before]),
        (_column("score_to", Meaning.SCORE, language), end.score[after]),
        (_column("change", Meaning.CHANGE, language), changes.change[order]),
        *((_column(name, Meaning.CHANGE, language), changes.parts[name][order]) for name in PARTS),
        (_column("cause", Meaning.LONG_TEXT, language), words[order]),
        (_column("arr", Meaning.MONEY, language), end.numbers("arr")[after]),
    ]
    return _sheet("accounts", columns, language)


def _extremes(change: Floats, order: NDArray[np.intp]) -> NDArray[np.intp]:
    known = order[~np.isnan(change[order])]
    return np.unique(np.concatenate([known[:_MOVERS], known[-_MOVERS:]]))


def _summary(comparison: Comparison, language: Language) -> Sheet:
    """One row a part, those of the values by metric below it."""
    changes, config = comparison.changes, comparison.start.config
    known = ~np.isnan(changes.change)
    rows: list[tuple[str, str | None, str, Floats]]
    rows = [(name, None, text(f"label.{name}", language), changes.parts[name][known]) for name in PARTS]
    labels = metric_labels(config, language)
    rows[1:1] = [
        ("values_moved", name, labels[column], changes.by_metric[known, column])
        for column, name in enumerate(config.metrics)
    ]
    amounts = [amounts for *_, amounts in rows]
    figures = {
        "accounts": [float((np.abs(each) >= 0.05).sum()) for each in amounts],
        "mean": [float(each.mean()) if len(each) else np.nan for each in amounts],
        "gained": [float(each[each > 0].sum()) for each in amounts],
        "lost_points": [float(each[each < 0].sum()) for each in amounts],
    }
    meanings = {"accounts": Meaning.COUNT}
    columns = [
        (_column("part", Meaning.CODE, language), np.array([row[0] for row in rows], dtype=object)),
        (_column("metric", Meaning.CODE, language), np.array([row[1] for row in rows], dtype=object)),
        (_column("what", Meaning.TEXT, language), np.array([row[2] for row in rows], dtype=object)),
        *(
            (_column(name, meanings.get(name, Meaning.CHANGE), language), np.array(values))
            for name, values in figures.items()
        ),
    ]
    return _sheet("summary", columns, language)


def _metrics(comparison: Comparison, language: Language) -> Sheet:
    """What each metric did to each account's score, where it did something."""
    changes, config = comparison.changes, comparison.start.config
    rows, metrics = np.nonzero(np.abs(changes.by_metric) > 1e-12)
    before, after = changes.before[rows], changes.after[rows]
    names = list(config.metrics)
    relative = np.array([name in relative_metrics(config) for name in names], dtype=bool)
    texts = [
        _both_kinds(scored_run, names, at, metrics)
        for scored_run, at in ((comparison.start, before), (comparison.later, after))
    ]
    marks = np.array([None, text("diff.relative", language)], dtype=object)[relative[metrics].astype(int)]
    columns = [
        *(
            (_column(name, _OF[name], language), _text_column(comparison.end, name)[after])
            for name in ("account_id", "name")
        ),
        (_column("metric", Meaning.CODE, language), np.array(names, dtype=object)[metrics]),
        (
            _column("what", Meaning.TEXT, language),
            np.array(metric_labels(config, language), dtype=object)[metrics],
        ),
        (_column("value_from", Meaning.NUMBER, language), texts[0][0]),
        (_column("value_to", Meaning.NUMBER, language), texts[1][0]),
        (_column("category_from", Meaning.TEXT, language), texts[0][1]),
        (_column("category_to", Meaning.TEXT, language), texts[1][1]),
        (_column("points_from", Meaning.POINTS, language), comparison.start.points[before, metrics]),
        (_column("points_to", Meaning.POINTS, language), comparison.later.points[after, metrics]),
        (_column("part_points", Meaning.CHANGE, language), changes.by_metric[rows, metrics]),
        (_column("relative", Meaning.TEXT, language), marks),
    ]
    return _sheet("metrics", columns, language)


def _both_kinds(
    scored_run: ScoredRun, names: list[str], rows: NDArray[np.intp], metrics: NDArray[np.intp]
) -> tuple[Floats, NDArray[np.object_]]:
    """The values as numbers, and those that are texts."""
    numbers, texts = np.full(len(rows), np.nan), np.full(len(rows), None, dtype=object)
    for column, name in enumerate(names):
        here = metrics == column
        values = scored_run.measured[name].to_numpy()[rows[here]]
        if values.dtype == np.float64:
            numbers[here] = values
        else:
            texts[here] = [None if pd.isna(value) else str(value) for value in values]
    return numbers, texts


def _headline(comparison: Comparison, movements: Sheet, context: Context) -> str:
    language, changes = context.language, comparison.changes
    kinds, counts, arr = (movements.column(name) for name in ("movement", "accounts", "arr"))
    totals = {kind: int(counts[kinds == kind].sum()) for kind in MOVEMENTS}
    known = ~np.isnan(changes.change)
    means = (
        [
            scored_run.score[rows[known]].mean()
            for scored_run, rows in ((comparison.start, changes.before), (comparison.end, changes.after))
        ]
        if known.any()
        else [np.nan] * 2
    )
    fallen = float(np.nansum(arr[kinds == "down"]))
    return text(
        "headline.diff" if fallen else "headline.diff_no_arr",
        language,
        start=show_date(comparison.start.as_of, language),
        end=show_date(comparison.end.as_of, language),
        down=totals["down"],
        arr=context.money(fallen),
        up=totals["up"],
        new=totals["new"],
        left=totals["left"],
        before=f"{means[0]:.1f}",
        after=f"{means[1]:.1f}",
    )


_OF = {"account_id": Meaning.ID, "name": Meaning.TEXT, "owner": Meaning.TEXT}


def _column(column_id: str, meaning: Meaning, language: Language) -> Column:
    return Column(id=column_id, label=text(f"label.{column_id}", language), meaning=meaning)


def _sheet(sheet_id: str, columns: Iterable[tuple[Column, Values]], language: Language) -> Sheet:
    pairs = list(columns)
    title = text(f"diff.sheet.{sheet_id}", language)
    return Sheet(
        id=sheet_id,
        title=title,
        columns=tuple(column for column, _ in pairs),
        values=tuple(values for _, values in pairs),
    )


def _text_column(scored_run: ScoredRun, name: str) -> NDArray[np.object_]:
    return _objects(scored_run.columns[name]) if name in scored_run.columns else nothing(len(scored_run))


def _objects(values: "pd.Series[str]") -> NDArray[np.object_]:
    return values.astype(object).where(values.notna(), None).to_numpy(dtype=object)
