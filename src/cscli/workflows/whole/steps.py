"""What a whole book can be asked for: one report a step, with what it needs, which is loaded when the step is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cscli.reports.kit.model import Report
from cscli.workflows.whole.book import WholeBook

if TYPE_CHECKING:
    from cscli.analysis.promises.overview import Overview

Part = Literal["judged", "calls", "alerts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`stem`: the name of its files. `is_wanted`: whether the rules have what it is about. `needs`: the parts of the
    whole book that it is made of. `is_stored`: whether the run that makes it is remembered. `by_default`: also where the rules list no steps.
    """

    name: str
    stem: str
    make: Callable[[WholeBook], Report]
    is_wanted: Callable[[WholeBook], bool] = lambda _: True
    needs: frozenset[Part] = frozenset({"judged"})
    is_stored: bool = True
    by_default: bool = True

    def report(self, whole: WholeBook) -> Report:
        """The report, made once. Raises CscliError."""
        return whole.report(self.name, self.make)


def _score(whole: WholeBook) -> Report:
    from cscli.workflows.scores.scoring import report_scores

    return report_scores(whole.request, whole.judged)


def _segment(whole: WholeBook) -> Report:
    from cscli.workflows.scores.segmenting import report_segments

    return report_segments(whole.request, whole.judged)


def _at_risk(whole: WholeBook) -> Report:
    from cscli.workflows.scores.actions import report_calls

    return report_calls(whole.request, whole.judged, whole.calls)


def _opportunities(whole: WholeBook) -> Report:
    from cscli.workflows.scores.actions import report_opportunities

    return report_opportunities(whole.request, whole.judged, whole.calls)


def _ltv_report(whole: WholeBook) -> Report:
    from cscli.workflows.revenue.ltv import RevenueOptions, report_revenue

    return report_revenue(whole.request, whole.revenue_book, RevenueOptions())


def _renewals(whole: WholeBook) -> Report:
    from cscli.workflows.forecasting.renewals import report_forecast

    return report_forecast(whole.request, whole.judged, whole.forecast)


def _ledger(whole: WholeBook) -> Report:
    from cscli.workflows.forecasting.ledger import report_ledger

    return report_ledger(whole.request, whole.revenue_book)


def _journey(whole: WholeBook) -> Report:
    from cscli.workflows.practice.journey import report_journey

    return report_journey(whole.request, whole.revenue_book, whole.once(promises_of))


def promises_of(whole: WholeBook) -> "Overview":
    """What is known of promises; `once` judges it once for all that show it. Raises ConfigError."""
    from cscli.workflows.practice.journey import overview_of_book

    return overview_of_book(whole.revenue_book)


def _timeline(whole: WholeBook) -> Report:
    from cscli.workflows.practice.timeline import report_timeline

    return report_timeline(whole.request, whole.book)


def _voice(whole: WholeBook) -> Report:
    from cscli.workflows.practice.voice import report_voice

    return report_voice(whole.request, whole.revenue_book)


def _content(whole: WholeBook) -> Report:
    from cscli.workflows.practice.content import report_content

    return report_content(whole.request, whole.revenue_book)


def _has_content(whole: WholeBook) -> bool:
    return whole.book.config.content is not None


def has_promises(whole: WholeBook) -> bool:
    return whole.book.config.journey is not None or whole.book.config.goals is not None


def _has_history(whole: WholeBook) -> bool:
    return whole.book.config.timeline is not None or bool(whole.book.config.records)


def _has_themes(whole: WholeBook) -> bool:
    return whole.book.config.voice is not None


def _outreach(whole: WholeBook) -> Report:
    from cscli.workflows.outreach.previewing import report_outreach

    return report_outreach(whole.request, whole.judged)


def _has_messages(whole: WholeBook) -> bool:
    return has_scores(whole) and whole.book.config.outreach is not None


def _alerts(whole: WholeBook) -> Report:
    from cscli.workflows.alerting.alerts import report_found

    return report_found(whole.request, whole.judged, whole.alerts)


def has_scores(whole: WholeBook) -> bool:
    """Whether the rules have something to score by. Raises CscliError."""
    return bool(whole.book.config.scorecards)


def _has_segments(whole: WholeBook) -> bool:
    return has_scores(whole) and bool(whole.book.config.segments or whole.book.config.teams)


def _has_opportunities(whole: WholeBook) -> bool:
    return has_scores(whole) and bool(whole.book.config.opportunities)


def _has_renewals(whole: WholeBook) -> bool:
    return has_scores(whole) and bool(whole.book.frame["renews_on"].notna().any())


def _has_ledger(whole: WholeBook) -> bool:
    from cscli.workflows.forecasting.ledger import has_ledger

    return has_ledger(whole.request, whole.book)


def _has_alerts(whole: WholeBook) -> bool:
    return has_scores(whole) and bool(whole.book.config.alerts)


def ltv_of(whole: WholeBook) -> Report:
    """The report `ltv`, made once. Raises CscliError."""
    return _LTV.report(whole)


_LTV = Step(
    name="ltv-report", stem="ltv", make=_ltv_report, is_wanted=WholeBook.has_revenue, needs=frozenset(), is_stored=False,
)  # fmt: skip
STEPS: tuple[Step, ...] = (
    Step(name="score", stem="scored", make=_score, is_wanted=has_scores),
    Step(name="segment", stem="segments", make=_segment, is_wanted=_has_segments),
    Step(name="at-risk", stem="at-risk", make=_at_risk, is_wanted=has_scores, needs=frozenset({"judged", "calls"})),
    Step(
        name="opportunities", stem="opportunities", make=_opportunities, is_wanted=_has_opportunities,
        needs=frozenset({"judged", "calls"}),
    ),
    _LTV,
    Step(name="renewals", stem="renewals", make=_renewals, is_wanted=_has_renewals),
    Step(
        name="ledger", stem="ledger", make=_ledger, is_wanted=_has_ledger, needs=frozenset(), is_stored=False
    ),
    Step(name="journey", stem="journey", make=_journey, is_wanted=has_promises, needs=frozenset(), is_stored=False),
    Step(name="timeline", stem="timeline", make=_timeline, is_wanted=_has_history, needs=frozenset(), is_stored=False),
    Step(name="voice", stem="voice", make=_voice, is_wanted=_has_themes, needs=frozenset(), is_stored=False),
    Step(name="content", stem="content", make=_content, is_wanted=_has_content, needs=frozenset(), is_stored=False),
    Step(name="outreach", stem="outreach", make=_outreach, is_wanted=_has_messages, is_stored=False, by_default=False),
    Step(
        name="alerts", stem="alerts", make=_alerts, is_wanted=_has_alerts, needs=frozenset({"judged", "alerts"})
    ),
)  # fmt: skip
"""Every step but the check, in the order in which a run makes them."""
