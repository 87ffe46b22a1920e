"""Criteria of fit that cannot be known when a customer signs: what is used, scored, felt or done comes later."""

from collections.abc import Iterator

from cscli.config.blocks.events import columns_of_log
from cscli.config.blocks.kinds import rolls_up
from cscli.config.document import Document
from cscli.config.linting.given import HANDOVER_COLUMNS, given_columns
from cscli.config.linting.names import find_uses
from cscli.config.linting.taken import AFTER_SCORE, PEOPLE
from cscli.errors import Problem

_LATER = frozenset(
    {"churned_on", "churn_reason", "active_users", "logins", "last_login_on", "usage_minutes", "nps", "csat", "open_tickets",
     "overdue_invoices", "tenure_days", "tenure_months", "notice_given"}
)  # fmt: skip


def check_fit(document: Document) -> Iterator[Problem]:
    """Each criterion that reads such a column, also through others."""
    if not document.items("fit", "criteria"):
        return
    uses = list(find_uses(document))
    reads: dict[str, set[str]] = {}
    for use in uses:
        if use.space in ("derived", "metric", "segment", "team"):
            reads.setdefault(use.name, set()).update(set(use.expression.names) - {use.name})
    later = _known_later(document)
    for use in uses:
        if use.path[:2] == ("fit", "criteria"):
            found = sorted(_all_read(set(use.expression.names), reads) & later)
            if found:
                yield Problem(
                    "config.fit_known_later", where=document.place(use.path), value=", ".join(found)
                )


def _known_later(document: Document) -> frozenset[str]:
    """Columns of use, events, scores, feelings and promises."""
    later = set(_LATER | PEOPLE | AFTER_SCORE) | (given_columns(document) - set(HANDOVER_COLUMNS))
    for source in document.mapping("sources"):
        if document.at("sources", source, "kind") == "events":
            later.update(columns_of_log(document, source))
        elif rolls_up(document, source) and document.at("sources", source, "at") is not None:
            later |= set(document.mapping("sources", source, "rollup"))
    return frozenset(later)


def _all_read(names: set[str], reads: dict[str, set[str]]) -> set[str]:
    """`names` and what they are made of."""
    found: set[str] = set()
    while waiting := names - found:
        found |= waiting
        names = names | {other for name in waiting for other in reads.get(name, ())}
    return found
