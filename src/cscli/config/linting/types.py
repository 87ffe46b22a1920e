"""Pinned types that a canonical column cannot have: rules, scores and reports compute with what it holds."""

from collections.abc import Iterator

from cscli.config.document import Document
from cscli.errors import Problem
from cscli.fields import FIELD_BY_NAME, FieldType
from cscli.texts import Phrase

_COMPUTED = {FieldType.NUMBER, FieldType.DATE, FieldType.BOOLEAN}


def check_types(document: Document) -> Iterator[Problem]:
    """Each number, date or truth value of the data dictionary that `types:` of a table of accounts makes another."""
    for source in document.mapping("sources"):
        if document.at("sources", source, "kind") not in (None, "accounts"):
            continue
        for column in document.mapping("sources", source, "types"):
            path = ("sources", source, "types", column)
            field = FIELD_BY_NAME.get(column)
            if field and field.type in _COMPUTED and document.at(*path) != field.type.value:
                yield Problem(
                    "config.type_of_field",
                    where=document.place(path),
                    value=column,
                    details={"type": Phrase(field.type.value)},
                )
