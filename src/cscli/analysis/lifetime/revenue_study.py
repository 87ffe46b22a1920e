"""Accounts and the history of their MRR to all that a report on revenue, retention and lifetime value says."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.lifetime.decomposition import LtvFactors, tabulate_changes
from cscli.analysis.lifetime.late_entry import ChurnKnown, find_churn_known
from cscli.analysis.lifetime.ltv import ALL, LtvEstimate, LtvTerms, estimate_ltv, estimate_segments
from cscli.analysis.lifetime.ltv_accounts import past_revenue, value_accounts
from cscli.analysis.lifetime.payback import UnitEconomics, mean_cac, measure_economics, tabulate_years
from cscli.analysis.lifetime.renewals import RenewalModel, discounted_lifetime, fit_renewals
from cscli.analysis.lifetime.tenures import tenures_of
from cscli.analysis.revenue.cohorts import tabulate_cohorts
from cscli.analysis.revenue.estimate import FEW_EVENTS, Estimate, Remark
from cscli.analysis.revenue.movements import move
from cscli.analysis.revenue.mrr import MrrHistory, last_whole_month
from cscli.analysis.revenue.retention import (
    Retention,
    Window,
    fiscal_years,
    monthly_rates,
    retain,
    tabulate_retention,
    trailing_windows,
)

_MOST_CHANGES = 3

Names = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTerms:
    """`window`: the given one, in place of the trailing windows and fiscal years. `cost_per_month`: money an
    account and month that its margin does not hold. `churn_known_from`: the first day of the month from which churn
    is known; None: found from the churn dates. `mrr_of_dates`: MRR has no source of its own, and moves with the
    start and churn dates of the accounts.
    """

    as_of: dt.date
    ltv: LtvTerms
    window: Window | None = None
    fiscal_year_start: int = 1
    cost_per_month: float | None = None
    churn_known_from: dt.date | None = None
    mrr_of_dates: bool = False


@dataclass(frozen=True, slots=True)
class Renewals:
    """The annual contracts: `model` of their renewals, `years` (discounted, expected at the start), `ltv` (money)."""

    model: RenewalModel
    years: float
    ltv: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Study:
    """Tables as the functions that make them describe them; `window` is the one of the headline (12 months, or the
    given one, or the longest there is), None where the history has one month only. `known`: from when on churn is
    known; `as_given`: where that is not the whole lifetime, the LTV that takes lifetimes as given.
    """

    terms: StudyTerms
    history: MrrHistory
    movements: pd.DataFrame
    retention: pd.DataFrame
    window: Retention | None
    cohorts: pd.DataFrame
    tenures: pd.DataFrame
    segment: Names | None
    estimates: list[LtvEstimate]
    accounts: pd.DataFrame
    economics: list[UnitEconomics]
    years: pd.DataFrame | None
    changes: pd.DataFrame
    renewals: Renewals | None
    known: ChurnKnown
    as_given: LtvEstimate | None

    @property
    def knows_moves(self) -> bool:
        """Whether anything tells when MRR moved: dates that only say who has left at last do not."""
        return not (self.terms.mrr_of_dates and self.known.cannot_tell)


def study_revenue(
    accounts: pd.DataFrame,
    segment: Names | None,
    history: MrrHistory,
    annual: frozenset[str],
    terms: StudyTerms,
) -> Study:
    """`accounts`: as of `lives_of`, everyone, with those that left; `segment`: by row of it. `annual`: the accounts
    whose contracts run for 12 months.
    """
    known = _churn_known(accounts, terms)
    tenures = _with_churn_dates(_lives(accounts, terms.as_of, history, known.since), accounts)
    of_lives = None if segment is None else segment[tenures["row"].to_numpy()]
    estimates = estimate_segments(tenures, of_lives, terms.ltv)
    movements = move(history)
    rates = monthly_rates(history, movements)
    undated = terms.mrr_of_dates and known.cannot_tell
    windows = [] if undated else _windows(history, terms)
    past = past_revenue(history, tenures["account_id"].to_numpy(dtype=object))
    return Study(
        terms=terms,
        history=history,
        movements=movements.merge(rates, on="month"),
        retention=tabulate_retention(history, windows, _masks(accounts, segment, history)),
        window=None if undated else _headline_window(history, terms),
        cohorts=tabulate_cohorts(history),
        tenures=tenures,
        segment=of_lives,
        estimates=estimates,
        accounts=value_accounts(tenures, of_lives, estimates, terms.ltv, past),
        economics=[_economics(one, tenures, of_lives, terms) for one in estimates],
        years=tabulate_years(estimates[0], mean_cac(tenures), terms.cost_per_month, terms.ltv),
        changes=_changes(accounts, segment, history, terms, known.since),
        renewals=_renewals(tenures, annual, terms),
        known=known,
        as_given=estimate_ltv(tenures.assign(entry=0), terms.ltv) if tenures["entry"].any() else None,
    )


def withhold_worth(study: Study, why: Remark) -> Study:
    """`study` without what its customers are worth on the whole, and why."""
    unknown = Estimate(value=None, remarks=(why,))
    whole = replace(study.estimates[0], ltv=unknown, revenue=unknown, simple=unknown, shrunk=unknown)
    return replace(study, estimates=[whole, *study.estimates[1:]])


def _churn_known(accounts: pd.DataFrame, terms: StudyTerms) -> ChurnKnown:
    tenures = _with_churn_dates(tenures_of(accounts, terms.as_of), accounts)
    return find_churn_known(tenures["started_on"], tenures["churned_on"], terms.as_of, terms.churn_known_from)


def _lives(
    accounts: pd.DataFrame, as_of: dt.date, history: MrrHistory, since: dt.date | None
) -> pd.DataFrame:
    return tenures_of(accounts, as_of, history if len(history.account_ids) else None, since)


def _with_churn_dates(tenures: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """`tenures` with churned_on; missing of those that had not left by then."""
    dates = pd.to_datetime(accounts["churned_on"]).to_numpy()[tenures["row"].to_numpy()]
    return tenures.assign(churned_on=np.where(tenures["churned"], dates, np.datetime64("NaT", "us")))


def _windows(history: MrrHistory, terms: StudyTerms) -> list[Window]:
    if terms.window is not None:
        return [terms.window]
    return [*trailing_windows(history), *fiscal_years(history, terms.fiscal_year_start)]


def _headline_window(history: MrrHistory, terms: StudyTerms) -> Retention | None:
    window = terms.window or next(iter(trailing_windows(history, (12,))), None)
    return retain(history, window) if window is not None else None


def _masks(
    accounts: pd.DataFrame, segment: Names | None, history: MrrHistory
) -> Mapping[str, NDArray[np.bool_]]:
    """By segment, whether each account of the history is in it."""
    if segment is None:
        return {}
    by_id = pd.Series(segment, index=accounts["account_id"].to_numpy(dtype=object))
    labels = by_id.reindex(history.account_ids).to_numpy(dtype=object)
    return {name: labels == name for name in sorted({str(name) for name in segment[~pd.isna(segment)]})}


def _economics(
    estimate: LtvEstimate, tenures: pd.DataFrame, segment: Names | None, terms: StudyTerms
) -> UnitEconomics:
    part = tenures if segment is None or estimate.segment == ALL else tenures[segment == estimate.segment]
    return measure_economics(estimate, mean_cac(part), terms.ltv)


def _changes(
    accounts: pd.DataFrame,
    segment: Names | None,
    history: MrrHistory,
    terms: StudyTerms,
    since: dt.date | None,
) -> pd.DataFrame:
    """As `tabulate_changes`, for as_of and the same day of the years before, with `few`: whether churn of either
    date is too little to judge.
    """
    factors: dict[str, dict[str, LtvFactors | None]] = {}
    few: dict[tuple[str, str], bool] = {}
    for date in _dates(history, terms.as_of, since):
        tenures = _lives(accounts, date, history, since)
        rows = None if segment is None else segment[tenures["row"].to_numpy()]
        for one in estimate_segments(tenures, rows, terms.ltv):
            factors.setdefault(one.segment, {})[date.isoformat()] = _factors(one)
            few[one.segment, date.isoformat()] = one.churned < FEW_EVENTS
    table = tabulate_changes(factors)
    pairs = zip(table["segment"], table["from"], table["to"], strict=True)
    return table.assign(few=[few[name, first] or few[name, second] for name, first, second in pairs])


def _dates(history: MrrHistory, as_of: dt.date, since: dt.date | None) -> list[dt.date]:
    """In order; the first is at least a year after the first month of MRR and of churn, or as_of alone."""
    first = history.months[0] if since is None else max(history.months[0], np.datetime64(since, "M"))
    days = [as_of]
    while len(days) <= _MOST_CHANGES:
        earlier = (pd.Timestamp(as_of) - pd.DateOffset(years=len(days))).date()
        if last_whole_month(earlier) < first + np.timedelta64(11, "M"):
            break
        days.append(earlier)
    return days[::-1]


def _factors(estimate: LtvEstimate) -> LtvFactors | None:
    months = estimate.restricted_months.value
    if estimate.arpa is None or estimate.gross_margin is None or months is None:
        return None
    return LtvFactors(estimate.arpa, estimate.gross_margin, months)


def _renewals(tenures: pd.DataFrame, annual: frozenset[str], terms: StudyTerms) -> Renewals | None:
    """Of the annual accounts that have lived through a renewal, or left at one."""
    rate = terms.ltv.discount_rate_annual
    of_year = tenures[tenures["account_id"].isin(annual)]
    if of_year.empty or rate <= 0:
        return None
    months, churned = of_year["months"].to_numpy(np.int64), of_year["churned"].to_numpy(bool)
    periods = np.where(churned, np.maximum(1, np.rint(months / 12).astype(np.int64)), months // 12)
    # the renewals that were over when churn began to be known tell nothing
    entered = np.minimum(of_year["entry"].to_numpy(np.int64) // 12, periods - churned)
    model = fit_renewals(periods, churned, entered=entered)
    if model is None:
        return None
    years = discounted_lifetime(model, rate)
    estimate = estimate_ltv(of_year, terms.ltv)
    known = estimate.arpa is not None and estimate.gross_margin is not None
    ltv = 12 * (estimate.arpa or 0.0) * (estimate.gross_margin or 0.0) * years if known else None
    return Renewals(model, years, ltv)
