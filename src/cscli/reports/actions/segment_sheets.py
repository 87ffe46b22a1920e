"""The sheets of the report `segment`: accounts, a cross-table, what segments, teams and owners need, moves, a proposal."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.capacity import NOBODY, TOO_LITTLE, TOO_MUCH
from cscli.analysis.acting.touch_plan import TouchPlan, find_moves
from cscli.config.schema import Config
from cscli.reports.kit.labels import column_label, default_label, value_labels
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Sheet, Values
from cscli.reports.kit.sheets import as_values, from_frame, make_sheet, named_column, plain_column
from cscli.texts import Language, text

Pairs = list[tuple[Column, Values]]
_MOST_OWNERS_IN_CHART = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """The segments of the snapshot to compare with: by account_id, then segmentation."""

    as_of: dt.date
    by_account: Mapping[str, Mapping[str, str | None]]


def accounts_sheet(touch_plan: TouchPlan, config: Config, language: Language) -> Sheet:
    """Mismatches first (those that take too much, by hours; those hardly touched, by MRR), then by MRR."""
    frame, effort = touch_plan.frame, config.effort
    labels = {each: text(f"label.mismatch.{each}", language) for each in (TOO_MUCH, TOO_LITTLE)}
    mismatch = Column(
        id="mismatch", label=default_label("mismatch", language), meaning=Meaning.TEXT, labels=labels
    )
    planned, spent = _number("hours_per_month", language), _number("hours_spent", language)
    if effort:
        bounds = {"too_much": f"{effort.too_much:g}", "too_little": f"{effort.too_little:.0%}"}
        words = text("definition.mismatch", language, **bounds, apart=f"{effort.at_least_hours:g}")
        mismatch = replace(mismatch, definition=words)
        by = column_label(effort.by, config, language)
        planned = replace(planned, definition=text("definition.hours_per_month", language, by=by))
        spent = replace(spent, definition=text("definition.hours_spent", language))
    pairs: Pairs = [
        *(from_frame(frame, name, language) for name in ("account_id", "name", "owner")),
        *((named_column(name, config, language), as_values(frame[name])) for name in touch_plan.names),
        from_frame(frame, "mrr", language),
        (planned, touch_plan.planned),
        (spent, touch_plan.spent),
        (mismatch, touch_plan.mismatch),
    ]
    return make_sheet("accounts", language, pairs, _order(touch_plan))


def _order(touch_plan: TouchPlan) -> NDArray[np.intp]:
    kind = np.select([touch_plan.mismatch == TOO_MUCH, touch_plan.mismatch == TOO_LITTLE], [0, 1], 2)
    excess = np.where(kind == 0, touch_plan.planned - touch_plan.spent, 0.0)
    mrr = -touch_plan.frame["mrr"].fillna(0).to_numpy()
    return np.lexsort((touch_plan.frame["account_id"].to_numpy(str), mrr, excess, kind))


def summary_sheet(touch_plan: TouchPlan, config: Config, language: Language) -> Sheet:
    """One row for each name of the first segmentation; accounts and MRR, in all and by name of the second."""
    first, *others = touch_plan.names
    table = touch_plan.needs[first]
    pairs: Pairs = [
        _name_column(first, first, table["name"], config, language),
        (plain_column("accounts", Meaning.COUNT, language), table["accounts"].to_numpy()),
        (plain_column("mrr", Meaning.MONEY, language), table["mrr"].to_numpy()),
    ]
    if others:
        pairs += _crossed(touch_plan, first, others[0], config, language)
    title = column_label(first, config, language)
    charts = tuple(
        Chart(
            kind=ChartKind.COLUMNS,
            title=text(f"chart.{each}_by", language, name=title),
            categories=first,
            values=each,
        )
        for each in ("accounts", "mrr")
    )
    return make_sheet("summary", language, pairs, np.arange(len(table)), charts)


def _crossed(touch_plan: TouchPlan, first: str, second: str, config: Config, language: Language) -> Pairs:
    frame, rows = touch_plan.frame, touch_plan.needs[first]["name"]
    keys = [frame[name].fillna(NOBODY).to_numpy() for name in (first, second)]
    mrr = frame["mrr"].groupby(keys)
    pairs: Pairs = []
    labels = value_labels([second], config, language)
    for what, meaning, values in (
        ("accounts", Meaning.COUNT, mrr.size()),
        ("mrr", Meaning.MONEY, mrr.sum(min_count=1)),
    ):
        found = values.unstack(level=1)  # noqa: PD010 - a Series has no pivot
        counts = mrr.size().unstack(level=1, fill_value=0)  # noqa: PD010 - as above
        for name in touch_plan.needs[second]["name"]:
            shown = labels.get(name, name) or text(_nobody(second), language)
            label = text(f"label.{what}_of", language, name=shown)
            column = Column(id=f"{what}_{name}", label=label, meaning=meaning)
            if name not in found:
                pairs.append((column, np.zeros(len(rows))))
                continue
            filled = found[name].reindex(rows).to_numpy(np.float64)
            is_empty = counts[name].reindex(rows).fillna(0).to_numpy() == 0
            pairs.append((column, np.where(is_empty, 0.0, filled)))
    return pairs


def needs_sheet(sheet_id: str, by: str, touch_plan: TouchPlan, config: Config, language: Language) -> Sheet:
    table, effort = touch_plan.needs[by], config.effort
    pairs: Pairs = [
        _name_column("team" if sheet_id == "teams" else "segment", by, table["name"], config, language),
        (plain_column("accounts", Meaning.COUNT, language), table["accounts"].to_numpy()),
        (plain_column("mrr", Meaning.MONEY, language), table["mrr"].to_numpy()),
    ]
    charts: tuple[Chart, ...] = ()
    if effort:
        each = table["name"].map(effort.hours_per_month).to_numpy(np.float64)
        if sheet_id == "capacity":
            pairs.append((_number("hours_per_month", language), each))
        words = text("definition.heads", language, hours=f"{effort.owner_hours_per_month:g}")
        heads = replace(_number("heads", language), definition=words)
        pairs.append((_number("hours_needed", language), table["hours_needed"].to_numpy()))
        pairs.append((heads, table["heads"].to_numpy()))
        title = text("chart.heads_by", language, name=column_label(by, config, language))
        charts = (Chart(kind=ChartKind.COLUMNS, title=title, categories=pairs[0][0].id, values="heads"),)
    return make_sheet(sheet_id, language, pairs, np.arange(len(table)), charts)


def owners_sheet(touch_plan: TouchPlan, config: Config, language: Language) -> Sheet:
    table = touch_plan.owners
    load = replace(
        plain_column("load", Meaning.SHARE, language), definition=text("definition.load", language)
    )
    pairs: Pairs = [
        _name_column("owner", "owner", table["owner"], config, language),
        (plain_column("accounts", Meaning.COUNT, language), table["accounts"].to_numpy()),
        (plain_column("mrr", Meaning.MONEY, language), table["mrr"].to_numpy()),
        (_number("hours_needed", language), table["hours_needed"].to_numpy()),
        (_number("hours_available", language), table["hours_available"].to_numpy()),
        (load, table["load"].to_numpy()),
    ]
    title = text("chart.load_by_owner", language)
    is_readable = len(table) <= _MOST_OWNERS_IN_CHART and bool(table["load"].notna().any())
    charts = (
        (Chart(kind=ChartKind.BARS, title=title, categories="owner", values="load"),) if is_readable else ()
    )
    return make_sheet("owners", language, pairs, np.arange(len(table)), charts)


def moves_sheet(touch_plan: TouchPlan, earlier: Earlier | None, config: Config, language: Language) -> Sheet:
    """By segmentation, the larger MRR first."""
    moves = find_moves(touch_plan.frame, list(touch_plan.names), earlier.by_account if earlier else {})
    rows = touch_plan.frame.iloc[moves["row"].to_numpy(dtype=np.intp)]
    since = np.datetime64(earlier.as_of if earlier else "NaT", "us")
    labels = {name: column_label(name, config, language) for name in touch_plan.names}
    values = value_labels(touch_plan.names, config, language)
    pairs: Pairs = [
        *(from_frame(rows, name, language) for name in ("account_id", "name", "owner")),
        (
            Column(
                id="segmentation",
                label=default_label("segmentation", language),
                meaning=Meaning.TEXT,
                labels=labels,
            ),
            moves["segmentation"].to_numpy(dtype=object),
        ),
        *(
            (
                replace(plain_column(name, Meaning.TEXT, language), labels=values),
                as_values(moves[name].astype(object)),
            )
            for name in ("from", "to")
        ),
        from_frame(rows, "mrr", language),
        (plain_column("since", Meaning.DATE, language), np.full(len(moves), since)),
    ]
    places = {name: place for place, name in enumerate(touch_plan.names)}
    place = moves["segmentation"].map(places).to_numpy(dtype=np.float64)
    order = np.lexsort((rows["account_id"].to_numpy(str), -rows["mrr"].fillna(0).to_numpy(), place))
    return make_sheet("moves", language, pairs, order)


def proposal_sheet(touch_plan: TouchPlan, language: Language) -> Sheet:
    moved = touch_plan.proposal.moved if touch_plan.proposal else np.zeros(0, dtype=np.intp)
    rows = touch_plan.frame.iloc[moved]
    new = np.array(touch_plan.new_owners, dtype=object)
    reason = np.full(len(moved), None, dtype=object)
    reason[touch_plan.protected.large[moved]] = "large"
    reason[touch_plan.protected.at_risk[moved]] = "at_risk"
    labels = {each: text(f"label.unavoidable.{each}", language) for each in ("large", "at_risk")}
    from_owner = replace(
        plain_column("from_owner", Meaning.TEXT, language), definition=text("definition.proposal", language)
    )
    pairs: Pairs = [
        *(from_frame(rows, name, language) for name in ("account_id", "name")),
        (from_owner, as_values(rows["owner"])),
        (plain_column("to_owner", Meaning.TEXT, language), new),
        (_number("hours", language), touch_plan.planned[moved]),
        (
            Column(
                id="unavoidable",
                label=default_label("unavoidable", language),
                meaning=Meaning.TEXT,
                labels=labels,
            ),
            reason,
        ),
    ]
    keys = (rows["account_id"].to_numpy(str), new.astype(str), as_values(rows["owner"]).astype(str))
    return make_sheet("proposal", language, pairs, np.lexsort(keys))


def _number(name: str, language: Language) -> Column:
    return plain_column(name, Meaning.NUMBER, language)


def _name_column(
    column_id: str, of: str, names: "pd.Series[str]", config: Config, language: Language
) -> tuple[Column, Values]:
    labels = value_labels([of], config, language) | {NOBODY: text(_nobody(of), language)}
    label = column_label(of, config, language)
    return Column(id=column_id, label=label, meaning=Meaning.TEXT, labels=labels), as_values(names)


def _nobody(of: str) -> str:
    return {"owner": "label.no_owner", "team": "label.no_team"}.get(of, "label.no_segment")
