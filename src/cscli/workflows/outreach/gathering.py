"""A judged book with its contacts, opt-outs and ledger to what is decided about every message."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cscli.analysis.acting.business_days import due_dates, is_japanese
from cscli.analysis.outreach.addresses import address_hash
from cscli.analysis.outreach.candidates import Pairs, account_masks, pair_up, rank_contacts
from cscli.analysis.outreach.contact_stops import judge_contacts
from cscli.analysis.outreach.contacts import Contacts, OptOuts, opt_outs_of, read_contacts
from cscli.analysis.outreach.deciding import Decision, Situation, decide
from cscli.analysis.outreach.occasions import Days
from cscli.analysis.outreach.sent import index_sent, ledger_frame
from cscli.analysis.outreach.staleness import stale_messages
from cscli.analysis.quality.age import find_stale, has_ended
from cscli.config.schema import Config
from cscli.config.work.outreach import Outreach
from cscli.errors import ConfigError, DataError, Location, Problem, UsageError
from cscli.nearest import nearest_name
from cscli.reports.outreach.drafts import Draft, DraftWriter
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed, zone_of
from cscli.workflows.outreach.no_longer_stopped import (
    NoLongerStopped,
    find_no_longer_stopped,
    remember_stopped,
)
from cscli.workflows.outreach.saying import SOON_DAYS, say_what_looks_wrong
from cscli.workflows.scores.actions import list_judged
from cscli.workflows.scores.scoring import JudgedBook
from cscli.workflows.work.lost_books import say_lost_opt_outs
from cscli.workspace.told import LEDGER, read_ledger_day, write_ledger_day

if TYPE_CHECKING:
    from cscli.analysis.acting.risk import CallList
    from cscli.history import Ledger

Environment = Mapping[str, str]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Planned:
    """What would go and what would not. `frame`: the accounts with the columns of the ledger; `left`: ids of accounts that are
    none any more, or not yet. `ledger`: as it was when this was decided; None without a history. `key`: None while there is none.
    `no_longer_stopped`: addresses to which nothing could go earlier.
    """

    judged: JudgedBook
    outreach: Outreach
    frame: pd.DataFrame
    contacts: Contacts
    pairs: Pairs
    situation: Situation
    decisions: tuple[Decision[Draft], ...]
    left: tuple[str, ...]
    ledger: "Ledger | None"
    key: bytes | None
    no_longer_stopped: NoLongerStopped
    problems: tuple[Problem, ...]

    @property
    def going(self) -> list[Decision[Draft]]:
        """What would go, in its order."""
        return [each for each in self.decisions if each.draft is not None]

    @property
    def book(self) -> Book:
        """The accounts' book."""
        return self.judged.book


def needed_outreach(config: Config) -> Outreach:
    """The rules of messages. Raises UsageError where there are none."""
    if config.outreach is None:
        raise UsageError(Problem("outreach.no_rules"))
    return config.outreach


def plan_messages(
    request: Request, judged: JudgedBook, environment: Environment, calls: "CallList | None" = None
) -> Planned:
    """Every decision. `calls`: who is at risk, where that is known already.

    Raises ConfigError for rules that do not fit their columns, DataError for contacts and opt-outs that cannot be used,
    SourceError for a ledger that cannot be read, is gone, or was made with another key.
    """
    book = judged.book
    config, outreach = book.config, needed_outreach(book.config)
    zone, as_of = zone_of(config), book.as_of
    today = request.today(zone)
    contacts = _contacts_of(book)
    ledger, key = _ledger_of(request, book)
    hashed = _hasher(key)
    sent = index_sent(ledger.rows if ledger else ())
    names = [each.name for each in outreach.messages]
    scored = judged.scored.frame
    frame = scored.join(ledger_frame(scored["account_id"], names, sent, as_of))
    forgotten = ledger.forgotten if ledger else frozenset()
    outs = _opt_outs(request, book, lambda address: bool(forgotten) and hashed(address) in forgotten)
    pairs = pair_up(frame, contacts)
    _check_shown(book, pairs)
    situation = Situation(
        frame=frame, pairs=pairs, sent=sent, outreach=outreach, as_of=as_of, today=today, hashed=hashed,
        ranked=placed(book.draft, lambda: rank_contacts(pairs, outreach.messages, as_of)),
        masks=placed(book.draft, lambda: account_masks(frame, outreach, as_of)),
        contact_stops=judge_contacts(pairs, contacts, outs, outreach, pd.Timestamp(as_of)),
        stale=_stale(book, as_of), busy=_busy(request, judged, calls), is_business_day=_is_business_day(config, as_of),
    )  # fmt: skip
    writer = DraftWriter(pairs, config, outreach, Days(as_of, today), _token_maker(outreach, environment))
    stopped = remember_stopped(request, situation, outs)
    decisions = placed(book.draft, lambda: decide(situation, writer))
    going = {each.draft.email for each in decisions if each.draft is not None}
    no_longer_stopped = find_no_longer_stopped(stopped, situation, ledger, going)
    return Planned(
        judged=judged, outreach=outreach, frame=frame, contacts=contacts, pairs=pairs, situation=situation,
        decisions=tuple(decisions), left=_left(book), ledger=ledger, key=key,
        no_longer_stopped=no_longer_stopped,
        problems=(*contacts.problems, *no_longer_stopped.problems(), *say_what_looks_wrong(decisions, situation, ledger, _unsettled(request, book, ledger))),
    )  # fmt: skip


def _contacts_of(book: Book) -> Contacts:
    """The people of every source of contacts. DataError where none of them has an address to write to."""
    names = [name for name, source in book.config.sources.items() if source.kind == "contacts"]
    tables = book.resolved.tables
    found = [tables[name].frame for name in names if name in tables]
    for name in names:
        if name in tables and "email" not in tables[name].frame:
            raise DataError(
                Problem("outreach.no_addresses", where=Location(file=tables[name].facts.file), value=name)
            )
    if not found:
        raise DataError(Problem("outreach.no_contacts", value=", ".join(names) or "contacts"))
    return read_contacts(found)


def _ledger_of(request: Request, book: Book) -> "tuple[Ledger | None, bytes | None]":
    from cscli.errors import Scope, SourceError
    from cscli.history import key_mark, read_key, read_ledger

    url = history_url(request, book)
    key = read_key(request.rules.workspace)
    if url is None:
        return None, key
    ledger = read_ledger(url, request.rules.workspace, zone_of(book.config))
    if ledger.key_mark is not None and (key is None or key_mark(key) != ledger.key_mark):
        raise SourceError(Problem("outreach.other_key", scope=Scope.WORKSPACE))
    booked_by = read_ledger_day(request.rules.workspace)
    if ledger.key_mark is None and booked_by is not None:
        raise SourceError(
            Problem(
                "outreach.ledger_gone",
                scope=Scope.WORKSPACE,
                value=LEDGER.as_posix(),
                details={"day": booked_by},
            )
        )
    if ledger.key_mark is not None:
        write_ledger_day(request.rules.workspace, request.today(zone_of(book.config)).isoformat())
    return ledger, key


def _unsettled(request: Request, book: Book, ledger: "Ledger | None") -> list[str]:
    """Keys of messages of which nobody knows whether they went out."""
    from cscli.history import unsettled_keys

    url = history_url(request, book)
    has_rows = ledger is not None and bool(ledger.rows)
    return unsettled_keys(url, request.rules.workspace, request.now) if url is not None and has_rows else []


def _hasher(key: bytes | None) -> Callable[[str], str]:
    """What the ledger keeps of an address; while there is no key, there is nothing in it to be found."""
    known: dict[str, str] = {}

    def hashed(address: str) -> str:
        if address not in known:
            known[address] = address_hash(key or b"", address)
        return known[address]

    return hashed


def _opt_outs(request: Request, book: Book, is_forgotten: Callable[[str], bool]) -> OptOuts:
    from cscli.sources.optouts import read_opt_outs

    lost = say_lost_opt_outs(request.rules.workspace)
    if lost:
        raise DataError(*lost)
    typed = read_opt_outs(request.rules.workspace)
    events: dict[str, list[str]] = {}
    for name, source in book.config.sources.items():
        if source.is_mail_log and name in book.typed:
            table = book.typed[name]
            for address, event in zip(table.frame["email"], table.frame["event"], strict=True):
                if not (pd.isna(address) or pd.isna(event)):
                    events.setdefault(_event_of(str(event)), []).append(str(address))
    return opt_outs_of(typed.addresses, events, is_forgotten)


def _event_of(word: str) -> str:
    """What a mail server said; a word that nobody knows counts as a bounce, after which nothing goes there."""
    folded = word.strip().casefold()
    if folded.startswith(("complain", "spam", "苦情", "迷惑")):
        return "complained"
    if folded.startswith(("unsub", "opt", "配信停止", "解除")):
        return "unsubscribed"
    return "bounced"


def _check_shown(book: Book, pairs: Pairs) -> None:
    """ConfigError for names in `may_show` that neither accounts nor contacts have."""
    known = sorted(map(str, pairs.frame.columns))
    outreach = needed_outreach(book.config)
    problems = [
        Problem(
            "config.unknown_shown",
            where=Location(key=f"outreach.may_show[{index}]"),
            value=name,
            details={"nearest": nearest_name(name, known) or "-"},
        )
        for index, name in enumerate(outreach.may_show)
        if name not in pairs.frame
    ]
    if problems:
        raise ConfigError(*map(book.draft.place, problems))


def _stale(book: Book, as_of: dt.date) -> dict[str, str]:
    """Messages whose figures are too old."""
    zone, sources = zone_of(book.config), book.config.sources
    old = {
        name: source
        for name, source in sources.items()
        if name in book.typed
        and (
            find_stale(book.typed[name].facts, source, as_of, zone)
            or (name in book.logs and has_ended(book.logs[name].last_day, as_of))
        )
    }
    columns = {
        name: sources[name].rollup if sources[name].rolls_up else book.typed[name].frame.columns
        for name in old
    }
    return stale_messages(needed_outreach(book.config), book.draft.document, old, columns)


def _busy(request: Request, judged: JudgedBook, calls: "CallList | None") -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":  # fmt: skip
    """The accounts for which a person's playbook is due within a week."""
    busy = np.zeros(len(judged.scored.frame), dtype=bool)
    if needed_outreach(judged.book.config).people_first:
        found = calls or list_judged(request, judged)
        last = np.datetime64(judged.book.as_of + dt.timedelta(days=SOON_DAYS), "D")
        due = found.due_on.astype("datetime64[D]")
        busy[found.rows[~np.isnat(due) & (due <= last)]] = True
    return busy


def _is_business_day(config: Config, day: dt.date) -> bool:
    start = np.array([day], dtype="datetime64[us]")
    found = due_dates(start, np.zeros(1), japanese=is_japanese(config))
    return bool(found[0].astype("datetime64[D]") == np.datetime64(day, "D"))


def _token_maker(outreach: Outreach, environment: Environment) -> Callable[[str], str | None]:
    """By which the page that stops it knows its reader. None where the variable with the key is not set."""
    stop = outreach.sender.unsubscribe
    key = environment.get(stop.key_env, "").strip() if stop is not None and stop.key_env else ""

    def token(address: str) -> str | None:
        if not key:
            return None
        return hmac.new(key.encode(), address.encode(), hashlib.sha256).hexdigest()[:40]

    return token


def _left(book: Book) -> tuple[str, ...]:
    there = set(book.frame["account_id"].astype(str))
    everyone = book.resolved.tables["accounts"].frame["account_id"].dropna().astype(str)
    return tuple(dict.fromkeys(each for each in everyone if each not in there))
