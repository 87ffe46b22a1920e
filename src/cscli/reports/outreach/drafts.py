"""A message, an account and a contact to a draft: the whole text as it would go out, or why it cannot be written."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cscli.analysis.acting.one_line import one_line
from cscli.analysis.outreach.candidates import Pairs
from cscli.analysis.outreach.deciding import Refused
from cscli.analysis.outreach.occasions import Days
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.blocks.parts import Text
from cscli.config.schema import Config
from cscli.config.work.outreach import Block, Message, Outreach
from cscli.config.work.placeholders import Asked, asked_for
from cscli.expressions import Expression, evaluate
from cscli.reports.outreach.paragraphs import Words, filled_in, write_paragraphs
from cscli.reports.outreach.senders import From, sender_of, stop_addresses
from cscli.reports.outreach.values import write_value
from cscli.texts import Language, text

_BRACES = "{{"
_LANGUAGES: Mapping[str, Language] = {"ja": "ja", "jp": "ja", "日本語": "ja", "英語": "en", "en": "en"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message ready to go. `values`: what it says of the account, by placeholder. `stops`: URIs by which a reader stops it.
    `digest`: identifies the text with sender and recipient.
    """

    message: str
    kind: str
    language: Language
    account_id: str
    name: str
    owner: str
    contact_id: str | None
    contact_name: str
    email: str
    sender: From
    subject: str
    plain: str
    html: str
    values: tuple[tuple[str, str], ...]
    stops: tuple[str, ...]
    digest: str

    @property
    def has_one_click(self) -> bool:
        """Whether one request to a page stops it (RFC 8058)."""
        return any(each.startswith("https://") for each in self.stops)


class DraftWriter:
    """Writes drafts of one book; what an expression says is computed for all contacts of a message at once."""

    def __init__(
        self, pairs: Pairs, config: Config, outreach: Outreach, days: Days, token: Callable[[str], str | None]
    ) -> None:  # fmt: skip
        self._pairs, self._config, self._outreach = pairs, config, outreach
        self._as_of, self._token = days.as_of, token
        self._after = max(days.as_of, days.today)  # a mail goes out today, whatever day its figures are of
        self._computed: dict[str, pd.DataFrame] = {}

    def __call__(self, message: Message, pair: int) -> Draft | Refused:
        """The draft of the message to this pair of account and contact."""
        row = self._pairs.frame.iloc[pair]
        language = self._language(message, row.get("language"))
        if isinstance(language, Refused):
            return language
        sender = sender_of(self._outreach.sender, _plain(row.get("owner")), language)
        if isinstance(sender, Refused):
            return sender
        computed = self._of_message(message).iloc[pair]
        blocks = self._blocks(message, language, computed)
        subject = message.subject_in(language)
        values = self._values(message, language, (subject, blocks), (row, computed), sender)
        if isinstance(values, Refused):
            return values
        kept = [block.text for block in blocks if all(each.key in values for each in asked_for(block.text))]
        return self._draft(message, row, language, sender, _Text(subject, kept, values))

    def _draft(
        self, message: Message, row: "pd.Series[Any]", language: Language, sender: From, written: "_Text"
    ) -> Draft | Refused:
        subject = one_line(filled_in(written.subject, written.said), 500)
        body = write_paragraphs(written.blocks, written.said)
        if not subject or not body.plain.strip():
            return Refused("empty", "subject" if not subject else "text")
        if _BRACES in subject or _BRACES in body.plain:
            return Refused("braces")
        email = str(row["email"]).strip()
        stops = stop_addresses(self._outreach.sender, str(row["address"]), self._token)
        if isinstance(stops, Refused):
            return stops
        words = _with_foot(body, self._outreach, stops, language)
        told = "\0".join((sender.address, sender.name, email, subject, words.plain, *stops))
        return Draft(
            message=message.name, kind=message.kind, language=language, account_id=str(row["account_id"]),
            name=_plain(row.get("name")), owner=_plain(row.get("owner")), contact_id=_plain(row.get("contact_id")) or None,
            contact_name=one_line(_plain(row.get("contact_name")), 200), email=str(row["address"]), sender=sender,
            subject=subject, plain=words.plain, html=words.html,
            values=tuple(sorted(written.said.items())), stops=stops,
            digest=hashlib.sha256(told.encode(errors="replace")).hexdigest(),
        )  # fmt: skip

    def _language(self, message: Message, value: object) -> Language | Refused:
        """That of the contact, else of the rules; where it has no text, that of the rules only if they say so."""
        told = _plain(value)
        usual: Language = self._config.language
        found = _LANGUAGES.get(told[:2].casefold()) or _LANGUAGES.get(told) if told else usual
        if found is not None and found in message.languages():
            return found
        if self._outreach.language_fallback and usual in message.languages():
            return usual
        return Refused("language", told or usual)

    def _of_message(self, message: Message) -> pd.DataFrame:
        """The message's values, and the conditions of its blocks, of every pair."""
        if message.name not in self._computed:
            index, own = self._outreach.messages.index(message), dict(message.values)
            values = {f"outreach.messages[{index}].values.{name}": rule for name, rule in own.items()}
            conditions = {
                f"outreach.messages[{index}].text.{language}[{number}].when": block.when
                for language in message.languages()
                for number, block in enumerate(message.text.in_language(language))
                if block.when is not None
            }
            self._computed[message.name] = self._evaluated(values, conditions)
        return self._computed[message.name]

    def _evaluated(
        self, values: Mapping[str, Expression], conditions: Mapping[str, Expression]
    ) -> pd.DataFrame:
        frame = self._pairs.frame
        with keyed({}):
            found = evaluate(frame, [values], self._as_of) if values else pd.DataFrame(index=frame.index)
            found = found.rename(columns=lambda key: key.rpartition(".")[2])
            held = frame.drop(columns=[name for name in found if name in frame]).join(found)
            told = evaluate(held, [conditions], self._as_of) if conditions else None
        return found if told is None else found.join(told)

    def _blocks(self, message: Message, language: Language, computed: "pd.Series[Any]") -> list[Block]:
        """The paragraphs whose condition holds."""
        index = self._outreach.messages.index(message)
        kept = []
        for number, block in enumerate(message.text.in_language(language)):
            key = f"outreach.messages[{index}].text.{language}[{number}].when"
            if block.when is None or (not pd.isna(computed[key]) and bool(computed[key])):
                kept.append(block)
        return kept

    def _values(
        self,
        message: Message,
        language: Language,
        texts: tuple[str, list[Block]],
        rows: "tuple[pd.Series[Any], pd.Series[Any]]",
        sender: From,
    ) -> dict[str, str] | Refused:
        """What each placeholder says; without those that are missing where an optional block alone asks for them."""
        subject, blocks = texts
        needed = {each.key for each in asked_for(subject)}
        needed |= {each.key for block in blocks if not block.optional for each in asked_for(block.text)}
        every = [*asked_for(subject), *(each for block in blocks for each in asked_for(block.text))]
        own = {"sender_name": sender.name, "organisation": organisation(self._outreach, language)}
        found: dict[str, str] = {}
        for asked in every:
            value = self._value(message, asked, language, rows, own)
            if isinstance(value, Refused):
                return value
            if value is not None:
                found[asked.key] = value
            elif asked.key in needed:
                return Refused("missing", asked.name)
        return found

    def _value(
        self, message: Message, asked: Asked, language: Language, rows: "tuple[pd.Series[Any], pd.Series[Any]]", own: Mapping[str, str]
    ) -> str | Refused | None:  # fmt: skip
        row, computed = rows
        if asked.name in own:
            return own[asked.name]
        value = computed[asked.name] if asked.name in computed else row.get(asked.name)
        written = write_value(asked, value, self._config, language, self._after)
        if written is not None:
            return written
        stand_in = message.fallback.get(asked.name)
        return None if stand_in is None else _of_language(stand_in, language)


@dataclass(frozen=True, slots=True)
class _Text:
    """A subject and blocks with the values that they say."""

    subject: str
    blocks: list[str]
    said: dict[str, str]


def organisation(outreach: Outreach, language: Language) -> str:
    """The company's name in this language, else in the other."""
    told = outreach.sender.organisation
    if isinstance(told, str):
        return told
    return (told.ja or told.en if language == "ja" else told.en or told.ja) or ""


def _of_language(told: Text, language: Language) -> str | None:
    """What stands in, never in another language."""
    if isinstance(told, str):
        return told
    return (told.ja if language == "ja" else told.en) or None


def _with_foot(body: Words, outreach: Outreach, stops: tuple[str, ...], language: Language) -> Words:
    """The text with who writes, from where, and how to stop it."""
    lines = [organisation(outreach, language)]
    postal = outreach.sender.postal
    if postal is not None:
        lines.append(postal if isinstance(postal, str) else str(postal.ja or postal.en if language == "ja" else postal.en or postal.ja))  # fmt: skip
    if stops:
        shown = (
            stops[-1].partition("?")[0].removeprefix("mailto:")
            if stops[-1].startswith("mailto")
            else stops[-1]
        )
        lines.append(text("letter.stop", language, how=shown))
    foot = write_paragraphs(["\n".join(line.replace(_BRACES, "{ {") for line in lines)], {})
    plain = f"{body.plain}\n\n-- \n{foot.plain}\n"
    return Words(plain, f"{body.html}\n<hr>\n{foot.html}\n")


def _plain(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value).strip()  # type: ignore[call-overload] # a scalar
