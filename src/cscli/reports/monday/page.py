"""The Monday page: what is new since last week with names and money, and the one thing to decide."""

import datetime as dt
from dataclasses import dataclass

from cscli.reports.dashboard.words import long_day
from cscli.reports.monday.deciding import decision
from cscli.reports.monday.material import MondayMaterial
from cscli.reports.monday.sentences import SENTENCES
from cscli.texts import Language, text


@dataclass(frozen=True, slots=True, kw_only=True)
class MondayPage:
    """`sentences`: in the order in which they are told."""

    language: Language
    as_of: dt.date
    title: str
    sentences: tuple[str, ...]
    decision: str


def monday_page(told: MondayMaterial) -> MondayPage:
    """The page of the whole book."""
    material = told.book
    language = material.language
    said = [sentence(told) for sentence in SENTENCES]
    if material.comparison is None:
        said.append(text("monday.nothing_before", language))
    return MondayPage(
        language=language,
        as_of=material.context.as_of,
        title=text("monday.title", language, day=long_day(material.context.as_of, language)),
        sentences=tuple(sentence for sentence in said if sentence is not None),
        decision=decision(told),
    )
