"""Orders to revenue by year, calendar and fiscal, and by twelve rolling months; and what was kept of the year before."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.orders.lines import Orders
from cscli.analysis.revenue.mrr import last_whole_month

Numbers = NDArray[np.float64]
_YEAR = 12


@dataclass(frozen=True, eq=False, kw_only=True)
class MonthlySales:
    """`money`: accounts x months from `first` on (an int of months since 1970), refunds taken off in their month.
    `began`: the month of each account's first purchase (none: after the last). `whole`: the last whole month.
    """

    account_ids: NDArray[np.object_]
    money: Numbers
    began: NDArray[np.int64]
    first: int
    whole: int

    def between(self, start: int, months: int = _YEAR) -> Numbers:
        """Money by account in `months` from `start` on."""
        at = max(start - self.first, 0)
        return np.asarray(self.money[:, at : max(start - self.first + months, 0)].sum(axis=1), np.float64)


def sum_months(orders: Orders) -> MonthlySales:
    """By account and month."""
    lines = orders.lines
    month = lines["at"].to_numpy().astype("datetime64[M]").astype(np.int64)
    whole = int(last_whole_month(orders.as_of).astype(np.int64))
    today = int(np.datetime64(orders.as_of, "M").astype(np.int64))
    first = int(month.min()) if len(month) else today
    codes, ids = pd.factorize(lines["account_id"].to_numpy(object))
    columns = today - first + 1
    flat = np.bincount(codes * columns + month - first, weights=lines["amount"], minlength=len(ids) * columns)
    began = np.full(len(ids), today + 1)
    is_bought = lines["amount"].to_numpy(np.float64) > 0
    np.minimum.at(began, codes[is_bought], month[is_bought])
    money = np.asarray(flat[: len(ids) * columns].reshape(len(ids), columns), dtype=np.float64)
    return MonthlySales(
        account_ids=np.asarray(ids, dtype=object), money=money, began=began, first=first, whole=whole
    )


def tabulate_years(sales: MonthlySales, fiscal_year_start: int) -> pd.DataFrame:
    """One row a window: kind (calendar, fiscal, rolling), period (2026; FY2026 begins in 2026; the last month), revenue
    (money), customers (who paid more than they got back), won (never bought before), kept, lost (of those of the window
    before), back (bought once, not in the window before), nrr, grr (as `lost` NaN where this one is not over, or the orders
    begin within the one before: part of a year is no base), is_whole, is_begun (whether the orders begin within this
    one), begins (whether within the one before). Fiscal years only where they do not begin in January; rolling ones end with each whole month.
    """
    windows = [*_years(sales, "calendar", 1)]
    windows += _years(sales, "fiscal", fiscal_year_start) if fiscal_year_start != 1 else []
    windows += [
        ("rolling", _month(end), end - _YEAR + 1) for end in range(sales.first + _YEAR - 1, sales.whole + 1)
    ]
    rows = [{"kind": kind, "period": period, **_row(sales, start)} for kind, period, start in windows]
    return pd.DataFrame(rows, columns=["kind", "period", *_row(sales, sales.first)])


def _years(sales: MonthlySales, kind: str, first_month: int) -> Iterator[tuple[str, str, int]]:
    start = sales.first - (sales.first - (first_month - 1)) % _YEAR
    last = sales.first + sales.money.shape[1] - 1
    for begin in range(start, last + 1, _YEAR):
        year = 1970 + begin // _YEAR
        yield kind, f"FY{year}" if kind == "fiscal" else str(year), begin


def _row(sales: MonthlySales, start: int) -> dict[str, float | bool]:
    now, before = sales.between(start), sales.between(start - _YEAR)
    had, has = before > 0, now > 0
    is_new = sales.began >= start
    is_whole = start + _YEAR - 1 <= sales.whole
    begins = start - _YEAR < sales.first < start
    base = float(before[had].sum())
    known = is_whole and not begins and base > 0
    return {
        "revenue": float(now.sum()),
        "customers": int(has.sum()),
        "won": int((has & is_new).sum()),
        "kept": int((had & has).sum()),
        "lost": int((had & ~has).sum()) if is_whole and not begins else np.nan,
        "back": int((has & ~had & ~is_new).sum()),
        "nrr": float(now[had].sum()) / base if known else np.nan,
        "grr": float(np.minimum(before, np.maximum(now, 0.0))[had].sum()) / base if known else np.nan,
        "is_whole": is_whole,
        "is_begun": start < sales.first,
        "begins": begins,
    }


def _month(month: int) -> str:
    return str(np.datetime64(month, "M"))


def tabulate_cohorts(sales: MonthlySales) -> pd.DataFrame:
    """One row a cohort (the calendar quarter of the first purchase, as 2026-Q1) and whole quarter since: cohort,
    quarter_number (0 is the first), accounts, logo_retention (share that bought in the quarter), revenue (money),
    revenue_retention (by that of the first quarter).
    """
    quarter = sales.began // 3
    last = (sales.whole + 1) // 3 - 1
    rows = []
    for cohort in sorted({int(each) for each in quarter if each <= last}):
        members = quarter == cohort
        sums = [_quarter(sales, members, at) for at in range(cohort, last + 1)]
        begin = sums[0][1]
        rows += [
            {
                "cohort": f"{1970 + cohort // 4}-Q{cohort % 4 + 1}",
                "quarter_number": number,
                "accounts": int(members.sum()),
                "logo_retention": bought / int(members.sum()),
                "revenue": money,
                "revenue_retention": money / begin if begin > 0 else np.nan,
            }
            for number, (bought, money) in enumerate(sums)
        ]
    return pd.DataFrame(
        rows,
        columns=["cohort", "quarter_number", "accounts", "logo_retention", "revenue", "revenue_retention"],
    )


def _quarter(sales: MonthlySales, members: NDArray[np.bool_], quarter: int) -> tuple[int, float]:
    """Accounts that bought, and their money."""
    money = sales.between(3 * quarter, 3)[members]
    return int((money > 0).sum()), float(money.sum())
