"""Kinds of source: which join the account, and how."""

from cscli.config.document import Document

REVENUE_KINDS = ("subscriptions", "mrr")
APART_KINDS = ("orders", "contacts", "bridge")
"""Kinds whose columns join the account through a rollup alone."""


def rolls_up(document: Document, source: str) -> bool:
    """Whether many rows of `source` are added up to columns of an account."""
    kind = document.at("sources", source, "kind")
    return kind == "rows" or (kind in APART_KINDS and bool(document.mapping("sources", source, "rollup")))


def is_apart(document: Document, source: str) -> bool:
    """Whether the columns of `source` do not join the account."""
    kind = document.at("sources", source, "kind")
    return kind in REVENUE_KINDS or (kind in APART_KINDS and not rolls_up(document, source))
