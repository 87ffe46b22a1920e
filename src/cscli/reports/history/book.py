"""The book over time and the runs to the report `history`: bands by week, the heat map of scores, the list of runs."""

from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.past.evidence import is_timely
from cscli.analysis.past.over_time import BookCourse, StoredRun, book_totals, by_band, step_changes
from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.schema import Config
from cscli.reports.history.account import defined, rules_column, with_rules
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import band_label
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.periods import period_label
from cscli.reports.kit.sheets import best_first, plain_column
from cscli.texts import Language, text

_RUNS_SHORT = ("as_of", "known_on", "evidence", "accounts", "config_digest", "version", "files")


def book_report(found: BookCourse, config: Config, context: Context) -> Report:
    """The report: sheets bands and heat."""
    bands = _bands(found, config, context.language)
    sheets = (_bands_sheet(found, bands, context.language), _heat_sheet(found, context.language))
    short = ("as_of", "mean_score", "mean_score_step", *(f"accounts_{name}" for name in bands), "arr")
    return context.report(
        name="history",
        sheets=sheets,
        headline=_headline(found, bands, context),
        short=with_rules(short, sheets[0]),
    )


def runs_report(stored: tuple[StoredRun, ...], context: Context) -> Report:
    """The report: the sheet runs."""
    language = context.language
    digests = pd.Series([run.config_digest for run in stored], dtype=object)
    columns: list[tuple[Column, Values]] = [
        (
            plain_column("as_of", Meaning.DATE, language),
            np.array([run.as_of for run in stored], "datetime64[us]"),
        ),
        (
            defined("taken_at", Meaning.ID, language),
            _texts([f"{run.taken_at:%Y-%m-%d %H:%M}" for run in stored]),
        ),
        (
            defined("known_on", Meaning.DATE, language),
            np.array([run.known_on for run in stored], "datetime64[us]"),
        ),
        (_evidence_column(language), _texts(list(map(_evidence, stored)))),
        (
            plain_column("accounts", Meaning.COUNT, language),
            np.array([run.accounts for run in stored], np.float64),
        ),
        (plain_column("config_digest", Meaning.TEXT, language), digests.to_numpy(object)),
        rules_column(digests, language),
        (plain_column("version", Meaning.TEXT, language), _texts([run.version for run in stored])),
        (plain_column("files", Meaning.LONG_TEXT, language), _texts([_files(run) for run in stored])),
    ]
    title = text("sheet.runs", language)
    sheet = Sheet(
        id="runs", title=title, columns=tuple(c for c, _ in columns), values=tuple(v for _, v in columns)
    )
    headline = text(
        "headline.history_runs",
        language,
        count=len(stored),
        first=show_date(stored[0].as_of, language),
        last=show_date(stored[-1].as_of, language),
    )
    return context.report(
        name="history", sheets=(sheet,), headline=headline, short=with_rules(_RUNS_SHORT, sheet)
    )


def _bands(found: BookCourse, config: Config, language: Language) -> dict[str, str]:
    """The label of each band by name, best first: those of today's rules, then earlier ones, then unknown."""
    labels = {band.name: band_label(band, language) for band in best_first(config.bands)}
    stored = found.bands["band"].unique().tolist()
    labels |= {name: name for name in stored if name not in labels and name != UNKNOWN}
    return labels | ({UNKNOWN: text("label.band.unknown", language)} if UNKNOWN in stored else {})


def _bands_sheet(found: BookCourse, bands: dict[str, str], language: Language) -> Sheet:
    totals = book_totals(found.bands)
    digests = pd.Series([run.config_digest for run in found.runs if _has_accounts(run)], dtype=object)
    means = totals["mean_score"].to_numpy(np.float64)
    columns: list[tuple[Column, Values]] = [
        (plain_column("as_of", Meaning.DATE, language), totals["as_of"].to_numpy()),
        (plain_column("accounts", Meaning.COUNT, language), totals["accounts"].to_numpy(np.float64)),
        (defined("mean_score", Meaning.SCORE, language), means),
        (defined("mean_score_step", Meaning.CHANGE, language), step_changes(means)),
        (
            defined("mean_score_by_mrr", Meaning.SCORE, language),
            totals["mean_score_by_mrr"].to_numpy(np.float64),
        ),
        *_by_band(found, bands, "accounts", Meaning.COUNT, language),
        *(
            (plain_column(name, Meaning.MONEY, language), totals[name].to_numpy(np.float64))
            for name in ("mrr", "arr")
        ),
        *_by_band(found, bands, "arr", Meaning.MONEY, language),
        rules_column(digests, language),
        (plain_column("config_digest", Meaning.TEXT, language), digests.to_numpy(object)),
    ]
    first, *more = [f"accounts_{name}" for name in bands]
    charts = (
        Chart(
            kind=ChartKind.LINES,
            title=text("label.mean_score", language),
            categories="as_of",
            values="mean_score",
        ),
        Chart(
            kind=ChartKind.LINES,
            title=text("chart.accounts_by", language, name=text("label.band", language)),
            categories="as_of",
            values=first,
            more=tuple(more),
        ),
    )
    title = text("sheet.bands", language)
    return Sheet(
        id="bands",
        title=title,
        columns=tuple(c for c, _ in columns),
        values=tuple(v for _, v in columns),
        charts=charts,
    )


def _has_accounts(run: StoredRun) -> bool:
    return run.accounts > 0


def _by_band(
    found: BookCourse, bands: dict[str, str], name: str, meaning: Meaning, language: Language
) -> list[tuple[Column, Values]]:
    return [
        (
            Column(
                id=f"{name}_{band}",
                label=label if name == "accounts" else text(f"label.{name}_of", language, name=label),
                meaning=meaning,
            ),
            by_band(found.bands, band, name),
        )
        for band, label in bands.items()
    ]


def _heat_sheet(found: BookCourse, language: Language) -> Sheet:
    heat = found.heat
    days = [str(name) for name in heat.columns if name not in ("account_id", "name", "arr")]
    columns: list[tuple[Column, Values]] = [
        (plain_column("account_id", Meaning.ID, language), heat["account_id"].to_numpy(object)),
        (plain_column("name", Meaning.TEXT, language), heat["name"].to_numpy(object)),
        (plain_column("arr", Meaning.MONEY, language), heat["arr"].to_numpy(np.float64)),
        *(
            (
                Column(id=day, label=period_label(day, language), meaning=Meaning.SCORE),
                heat[day].to_numpy(np.float64),
            )
            for day in days
        ),
    ]
    title = text("sheet.heat", language)
    return Sheet(
        id="heat",
        title=title,
        columns=tuple(c for c, _ in columns),
        values=tuple(v for _, v in columns),
        heat=tuple(days),
    )


def _headline(found: BookCourse, bands: dict[str, str], context: Context) -> str:
    language = context.language
    totals = book_totals(found.bands)
    last = totals.iloc[-1]
    worst = next((name for name in reversed(bands) if name != UNKNOWN), UNKNOWN)
    details = {
        "date": show_date(last["as_of"], language),
        "total": f"{last['accounts']:,.0f}",
        "band": bands[worst],
        "count": f"{by_band(found.bands, worst, 'accounts')[-1]:,.0f}",
        "score": _score(last["mean_score"]),
    }
    if len(totals) == 1:
        return text("headline.history_book_once", language, **details)
    first = totals.iloc[0]
    return text(
        "headline.history_book",
        language,
        **details,
        since=show_date(first["as_of"], language),
        first_count=f"{by_band(found.bands, worst, 'accounts')[0]:,.0f}",
        first_score=_score(first["mean_score"]),
    )


def _score(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.1f}"


def _evidence_column(language: Language) -> Column:
    labels = {code: text(f"history.evidence.{code}", language) for code in ("evidence", "later", "late")}
    column = defined("evidence", Meaning.TEXT, language)
    return replace(column, labels=labels)


def _evidence(run: StoredRun) -> str:
    if run.is_evidence:
        return "evidence"
    return "later" if is_timely(run.as_of, run.known_on) else "late"


def _files(run: StoredRun) -> str | None:
    return ", ".join(file for _, file, _ in run.inputs) or None


def _texts(values: list[str | None] | list[str]) -> Values:
    shown = np.empty(len(values), dtype=object)
    shown[:] = values
    return shown
