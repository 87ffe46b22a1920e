"""Texts with placeholders, `{{name}}` and `{{name:form}}`, and nothing else: no loops, no conditions, no code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import Template

FORMS = ("number", "money", "percent", "date", "date:future", "month", "text")
"""How a value is written; without a form, as its column is written elsewhere."""
OWN = ("sender_name", "organisation")
"""What every text may say."""
_PATTERN = r"""
(?P<escaped>(?!)) | (?P<named>(?!)) | \{\{(?P<braced>[a-z][a-z0-9_]*(?::[a-z]+){0,2})\}\} | (?P<invalid>\{\{)
"""
"""As `string.Template` needs it: nothing is escaped, and a bare name is no placeholder."""


class Placeholders(Template):
    """The standard library's template with its own pattern: one pass, nothing is looked up inside a value."""

    delimiter = "{{"
    flags = re.ASCII
    pattern = _PATTERN  # type: ignore[assignment]  # text in the class, compiled in the subclass


@dataclass(frozen=True, slots=True)
class Asked:
    """A placeholder: the column it names and the form in which it is written, if it says one."""

    name: str
    form: str | None

    @property
    def key(self) -> str:
        """What stands between the braces."""
        return self.name if self.form is None else f"{self.name}:{self.form}"


def asked_for(text: str) -> Iterator[Asked]:
    """The placeholders of `text`, each once, in their order."""
    for found in Placeholders(text).get_identifiers():
        name, _, form = found.partition(":")
        yield Asked(name, form or None)


def is_well_formed(text: str) -> bool:
    """Whether every `{{` begins a placeholder with a form that there is."""
    return Placeholders(text).is_valid() and all(
        each.form is None or each.form in FORMS for each in asked_for(text)
    )


def words_alone(text: str) -> str:
    """`text` without its placeholders."""
    return re.sub(_PATTERN, "", text, flags=re.VERBOSE)
