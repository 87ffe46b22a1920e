"""Which messages rest on a source whose file is too old."""

from collections.abc import Iterable, Mapping

from cscli.config.document import Document
from cscli.config.linting.brief import rests_on
from cscli.config.linting.names import find_uses
from cscli.config.linting.taken import AFTER_SCORE
from cscli.config.schema import Source
from cscli.config.work.outreach import Outreach
from cscli.config.work.placeholders import asked_for


def stale_messages(
    outreach: Outreach, document: Document, stale: Mapping[str, Source], columns: Mapping[str, Iterable[str]]
) -> dict[str, str]:
    """By message, the sources (of `stale`) that its rules and texts rest on, directly or through other columns. `columns`: what
    each source gives. Accounts and contacts are in every message.
    """
    if not stale:
        return {}
    of_all = [
        name
        for name, source in stale.items()
        if name == "accounts" or source.kind == "contacts" or source.is_mail_log
    ]
    made_of = _made_of(document)
    found = {}
    for message in outreach.messages:
        names = _names(outreach, document, message.name)
        reached = {each for name in names for each in rests_on(name, made_of)}
        old = [
            *of_all,
            *(name for name in stale if name not in of_all and reached & {*columns.get(name, ())}),
        ]
        if old:
            found[message.name] = ", ".join(dict.fromkeys(old))
    return found


def _made_of(document: Document) -> dict[str, set[str]]:
    """What every column is made of; of those that come with the score, all that scores are made of."""
    made_of: dict[str, set[str]] = {}
    score: set[str] = set(document.mapping("metrics"))
    for use in find_uses(document):
        if use.space in ("derived", "metric", "segment", "team"):
            made_of.setdefault(use.name, set()).update(use.expression.names)
        elif use.space == "scorecard":
            score |= set(use.expression.names)
    return {**made_of, **dict.fromkeys(AFTER_SCORE, score)}


def _names(outreach: Outreach, document: Document, message: str) -> set[str]:
    """What the rules and the texts of a message read."""
    found: set[str] = set()
    for use in find_uses(document):
        if use.space in ("outreach", "contact", "letter") and use.name in ("", message):
            found |= set(use.expression.names)
    told = outreach.message(message)
    if told is not None:
        for language in told.languages():
            texts = [told.subject_in(language), *(block.text for block in told.text.in_language(language))]
            found |= {each.name for text in texts for each in asked_for(text)}
    return found
