"""Who left and when, as the exports and the history tell it: the one outcome that a back-test goes by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cscli.analysis.backtesting.outcomes import (
    CHURNED_ON,
    DATED_OUTCOMES,
    MRR_ZERO,
    SUBSCRIPTION_ENDED,
    compare_outcomes,
    ends_of_mrr,
    ends_of_subscriptions,
)
from cscli.analysis.judging.accounts import left_without_date
from cscli.analysis.revenue.mrr import Kind, MrrHistory, read_mrr
from cscli.errors import DataError, Problem, Severity
from cscli.workflows.backtesting.scored import lines_of
from cscli.workflows.book.read import Book
from cscli.workflows.book.revenue_lines import line_facts, rates_of

if TYPE_CHECKING:
    import pandas as pd

DERIVED = ("contraction", "non_renewal")
LEFT_EXPORT = "left_export"


@dataclass(frozen=True, eq=False, kw_only=True)
class Leaving:
    """`name`: the outcome asked for; `by`: what tells who left; `left_on`: by account_id, NaT where it stayed; `unknown`:
    accounts that left nobody knows when; `history`: MRR by month, if there is any.
    """

    name: str
    by: str
    left_on: "pd.Series[pd.Timestamp]"
    unknown: frozenset[str]
    history: MrrHistory | None
    problems: tuple[Problem, ...] = ()


def find_leaving(
    book: Book,
    asked: str | None,
    span: tuple["pd.Timestamp", "pd.Timestamp"],
    gone: "pd.Series[pd.Timestamp] | None",
) -> Leaving:
    """`book`: of today, with the accounts that have left; `span`: from the first window's opening to the last one's end; `gone`:
    when accounts went missing from the stored runs. Raises DataError where nothing tells, or where two say different
    things and nobody has said which is meant.
    """
    import pandas as pd

    history = _mrr(book)
    dates = dict(_dates(book, history))
    if gone is not None and gone.notna().any():
        dates[LEFT_EXPORT] = gone
    wanted = None if asked in DERIVED else asked
    if wanted is not None and wanted not in dates:
        raise DataError(
            Problem("backtest.no_such_outcome", value=wanted, details={"known": ", ".join(dates) or "-"})
        )
    if not dates:
        raise DataError(Problem("backtest.no_outcome"))
    by = wanted or next(name for name in (*DATED_OUTCOMES, LEFT_EXPORT) if name in dates)
    if asked == "contraction" and history is None:
        raise DataError(Problem("backtest.no_mrr"))
    told = {name: found for name, found in dates.items() if name in DATED_OUTCOMES}
    problems = tuple(_differences(told, span, strict=asked is None))
    left = dates[by]
    if book.config.backtest.absent_means == "churned" and gone is not None:
        left = left.reindex(left.index.union(gone.index)).combine_first(gone)
    as_of = pd.Timestamp(book.as_of)
    unknown = (
        frozenset(map(str, book.frame["account_id"][left_without_date(book.frame)]))
        if by == CHURNED_ON
        else frozenset()
    )
    return Leaving(
        name=asked or by,
        by=by,
        left_on=left.mask(left > as_of),
        unknown=unknown,
        history=history,
        problems=problems,
    )


def _dates(book: Book, history: MrrHistory | None) -> Iterator[tuple[str, "pd.Series[pd.Timestamp]"]]:
    """What the exports have, the most believed first."""
    frame = book.frame.drop_duplicates("account_id").set_index("account_id")
    if frame["churned_on"].notna().any():
        yield CHURNED_ON, frame["churned_on"]
    lines = lines_of(book)
    if lines is not None and lines["ended_on"].notna().any():
        yield SUBSCRIPTION_ENDED, ends_of_subscriptions(lines[lines["account_id"].isin(frame.index)])
    if history is not None and len(history.account_ids) and len(history.months) > 1:
        found = ends_of_mrr(history)
        found = found[found.index.isin(frame.index)]
        if found.notna().any():
            yield MRR_ZERO, found


def _differences(
    dates: Mapping[str, "pd.Series[pd.Timestamp]"],
    span: tuple["pd.Timestamp", "pd.Timestamp"],
    *,
    strict: bool,
) -> Iterator[Problem]:
    grave = []
    for each in compare_outcomes(dates, *span):
        details = {
            "first": each.first,
            "second": each.second,
            "either": each.either,
            "who": each.who,
            "when": each.when,
        }
        if each.is_grave:
            grave.append(
                Problem(
                    "backtest.outcomes_disagree" if strict else "backtest.outcomes_differ",
                    severity=Severity.ERROR if strict else Severity.WARNING,
                    details=details,
                )
            )
    if grave and strict:
        raise DataError(*grave)
    yield from grave


def _mrr(book: Book) -> MrrHistory | None:
    """MRR by account and month end, of the first source of revenue."""
    for name, source in book.config.sources.items():
        table = book.resolved.tables.get(name)
        if table is None or not source.of_revenue:
            continue
        kind: Kind = "mrr" if source.kind == "mrr" else "subscriptions"
        lines = table.frame[table.frame["account_id"].isin(book.frame["account_id"])].reset_index(drop=True)
        facts = line_facts(table, source, anyone_left=bool(book.frame["churned_on"].notna().any()))
        history, _ = read_mrr(kind, lines, book.as_of, rates_of(book.config), None, facts)
        return history if len(history.account_ids) else None
    return None
