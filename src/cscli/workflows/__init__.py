"""One short function a command: the hops from files to report in order. This is what a Python user calls."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cscli.workflows.alerting.alerts import Alerted, Preview, alerts, deliver_waiting, preview_alerts
    from cscli.workflows.backtesting.backtesting import BacktestOptions, backtest
    from cscli.workflows.book.request import Request
    from cscli.workflows.data.acknowledging import acknowledge_lines, add_to_rules
    from cscli.workflows.data.books import extend_inputs
    from cscli.workflows.data.checking import check
    from cscli.workflows.data.matching import match
    from cscli.workflows.forecasting.ledger import ledger
    from cscli.workflows.forecasting.renewals import renewals
    from cscli.workflows.history.backfilling import backfill, say_backfilled
    from cscli.workflows.history.changes import Span, diff
    from cscli.workflows.history.explaining import Asked, explain
    from cscli.workflows.history.past import (
        export_history,
        forget,
        prune_history,
        show_account,
        show_book,
        show_runs,
    )
    from cscli.workflows.history.rescoring import score_stored
    from cscli.workflows.outreach.previewing import preview_messages, show_drafts
    from cscli.workflows.planning.planning import Planned, plan
    from cscli.workflows.practice.content import content
    from cscli.workflows.practice.journey import journey, share_journey
    from cscli.workflows.practice.timeline import timeline
    from cscli.workflows.practice.voice import voice
    from cscli.workflows.revenue.ltv import RevenueOptions, ltv_report
    from cscli.workflows.reviewing.fit import fit
    from cscli.workflows.reviewing.initiatives import initiatives
    from cscli.workflows.reviewing.selfcheck import new_selfcheck, selfcheck
    from cscli.workflows.rules import show_config
    from cscli.workflows.scores.actions import at_risk, opportunities
    from cscli.workflows.scores.scoring import score
    from cscli.workflows.scores.segmenting import segment
    from cscli.workflows.showing.account_timeline import TimelineOptions, account_timeline
    from cscli.workflows.showing.brief import brief, explain_as_page
    from cscli.workflows.showing.choosing import Choice
    from cscli.workflows.showing.dashboard import DashboardOptions, dashboard

__all__ = [
    "Alerted",
    "Asked",
    "BacktestOptions",
    "Choice",
    "DashboardOptions",
    "Planned",
    "Preview",
    "Request",
    "RevenueOptions",
    "Span",
    "TimelineOptions",
    "account_timeline",
    "acknowledge_lines",
    "add_to_rules",
    "alerts",
    "at_risk",
    "backfill",
    "backtest",
    "brief",
    "check",
    "content",
    "dashboard",
    "deliver_waiting",
    "diff",
    "explain",
    "explain_as_page",
    "export_history",
    "extend_inputs",
    "fit",
    "forget",
    "initiatives",
    "journey",
    "ledger",
    "ltv_report",
    "match",
    "new_selfcheck",
    "opportunities",
    "plan",
    "preview_alerts",
    "preview_messages",
    "prune_history",
    "renewals",
    "say_backfilled",
    "score",
    "score_stored",
    "segment",
    "selfcheck",
    "share_journey",
    "show_account",
    "show_book",
    "show_config",
    "show_drafts",
    "show_runs",
    "timeline",
    "voice",
]
_HOMES = {
    "Alerted": "cscli.workflows.alerting.alerts",
    "Asked": "cscli.workflows.history.explaining",
    "BacktestOptions": "cscli.workflows.backtesting.backtesting",
    "Choice": "cscli.workflows.showing.choosing",
    "DashboardOptions": "cscli.workflows.showing.dashboard",
    "Planned": "cscli.workflows.planning.planning",
    "Preview": "cscli.workflows.alerting.alerts",
    "Request": "cscli.workflows.book.request",
    "RevenueOptions": "cscli.workflows.revenue.ltv",
    "Span": "cscli.workflows.history.changes",
    "acknowledge_lines": "cscli.workflows.data.acknowledging",
    "add_to_rules": "cscli.workflows.data.acknowledging",
    "alerts": "cscli.workflows.alerting.alerts",
    "at_risk": "cscli.workflows.scores.actions",
    "backfill": "cscli.workflows.history.backfilling",
    "say_backfilled": "cscli.workflows.history.backfilling",
    "brief": "cscli.workflows.showing.brief",
    "backtest": "cscli.workflows.backtesting.backtesting",
    "check": "cscli.workflows.data.checking",
    "content": "cscli.workflows.practice.content",
    "dashboard": "cscli.workflows.showing.dashboard",
    "deliver_waiting": "cscli.workflows.alerting.alerts",
    "diff": "cscli.workflows.history.changes",
    "explain": "cscli.workflows.history.explaining",
    "explain_as_page": "cscli.workflows.showing.brief",
    "export_history": "cscli.workflows.history.past",
    "extend_inputs": "cscli.workflows.data.books",
    "initiatives": "cscli.workflows.reviewing.initiatives",
    "ledger": "cscli.workflows.forecasting.ledger",
    "journey": "cscli.workflows.practice.journey",
    "ltv_report": "cscli.workflows.revenue.ltv",
    "match": "cscli.workflows.data.matching",
    "new_selfcheck": "cscli.workflows.reviewing.selfcheck",
    "opportunities": "cscli.workflows.scores.actions",
    "preview_messages": "cscli.workflows.outreach.previewing",
    "plan": "cscli.workflows.planning.planning",
    "preview_alerts": "cscli.workflows.alerting.alerts",
    "fit": "cscli.workflows.reviewing.fit",
    "forget": "cscli.workflows.history.past",
    "prune_history": "cscli.workflows.history.past",
    "renewals": "cscli.workflows.forecasting.renewals",
    "score": "cscli.workflows.scores.scoring",
    "score_stored": "cscli.workflows.history.rescoring",
    "segment": "cscli.workflows.scores.segmenting",
    "selfcheck": "cscli.workflows.reviewing.selfcheck",
    "share_journey": "cscli.workflows.practice.journey",
    "show_account": "cscli.workflows.history.past",
    "show_book": "cscli.workflows.history.past",
    "show_config": "cscli.workflows.rules",
    "show_drafts": "cscli.workflows.outreach.previewing",
    "show_runs": "cscli.workflows.history.past",
    "TimelineOptions": "cscli.workflows.showing.account_timeline",
    "account_timeline": "cscli.workflows.showing.account_timeline",
    "timeline": "cscli.workflows.practice.timeline",
    "voice": "cscli.workflows.practice.voice",
}
"""The module of each."""


def __getattr__(name: str) -> object:
    """Loads what is asked for: a command needs its own libraries, not those of all others."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
