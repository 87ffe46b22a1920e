"""Decisions to rows of the ledger, and how many there must be before anything is booked."""

import secrets
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.outreach.addresses import address_hash, message_key
from cscli.analysis.outreach.deciding import Decision
from cscli.analysis.outreach.reasons import Stop
from cscli.analysis.outreach.sent import State
from cscli.config.schema import Config
from cscli.errors import Problem, UsageError
from cscli.history import LedgerEntry, made_key
from cscli.reports.outreach.drafts import Draft
from cscli.reports.outreach.merge import Keyed
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.request import Request
from cscli.workflows.outreach.gathering import Planned

_MANY_TIMES = 3
"""More than so many times the last run is a mistake more often than it is meant."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Booking:
    """`run`: what identifies it; `messages`: in their order; `entries`: rows of the ledger, with those held out. `key`: of the
    workspace.
    """

    run: str
    messages: tuple[Keyed, ...]
    entries: tuple[LedgerEntry, ...]
    key: bytes
    url: str


def check_expected(planned: Planned, expect: int | None, *, is_asked: bool) -> None:
    """UsageError where the count is not the one that was expected, or none was told and nobody can be asked (`is_asked`: somebody
    will be), or the count is far beyond that of the last run, or somebody would get one who could get
    none earlier.
    """
    count = len(planned.going)
    details: dict[str, object] = {"count": count, "expected": expect if expect is not None else 0}
    if expect is not None:
        if expect != count:
            raise UsageError(Problem("outreach.not_expected", details=details))
        return
    last = planned.ledger.last_run if planned.ledger else 0
    if not is_asked:
        raise UsageError(Problem("outreach.needs_expect", details=details))
    if planned.no_longer_stopped.going:
        raise UsageError(planned.no_longer_stopped.fault(count))
    if last and count > _MANY_TIMES * last:
        raise UsageError(Problem("outreach.many_more", details={**details, "last": last}))


def needed_history(request: Request, planned: Planned) -> str:
    """Where the ledger is. UsageError where the rules have no history: nothing would be remembered."""
    url = history_url(request, planned.book)
    if url is None:
        raise UsageError(Problem("outreach.needs_history"))
    return url


def book_of_run(request: Request, planned: Planned, state: State) -> Booking:
    """The rows of this run, in `state`. SourceError where the key of the workspace cannot be made."""
    url = needed_history(request, planned)
    key = made_key(request.rules.workspace)
    found = [(each, _keyed(each, each.draft, key)) for each in planned.decisions if each.draft is not None]
    messages = tuple(keyed for _, keyed in found)
    run = _run_id(request, planned)
    facts = _Facts(request, planned, run)
    entries = [facts.entry(decision, keyed.key, address_hash(key, keyed.draft.email), state, keyed.draft) for decision, keyed in found]  # fmt: skip
    entries += [
        facts.entry(each, message_key(key, each.message, facts.account_id(each), "", each.occasion), "", State.HELD_OUT, None)
        for each in planned.decisions
        if each.stop is Stop.HELD_OUT
    ]  # fmt: skip
    return Booking(run=run, messages=messages, entries=tuple(entries), key=key, url=url)


def _keyed(decision: Decision[Draft], draft: Draft, key: bytes) -> Keyed:
    return Keyed(message_key(key, draft.message, draft.account_id, draft.email, decision.occasion), draft)


def _run_id(request: Request, planned: Planned) -> str:
    """The day of the figures, the moment, and chance: two computers may decide the same at the same moment, and whose files may
    be written is known by this alone.
    """
    return f"{planned.book.as_of:%Y-%m-%d}-{request.now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


class _Facts:
    """What the ledger keeps of an account at the moment of a message."""

    def __init__(self, request: Request, planned: Planned, run: str) -> None:
        self._request, self._planned, self._run = request, planned, run
        config: Config = planned.book.config
        self._segments = [name for name in config.segments if name in planned.frame]

    def account_id(self, decision: Decision[Draft]) -> str:
        """Whose message it is."""
        return str(self._planned.frame["account_id"].iloc[decision.account])

    def entry(
        self, decision: Decision[Draft], key: str, address: str, state: State, draft: Draft | None
    ) -> LedgerEntry:
        """The row of one decision."""
        row = self._planned.frame.iloc[decision.account]
        message = self._planned.outreach.message(decision.message)
        goal = row.get(message.goal) if message is not None and message.goal else None
        return LedgerEntry(
            key=key, as_of=self._planned.book.as_of, run_id=self._run, message=decision.message,
            text_digest=draft.digest if draft else "", kind=message.kind if message else "service",
            account_id=self.account_id(decision), contact_id=draft.contact_id if draft else None, address_hmac=address,
            language=draft.language if draft else "", state=state, occasion=decision.occasion, made_at=self._request.now,
            segments={name: _text(row.get(name)) for name in self._segments}, touch=_text(row.get("touch")),
            band=str(row["band"]), score=_number(row.get("score")), goal=_number(goal),
        )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload] # a scalar


def _number(value: object) -> float | None:
    if not isinstance(value, int | float | np.number):
        return None
    return None if np.isnan(value) else float(value)
