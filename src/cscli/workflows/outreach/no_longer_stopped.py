"""Addresses to which nothing could go at an earlier run and something could now: a line was lost, or deleted on purpose. That is told."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cscli.analysis.outreach.addresses import address_hash
from cscli.analysis.outreach.contacts import OptOuts
from cscli.analysis.outreach.deciding import Situation
from cscli.analysis.outreach.sent import COUNTING
from cscli.errors import Problem, Severity, SourceError
from cscli.history import Ledger, made_key
from cscli.workflows.book.request import Request
from cscli.workspace.paths import OPT_OUTS
from cscli.workspace.told import read_stopped, write_stopped

_TOLD_DAYS = 30
"""So long it is told of every contact; later of those alone to whom something would go."""
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class NoLongerStopped:
    """`addresses`: all to which nothing could go and now something could, where it is told; `going`: those of them to whom something would go now."""

    addresses: tuple[str, ...] = ()
    going: tuple[str, ...] = ()

    def problems(self) -> list[Problem]:
        """What is told of them."""
        details = {"count": len(self.addresses), "names": _named(self.addresses)}
        said = Problem("outreach.no_longer_stopped", severity=Severity.WARNING, value=OPT_OUTS.as_posix(), details=details)  # fmt: skip
        return [said] if self.addresses else []

    def fault(self, count: int) -> Problem:
        """Why nothing goes to them before somebody has said that `count` messages are meant."""
        details = {"count": len(self.going), "names": _named(self.going), "expected": count}
        return Problem("outreach.no_longer_stopped_going", value=OPT_OUTS.as_posix(), details=details)


@dataclass(frozen=True, eq=False, slots=True)
class Stopped:
    """Contacts to whom nothing may go now, with every line of the opt-outs, as keyed hashes beside those of earlier runs. `last`: by hash
    the day on which it was seen last, before this run.
    """

    now: frozenset[str] = frozenset()
    last: Mapping[str, dt.date] = field(default_factory=dict)
    hashed: Callable[[str], str] = str


def remember_stopped(request: Request, situation: Situation, outs: OptOuts) -> Stopped:
    """Keeps whom nothing may go to now; what is kept only grows, as an opt-out is for good. Nothing is kept without a history."""
    if request.archive is not None or not (request.remember and request.rules.remembers):
        return Stopped()
    workspace = request.rules.workspace
    now, known = _stopped(situation, outs), read_stopped(workspace)
    if not (now or known):
        return Stopped()
    try:
        key = made_key(workspace)
    except SourceError:
        return Stopped()  # where nothing can be written, nothing was
    hashes = {address: address_hash(key, address) for address in now}
    today = situation.today.isoformat()
    newer = {each: today for each in hashes.values() if known.get(each, "") < today}
    if newer:
        write_stopped(workspace, {**known, **newer})
    return Stopped(now, dict(_days(known)), lambda address: hashes.get(address) or address_hash(key, address))


def find_no_longer_stopped(
    stopped: Stopped, situation: Situation, ledger: Ledger | None, going: set[str]
) -> NoLongerStopped:
    """Who was stopped at an earlier run and is not now. `going`: addresses to which something would go. Who got something since is
    told no longer.
    """
    if not stopped.last:
        return NoLongerStopped()
    got: dict[str, dt.date] = {}
    for row in ledger.rows if ledger else ():
        if row.state in COUNTING:
            got[row.address_hash] = max(row.made_on, got.get(row.address_hash, row.made_on))
    soon = situation.today - dt.timedelta(days=_TOLD_DAYS)
    found = []
    for address in dict.fromkeys(situation.pairs.frame["address"].dropna()):
        hashed = "" if address in stopped.now else stopped.hashed(address)
        day = stopped.last.get(hashed)
        if day is not None and got.get(hashed, day) <= day and (address in going or day >= soon):
            found.append(address)
    return NoLongerStopped(tuple(found), tuple(each for each in found if each in going))


def forget_stopped(workspace: Path, hashed: str) -> None:
    """Keeps nothing here of a person who was forgotten."""
    known = read_stopped(workspace)
    if known.pop(hashed, None) is not None:
        write_stopped(workspace, known)


def _stopped(situation: Situation, outs: OptOuts) -> frozenset[str]:
    """Addresses of contacts that opted out, bounced or complained, and those of the list; not of who was forgotten."""
    people = situation.contact_stops.people
    addresses = situation.pairs.frame["address"]
    found = {each for each, person in zip(addresses, people, strict=True) if person.is_valid and (person.is_out or person.is_dead)}  # fmt: skip
    return frozenset(each for each in found | outs.addresses if not outs.is_forgotten(each))


def _days(known: Mapping[str, str]) -> Iterator[tuple[str, dt.date]]:
    for hashed, day in known.items():
        with suppress(ValueError):  # a file that somebody changed
            yield hashed, dt.date.fromisoformat(day)


def _named(addresses: tuple[str, ...]) -> str:
    more = ["..."] if len(addresses) > _MOST_NAMED else []
    return ", ".join([*addresses[:_MOST_NAMED], *more])
