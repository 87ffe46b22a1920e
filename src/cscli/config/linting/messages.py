"""The names that rules of messages may read, and where their expressions stand.

Works on the raw document, so that a mistake elsewhere in the file does not hide one here.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from cscli.config.document import Document, Path
from cscli.config.work.outreach import LANGUAGES, ledger_columns

CONTACT_COLUMNS = (
    "contact_id", "email", "contact_name", "role", "language", "opted_out", "consent_on",
)  # fmt: skip
EXPORTED = frozenset({
    "key", "account_id", "name", "contact_name", "email", "language", "message", "kind", "subject", "body", "as_of",
})  # fmt: skip
Space = Literal["outreach", "contact", "letter", "export"]


def message_formulas(document: Document) -> Iterator[tuple[Path, Space, str]]:
    """Every expression, what it may read, and the message it belongs to."""
    yield ("outreach", "unless"), "outreach", ""
    for path in document.items("outreach", "messages"):
        name = str(document.at(*path, "name"))
        yield (*path, "when"), "outreach", name
        for key in ("when", "first_by"):
            yield (*path, "to", key), "contact", name
        for value in document.mapping(*path, "values"):
            yield (*path, "values", value), "contact", name
        yield from (((*block, "when"), "letter", name) for block in text_blocks(document, path))
    for path in document.items("outreach", "exports"):
        for header in document.mapping(*path, "columns"):
            yield (*path, "columns", header), "export", ""


def text_blocks(document: Document, message: Path) -> Iterator[Path]:
    """Where the paragraphs of a message stand, in every language."""
    for language in LANGUAGES:
        yield from document.items(*message, "text", language)


def ledger_names(document: Document) -> frozenset[str]:
    """What the ledger tells of an account."""
    names = (str(document.at(*path, "name")) for path in document.items("outreach", "messages"))
    return frozenset(ledger_columns(names)) if document.at("outreach") is not None else frozenset()


def contact_columns(document: Document, by_source: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The columns of contacts."""
    found = set(CONTACT_COLUMNS)
    for source in document.mapping("sources"):
        if document.at("sources", source, "kind") == "contacts":
            found |= set(document.mapping("sources", source, "columns")) | by_source.get(source, frozenset())
    return frozenset(found)


def message_values(document: Document) -> Mapping[str, frozenset[str]]:
    """The names that each message defines for itself."""
    return {
        str(document.at(*path, "name")): frozenset(document.mapping(*path, "values"))
        for path in document.items("outreach", "messages")
    }
