"""One short function a command: the hops from files to report in order. This is what a Python user calls."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cscli.workflows.actions import at_risk, opportunities
    from cscli.workflows.alerting import Alerted, Preview, alerts, deliver_waiting, preview_alerts
    from cscli.workflows.changes import Span, diff
    from cscli.workflows.checking import check
    from cscli.workflows.explaining import Asked, explain
    from cscli.workflows.inputs import extend_inputs
    from cscli.workflows.matching import match
    from cscli.workflows.past import export_history, prune_history, show_account, show_book, show_runs
    from cscli.workflows.request import Request
    from cscli.workflows.rescoring import score_stored
    from cscli.workflows.revenue import RevenueOptions, ltv_report
    from cscli.workflows.rules import show_config
    from cscli.workflows.scoring import score
    from cscli.workflows.segmenting import segment

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
    "Alerted": "alerting",
    "Asked": "explaining",
    "Preview": "alerting",
    "Request": "request",
    "RevenueOptions": "revenue",
    "Span": "changes",
    "alerts": "alerting",
    "at_risk": "actions",
    "check": "checking",
    "deliver_waiting": "alerting",
    "diff": "changes",
    "explain": "explaining",
    "export_history": "past",
    "extend_inputs": "inputs",
    "ltv_report": "revenue",
    "match": "matching",
    "opportunities": "actions",
    "preview_alerts": "alerting",
    "prune_history": "past",
    "score": "scoring",
    "score_stored": "rescoring",
    "segment": "segmenting",
    "show_account": "past",
    "show_book": "past",
    "show_config": "rules",
    "show_runs": "past",
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
