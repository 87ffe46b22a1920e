"""Messages, of alerts and of the Monday page: which alerts have not been told, what identifies a message, how long one
waits.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cscli.analysis.acting.message_facts import AlertFacts, DigestFacts, Facts, MessageHead, PageFacts

EXPIRE_DAYS = 7
"""A message that could not be delivered for so long is of no use any more."""

Told = Mapping[tuple[str, str, str], str]
"""Rule, kind and subject of alerts that were queued for a channel, each with the newest `since` of them."""


class MessageState(StrEnum):
    """What became of a message. `sending`: a process is at it, or ended in the middle of it; `refused`: the server
    does not want it; `expired`: it waited too long.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    EXPIRED = "expired"


OPEN = (MessageState.WAITING, MessageState.SENDING)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ChannelAlert:
    """An alert that is on, for one channel: what it is, and the plain `facts` to be told."""

    rule: str
    kind: str
    subject: str
    since: str
    facts: AlertFacts


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Message:
    """One digest of alerts, or one Monday page, for one channel. Times are ISO, in UTC."""

    key: str
    channel: str
    as_of: str
    created_at: str
    facts: Facts
    state: MessageState
    tries: int
    next_try_at: str
    last_error: str | None = None


def untold(candidates: Iterable[ChannelAlert], told: Told) -> list[ChannelAlert]:
    """Those of which the channel has not been told since they are on; an alert that cleared and is on again is
    another one.
    """
    return [
        entry for entry in candidates if told.get((entry.rule, entry.kind, entry.subject), "") < entry.since
    ]


def alert_key(channel: str, candidate: ChannelAlert) -> str:
    """What identifies an alert on a channel: SHA-256 of channel, rule, subject and the day since when it is on."""
    parts = (channel, candidate.rule, candidate.kind, candidate.subject, candidate.since)
    return hashlib.sha256("\x00".join(parts).encode(errors="replace")).hexdigest()


def digest_message(
    channel: str, head: MessageHead, created_at: str, alerts: Sequence[ChannelAlert]
) -> Message:
    """The message that tells of all these alerts at once; its key is made of theirs. `head`: as_of, language and
    currency of the run.
    """
    keys = sorted(alert_key(channel, entry) for entry in alerts)
    key = hashlib.sha256("\n".join(keys).encode()).hexdigest()
    facts = DigestFacts(key=key, head=head, alerts=tuple(entry.facts for entry in alerts))
    return _waiting(channel, facts, created_at)


def page_message(
    channel: str, head: MessageHead, created_at: str, title: str, lines: Iterable[str]
) -> Message:
    """The message of the Monday page; its key is made of channel and day, so that a page is told once."""
    key = hashlib.sha256(f"{channel}\x00monday\x00{head.as_of}".encode(errors="replace")).hexdigest()
    return _waiting(channel, PageFacts(key=key, head=head, title=title, lines=tuple(lines)), created_at)


def _waiting(channel: str, facts: Facts, created_at: str) -> Message:
    return Message(
        key=facts.key,
        channel=channel,
        as_of=facts.head.as_of,
        created_at=created_at,
        facts=facts,
        state=MessageState.WAITING,
        tries=0,
        next_try_at=created_at,
    )
