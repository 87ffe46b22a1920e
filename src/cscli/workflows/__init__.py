"""One short function a command: the hops from files to report in order. This is what a Python user calls."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cscli.workflows.alerts.alerting import Alerted, Preview, alerts, deliver_waiting, preview_alerts
    from cscli.workflows.book.request import Request
    from cscli.workflows.data.checking import check
    from cscli.workflows.data.inputs import extend_inputs
    from cscli.workflows.data.matching import match
    from cscli.workflows.history.changes import Span, diff
    from cscli.workflows.history.explaining import Asked, explain
    from cscli.workflows.history.past import export_history, prune_history, show_account, show_book, show_runs
    from cscli.workflows.history.rescoring import score_stored
    from cscli.workflows.revenue.ltv import RevenueOptions, ltv_report
    from cscli.workflows.rules import show_config
    from cscli.workflows.score.actions import at_risk, opportunities
    from cscli.workflows.score.scoring import score
    from cscli.workflows.score.segmenting import segment

__all__ = [
    "Alerted",
    "Asked",
    "Preview",
    "Request",
    "RevenueOptions",
    "Span",
    "alerts",
    "at_risk",
    "check",
    "deliver_waiting",
    "diff",
    "explain",
    "export_history",
    "extend_inputs",
    "ltv_report",
    "match",
    "opportunities",
    "preview_alerts",
    "prune_history",
    "score",
    "score_stored",
    "segment",
    "show_account",
    "show_book",
    "show_config",
    "show_runs",
]
_HOMES = {
    "Alerted": "alerts.alerting",
    "Asked": "history.explaining",
    "Preview": "alerts.alerting",
    "Request": "book.request",
    "RevenueOptions": "revenue.ltv",
    "Span": "history.changes",
    "alerts": "alerts.alerting",
    "at_risk": "score.actions",
    "check": "data.checking",
    "deliver_waiting": "alerts.alerting",
    "diff": "history.changes",
    "explain": "history.explaining",
    "export_history": "history.past",
    "extend_inputs": "data.inputs",
    "ltv_report": "revenue.ltv",
    "match": "data.matching",
    "opportunities": "score.actions",
    "preview_alerts": "alerts.alerting",
    "prune_history": "history.past",
    "score": "score.scoring",
    "score_stored": "history.rescoring",
    "segment": "score.segmenting",
    "show_account": "history.past",
    "show_book": "history.past",
    "show_config": "rules",
    "show_runs": "history.past",
}
"""The module of each."""


def __getattr__(name: str) -> object:
    """Loads what is asked for: a command needs its own libraries, not those of all others."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    value: object = getattr(import_module(f"cscli.workflows.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
