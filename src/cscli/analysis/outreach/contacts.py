"""People at the accounts, and who of them wants no mail: contacts, opt-outs of people, what a mail server said."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.outreach.addresses import is_within, opt_out_key, read_mailbox
from cscli.analysis.tables.word_cells import FALSE_WORDS, TRUE_WORDS
from cscli.errors import Problem, Severity

_TEXTS = ("contact_id", "email", "contact_name", "role", "language")
BOUNCED, COMPLAINED, UNSUBSCRIBED = "bounced", "complained", "unsubscribed"
EVENTS = (BOUNCED, COMPLAINED, UNSUBSCRIBED)
_OUT = TRUE_WORDS | {"配信停止", "停止", "拒否", "opted out", "opt-out", "unsubscribed", "x", "t"}
_IN = FALSE_WORDS | {"", "f", "配信中", "許可", "subscribed", "opted in"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOuts:
    """Addresses as of `opt_out_key`, domains, and of addresses that were forgotten their hashes (`is_forgotten`)."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    bounced: frozenset[str] = frozenset()
    complained: frozenset[str] = frozenset()
    is_forgotten: Callable[[str], bool] = field(default=lambda _: False)

    def has(self, address: str) -> bool:
        """Whether who has this address wants no mail."""
        key = opt_out_key(address)
        domain = key.rpartition("@")[2]
        return key in self.addresses or any(is_within(domain, each) for each in self.domains)

    def is_dead(self, address: str) -> bool:
        """Whether nothing may ever go there: a bounce, a complaint, or a person who was forgotten."""
        key = opt_out_key(address)
        return key in self.bounced or key in self.complained or self.is_forgotten(address)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Contacts:
    """`table`: a row a person and account, with account_id, contact_id, email, contact_name, role, language (text or
    None), opted_out (bool), consent_on (datetime64), address (in small letters, None where it cannot be used), and every
    further column of the export.
    """

    table: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def read_contacts(tables: Iterable[pd.DataFrame]) -> Contacts:
    """The people of every source of contacts; who stands twice at an account counts once, opted out if either row
    says so. A word about opting out that nobody knows counts as one.
    """
    frames = [_prepared(table) for table in tables]
    if not frames:
        frames = [_prepared(pd.DataFrame({"account_id": pd.Series([], dtype=object)}))]
    table = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    out, unknown = _opted_out(table["opted_out"])
    boxes = [None if text is None else read_mailbox(text) for text in table["email"]]
    table = table.assign(
        opted_out=out,
        address=pd.Series([box.key if box else None for box in boxes], index=table.index, dtype=object),
    )
    table = _once_an_account(table)
    problems = []
    if unknown:
        details = {"words": ", ".join(sorted(unknown)[:5])}
        problems.append(
            Problem(
                "outreach.opt_out_word", severity=Severity.WARNING, value=str(len(unknown)), details=details
            )
        )
    return Contacts(table=table.reset_index(drop=True), problems=tuple(problems))


def _prepared(table: pd.DataFrame) -> pd.DataFrame:
    table = table[table["account_id"].notna()].reset_index(drop=True)
    columns = {}
    for name in _TEXTS:
        texts = map(_as_text, table[name]) if name in table else [None] * len(table)
        columns[name] = pd.Series(list(texts), dtype=object)
    columns["opted_out"] = table["opted_out"] if "opted_out" in table else pd.Series([None] * len(table))
    days = pd.to_datetime(table["consent_on"], errors="coerce") if "consent_on" in table else pd.NaT
    columns["consent_on"] = pd.Series(days, index=table.index, dtype="datetime64[us]")
    return table.assign(**columns)


def _as_text(value: Any) -> str | None:
    return None if pd.isna(value) or not str(value).strip() else str(value).strip()


def _opted_out(values: "pd.Series[Any]") -> tuple[np.ndarray, set[str]]:
    """Who opted out, and the words that mean nothing known."""
    found, unknown = np.zeros(len(values), dtype=bool), set[str]()
    for row, value in enumerate(values):
        if pd.isna(value):
            continue
        word = unicodedata.normalize("NFKC", _plain(value)).strip().casefold()
        if word in _IN or word in {unicodedata.normalize("NFKC", each) for each in FALSE_WORDS}:
            continue
        found[row] = True
        if word not in _OUT and not _is_day(word):
            unknown.add(word[:40])
    return found, unknown


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _is_day(word: str) -> bool:
    """The day on which somebody opted out says that he did."""
    try:
        dt.date.fromisoformat(word[:10].replace("/", "-"))
    except ValueError:
        return False
    return True


def _once_an_account(table: pd.DataFrame) -> pd.DataFrame:
    """One row of those that are the same person at the same account: the first, opted out if any is, and with the latest consent."""
    known = table["address"].notna()
    pairs = ["account_id", "address"]
    again = known & table.duplicated(pairs, keep="first")
    if not again.any():
        return table
    grouped = table[known].groupby(pairs)
    out = grouped["opted_out"].transform("any").reindex(table.index)
    consent = grouped["consent_on"].transform("max").reindex(table.index)
    table = table.assign(
        opted_out=out.where(known, table["opted_out"]).astype(bool),
        consent_on=consent.where(known, table["consent_on"]),
    )
    return table[~again]


def opt_outs_of(
    typed: Iterable[str], mail_log: Mapping[str, Iterable[str]], is_forgotten: Callable[[str], bool]
) -> OptOuts:
    """`typed`: addresses and @domains; `mail_log`: addresses by event."""
    keys = [opt_out_key(each) for each in typed]
    events = {event: frozenset(map(opt_out_key, mail_log.get(event, ()))) for event in EVENTS}
    return OptOuts(
        addresses=frozenset(key for key in keys if not key.startswith("@")) | events[UNSUBSCRIBED],
        domains=frozenset(key[1:] for key in keys if key.startswith("@")),
        bounced=events[BOUNCED],
        complained=events[COMPLAINED],
        is_forgotten=is_forgotten,
    )
