"""Kinds of source: which join the account, and how."""

from cscli.config.document import Document

REVENUE_KINDS = ("subscriptions", "mrr")
APART_KINDS = ("orders", "contacts", "bridge")
"""Kinds whose columns join the account through a rollup alone."""

MAIL_LOG = frozenset({"email", "event"})
"""What a table of rows without roll-ups maps that tells what became of mails."""


def is_mail_log(document: Document, source: str) -> bool:
    """Whether `source` tells of addresses, not of accounts."""
    settings = document.mapping("sources", source)
    mapped = document.mapping("sources", source, "columns")
    return settings.get("kind") == "rows" and not settings.get("rollup") and mapped.keys() >= MAIL_LOG


def rolls_up(document: Document, source: str) -> bool:
    """Whether many rows of `source` are added up to columns of an account."""
    kind = document.at("sources", source, "kind")
    return (kind == "rows" and not is_mail_log(document, source)) or (
        kind in APART_KINDS and bool(document.mapping("sources", source, "rollup"))
    )


def is_apart(document: Document, source: str) -> bool:
    """Whether the columns of `source` do not join the account."""
    kind = document.at("sources", source, "kind")
    return (
        kind in REVENUE_KINDS
        or is_mail_log(document, source)
        or (kind in APART_KINDS and not rolls_up(document, source))
    )
