"""MRR by account and month end to what was kept in a window: NRR, GRR and logo churn, with intervals."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.revenue.estimate import FEW_EVENTS, Estimate, Remark
from cscli.analysis.revenue.mrr import UNITS_PER_MONEY, Integers, MrrHistory
from cscli.analysis.revenue.ratio_interval import (
    Interval,
    grr_interval,
    nrr_interval,
    tells_too_little,
    wilson_interval,
)


@dataclass(frozen=True, slots=True)
class Window:
    """From the end of month `opening` to the end of month `closing` (YYYY-MM); `name`: 12m, FY2025, ..."""

    name: str
    opening: str
    closing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What became of the accounts with MRR at the opening of a window. `opening_mrr`: money at constant rates;
    `n`: those accounts; `churned`: those without MRR at its end.
    """

    window: Window
    segment: str
    opening_mrr: float
    nrr: Estimate
    grr: Estimate
    logo_churn: Estimate
    n: int
    churned: int


def retain(
    history: MrrHistory, window: Window, segment: str = "all", chosen: NDArray[np.bool_] | None = None
) -> Retention:
    """NRR = sum of c / sum of o and GRR = sum of min(o, c) / sum of o over the accounts with o > 0: a closed
    cohort, point to point. `chosen`: the segment's accounts. Months before the history have no MRR;
    KeyError for one after it.

    Intervals: see `ratio_interval`; logo churn: Wilson (1927).
    """
    opening, closing = _units_at(history, window.opening), _units_at(history, window.closing)
    cohort = opening > 0 if chosen is None else (opening > 0) & chosen
    o, c = opening[cohort], closing[cohort]
    n, churned = len(o), int(np.count_nonzero(c == 0))
    nrr, grr = _ratio(o, c), _ratio(o, np.minimum(o, c))
    return Retention(
        window=window,
        segment=segment,
        opening_mrr=int(o.sum()) / UNITS_PER_MONEY,
        nrr=_estimate(nrr, nrr_interval(o, c), n, churned, is_wide=_is_wide(o, c)),
        grr=_estimate(grr, grr_interval(o, c), n, churned),
        logo_churn=wilson(churned, n),
        n=n,
        churned=churned,
    )


def trailing_windows(history: MrrHistory, months: Iterable[int] = (1, 3, 12)) -> list[Window]:
    """1m, 3m and 12m up to the last month of the history; those that begin before its first month are left out."""
    labels = history.labels
    return [Window(f"{m}m", labels[-1 - m], labels[-1]) for m in months if m < len(labels)]


def fiscal_years(history: MrrHistory, first_month: int) -> list[Window]:
    """The whole fiscal years in the history, which begin in calendar month `first_month`; named FY and the year
    in which they begin. The opening is the end of the month before.
    """
    found = []
    months = history.months.astype(np.int64)
    for opening in months[(months + 1) % 12 == first_month - 1]:
        if opening + 12 <= months[-1]:
            names = np.datetime_as_string(np.array([opening, opening + 12], dtype="datetime64[M]"))
            found.append(Window(f"FY{1970 + (opening + 1) // 12}", str(names[0]), str(names[1])))
    return found


def tabulate_retention(
    history: MrrHistory, windows: Iterable[Window], segments: Mapping[str, NDArray[np.bool_]]
) -> pd.DataFrame:
    """One row a window and segment, `all` first: window, opening_month, closing_month, segment, opening_mrr, nrr,
    nrr_low, nrr_high, grr, grr_low, grr_high, logo_churn, logo_churn_low, logo_churn_high, n, churned, remarks
    (tuple). `segments`: whether each account of the history is in it. Numbers are float64, NaN where missing.
    """
    chosen: dict[str, NDArray[np.bool_] | None] = {"all": None, **segments}
    found = [retain(history, window, name, rows) for window in windows for name, rows in chosen.items()]
    columns = {name: [read(kept) for kept in found] for name, read in _TEXTS.items()}
    numbers = {
        name: np.array([read(kept) for kept in found], dtype=np.float64) for name, read in _NUMBERS.items()
    }
    counts = {"n": [kept.n for kept in found], "churned": [kept.churned for kept in found]}
    remarks = {"remarks": [kept.nrr.remarks for kept in found]}
    return pd.DataFrame({**columns, **numbers, **counts, **remarks})


def monthly_rates(history: MrrHistory, movements: pd.DataFrame) -> pd.DataFrame:
    """By month, at constant rates: month, nrr, grr, logo_churn, gross_churn, net_churn, quick_ratio, arpa; NaN
    without an opening, or for the quick ratio without losses. `movements`: as `movements.move` gives them.
    """
    units = history.units.sum(axis=0)
    closing = units / UNITS_PER_MONEY
    opening = np.concatenate([[0.0], closing[:-1]])
    gains, back = movements["expansion"].to_numpy(), movements["reactivation"].to_numpy()
    losses = (movements["contraction"] + movements["churn"]).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            "nrr": (opening + gains - losses) / opening,
            "grr": (opening - losses) / opening,
            "logo_churn": movements["accounts_churned"].to_numpy() / movements["accounts_opening"].to_numpy(),
            "gross_churn": losses / opening,
            "net_churn": (losses - gains - back) / opening,
            "quick_ratio": (movements["new"].to_numpy() + gains + back) / losses,
            "arpa": closing / movements["accounts_closing"].to_numpy(),
        }
    finite = {name: np.where(np.isfinite(values), values, np.nan) for name, values in columns.items()}
    return pd.DataFrame({"month": history.labels, **finite})


def wilson(events: int, n: int) -> Estimate:
    """A share with the interval of Wilson (1927), which is honest at 0 and for small n."""
    if n == 0:
        return Estimate(value=None, remarks=(Remark.NO_ACCOUNTS,))
    low, high = wilson_interval(events, n)
    return Estimate(value=events / n, low=low, high=high, n=n, events=events, remarks=_remarks(n, events))


def _units_at(history: MrrHistory, month: str) -> Integers:
    if np.datetime64(month, "M") < history.months[0]:
        return np.zeros(len(history.account_ids), dtype=np.int64)
    return history.units[:, history.at(month)]


def _ratio(before: Integers, after: Integers) -> float | None:
    return int(after.sum()) / int(before.sum()) if len(before) else None


def _estimate(
    value: float | None, interval: Interval, n: int, churned: int, *, is_wide: bool = False
) -> Estimate:
    low, high = interval
    remarks = (*_remarks(n, churned), *((Remark.NO_INTERVAL,) if is_wide else ()))
    return Estimate(value=value, low=low, high=high, n=n, events=churned, remarks=remarks)


def _is_wide(opening: Integers, closing: Integers) -> bool:
    return any(tells_too_little(opening, kept) for kept in (closing, np.minimum(opening, closing)))


def _remarks(n: int, events: int) -> tuple[Remark, ...]:
    if n == 0:
        return (Remark.NO_ACCOUNTS,)
    return (Remark.TOO_FEW,) if events < FEW_EVENTS else ()


_TEXTS: dict[str, Callable[[Retention], str]] = {
    "window": lambda kept: kept.window.name,
    "opening_month": lambda kept: kept.window.opening,
    "closing_month": lambda kept: kept.window.closing,
    "segment": lambda kept: kept.segment,
}
_NUMBERS: dict[str, Callable[[Retention], float | None]] = {
    "opening_mrr": lambda kept: kept.opening_mrr,
    "nrr": lambda kept: kept.nrr.value,
    "nrr_low": lambda kept: kept.nrr.low,
    "nrr_high": lambda kept: kept.nrr.high,
    "grr": lambda kept: kept.grr.value,
    "grr_low": lambda kept: kept.grr.low,
    "grr_high": lambda kept: kept.grr.high,
    "logo_churn": lambda kept: kept.logo_churn.value,
    "logo_churn_low": lambda kept: kept.logo_churn.low,
    "logo_churn_high": lambda kept: kept.logo_churn.high,
}
