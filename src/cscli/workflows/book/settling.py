"""The joined accounts of a book, judged as a whole by its rules: derived money and dates, currency, who has left."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cscli.analysis.judging.accounts import (
    BookFacts,
    has_left,
    knows_who_left,
    main_currency,
    settle_accounts,
)
from cscli.analysis.revenue.mrr import Kind, read_mrr
from cscli.analysis.revenue.observed_dates import fill_dates, fill_ends_since
from cscli.analysis.scoring.columns import derive_known, evaluate_rules
from cscli.analysis.tables.conform import ENDS, TypedTable
from cscli.analysis.tables.join import Settle, Settled, started_by
from cscli.config.schema import Config, Source
from cscli.errors import Location, Problem, Severity
from cscli.workflows.book.revenue_lines import line_facts, rates_of

if TYPE_CHECKING:
    import pandas as pd


def in_its_currency(config: Config, tables: Mapping[str, TypedTable], *, is_own: bool) -> Config:
    """`config` in the currency that the exports name, where the rules are nobody's own or name none."""
    if is_own and config.currency:
        return config
    seen = [found for table in tables.values() if (found := main_currency(table.frame))]
    return config.model_copy(update={"currency": seen[0]}) if seen else config


def keep_rows(table: TypedTable, source: Source, as_of: dt.date) -> TypedTable:
    """The rows of `table` for which the source's `keep` holds, and how many others there were. Raises ConfigError."""
    if source.keep is None:
        return table
    absent = {name: None for name in source.keep.names if name not in table.frame}
    key = f"sources.{table.source}.keep"
    known = _ends_by_then(table.frame, as_of)
    held = evaluate_rules(known.assign(**absent), {key: source.keep}, as_of)[key]
    if held.all():
        return table
    details = {"count": int((~held).sum()), "rule": source.keep.text}
    said = Problem(
        "data.not_kept",
        severity=Severity.NOTE,
        where=Location(file=table.facts.file, sheet=table.facts.sheet),
        details=details,
    )
    return replace(
        table,
        frame=table.frame[held].reset_index(drop=True),
        lines=table.lines[held],
        problems=(*table.problems, said),
        not_kept=table.frame[~held],
    )


def _ends_by_then(frame: "pd.DataFrame", as_of: dt.date) -> "pd.DataFrame":
    """`frame` as it stood at the date: an end that lies after it is not known in a formula."""
    from pandas import Timedelta, Timestamp

    limit = Timestamp(as_of) + Timedelta(days=1)
    ends = [name for name in ENDS if name in frame and frame[name].dtype.kind == "M"]
    return frame.assign(**{name: frame[name].where(frame[name] < limit) for name in ends})


def settle_book(
    config: Config, tables: Mapping[str, TypedTable], sources: Mapping[str, Source], as_of: dt.date
) -> Settle:
    """What `join_tables` does with the accounts once they are joined."""
    facts = tables["accounts"].facts
    constant = rates_of(config).constant
    book = BookFacts(as_of, config.currency, constant, Location(file=facts.file, sheet=facts.sheet))

    def settle(frame: "pd.DataFrame") -> Settled:
        before = frame
        frame, said = _with_lines_mrr(frame, config, tables, sources, as_of)
        of_lines = frozenset({"mrr", "arr"} if frame is not before else ())
        derived = started_by(derive_known(frame, config, as_of), as_of)
        settled, problems = settle_accounts(derived, book)
        return Settled(settled, has_left(settled, as_of), (*said, *problems), of_lines)

    return settle


def _with_lines_mrr(
    frame: "pd.DataFrame",
    config: Config,
    tables: Mapping[str, TypedTable],
    sources: Mapping[str, Source],
    as_of: dt.date,
) -> "tuple[pd.DataFrame, tuple[Problem, ...]]":
    """`frame` with the MRR that the subscriptions give, where the accounts have none at all; there, whose MRR has ended has
    left, unless the accounts say themselves who has.
    """
    name = next((each for each in tables if each in sources and sources[each].of_revenue), None)
    if name is None or frame["mrr"].notna().any() or frame["arr"].notna().any():
        return frame, ()
    table, source = tables[name], sources[name]
    kind: Kind = "mrr" if source.kind == "mrr" else "subscriptions"
    lines = table.frame[table.frame["account_id"].isin(frame["account_id"])].reset_index(drop=True)
    facts = line_facts(table, source, anyone_left=bool(frame["churned_on"].notna().any()))
    history, _ = read_mrr(kind, lines, as_of, rates_of(config), None, facts)
    if not len(history.account_ids):
        return frame, ()
    rows = history.rows_of(frame["account_id"].to_numpy(dtype=object))
    money = history.money()[:, -1]
    mrr = frame["mrr"].where(rows < 0, money[rows])
    details = {"source": name, "count": int((rows >= 0).sum()), "month": history.labels[-1]}
    said = Problem(
        "data.mrr_from_lines", severity=Severity.NOTE, where=Location(file=table.facts.file), details=details
    )
    frame = frame.assign(mrr=mrr, currency=None)
    if knows_who_left(frame):
        return frame, (said,)
    frame, ended = fill_dates(frame, history, ("churned_on",))
    if kind == "mrr" or "ended_on" not in lines:
        return frame, (said, *ended)
    until_now, _ = read_mrr(kind, *_of_this_month(lines, as_of), rates_of(config), None, facts)
    frame, since = fill_ends_since(frame, history, until_now, lines)
    return frame, (said, *ended, *since)


def _of_this_month(lines: "pd.DataFrame", as_of: dt.date) -> "tuple[pd.DataFrame, dt.date]":
    """`lines` as they stand at `as_of`, and the end of its month: an end that lies after it has not come yet."""
    from pandas import Timestamp
    from pandas.tseries.offsets import MonthEnd

    ends = lines["ended_on"]
    known = lines.assign(ended_on=ends.where(ends <= Timestamp(as_of)))
    return known, (Timestamp(as_of) + MonthEnd(0)).date()
