"""Mistakes in messages that are right in themselves: placeholders, languages, addresses, sequences.

Works on the raw document, so that a mistake elsewhere in the file does not hide one here.
"""

from collections.abc import Iterator

from cscli.config.document import Document, Path
from cscli.config.linting.brief import names_kept_back, names_made_of, rests_on
from cscli.config.linting.messages import CONTACT_COLUMNS, text_blocks
from cscli.config.linting.names import find_uses
from cscli.config.work.outreach import LANGUAGES
from cscli.config.work.placeholders import OWN, asked_for, is_well_formed, words_alone
from cscli.errors import Location, Problem, Severity
from cscli.nearest import nearest_name

LONGEST_SUBJECT = {"en": 60, "ja": 30}


def check_outreach(document: Document) -> Iterator[Problem]:
    """Problems of `outreach:`."""
    if not isinstance(document.at("outreach"), dict):
        return
    yield from _check_names(document)
    yield from _check_shown(document)
    yield from _check_addresses(document)
    for path in document.items("outreach", "messages"):
        yield from _check_texts(document, path)
        yield from _check_after(document, path)
        if document.at(*path, "kind") == "promotion":
            yield from _check_promotion(document, path)
    if not any(document.at("sources", name, "kind") == "contacts" for name in document.mapping("sources")):
        yield Problem("config.outreach_no_contacts", where=document.place(("outreach",)))


def _check_names(document: Document) -> Iterator[Problem]:
    """Messages, or exports, of one name."""
    codes = {"messages": "config.outreach_message_twice", "exports": "config.export_twice"}
    for section, code in codes.items():
        seen: set[str] = set()
        for path in document.items("outreach", section):
            name = str(document.at(*path, "name"))
            if name in seen:
                yield Problem(code, where=document.place((*path, "name")), value=name)
            seen.add(name)


def _check_shown(document: Document) -> Iterator[Problem]:
    """Names that no customer may see, by themselves or by what they are made of."""
    kept_back, made_of = names_kept_back(document), names_made_of(document)
    own = set(CONTACT_COLUMNS)
    for index, name in enumerate(document.sequence("outreach", "may_show")):
        found = sorted(rests_on(str(name), made_of) & kept_back - own)
        if found:
            code = "config.not_for_customers" if str(name) in found else "config.not_for_customers_by"
            place = document.place(("outreach", "may_show", index))
            yield Problem(code, where=place, value=str(name), details={"column": found[0]})
    for use in find_uses(document):
        if use.space == "contact" and use.path[-2:-1] == ("values",):
            names = {each for name in use.expression.names for each in rests_on(name, made_of)}
            if found := sorted(names & kept_back - own):
                place, details = document.place(use.path), {"column": found[0]}
                yield Problem(
                    "config.not_for_customers_by", where=place, value=str(use.path[-1]), details=details
                )


def _check_addresses(document: Document) -> Iterator[Problem]:
    sender: Path = ("outreach", "sender")
    domains = [str(each).casefold() for each in document.sequence(*sender, "domains")]
    places: list[Path] = [(*sender, "from"), (*sender, "reply_to")]
    places += [(*sender, "owners", name, "email") for name in document.mapping(*sender, "owners")]
    for path in places:
        address = document.at(*path)
        if not isinstance(address, str) or "@" not in address or not domains:
            continue
        domain = address.rpartition("@")[2].casefold()
        if not any(domain == each or domain.endswith(f".{each}") for each in domains):
            details = {"domains": ", ".join(domains)}
            yield Problem(
                "config.outreach_other_domain", where=document.place(path), value=address, details=details
            )


def _check_promotion(document: Document, path: Path) -> Iterator[Problem]:
    """What advertising must show."""
    for key in ("postal", "unsubscribe"):
        if document.at("outreach", "sender", key) is None:
            details = {"needed": key}
            place = document.place((*path, "kind"))
            value = str(document.at(*path, "name"))
            yield Problem("config.outreach_promotion", where=place, value=value, details=details)


def _check_texts(document: Document, path: Path) -> Iterator[Problem]:
    shown = [str(each) for each in document.sequence("outreach", "may_show")]
    known = [*shown, *document.mapping(*path, "values"), *OWN]
    for language in LANGUAGES:
        subject = document.at(*path, "subject", language)
        blocks = document.items(*path, "text", language)
        if (subject is None) != (not blocks):
            missing = "subject" if subject is None else "text"
            details = {"written": language, "missing": missing}
            place, value = document.place(path), str(document.at(*path, "name"))
            yield Problem("config.outreach_language", where=place, value=value, details=details)
        if isinstance(subject, str):
            yield from _check_placeholders(document, (*path, "subject", language), subject, known)
            yield from _check_subject(document, (*path, "subject", language), subject, language)
    if not any(document.at(*path, "text", language) for language in LANGUAGES):
        value = str(document.at(*path, "name"))
        details = {"written": " / ".join(LANGUAGES), "missing": "text"}
        yield Problem("config.outreach_language", where=document.place(path), value=value, details=details)
    for block in text_blocks(document, path):
        yield from _check_placeholders(document, *_said(document, block), known)
    yield from _check_same_text(document, path)
    for name in document.mapping(*path, "fallback"):
        if name not in known:
            yield from _unknown(document, (*path, "fallback", name), name, known)


def _said(document: Document, block: Path) -> tuple[Path, str]:
    """Where the text of a paragraph stands, and what it is."""
    place = (*block, "text") if isinstance(document.at(*block), dict) else block
    return place, str(document.at(*place) or "")


def _check_placeholders(document: Document, path: Path, text: str, known: list[str]) -> Iterator[Problem]:
    if not is_well_formed(text):
        yield Problem("config.outreach_placeholder", where=document.place(path), value=text)
        return
    for asked in asked_for(text):
        if asked.name not in known:
            yield from _unknown(document, path, asked.name, known)


def _unknown(document: Document, path: Path, name: str, known: list[str]) -> Iterator[Problem]:
    nearest = nearest_name(name, known)
    code = "config.outreach_not_shown_nearest" if nearest else "config.outreach_not_shown"
    yield Problem(code, where=document.place(path), value=name, details={"nearest": nearest or ""})


def _check_subject(document: Document, path: Path, subject: str, language: str) -> Iterator[Problem]:
    length, limit = len(words_alone(subject)), LONGEST_SUBJECT[language]
    if not subject.strip():
        yield Problem("config.outreach_empty_subject", where=document.place(path))
    if length > limit:
        details = {"length": length, "limit": limit}
        yield Problem(
            "config.outreach_long_subject", severity=Severity.WARNING, where=document.place(path), details=details
        )  # fmt: skip


def _check_same_text(document: Document, path: Path) -> Iterator[Problem]:
    for language in LANGUAGES:
        seen: dict[str, Path] = {}
        for block in document.items(*path, "text", language):
            place, text = _said(document, block)
            first = seen.setdefault(" ".join(text.split()), place)
            if first is not place:
                details = {"line": document.place(first).line or ""}
                yield Problem("config.outreach_same_text", where=document.place(place), details=details)


def _check_after(document: Document, path: Path) -> Iterator[Problem]:
    """A message that waits for one that there is not, or in a circle."""
    before = {
        str(document.at(*each, "name")): document.at(*each, "after", "message")
        for each in document.items("outreach", "messages")
    }
    own, place = str(document.at(*path, "name")), document.place((*path, "after", "message"))
    first = before.get(own)
    if first is None:
        return
    if first not in before:
        yield _unknown_message(place, str(first), list(before))
        return
    way = [own]
    while (following := before.get(way[-1])) is not None and following not in way:
        way.append(str(following))
    if following == own:
        yield Problem("config.circular", where=place, value=own, details={"chain": " → ".join([*way, own])})


def _unknown_message(place: Location, name: str, known: list[str]) -> Problem:
    nearest = nearest_name(name, known)
    code = "config.outreach_unknown_message_nearest" if nearest else "config.outreach_unknown_message"
    return Problem(code, where=place, value=name, details={"nearest": nearest or ""})
