"""What a study of revenue decided by itself, as problems: from when on churn is known, who has left."""

from collections.abc import Iterator

from cscli.analysis.lifetime.departures import Departures
from cscli.analysis.lifetime.ltv import LtvEstimate
from cscli.analysis.lifetime.revenue_study import Study
from cscli.errors import Problem, Severity
from cscli.reports.kit.looks import show_money


def say_churn_known(study: Study, currency: str | None) -> Iterator[Problem]:
    """That lifetimes count only from the first churn on, with both figures; or that nobody can tell."""
    known = study.known
    facts = {"before": f"{known.before:,}", "expected": f"{known.expected:.0f}"}
    if known.cannot_tell:
        yield Problem(
            "ltv.churn_months_few", severity=Severity.WARNING, details={"count": known.months, **facts}
        )
    if known.since is None or known.is_pinned or study.as_given is None:
        return
    pair = {"value": _worth(study.estimates[0], currency), "other": _worth(study.as_given, currency)}
    month = known.since.strftime("%Y-%m")
    yield Problem(
        "ltv.churn_known_late",
        value=month,
        severity=Severity.WARNING,
        details={**facts, "ltv": pair["value"], "other": pair["other"]},
    )


def say_departures(found: Departures) -> Iterator[Problem]:
    """That dates, status and MRR disagree on who has left."""
    if not found.differ:
        return
    counts = {"by_date": found.by_date, "by_status": found.by_status, "by_mrr": found.by_mrr}
    shown = {name: "-" if count is None else count for name, count in counts.items()}
    yield Problem(
        "ltv.departures_differ", severity=Severity.WARNING, details={"count": found.differ, **shown}
    )


def _worth(estimate: LtvEstimate, currency: str | None) -> str:
    """The LTV, or what is known of it."""
    for found in (estimate.ltv, estimate.revenue):
        if found.value is not None:
            return show_money(found.value, currency)
    months = estimate.restricted_months.value
    return "-" if months is None else f"{months:.1f}"
