"""What the ledger tells of earlier messages: by account, by address, by message."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd


class State(StrEnum):
    """What became of a message. `unknown`: it may have gone out; only a person settles it."""

    ISSUED = "issued"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD_OUT = "held_out"


COUNTING = frozenset({State.ISSUED, State.CONFIRMED, State.SENDING, State.SENT, State.UNKNOWN})
"""It went out, may have gone out, or is in the hands of a person: it counts for every limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A row of the ledger. `as_of`: the day of its figures; `made_on`: the day on which it was made. `may_retry`: of a failed
    one, whether it may be tried again.
    """

    key: str
    message: str
    account_id: str
    contact_id: str | None
    address_hash: str
    state: State
    occasion: str
    as_of: dt.date
    made_on: dt.date
    may_retry: bool = False

    def is_within(self, as_of: dt.date, today: dt.date, days: int) -> bool:
        """Whether it lies less than so many days back, by its figures or by the clock; a later one always does, so
        that a clock that was set back frees nothing.
        """
        span = dt.timedelta(days=days)
        return self.as_of > as_of - span or self.made_on > today - span

    def free_on(self, as_of: dt.date, days: int) -> dt.date:
        """The first day on which it no longer lies so many days back."""
        span = dt.timedelta(days=days)
        by_figures = self.as_of + span
        return by_figures if by_figures > as_of else self.made_on + span


@dataclass(frozen=True, eq=False, slots=True)
class Sent:
    """The ledger, by what is asked of it; it grows with what a run decides. `refused`: addresses that a mail server will not have, with the
    key of the message that it refused.
    """

    of_account: dict[str, list[SentMessage]] = field(default_factory=dict)
    of_address: dict[str, list[SentMessage]] = field(default_factory=dict)
    held_out: set[tuple[str, str, str]] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    def add(self, row: SentMessage) -> None:
        """Counts `row` from now on."""
        if row.state in COUNTING:
            self.of_account.setdefault(row.account_id, []).append(row)
            self.of_address.setdefault(row.address_hash, []).append(row)
        elif row.state is State.HELD_OUT:
            self.held_out.add((row.message, row.account_id, row.occasion))
        elif row.state is State.FAILED and not row.may_retry:
            self.refused[row.address_hash] = row.key

    def had(self, message: str, account_id: str) -> list[SentMessage]:
        """Those of `message` that the account had."""
        return [each for each in self.of_account.get(account_id, ()) if each.message == message]

    def of_account_or(self, account_id: str, address_hash: str) -> list[SentMessage]:
        """Those that the account had, and those that the address had while the account had another id."""
        of_address = self.of_address.get(address_hash, ())
        return [
            *self.of_account.get(account_id, ()),
            *(each for each in of_address if each.account_id != account_id),
        ]

    def had_elsewhere(self, message: str, address_hash: str, account_id: str) -> list[SentMessage]:
        """Those of `message` that the address had at another account than `account_id`: ids change, people do not."""
        rows = self.of_address.get(address_hash, ())
        return [each for each in rows if each.message == message and each.account_id != account_id]


def index_sent(rows: Iterable[SentMessage]) -> Sent:
    """The rows of a ledger by account and address."""
    found = Sent()
    for row in rows:
        found.add(row)
    return found


def ledger_frame(ids: "pd.Series[str]", messages: Iterable[str], sent: Sent, as_of: dt.date) -> pd.DataFrame:
    """What `when` and `unless` may read of each account: days_since_outreach, and of each message sent_NAME_days (days
    since the last; missing: none) and sent_NAME_count (0: none), float64, by the day of the figures.
    """
    accounts = [str(each) for each in ids]
    columns = {"days_since_outreach": _days(accounts, sent.of_account, as_of)}
    for name in messages:
        of_message = {account: rows for account in sent.of_account if (rows := sent.had(name, account))}
        columns[f"sent_{name}_days"] = _days(accounts, of_message, as_of)
        counts = [float(len(of_message.get(account, ()))) for account in accounts]
        columns[f"sent_{name}_count"] = np.array(counts, dtype=np.float64)
    return pd.DataFrame(columns, index=ids.index)


def _days(
    accounts: list[str], rows: Mapping[str, list[SentMessage]], as_of: dt.date
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    last = {account: max(each.as_of for each in found) for account, found in rows.items() if found}
    days = [float((as_of - last[account]).days) if account in last else np.nan for account in accounts]
    return np.array(days, dtype=np.float64)


def newest_first(rows: Iterable[SentMessage]) -> Iterator[SentMessage]:
    """The rows from the newest to the oldest."""
    return iter(sorted(rows, key=lambda each: (max(each.as_of, each.made_on), each.key), reverse=True))
