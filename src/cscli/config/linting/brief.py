"""What the page for the customer may show: nothing that rests on the score, or on what people typed."""

from collections.abc import Iterator

from cscli.config.document import Document
from cscli.config.linting.names import find_uses
from cscli.config.linting.taken import AFTER_SCORE, PEOPLE
from cscli.errors import Problem

_OURS = frozenset(
    {"team", "owner", "reasons", "capped_by", "churn_probability", "arr_at_risk", "gross_margin", "cac"}
)
"""Columns that are about the customer and not for it."""
_MAKES_COLUMNS = ("derived", "metric", "segment")


def check_brief(document: Document) -> Iterator[Problem]:
    """Names in `brief.customer_shows` that are not for customers, by themselves or by what they are made of."""
    kept_back, made_of = names_kept_back(document), names_made_of(document)
    for index, name in enumerate(document.sequence("brief", "customer_shows")):
        found = sorted(rests_on(str(name), made_of) & kept_back)
        if found:
            code = "config.not_for_customers" if str(name) in found else "config.not_for_customers_by"
            place = document.place(("brief", "customer_shows", index))
            yield Problem(code, where=place, value=str(name), details={"column": found[0]})


def names_kept_back(document: Document) -> frozenset[str]:
    """Columns that no customer may see."""
    return AFTER_SCORE | PEOPLE | _OURS | set(document.mapping("segments"))


def names_made_of(document: Document) -> dict[str, set[str]]:
    """What each column of the rules is made of."""
    made_of: dict[str, set[str]] = {}
    for use in find_uses(document):
        if use.space in _MAKES_COLUMNS:
            made_of.setdefault(use.name, set()).update(use.expression.names)
    return made_of


def rests_on(name: str, made_of: dict[str, set[str]]) -> set[str]:
    """The name with all that it is made of."""
    found, waiting = {name}, [name]
    while waiting:
        more = made_of.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return found
