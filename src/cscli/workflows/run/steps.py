"""The steps of a run, one report each, from one reading of the exports."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cscli.analysis.acting.alerts import NEW as NEW_ALERT
from cscli.analysis.acting.alerts import AlertList
from cscli.analysis.acting.risk import CallList
from cscli.analysis.acting.status import BACK, NEW
from cscli.config.schema import Config
from cscli.errors import ExitCode
from cscli.reports.kit.model import Report
from cscli.workflows.alerts.alerting import list_alerts, report_found
from cscli.workflows.book.read import Book, read_book
from cscli.workflows.book.reading import SourceReader
from cscli.workflows.book.request import Request
from cscli.workflows.data.checking import check
from cscli.workflows.revenue.ltv import RevenueOptions, report_revenue
from cscli.workflows.score.actions import list_judged, report_calls, report_opportunities
from cscli.workflows.score.scoring import JudgedBook, judge_book, report_scores
from cscli.workflows.score.segmenting import report_segments


class SharedBook:
    """What the steps of a run have in common; each part is made when the first step asks for it."""

    def __init__(self, request: Request, reader: SourceReader) -> None:
        self.request = request
        self.reader = reader
        self.book = read_book(request, reader=reader)

    @cached_property
    def judged(self) -> JudgedBook:
        """The scores. Raises ConfigError."""
        return judge_book(self.request, self.book)

    @cached_property
    def calls(self) -> CallList:
        """Who is at risk. Raises ConfigError."""
        return list_judged(self.request, self.judged)

    @cached_property
    def alerts(self) -> AlertList:
        """What must be told. Raises ConfigError."""
        return list_alerts(self.request, self.judged)

    def has(self, name: str) -> bool:
        """Whether `judged`, `calls` or `alerts` has been made."""
        return name in vars(self)

    def new_at_risk(self) -> list[str]:
        """The accounts that were not on the last list; none without a history."""
        ids = self.judged.scored.frame["account_id"].iloc[self.calls.rows]
        return [str(account) for account in ids[np.isin(self.calls.status.astype(str), (NEW, BACK))]]

    def new_alerts(self) -> dict[str, int]:
        """How many alerts of each rule are new; none without a history."""
        table = self.alerts.table
        return dict(sorted(Counter(table["rule"][table["status"] == NEW_ALERT]).items()))


@dataclass(frozen=True, slots=True)
class Made:
    """What a step has made; `code`: what the run ends with for it, if nothing worse comes."""

    report: Report
    code: ExitCode = ExitCode.DONE


@dataclass(frozen=True, slots=True)
class Step:
    """`stem`: the name of its files. `is_wanted`: whether rules that list no steps have what it needs.
    `is_stored`: whether the run that makes it is remembered.
    """

    name: str
    stem: str
    make: Callable[[SharedBook], Made]
    is_wanted: Callable[[SharedBook], bool]
    is_stored: bool = True


def steps_of(shared: SharedBook, names: Sequence[str] | None = None) -> list[Step]:
    """Those of `names`, else those that the rules list, else those that they have what is needed for; in the order
    of `STEPS`.
    """
    listed = shared.book.config.run.steps if names is None else names
    return [step for step in STEPS if (step.is_wanted(shared) if listed is None else step.name in listed)]


def _check(shared: SharedBook) -> Made:
    checked = check(shared.request, reader=shared.reader)
    return Made(checked.report, checked.code)


def _score(shared: SharedBook) -> Made:
    return Made(report_scores(shared.request, shared.judged))


def _segment(shared: SharedBook) -> Made:
    return Made(report_segments(shared.request, shared.judged))


def _at_risk(shared: SharedBook) -> Made:
    return Made(report_calls(shared.request, shared.judged, shared.calls))


def _opportunities(shared: SharedBook) -> Made:
    return Made(report_opportunities(shared.request, shared.judged, shared.calls))


def _ltv_report(shared: SharedBook) -> Made:
    book: Book = read_book(shared.request, of_revenue=True, reader=shared.reader)
    return Made(report_revenue(shared.request, book, RevenueOptions()))


def _alerts(shared: SharedBook) -> Made:
    return Made(report_found(shared.request, shared.judged, shared.alerts))


def _always(_shared: SharedBook) -> bool:
    return True


def _has_segments(shared: SharedBook) -> bool:
    config: Config = shared.book.config
    return bool(config.segments or config.teams)


def _has_opportunities(shared: SharedBook) -> bool:
    return bool(shared.book.config.opportunities)


def _has_alerts(shared: SharedBook) -> bool:
    return bool(shared.book.config.alerts)


def _has_revenue(shared: SharedBook) -> bool:
    """Whether a source of revenue has a file, or must have one."""
    sources = shared.book.config.sources.items()
    return any(
        not source.optional or shared.reader.find(name, source, shared.request) is not None
        for name, source in sources
        if source.of_revenue
    )


STEPS: tuple[Step, ...] = (
    Step("check", "check", _check, _always, is_stored=False),
    Step("score", "scored", _score, _always),
    Step("segment", "segments", _segment, _has_segments),
    Step("at-risk", "at-risk", _at_risk, _always),
    Step("opportunities", "opportunities", _opportunities, _has_opportunities),
    Step("ltv-report", "ltv", _ltv_report, _has_revenue, is_stored=False),
    Step("alerts", "alerts", _alerts, _has_alerts),
)
"""Every step there is, in the order in which they are made."""


def count_accounts(shared: SharedBook) -> dict[str, object]:
    """Figures of the run: accounts, how many in each band, who is at risk and what is at stake there."""
    counts: dict[str, object] = {"accounts": len(shared.book.frame), "accounts_left": shared.book.left}
    if shared.has("judged"):
        names, numbers = np.unique(shared.judged.scored.scores.band.astype(str), return_counts=True)
        counts["bands"] = dict(zip(names.tolist(), numbers.tolist(), strict=True))
    if shared.has("calls"):
        calls = shared.calls
        counts["at_risk"] = {
            "accounts": len(calls.rows),
            "new": len(shared.new_at_risk()),
            "resolved": len(calls.resolved),
            "arr_at_risk": float(np.nansum(calls.arr_at_risk)),
        }
    return counts
