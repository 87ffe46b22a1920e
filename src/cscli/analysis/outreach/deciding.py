"""Who gets what: each message in its order, each account and contact through the same questions, the first that stops is the reason."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.outreach.addresses import draw
from cscli.analysis.outreach.candidates import UNLESS, Pairs, when_key
from cscli.analysis.outreach.contact_stops import ContactStops
from cscli.analysis.outreach.occasions import Days, occasion_of
from cscli.analysis.outreach.reasons import Stop
from cscli.analysis.outreach.sent import Sent, SentMessage, State, newest_first
from cscli.config.work.outreach import Limit, Message, Outreach

Draft = TypeVar("Draft")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a text could not be written: a code, and what it is about."""

    code: str
    about: str = ""


class Writer(Protocol[Draft]):  # type: ignore[misc]  # what it gives is all that there is of it
    """Writes the text of a message for a pair of account and contact."""

    def __call__(self, message: Message, pair: int) -> "Draft | Refused": ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Generic[Draft]):
    """`account`: the row in the frame of accounts; `pair`: that of account and contact (None: it did not come to one). `stop`: None where
    it goes, then with its `draft`. `until`: the day on which what stops it has passed. `about`: what the reason is about.
    """

    message: str
    account: int
    pair: int | None = None
    stop: Stop | None = None
    about: str = ""
    until: dt.date | None = None
    occasion: str = ""
    draft: Draft | None = None
    refused: Refused | None = None


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Situation:
    """`frame`: the accounts, scored, with the columns of the ledger. `masks`: of `account_masks`; `ranked`: of `rank_contacts`. `stale`: messages
    whose figures are too old, with the source. `busy`: accounts for which a person's playbook is due. `hashed`: what the
    ledger keeps of an address. `today`: the day by the clock.
    """

    frame: pd.DataFrame
    pairs: Pairs
    ranked: Mapping[str, Mapping[int, list[int]]]
    masks: Mapping[str, NDArray[np.bool_]]
    contact_stops: ContactStops
    sent: Sent
    outreach: Outreach
    as_of: dt.date
    today: dt.date
    stale: Mapping[str, str] = field(default_factory=dict)
    busy: NDArray[np.bool_]
    is_business_day: bool
    hashed: Callable[[str], str]


def decide(situation: Situation, write: Writer[Draft]) -> list[Decision[Draft]]:
    """Every decision about an account for which a message is meant: what goes, and what is stopped after `when`. The order:
    messages as in the rules, accounts by ARR, then id. What a limit stops uses nothing up.
    """
    return list(_Deciding(situation, write).all())


class _Deciding(Generic[Draft]):
    """One run, with what it has decided so far."""

    def __init__(self, situation: Situation, write: Writer[Draft]) -> None:
        self.at, self.write = situation, write
        self.addressed: set[str] = set()
        self.count = 0
        frame = situation.frame
        self.ids = [str(each) for each in frame["account_id"]]
        nothing = [None] * len(frame)
        self.terms = list(frame["renews_on"]) if "renews_on" in frame else nothing
        self.addresses = situation.pairs.frame["address"].tolist()
        arr = frame["arr"].to_numpy(np.float64) if "arr" in frame else np.zeros(len(frame))
        self.order = np.lexsort((np.array(self.ids, dtype=str), -np.nan_to_num(arr, nan=0.0)))

    def all(self) -> Iterator[Decision[Draft]]:
        at = self.at
        unless = at.masks.get(UNLESS, np.zeros(len(at.frame), dtype=bool))
        for index, message in enumerate(at.outreach.messages):
            meant = at.masks[when_key(index)] & ~unless
            for row in self.order[meant[self.order]].tolist():
                yield from self.of_account(message, row)

    def of_account(self, message: Message, row: int) -> Iterator[Decision[Draft]]:
        at = self.at
        if message.name in at.stale:
            yield self.stopped(message, row, Stop.STALE, about=at.stale[message.name])
            return
        waits = self.after(message, row)
        if waits is not None:
            yield waits
            return
        fitting = at.ranked[message.name].get(row, [])
        if not fitting:
            some = row in at.contact_stops.accounts
            yield self.stopped(message, row, Stop.NO_ROLE if some else Stop.NO_CONTACT)
            return
        usable, stopped = [], []
        for pair in fitting:
            stop, about = at.contact_stops.of(message, pair)
            if stop is None:
                usable.append(pair)
            else:
                stopped.append(self.stopped(message, row, stop, pair=pair, about=about))
            if len(usable) == message.to.at_most:
                break
        yield from stopped
        if usable:
            yield from self.of_contacts(message, row, usable)

    def after(self, message: Message, row: int) -> Decision[Draft] | None:
        """That another message must come first, or has come too lately."""
        if message.after is None:
            return None
        had = self.at.sent.had(message.after.message, self.ids[row])
        if not had:
            return self.stopped(message, row, Stop.AFTER, about=message.after.message)
        due = max(each.as_of for each in had) + dt.timedelta(days=message.after.days)
        if due > self.at.as_of:
            return self.stopped(message, row, Stop.AFTER, about=message.after.message, until=due)
        return None

    def of_contacts(self, message: Message, row: int, usable: list[int]) -> Iterator[Decision[Draft]]:
        at, account = self.at, self.ids[row]
        term = self.terms[row]
        days = Days(at.as_of, at.today)
        found = occasion_of(message, at.sent.had(message.name, account), term, days)
        if found.stop is not None:
            yield self.stopped(message, row, found.stop, pair=usable[0], until=found.until)
            return
        free = message.to.at_most - len({each.address_hash for each in found.had})
        had = {each.address_hash for each in found.had}
        if (message.name, account, found.occasion) in at.sent.held_out or draw(
            at.outreach.holdout_salt, message.name, account
        ) < at.outreach.holdout_of(message):
            yield self.stopped(message, row, Stop.HELD_OUT, pair=usable[0], occasion=found.occasion)
            return
        if at.busy[row]:
            yield self.stopped(message, row, Stop.PEOPLE_FIRST, pair=usable[0])
            return
        for pair in usable:
            if free <= 0 or at.hashed(self.addresses[pair]) in had:
                yield self.had(message, row, pair, found.had)
                continue
            elsewhere = at.sent.had_elsewhere(message.name, at.hashed(self.addresses[pair]), account)
            there = occasion_of(message, elsewhere, term, days)
            if there.had or there.stop is Stop.HAD:
                about = ", ".join(sorted({each.account_id for each in elsewhere}))
                yield self.stopped(message, row, Stop.HAD, pair=pair, about=about, until=there.until)
                continue
            decision = self.of_contact(message, row, pair, found.occasion)
            free -= decision.stop is None
            yield decision

    def had(self, message: Message, row: int, pair: int, rows: Sequence[SentMessage]) -> Decision[Draft]:
        """That it was had, by this person or another one; or that nobody knows whether this person had it."""
        hashed = self.at.hashed(self.addresses[pair])
        for each in rows:
            if each.address_hash == hashed and each.state in (State.UNKNOWN, State.SENDING):
                return self.stopped(message, row, Stop.UNSETTLED, pair=pair, about=each.key)
        return self.stopped(message, row, Stop.HAD, pair=pair)

    def of_contact(self, message: Message, row: int, pair: int, occasion: str) -> Decision[Draft]:
        at, address = self.at, self.addresses[pair]
        hashed = at.hashed(address)
        if hashed in at.sent.refused:
            return self.stopped(message, row, Stop.SUPPRESSED, pair=pair, about=at.sent.refused[hashed])
        if address in self.addressed:
            return self.stopped(message, row, Stop.OUTRANKED, pair=pair)
        limits = at.outreach.limits
        for stop, rows, limit in (
            (Stop.CONTACT_LIMIT, at.sent.of_address.get(hashed, []), limits.contact),
            (Stop.ACCOUNT_LIMIT, at.sent.of_account_or(self.ids[row], hashed), limits.account),
        ):
            until = self.full_until(rows, limit)
            if until is not None:
                return self.stopped(message, row, stop, pair=pair, until=until)
        if message.days == "business" and not at.is_business_day:
            return self.stopped(message, row, Stop.NO_BUSINESS_DAY, pair=pair)
        if self.count >= limits.run:
            return self.stopped(message, row, Stop.RUN_LIMIT, pair=pair)
        draft = self.write(message, pair)
        if isinstance(draft, Refused):
            return Decision(
                message=message.name, account=row, pair=pair, stop=Stop.REFUSED, about=draft.about, refused=draft
            )  # fmt: skip
        self.goes(message, row, hashed, occasion)
        self.addressed.add(address)
        return Decision(message=message.name, account=row, pair=pair, occasion=occasion, draft=draft)

    def full_until(self, rows: list[SentMessage], limit: Limit) -> dt.date | None:
        """The day on which there is room again; None where there is now."""
        at = self.at
        counted = [each for each in newest_first(rows) if each.is_within(at.as_of, at.today, limit.days)]
        if len(counted) < limit.at_most:
            return None
        return counted[limit.at_most - 1].free_on(at.as_of, limit.days)

    def goes(self, message: Message, row: int, hashed: str, occasion: str) -> None:
        """What was decided counts at once."""
        self.count += 1
        self.at.sent.add(
            SentMessage(
                key="", message=message.name, account_id=self.ids[row], contact_id=None, address_hash=hashed,
                state=State.ISSUED, occasion=occasion, as_of=self.at.as_of, made_on=self.at.today,
            )
        )  # fmt: skip

    def stopped(
        self, message: Message, row: int, stop: Stop, *, pair: int | None = None, **more: Any
    ) -> Decision[Draft]:
        """A decision with `more` of its fields."""
        return Decision(message=message.name, account=row, pair=pair, stop=stop, **more)
