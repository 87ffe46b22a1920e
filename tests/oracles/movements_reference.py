"""MRR movements and retention from the definitions, account by account in exact fractions and calendar days."""

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Line:
    """One subscription; `ended_on`: the first day without it."""

    account_id: str
    started_on: dt.date
    ended_on: dt.date | None
    amount: int
    period_months: int


def month_ends(first: dt.date, as_of: dt.date) -> list[dt.date]:
    """The last days of the months from that of `first`, up to `as_of`."""
    found = []
    year, month = first.year, first.month
    while (end := dt.date(year, month, calendar.monthrange(year, month)[1])) <= as_of:
        found.append(end)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def mrr_on(lines: list[Line], day: dt.date) -> dict[str, Fraction]:
    """By account, of those that have any."""
    found: dict[str, Fraction] = defaultdict(Fraction)
    for line in lines:
        if line.started_on <= day and (line.ended_on is None or line.ended_on > day) and line.amount:
            found[line.account_id] += Fraction(line.amount, line.period_months)
    return dict(found)


def movements(lines: list[Line], as_of: dt.date) -> dict[str, dict[str, Fraction]]:
    """By month (YYYY-MM), from the first with MRR."""
    paying = [line for line in lines if line.amount]
    before: dict[str, Fraction] = {}
    known: set[str] = set()
    rows: dict[str, dict[str, Fraction]] = {}
    for end in month_ends(min((line.started_on for line in paying), default=as_of), as_of):
        after = mrr_on(lines, end)
        if rows or after:
            rows[f"{end:%Y-%m}"] = split(before, after, known)
        before = after
        known |= set(after)
    return rows


def split(before: dict[str, Fraction], after: dict[str, Fraction], known: set[str]) -> dict[str, Fraction]:
    """The movements of one month."""
    found = dict.fromkeys(("new", "reactivation", "expansion", "contraction", "churn"), Fraction(0))
    for account in before | after:
        o, c = before.get(account, Fraction(0)), after.get(account, Fraction(0))
        if o == 0:
            found["reactivation" if account in known else "new"] += c
        elif c == 0:
            found["churn"] += o
        elif c > o:
            found["expansion"] += c - o
        else:
            found["contraction"] += o - c
    opening, closing = Fraction(sum(before.values())), Fraction(sum(after.values()))
    return {"opening": opening, **found, "closing": closing}


def kept(lines: list[Line], opening: dt.date, closing: dt.date) -> tuple[Fraction, Fraction, int, int] | None:
    """NRR, GRR, accounts at the opening and those of them that left; None without any."""
    before, after = mrr_on(lines, opening), mrr_on(lines, closing)
    total = sum(before.values())
    if not total:
        return None
    stayed = sum(after.get(account, Fraction(0)) for account in before)
    capped = sum(min(o, after.get(account, Fraction(0))) for account, o in before.items())
    left = sum(account not in after for account in before)
    return Fraction(stayed) / total, Fraction(capped) / total, len(before), left
