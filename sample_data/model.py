"""Simulates 240 accounts over 36 months: adoption and contact drift, and decide contracts and churn."""

import datetime as dt
import math
from dataclasses import dataclass, field, replace

import numpy as np
from names import Company, name_companies

AS_OF = dt.date(2026, 10, 31)
FIRST_MONTH = dt.date(2023, 11, 1)
MONTHS = 36
LAST = MONTHS - 1
JPY_PER_USD = 150
LEGACY_IDS = ("00123", "00187", "00204", "00251", "00309", "00345", "00412", "00468", "00530", "00577")
OLD, RECENT, ACCOUNTS = 78, 12, 240
TYPICAL_ADOPTION = 0.6  # log odds of a seat being used: 65 %
# Log odds of leaving at a chance to leave: each month, or each anniversary of an annual contract.
LEAVING = {1: -4.6, 12: -2.15}
ADOPTION_EFFECT, TREND_EFFECT, CONTACT_EFFECT = -1.2, -1.1, -0.75
RAMP = (0.35, 0.6, 0.8, 0.92)


@dataclass(frozen=True)
class Subscription:
    subscription_id: str
    started_on: dt.date
    ended_on: dt.date | None  # the first day without it
    seats: int
    amount: int  # for the whole period, in `currency`
    period_months: int
    currency: str
    plan: str
    kind: str = "paid"

    @property
    def mrr_jpy(self) -> int:
        rate = JPY_PER_USD if self.currency == "USD" else 1
        return self.amount * rate // self.period_months


@dataclass(frozen=True)
class Month:
    index: int  # 0 is 2023-11
    seats: int
    active_users: int
    adoption: float  # standardised log odds of a seat being used; 0 is typical
    contact: float  # how well mails and calls reach the account; 0 is typical


@dataclass
class Account:
    account_id: str
    company: Company
    start: int  # month index, negative before 2023-11
    started_on: dt.date
    seats: int
    price: int  # for a seat and month, in `currency`
    period_months: int
    currency: str
    base: float
    adoption: float = 0.0
    contact: float = 0.0
    slide: int = 0  # months of decline left (a champion left, a rival came)
    term_start: int = 0
    months: list[Month] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    returns_in: int | None = None
    churned_on: dt.date | None = None

    @property
    def mrr_jpy(self) -> int:
        """Of the subscriptions live now, or of those that ended last."""
        paid = [s for s in self.subscriptions if s.kind == "paid"]
        return sum(s.mrr_jpy for s in paid if s.ended_on == self.churned_on)

    @property
    def plan(self) -> str:
        return name_plan(self.seats)


def month_start(index: int) -> dt.date:
    months = FIRST_MONTH.year * 12 + FIRST_MONTH.month - 1 + index
    return dt.date(months // 12, months % 12 + 1, 1)


def month_index(day: dt.date) -> int:
    return (day.year - FIRST_MONTH.year) * 12 + day.month - FIRST_MONTH.month


def name_plan(seats: int) -> str:
    limits = ((20, "Starter"), (100, "Team"), (400, "Business"))
    return next((plan for limit, plan in limits if seats < limit), "Enterprise")


def simulate_accounts(rng: np.random.Generator) -> list[Account]:
    """All accounts with their months and subscriptions, oldest first."""
    starts = np.sort(
        np.concatenate(
            [rng.integers(-30, 0, OLD), rng.integers(0, 33, ACCOUNTS - OLD - RECENT), [33, 34, 35] * 4]
        )
    )
    companies = name_companies(ACCOUNTS, rng)
    seats = _draw_seats(rng)
    dollars = set(rng.choice(np.arange(20, ACCOUNTS - 20), 6, replace=False).tolist())
    accounts = []
    for n, (start, company) in enumerate(zip(starts.tolist(), companies, strict=True)):
        account = _open_account(n, start, company, rng)
        account.seats, account.currency = seats[n], "USD" if n in dollars else "JPY"
        _set_price(account, rng)
        _live(account, rng)
        accounts.append(account)
    return accounts


def _draw_seats(rng: np.random.Generator) -> list[int]:
    seats = np.exp(rng.normal(math.log(20), 1.0, ACCOUNTS)).clip(5, 400)
    seats[rng.choice(ACCOUNTS - 30, 6, replace=False)] = rng.integers(100, 180, 6) * 5
    return [int(round(s / 5) * 5) if s >= 30 else int(s) for s in seats]


def _open_account(n: int, start: int, company: Company, rng: np.random.Generator) -> Account:
    account_id = LEGACY_IDS[n] if n < len(LEGACY_IDS) else f"A{n - len(LEGACY_IDS) + 1:04d}"
    period = 12 if rng.random() < 0.62 else 1
    day = int(rng.choice([1, 11, 16, 21])) if period == 1 and rng.random() < 0.4 else 1
    base = float(rng.normal(0, 0.8))
    return Account(
        account_id, company, start, month_start(start).replace(day=day), 0, 0, period, "JPY", base,
        contact=float(0.4 * base + rng.normal(0, 0.9)),
    )  # fmt: skip


def _set_price(account: Account, rng: np.random.Generator) -> None:
    listed = {"Starter": 2400, "Team": 2300, "Business": 2200, "Enterprise": 2150}[account.plan]
    price = listed * (0.95 if account.period_months == 12 else 1) * rng.uniform(0.95, 1.1)
    account.price = round(price / JPY_PER_USD) if account.currency == "USD" else round(price / 50) * 50


def _live(account: Account, rng: np.random.Generator) -> None:
    account.adoption = account.base + float(rng.normal(0, 0.3))
    account.term_start = account.start
    if rng.random() < 0.2:
        _add_trial(account)
    _subscribe(account, account.started_on, account.seats)
    for index in range(account.start, MONTHS):
        if account.churned_on is None:
            _drift(account, rng)
            _record(account, index, rng)
            if index < LAST:
                _decide(account, index, rng)
        elif account.returns_in is not None:
            _wait(account, index)


def _drift(account: Account, rng: np.random.Generator) -> None:
    """Moves adoption and contact by a month: back towards their level, with shocks and spells of decline."""
    if account.slide == 0 and rng.random() < 0.018:
        account.slide = int(rng.integers(4, 9))
    sliding = account.slide > 0
    account.slide -= sliding
    pull = 0.0 if sliding else 0.1 * (account.base - account.adoption)
    account.adoption += pull - 0.22 * sliding + float(rng.normal(0, 0.16))
    account.contact += 0.15 * (0.4 * account.base - account.contact) - 0.08 * sliding
    account.contact += float(rng.normal(0, 0.3))


def _record(account: Account, index: int, rng: np.random.Generator) -> None:
    tenure = index - account.start
    ramp = RAMP[tenure] if tenure < len(RAMP) else 1.0
    odds = TYPICAL_ADOPTION + 1.1 * account.adoption + float(rng.normal(0, 0.1))
    active = round(account.seats * ramp / (1 + math.exp(-odds)))
    if index >= 0:
        account.months.append(Month(index, account.seats, active, account.adoption, account.contact))


def _decide(account: Account, index: int, rng: np.random.Generator) -> None:
    """What changes on the first of the next month: the end, another size, more seats beside, or nothing."""
    is_renewal = (index + 1 - account.term_start) % account.period_months == 0
    chance, draw, size_draw = _chance_to_leave(account), rng.random(), float(rng.random())
    if index < 0 or len(account.months) < 2 or index - account.start < 2:
        return
    if is_renewal and draw < chance:
        _leave(account, index + 1, rng)
    elif is_renewal:
        _resize(account, index + 1, size_draw, rng)
    elif account.adoption > 0.7 and size_draw < 0.025:
        _add_seats(account, index + 1)


def _chance_to_leave(account: Account) -> float:
    recent = [m.adoption for m in account.months[-4:]] or [account.adoption]
    mean, trend = sum(recent) / len(recent), recent[-1] - recent[0]
    odds = LEAVING[account.period_months] + ADOPTION_EFFECT * mean / 0.8
    odds += TREND_EFFECT * trend + CONTACT_EFFECT * account.contact
    return 1 / (1 + math.exp(-odds))


def _leave(account: Account, index: int, rng: np.random.Generator) -> None:
    _end_all(account, month_start(index))
    account.churned_on = month_start(index)
    if rng.random() < 0.1 and index < 26:
        account.returns_in = int(rng.integers(3, 9))


def _wait(account: Account, index: int) -> None:
    if account.returns_in != 0:
        account.returns_in = (account.returns_in or 0) - 1
        return
    account.returns_in, account.churned_on, account.slide = None, None, 0
    account.adoption, account.term_start = max(account.base, 0.3), index + 1
    _subscribe(account, month_start(index + 1), account.seats)


def _resize(account: Account, index: int, draw: float, rng: np.random.Generator) -> None:
    often = 0.35 if account.period_months == 12 else 0.04
    if draw >= often or -0.5 < account.adoption < 0.4:
        return
    factor = rng.uniform(1.15, 1.5) if account.adoption > 0 else rng.uniform(0.6, 0.85)
    seats = max(5, round(account.seats * factor))
    if seats != account.seats:
        _end_all(account, month_start(index))
        _change_seats(account, seats)
        _subscribe(account, month_start(index), seats)


def _add_seats(account: Account, index: int) -> None:
    """A second subscription beside the first; the next renewal of another size merges the two."""
    extra = max(2, round(account.seats * 0.15))
    _change_seats(account, account.seats + extra)
    _subscribe(account, month_start(index), extra)


def _change_seats(account: Account, seats: int) -> None:
    # The people who use it stay the same: the share of seats in use moves the other way.
    account.adoption += 0.8 * math.log(account.seats / seats)
    account.seats = seats


def _subscribe(account: Account, day: dt.date, seats: int) -> None:
    number = sum(s.kind == "paid" for s in account.subscriptions) + 1
    account.subscriptions.append(
        Subscription(
            f"S-{account.account_id}-{number}", day, None, seats, seats * account.price * account.period_months,
            account.period_months, account.currency, account.plan,
        )
    )  # fmt: skip


def _end_all(account: Account, day: dt.date) -> None:
    account.subscriptions = [s if s.ended_on else replace(s, ended_on=day) for s in account.subscriptions]


def _add_trial(account: Account) -> None:
    day = account.started_on - dt.timedelta(days=30)
    name = f"S-{account.account_id}-T"
    trial = Subscription(
        name, day, account.started_on, account.seats, 0, 1, account.currency, account.plan, "trial"
    )
    account.subscriptions.append(trial)
