"""Turns simulated accounts into the rows of the files: usage, tickets, survey, touches, subscriptions, events."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable

import numpy as np
from model import AS_OF, LAST, Account, Month, month_start

Row = tuple[object, ...]
FEATURES, TOUCHES_FROM = 12, LAST - 11
EVENT_KINDS = ("login", "card_scan", "search", "card_import", "export", "share", "memo")
EVENT_SHARES = (0.36, 0.26, 0.2, 0.04, 0.04, 0.05, 0.05)
EVENTS_FROM = AS_OF - dt.timedelta(days=199)
FURTHER_ACTIONS = 0.25  # mean per user and month, beside the first
TOPICS = ("Scan quality", "Import", "Export", "Login", "Permissions", "Billing", "Integration", "How to")
TRADE_HOURS_START = dt.time(8, 30)


FIRST_CARDS, FIRST_CARDS_SPREAD, CARDS_BY_ADOPTION = 172.0, 0.35, 1.1
FIRST_CARDS_BY_MONTH = (0.45, 0.9, 1.0)


def list_usage(
    accounts: list[Account], rng: np.random.Generator, first_cards: np.random.Generator
) -> list[Row]:
    """account_id, month, active_users, logins, usage_minutes, cards_total, scans, features, departments, power."""
    return [row for account in accounts for row in _list_account_usage(account, rng, first_cards)]


def _list_account_usage(
    account: Account, rng: np.random.Generator, first_cards: np.random.Generator
) -> list[Row]:
    pace = float(rng.uniform(6, 13))
    scanned = int(account.seats * max(0, -account.start) * rng.uniform(8, 20))
    brought = _draw_first_cards(account, first_cards)
    departments = count_departments(account)
    rows: list[Row] = []
    for month in account.months:
        active, lift = month.active_users, float(np.exp(0.15 * month.adoption))
        logins = max(active, int(rng.poisson(active * pace * lift)))
        scans = int(rng.poisson(active * 14 * lift))
        scanned += scans
        cards = scanned + round(brought * FIRST_CARDS_BY_MONTH[min(2, month.index - account.start)])
        features = (
            int(np.clip(round(6 + 2 * month.adoption + rng.normal(0, 0.8)), 1, FEATURES)) if active else 0
        )
        used = (
            min(active, departments, max(1, round(departments * (0.7 + 0.2 * month.adoption))))
            if active
            else 0
        )
        power = int(rng.binomial(active, np.clip(0.06 * pace * lift - 0.2, 0.02, 0.95)))
        minutes = round(logins * float(rng.uniform(5, 7.5)))
        day = month_start(month.index).isoformat()
        rows.append((account.account_id, day, active, logins, minutes, cards, scans, features, used, power))
    return rows


def _draw_first_cards(account: Account, rng: np.random.Generator) -> float:
    """Cards from the drawers, which the vendor scans in the first weeks: more where the account is keen."""
    keen = CARDS_BY_ADOPTION * account.base + FIRST_CARDS_SPREAD * float(rng.normal())
    return account.seats * FIRST_CARDS * float(np.exp(keen))


def count_departments(account: Account) -> int:
    return int(min(14, 1 + account.seats // 12))


def list_tickets(accounts: list[Account], rng: np.random.Generator) -> list[Row]:
    """Ticket, Organisation, Created at, Solved at, Priority, Topic; in order of creation."""
    drawn: list[Row] = []
    for account in accounts:
        for month in account.months:
            rate = 0.21 * (account.seats / 20) ** 0.4 * np.exp(-0.3 * month.adoption)
            drawn += [_draw_ticket(account, month, rng) for _ in range(int(rng.poisson(rate)))]
    drawn.sort(key=lambda row: (str(row[1]), str(row[0])))
    return [(f"T-{n:05d}", *row) for n, row in enumerate(drawn, 10001)]


def _draw_ticket(account: Account, month: Month, rng: np.random.Generator) -> Row:
    created = _draw_moment(_pick_day(account, month.index, rng), rng)
    priority = int(rng.choice(4, p=[0.05, 0.2, 0.5, 0.25]))
    solved = created + dt.timedelta(hours=float(rng.exponential((10, 40, 110, 190)[priority])), minutes=20)
    is_stuck = month.index >= LAST - 2 and rng.random() < 0.35
    is_open = is_stuck or solved.date() > AS_OF
    text = "" if is_open else solved.isoformat(timespec="seconds")
    topic = TOPICS[int(rng.integers(len(TOPICS)))]
    return (account.account_id, created.isoformat(timespec="seconds"), text, f"P{priority + 1}", topic)


def list_answers(accounts: list[Account], rng: np.random.Generator) -> list[Row]:
    """account_id, answered_on, recommend (0 to 10), csat (1 to 5), respondent; each April and October."""
    rows: list[Row] = []
    for account in accounts:
        mood = float(rng.normal(0, 0.6))
        for month in account.months:
            if month_start(month.index).month in (4, 10) and month.index > account.start:
                rows += _draw_answers(account, month, mood, rng)
    return sorted(rows, key=lambda row: (str(row[1]), str(row[0]), str(row[4])))


def _draw_answers(account: Account, month: Month, mood: float, rng: np.random.Generator) -> list[Row]:
    asked = int(min(6, 1 + account.seats // 25))
    chance = 1 / (1 + np.exp(-(0.1 + 0.6 * month.adoption + 0.3 * month.contact)))
    if rng.random() > chance + 0.12:
        return []
    feeling = 0.9 * month.adoption + mood
    rows: list[Row] = []
    for person in range(1 + int(rng.binomial(asked - 1, chance))):
        recommend = int(np.clip(round(7.4 + 1.3 * feeling + rng.normal(0, 1.6)), 0, 10))
        csat = int(np.clip(round(3.8 + 0.5 * feeling + rng.normal(0, 0.7)), 1, 5))
        day = _pick_day(account, month.index, rng).isoformat()
        given = csat if rng.random() > 0.1 else ""
        rows.append((account.account_id, day, recommend, given, name_user(account, person)))
    return rows


def list_touches(
    accounts: list[Account], rng: np.random.Generator, since: int = TOUCHES_FROM, until: int = LAST
) -> list[Row]:
    """account_id, date, kind, result; of the last 12 months, or of others (their indices)."""
    rows: list[Row] = []
    for account in accounts:
        calls = 0.35 if account.seats < 40 else 0.9 if account.seats < 200 else 1.8
        kinds: dict[str, tuple[float, float, str, str]] = {
            "mail": (2.0, -0.35, "opened", "unopened"),
            "call": (calls, 0.1, "connected", "no answer"),
            "elearning": (0.45, -0.3, "viewed", "assigned"),
        }
        for month in account.months:
            if since <= month.index <= until:
                rows += _draw_touches(account, month, kinds, rng)
    return sorted(rows, key=lambda row: (str(row[1]), str(row[0]), str(row[2]), str(row[3])))


def _draw_touches(
    account: Account, month: Month, kinds: dict[str, tuple[float, float, str, str]], rng: np.random.Generator
) -> list[Row]:
    rows: list[Row] = []
    for kind, (rate, level, good, poor) in kinds.items():
        chance = 1 / (1 + np.exp(-(level + 0.9 * month.contact)))
        for _ in range(int(rng.poisson(rate))):
            day = _pick_day(account, month.index, rng).isoformat()
            rows.append((account.account_id, day, kind, good if rng.random() < chance else poor))
    return rows


def list_subscriptions(accounts: list[Account]) -> list[Row]:
    """account_id, subscription_id, started_on, ended_on, amount, period_months, currency, plan, kind."""
    return [
        (
            account.account_id, s.subscription_id, s.started_on.isoformat(),
            s.ended_on.isoformat() if s.ended_on else "",
            s.amount, s.period_months, s.currency, s.plan, s.kind,
        )
        for account in accounts
        for s in account.subscriptions
    ]  # fmt: skip


def list_events(
    accounts: list[Account], rng: np.random.Generator, since: dt.date = EVENTS_FROM, until: int = LAST
) -> list[Row]:
    """account_id, user_id, at, event; from a day on up to the end of a month (its index), in order of time.

    Each active user of a month is there at least once between the 4th and its end, so that a window of
    28 days up to a month's end counts the month's active users; further actions are a thin sample.
    """
    rows: list[Row] = []
    for account in accounts:
        for month in account.months:
            if since.replace(day=1) <= month_start(month.index) and month.index <= until:
                rows += _draw_events(account, month, rng, since)
    return sorted(rows, key=lambda row: (str(row[2]), str(row[1]), str(row[3])))


def _draw_events(account: Account, month: Month, rng: np.random.Generator, since: dt.date) -> list[Row]:
    rank = np.arange(month.seats) + rng.normal(0, 0.06 * month.seats, month.seats)
    rows: list[Row] = []
    for user in np.sort(np.argsort(rank, kind="stable")[: month.active_users]).tolist():
        for n in range(1 + int(rng.poisson(FURTHER_ACTIONS))):
            day = _pick_day(account, month.index, rng, first=4 if n == 0 else 1)
            if day >= since:
                moment = _draw_moment(day, rng).isoformat(timespec="seconds") + "+09:00"
                kind = EVENT_KINDS[int(np.searchsorted(np.cumsum(EVENT_SHARES), rng.random() * 0.999))]
                rows.append((account.account_id, name_user(account, user), moment, kind))
    return rows


def name_user(account: Account, number: int) -> str:
    return f"{account.account_id}-{number + 1:03d}"


def group_rows(rows: list[Row], key: Callable[[Row], object]) -> dict[object, list[Row]]:
    groups: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _pick_day(account: Account, index: int, rng: np.random.Generator, first: int = 1) -> dt.date:
    """A working day of the month on which it was a customer."""
    start, end = month_start(index), month_start(index + 1)
    start = max(start.replace(day=first), account.started_on)
    days = [start + dt.timedelta(days=n) for n in range((end - start).days)]
    working = [day for day in days if day.weekday() < 5]
    return working[int(rng.integers(len(working)))]


def _draw_moment(day: dt.date, rng: np.random.Generator) -> dt.datetime:
    opening = dt.datetime.combine(day, TRADE_HOURS_START)
    return opening + dt.timedelta(seconds=int(rng.triangular(0, 14_000, 41_000)))
