"""Seconds and memory from subscriptions to movements, retention, cohorts and lifetime value, beside pandas pivot tables.

Usage: python benchmarks/retention.py [ACCOUNTS]
"""

import datetime as dt
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.lifetime.late_entry import find_churn_known
from cscli.analysis.lifetime.ltv import LtvTerms, estimate_segments
from cscli.analysis.lifetime.ltv_accounts import value_accounts
from cscli.analysis.lifetime.product_years import Products, YearTerms, tabulate_products
from cscli.analysis.lifetime.tenures import tenures_of
from cscli.analysis.revenue.cohorts import tabulate_cohorts
from cscli.analysis.revenue.movements import MOVEMENTS, move
from cscli.analysis.revenue.mrr import MrrHistory, read_mrr
from cscli.analysis.revenue.mrr_checks import check_churn_dates, check_history
from cscli.analysis.revenue.mrr_lines import Rates
from cscli.analysis.revenue.retention import fiscal_years, monthly_rates, tabulate_retention, trailing_windows

MONTHS = 36
AS_OF = dt.date(2026, 10, 31)
FIRST = np.datetime64("2023-11", "M")
TARGET_SECONDS = 3.0
TARGET_BYTES = 10**9
SEGMENTS = np.array(["Starter", "Team", "Business", "Enterprise", "Public"], dtype=object)


def main() -> None:
    """Prints both times, their ratio, and the peak of memory."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    lines, accounts = random_book(number)
    analyse(lines.head(1000), accounts.head(500))
    seconds, found = timed(lambda: analyse(lines, accounts))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    pivoted, other = timed(lambda: pivot(lines))
    for name in MOVEMENTS:
        np.testing.assert_allclose(found[name], other[name], rtol=1e-9, atol=1)
    print(f"{number:,} accounts x {MONTHS} months, {len(lines):,} subscriptions")
    print(f"cscli, everything               {seconds:6.2f} s (target {TARGET_SECONDS:.0f} s)")
    print(f"cscli, peak with the tables     {peak / 1e9:6.2f} GB (target {TARGET_BYTES / 1e9:.0f} GB)")
    print(f"pandas pivot, movements alone   {pivoted:6.2f} s")
    print(f"ratio                           {pivoted / seconds:6.2f}")


def timed(work: Callable[[], pd.DataFrame]) -> tuple[float, pd.DataFrame]:
    """Wall seconds and the result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def random_book(number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Up to three subscriptions an account, one after the other; a third of the accounts leave."""
    random = np.random.default_rng(20261031)
    ids = np.array([f"A{at:06d}" for at in range(number)], dtype=object)
    begin = random.integers(0, MONTHS, number)
    changes = np.sort(begin + random.integers(1, MONTHS, (2, number)), axis=0)
    leaves = random.random(number) < 0.35
    starts = np.stack([begin, *changes])
    ends = np.stack([*changes, np.where(leaves, changes[1] + random.integers(1, 12, number), 10**4)])
    amount = np.round(random.lognormal(10, 1.0, (3, number)), -2)
    kept = (starts < ends) & (starts < MONTHS)
    lines = pd.DataFrame(
        {
            "account_id": np.tile(ids, 3)[kept.ravel()],
            "started_on": day_of(starts[kept]),
            "ended_on": day_of(ends[kept]),
            "amount": amount[kept] * 12,
            "period_months": 12.0,
            "currency": "JPY",
            "kind": "paid",
        }
    )
    accounts = pd.DataFrame(
        {
            "account_id": ids,
            "started_on": day_of(begin),
            "churned_on": day_of(ends[2]),
            "gross_margin": random.uniform(0.6, 0.9, number),
            "cac": random.uniform(1e4, 1e6, number),
            "segment": SEGMENTS[random.integers(0, len(SEGMENTS), number)],
        }
    )
    return lines.sample(frac=1, random_state=1, ignore_index=True), accounts


def day_of(months: Any) -> Any:
    """The tenth of the month; none for those beyond the data."""
    days = (FIRST + months).astype("datetime64[D]") + np.timedelta64(9, "D")
    return np.where(months < MONTHS, days, np.datetime64("NaT")).astype("datetime64[us]")


def analyse(lines: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """All that the report needs, from typed tables; the movements."""
    history, _ = read_mrr("subscriptions", lines, AS_OF, Rates("JPY"))
    check_history(history)
    ids = accounts["account_id"].to_numpy(dtype=object)
    check_churn_dates(history, ids, accounts["churned_on"].to_numpy())
    movements = move(history)
    monthly_rates(history, movements)
    by_segment(history, accounts)
    tabulate_cohorts(history)
    known = find_churn_known(accounts["started_on"], accounts["churned_on"], AS_OF, dt.date(2024, 2, 1))
    tenures = tenures_of(accounts, AS_OF, history, known.since)
    segment = accounts["segment"].to_numpy(dtype=object)[tenures["row"].to_numpy()]
    estimates = estimate_segments(tenures, segment, LtvTerms())
    value_accounts(tenures, segment, estimates, LtvTerms())
    years = YearTerms(as_of=AS_OF, first_month=4, ltv=LtvTerms(), since=known.since)
    tabulate_products(
        accounts, Products(of=accounts["segment"].to_numpy(dtype=object), effort=None), history, years
    )
    return movements


def by_segment(history: MrrHistory, accounts: pd.DataFrame) -> None:
    """Windows and movements of every segment."""
    labels = accounts.set_index("account_id")["segment"].reindex(history.account_ids).to_numpy(dtype=object)
    chosen = {str(name): labels == name for name in SEGMENTS}
    windows = [*trailing_windows(history), *fiscal_years(history, 4)]
    tabulate_retention(history, windows, chosen)
    for rows in chosen.values():
        move(
            MrrHistory(
                account_ids=history.account_ids[rows],
                months=history.months,
                units=history.units[rows],
                revaluation=None,
            )
        )


def pivot(lines: pd.DataFrame) -> pd.DataFrame:
    """What a user would write: a row an account and month, a pivot table, and comparisons with the month before."""
    months = pd.period_range("2023-11", periods=MONTHS, freq="M")
    mrr = lines["amount"] / lines["period_months"]
    parts = []
    for month in months:
        end = month.end_time.normalize()
        active = (lines["started_on"] <= end) & ~(lines["ended_on"] <= end)
        parts.append(pd.DataFrame({"id": lines["account_id"][active], "month": month, "mrr": mrr[active]}))
    table = pd.concat(parts).pivot_table(
        index="id", columns="month", values="mrr", aggfunc="sum", fill_value=0
    )
    table = table.reindex(columns=months, fill_value=0)
    before = table.shift(1, axis=1, fill_value=0)
    paid_before = (table > 0).cummax(axis=1).shift(1, axis=1, fill_value=False).astype(bool)
    change = table - before
    starts, stays, leaves = (
        (before == 0) & (table > 0),
        (before > 0) & (table > 0),
        (before > 0) & (table == 0),
    )
    sums = {
        "new": change.where(starts & ~paid_before, 0).sum(),
        "reactivation": change.where(starts & paid_before, 0).sum(),
        "expansion": change.where(stays, 0).clip(lower=0).sum(),
        "contraction": -change.where(stays, 0).clip(upper=0).sum(),
        "churn": -change.where(leaves, 0).sum(),
    }
    return pd.DataFrame(sums).reset_index(drop=True)


if __name__ == "__main__":
    main()
