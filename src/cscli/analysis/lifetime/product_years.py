"""LTV by product and fiscal year as a matrix, and what moved it from year to year: churn, price, margin, effort."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.lifetime.decomposition import LtvFactors, decompose, effort_shares
from cscli.analysis.lifetime.ltv import ALL, LtvTerms, mean_margin, mean_mrr
from cscli.analysis.lifetime.survival import restricted_months
from cscli.analysis.lifetime.tenures import fit_tenures, tenures_of
from cscli.analysis.revenue.estimate import FEW_EVENTS
from cscli.analysis.revenue.mrr import MrrHistory, last_whole_month

COLUMNS = (
    "product", "fiscal_year", "accounts", "arpa", "monthly_churn", "gross_margin", "effort", "ltv", "from_churn", "from_arpa",
    "from_margin", "from_effort", "few",
)  # fmt: skip
_MOST_YEARS = 5


@dataclass(frozen=True, eq=False, kw_only=True)
class Products:
    """`of`: the product of each row of the accounts (None: it has none). `effort`: what each costs a month beside its
    margin, money; None: not known.
    """

    of: NDArray[np.object_] | None
    effort: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTerms:
    """`since`: the first day from which churn is known; None: always."""

    as_of: dt.date
    first_month: int
    ltv: LtvTerms
    since: dt.date | None


def tabulate_products(
    accounts: pd.DataFrame, products: Products, history: MrrHistory, terms: YearTerms
) -> pd.DataFrame:
    """`COLUMNS`, by product (`all` first) and fiscal year: accounts (customers at its end), arpa and effort (money an account and
    month), monthly_churn, gross_margin, ltv ((arpa x gross_margin - effort) x expected months; effort 0 where it is not known), and what
    of its change since the year before came from each (money; they add up to the change). `few`: churn is too little to judge.

    A year is told from the end of its last month, as far as it was known then: those who had started, those who had left. The
    running year is the one of `as_of`. Products and effort are those that an account has today.
    """
    rows = []
    before: dict[str, tuple[LtvFactors, float]] = {}
    for year, day in _years(history, terms):
        lives = tenures_of(accounts, day, history if len(history.account_ids) else None, terms.since)
        at = lives["row"].to_numpy()
        named = np.full(len(at), None, dtype=object) if products.of is None else products.of[at]
        effort = None if products.effort is None else products.effort[at]
        names = sorted({str(name) for name in named if isinstance(name, str)})
        for name in (ALL, *names):
            mine = np.ones(len(at), dtype=bool) if name == ALL else named == name
            row, now = _row(lives[mine], None if effort is None else effort[mine], terms.ltv)
            changed = _moved(before.get(name), now)
            before.pop(name, None)
            if now is not None:
                before[name] = now
            rows.append({"product": name, "fiscal_year": year, **row, **changed})
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = {name: place for place, name in enumerate([ALL, *sorted(set(table["product"]) - {ALL})])}
    return table.sort_values("product", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def _years(history: MrrHistory, terms: YearTerms) -> Iterator[tuple[str, dt.date]]:
    """The last fiscal years with a year of MRR and of known churn before their end, oldest first; the running one last."""
    first = (
        history.months[0] if terms.since is None else max(history.months[0], np.datetime64(terms.since, "M"))
    )
    found: list[tuple[str, dt.date]] = []
    begins = dt.date(terms.as_of.year - (terms.as_of.month < terms.first_month), terms.first_month, 1)
    day = terms.as_of
    while len(found) < _MOST_YEARS and last_whole_month(day) >= first + np.timedelta64(11, "M"):
        found.append((f"FY{begins.year}", day))
        day = begins - dt.timedelta(days=1)
        begins = begins.replace(year=begins.year - 1)
    yield from reversed(found)


def _row(
    lives: pd.DataFrame, effort: NDArray[np.float64] | None, terms: LtvTerms
) -> tuple[dict[str, float | bool], tuple[LtvFactors, float] | None]:
    curve = fit_tenures(lives)
    months = restricted_months(curve, terms.horizon_months, terms.discount_rate_annual).value
    arpa, margin = mean_mrr(lives), mean_margin(lives, terms)
    here = ~lives["churned"].to_numpy(bool)
    known = np.array([]) if effort is None else effort[here][~np.isnan(effort[here])]
    cost = float(known.mean()) if len(known) else np.nan
    factors = None
    if arpa is not None and margin is not None and months is not None:
        factors = LtvFactors(arpa, margin, months)
    ltv = np.nan if factors is None else factors.ltv - (0.0 if np.isnan(cost) else cost) * factors.months
    told = {"arpa": arpa, "monthly_churn": curve.hazard, "gross_margin": margin}
    row: dict[str, float | bool] = {
        "accounts": float(here.sum()),
        **{name: np.nan if value is None else value for name, value in told.items()},
        "effort": cost,
        "ltv": ltv,
        "few": curve.churned < FEW_EVENTS,
    }
    return row, None if factors is None else (factors, cost)


def _moved(before: tuple[LtvFactors, float] | None, now: tuple[LtvFactors, float] | None) -> dict[str, float]:
    names = ("from_churn", "from_arpa", "from_margin", "from_effort")
    if before is None or now is None or np.isnan(before[1]) != np.isnan(now[1]):
        return dict.fromkeys(names, np.nan)
    change = decompose(before[0], now[0])
    if np.isnan(now[1]):
        return dict(zip(names, (change.churn, change.arpa, change.margin, np.nan), strict=True))
    effort, churn = effort_shares(before[0], now[0], (before[1], now[1]))
    return dict(zip(names, (change.churn + churn, change.arpa, change.margin, effort), strict=True))
