"""Rows of the ledger of messages, what is read of it at once, and what becomes of a message."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from cscli.analysis.outreach.sent import SentMessage, State


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A row of the ledger as it is booked. `made_at`: with its zone."""

    key: str
    as_of: dt.date
    run_id: str
    message: str
    text_digest: str
    kind: str
    account_id: str
    contact_id: str | None
    address_hmac: str
    language: str
    state: State
    occasion: str
    made_at: dt.datetime
    reason: str | None = None
    state_at: dt.datetime | None = None
    attempts: int = 0
    may_retry: bool = False
    segments: dict[str, str | None] = field(default_factory=dict)
    touch: str | None = None
    band: str = "unknown"
    score: float | None = None
    goal: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """`stamp`: identifies what it held when it was read. `key_mark`: of the key by which its hashes were made; None: no hash yet.
    `forgotten`: hashes of people who were forgotten.
    """

    rows: tuple[SentMessage, ...] = ()
    forgotten: frozenset[str] = frozenset()
    key_mark: str | None = None
    stamp: str = f"0:{hashlib.sha256().hexdigest()}"
    last_run: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a message. `tried`: it counts as an attempt."""

    to: State
    reason: str | None = None
    may_retry: bool = False
    tried: bool = False
