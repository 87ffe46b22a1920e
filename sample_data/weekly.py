"""The same book as it was exported on each Monday of 18 months: what was known on that day, no more."""

import datetime as dt
from dataclasses import replace

import numpy as np
import records
from business import SEED, Business, stream
from model import AS_OF, Account, Subscription, month_index, month_start
from table import Record, list_records

FIRST_MONDAY = dt.date(2025, 5, 5)
EVENTS_KEPT = 200  # days of the log that an export holds


def list_mondays() -> list[dt.date]:
    """78 days, the last of them in the week of the sample itself."""
    weeks = (AS_OF - FIRST_MONDAY).days // 7
    return [FIRST_MONDAY + dt.timedelta(weeks=n) for n in range(weeks + 1)]


def add_past(business: Business) -> Business:
    """With events and touches from before those of the sample, so far back that the first Monday has whole logs."""
    accounts, days = business.accounts, [str(row[2])[:10] for row in business.events]
    first = FIRST_MONDAY - dt.timedelta(days=EVENTS_KEPT)
    until = month_index(dt.date.fromisoformat(min(days))) - 1
    events = records.list_events(accounts, stream(19), first, until)
    since = month_index(FIRST_MONDAY) - 12
    touches = records.list_touches(accounts, stream(18), since, records.TOUCHES_FROM - 1)
    return replace(business, events=[*events, *business.events], touches=[*touches, *business.touches])


def know_on(past: Business, day: dt.date) -> Business:
    """What was recorded before `day`: months that are over, tickets as they stood, a year of touches, a log."""
    end = day.isoformat()
    year, log = day - dt.timedelta(days=365), day - dt.timedelta(days=EVENTS_KEPT)
    tickets = [row for row in past.tickets if str(row[2]) < end]
    return Business(
        accounts=[_as_on(account, day) for account in past.accounts if account.started_on <= day],
        usage=[row for row in past.usage if str(row[1]) < day.replace(day=1).isoformat()],
        tickets=[row if str(row[3]) < end else (*row[:3], "", *row[4:]) for row in tickets],
        answers=[row for row in past.answers if str(row[1]) < end],
        touches=[row for row in past.touches if year.isoformat() <= str(row[1]) < end],
        events=[row for row in past.events if log.isoformat() <= str(row[2]) < end],
    )


def describe_on(known: Business, day: dt.date) -> list[Record]:
    """One record an account; with noise of its own that is the same each week, so that only its course moves it."""
    evidence = known.evidence
    records_of = (
        list_records([a], evidence, np.random.default_rng([SEED, 20, int(a.account_id.strip("A"))]), day)
        for a in known.accounts
    )
    return [record for described in records_of for record in described]


def _as_on(account: Account, day: dt.date) -> Account:
    """With the months that are over, and with subscriptions of which no end lies after the day."""
    subscriptions = [_known(s, day) for s in account.subscriptions if s.started_on <= day]
    months = [month for month in account.months if month_start(month.index + 1) <= day]
    churned_on = _find_churn(subscriptions)
    now = [month for month in account.months if month_start(month.index) <= day]
    seats = now[-1].seats if now else account.seats
    return replace(
        account, months=months, subscriptions=subscriptions, churned_on=churned_on, seats=seats,
        adoption=months[-1].adoption if months else account.base,
        contact=months[-1].contact if months else 0.0,
        term_start=_find_term(account, day),
    )  # fmt: skip


def _known(subscription: Subscription, day: dt.date) -> Subscription:
    is_open = subscription.ended_on is None or subscription.ended_on > day
    return replace(subscription, ended_on=None) if is_open else subscription


def _find_churn(subscriptions: list[Subscription]) -> dt.date | None:
    paid = [s for s in subscriptions if s.kind == "paid"]
    ends = [s.ended_on for s in paid if s.ended_on is not None]
    return max(ends) if len(ends) == len(paid) else None


def _find_term(account: Account, day: dt.date) -> int:
    """Month index of the start of the unbroken run of paid subscriptions that the day lies in, or that ended last."""
    paid = sorted((s for s in account.subscriptions if s.kind == "paid"), key=lambda s: s.started_on)
    starts = [s.started_on for s in paid if s.started_on <= day]
    ends = {s.ended_on for s in paid}
    first = [s for s in starts if s == account.started_on or s not in ends]
    return account.start if first[-1] == account.started_on else month_index(first[-1])
