"""The outbox, emptied as far as it goes: each message claimed, tried, recorded; what fails is tried again, or waits.

A process that is killed between the sending and the recording of a message leaves it claimed, and the next run
sends it again under the same key: nothing is lost, and such a message may arrive twice.
"""

import datetime as dt
import heapq
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cscli.analysis.acting.messages import EXPIRE_DAYS, Message, MessageState
from cscli.config.blocks.alerts import Channel
from cscli.errors import Problem, Severity
from cscli.workflows.book.request import Request

PATIENCE_SECONDS = 45.0
"""So long one run goes on trying; the last try may take its own deadline longer."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of the messages. `undelivered`: how many wait, or were refused or given up
    in this run.
    """

    problems: tuple[Problem, ...]
    undelivered: int


@dataclass(slots=True, kw_only=True)
class _Round:
    """One emptying of the outbox: where it is, how long it may take, and what has been found so far."""

    url: str
    folder: Path
    start: dt.datetime
    patience: float
    began: float = field(default_factory=time.monotonic)
    problems: list[Problem] = field(default_factory=list)
    undelivered: int = 0

    def now(self) -> dt.datetime:
        """The request's moment, moved on by the time since."""
        return self.start + dt.timedelta(seconds=time.monotonic() - self.began)

    def left(self) -> float:
        """Seconds of patience that are left."""
        return self.patience - (time.monotonic() - self.began)

    def say(self, code: str, message: Message, *, severity: Severity) -> None:
        """Says what became of `message`."""
        from cscli.delivery import name_of

        details = {
            "what": name_of(message.facts),
            "tries": message.tries,
            "reason": message.last_error or "-",
            "days": EXPIRE_DAYS,
        }
        self.problems.append(Problem(code, severity=severity, value=message.channel, details=details))


def post_open(
    request: Request,
    url: str,
    channels: Sequence[Channel],
    patience_seconds: float = PATIENCE_SECONDS,
    *,
    at_once: bool = False,
) -> Posted:
    """Delivers what waits for `channels` (and says of messages to channels that are no more). `at_once`: a person asks
    for it, so that each is tried now, whatever wait a server has asked for.
    """
    from cscli.history import expire, open_messages

    run = _Round(url=url, folder=request.rules.workspace, start=request.now, patience=patience_seconds)
    for message in expire(url, run.folder, run.now()):
        run.undelivered += 1
        run.say("alerts.expired", message, severity=Severity.ERROR)
    by_name = {channel.name: channel for channel in channels}
    waiting = open_messages(url, run.folder)
    if at_once:
        now = run.now().astimezone(dt.UTC).isoformat(timespec="milliseconds")
        waiting = [replace(message, next_try_at=min(message.next_try_at, now)) for message in waiting]
    _deliver_all(run, [message for message in waiting if message.channel in by_name], by_name)
    return Posted(tuple(run.problems), run.undelivered)


def say_orphans(messages: Iterable[Message], channels: Iterable[Channel]) -> list[Problem]:
    """That a message waits for a channel that the rules do not have any more."""
    known = {channel.name for channel in channels}
    lost = sorted({message.channel for message in messages} - known)
    return [Problem("alerts.no_such_channel", severity=Severity.WARNING, value=name) for name in lost]


def _deliver_all(run: _Round, messages: Iterable[Message], channels: dict[str, Channel]) -> None:
    """Tries the message whose turn comes first, again and again, until none is left or patience ends."""
    from cscli.delivery import MOST_TRIES

    line = [(message.next_try_at, message.key, 0, message) for message in messages]
    heapq.heapify(line)
    while line:
        due_at, key, tries, message = heapq.heappop(line)
        pause = max((dt.datetime.fromisoformat(due_at) - run.now()).total_seconds(), 0.0)
        if tries >= MOST_TRIES or pause >= run.left():
            run.undelivered += 1
            run.say("alerts.waits", message, severity=Severity.WARNING)
            continue
        time.sleep(pause)
        tried = _try(run, message, channels[message.channel], tries)
        if tried is not None:
            heapq.heappush(line, (tried.next_try_at, key, tries + 1, tried))


def _try(run: _Round, message: Message, channel: Channel, tries: int) -> Message | None:
    """The message where it is worth another try in this run, else None, and it is said why."""
    from cscli.delivery import Surroundings, Verdict, deliver
    from cscli.history import claim, record

    if not claim(run.url, run.folder, message.key, run.now()):
        run.undelivered += 1
        run.say("alerts.being_sent", message, severity=Severity.WARNING)
        return None
    outcome = deliver(message, channel, Surroundings(os.environ, run.folder, run.now()))
    tried = replace(message, tries=message.tries + 1, last_error=outcome.reason or None)
    match outcome.verdict:
        case Verdict.SENT:
            tried = replace(tried, state=MessageState.SENT)
            partly = outcome.reason != ""
            run.say(
                "alerts.partly_sent" if partly else "alerts.sent",
                tried,
                severity=Severity.WARNING if partly else Severity.NOTE,
            )
        case Verdict.REFUSED:
            tried = replace(tried, state=MessageState.REFUSED)
            run.undelivered += 1
            run.say("alerts.refused", tried, severity=Severity.ERROR)
        case Verdict.LATER:
            tried = replace(tried, state=MessageState.WAITING)
            run.undelivered += 1
            run.say("alerts.waits", tried, severity=Severity.WARNING)
        case Verdict.RETRY:
            tried = _postponed(run, tried, tries + 1, outcome.retry_after_seconds)
    record(run.url, run.folder, tried, run.now())
    return tried if outcome.verdict is Verdict.RETRY else None


def _postponed(run: _Round, message: Message, tries: int, asked_seconds: float | None) -> Message:
    from cscli.delivery import wait_seconds

    pause = dt.timedelta(seconds=wait_seconds(tries, message.key, asked_seconds))
    due_at = (run.now() + pause).astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return replace(message, state=MessageState.WAITING, next_try_at=due_at)
