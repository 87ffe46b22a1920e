"""Tables of which little can be said: values or nothing with a reason, never an exception, infinity or NaN."""

import dataclasses
import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from books.revenue_tables import history_of, subscriptions
from cscli.analysis.lifetime.jackknife import interval_of
from cscli.analysis.lifetime.ltv import LtvEstimate, LtvTerms, estimate_segments, tabulate_segments
from cscli.analysis.lifetime.ltv_accounts import value_accounts
from cscli.analysis.lifetime.payback import mean_cac, measure_economics, tabulate_years
from cscli.analysis.lifetime.tenures import tenures_of
from cscli.analysis.revenue.cohorts import tabulate_cohorts
from cscli.analysis.revenue.estimate import Estimate, Remark
from cscli.analysis.revenue.movements import move
from cscli.analysis.revenue.mrr_checks import check_history
from cscli.analysis.revenue.retention import (
    Window,
    monthly_rates,
    retain,
    tabulate_retention,
    trailing_windows,
)
from oracles.revenue_by_hand import list_movements

AS_OF = dt.date(2026, 6, 30)
TERMS = LtvTerms()


def accounts(*rows: tuple[str, str, str | None, float | None, float | None]) -> pd.DataFrame:
    """Rows of account_id, started_on, churned_on, mrr, gross_margin."""
    frame = pd.DataFrame(rows, columns=["account_id", "started_on", "churned_on", "mrr", "gross_margin"])
    for name in ("started_on", "churned_on"):
        frame[name] = pd.to_datetime(frame[name])
    return frame.astype({"mrr": "float64", "gross_margin": "float64"})


CASES = {
    "nobody": accounts(),
    "one account": accounts(("A", "2025-01-10", None, 100, 0.7)),
    "one that left": accounts(("A", "2025-01-10", "2026-01-10", 100, 0.7)),
    "no churn": accounts(*[(f"A{at}", "2025-01-10", None, 100, 0.7) for at in range(30)]),
    "all left in month one": accounts(
        *[(f"A{at}", "2026-01-10", "2026-01-20", 100, 0.7) for at in range(30)]
    ),
    "all left in one later month": accounts(
        *[(f"A{at}", "2025-01-10", "2026-03-10", 100, 0.7) for at in range(30)]
    ),
    "began this month": accounts(("A", "2026-06-10", None, 100, 0.7)),
    "no margin": accounts(("A", "2025-01-10", "2026-01-10", 100, None), ("B", "2025-01-10", None, 100, None)),
    "no MRR": accounts(("A", "2025-01-10", "2026-01-10", None, 0.7), ("B", "2025-01-10", None, None, 0.7)),
    "free": accounts(("A", "2025-01-10", "2026-01-10", 0, 0.7), ("B", "2025-01-10", None, 0, 0.7)),
    "only in the future": accounts(("A", "2027-01-10", None, 100, 0.7)),
    "left before it began": accounts(("A", "2026-01-10", "2025-01-10", 100, 0.7)),
}


def no_leaks(estimate: Estimate) -> None:
    numbers = [number for number in (estimate.value, estimate.low, estimate.high) if number is not None]
    assert all(math.isfinite(number) for number in numbers)
    if estimate.value is None:
        assert estimate.remarks


def estimates_in(result: object) -> list[Estimate]:
    fields = dataclasses.fields(result)  # type: ignore[arg-type]
    return [value for field in fields if isinstance(value := getattr(result, field.name), Estimate)]


@pytest.mark.parametrize("name", CASES)
def test_every_number_or_its_reason(name: str) -> None:
    tenures = tenures_of(CASES[name], AS_OF)
    segment = np.array(["x", "y"] * len(tenures), dtype=object)[: len(tenures)]
    found = estimate_segments(tenures, segment, TERMS)
    for one in found:
        for estimate in estimates_in(one):
            no_leaks(estimate)
        economics = measure_economics(one, 1000.0, TERMS)
        for estimate in estimates_in(economics):
            no_leaks(estimate)
        years = tabulate_years(one, None, None, TERMS)
        assert years is None or np.isfinite(years["cumulative_margin"]).all()
    assert not np.isinf(tabulate_segments(found).select_dtypes("number")).any(axis=None)
    valued = value_accounts(tenures, segment, found, TERMS)
    assert len(valued) == len(tenures)
    assert not np.isinf(valued.select_dtypes("number")).any(axis=None)


def all_of(name: str) -> LtvEstimate:
    return estimate_segments(tenures_of(CASES[name], AS_OF), None, TERMS)[0]


def test_no_churn_is_not_for_ever() -> None:
    """Simple: missing. Restricted: the whole horizon, beyond what was seen; in place of an interval what 3 in the
    30 x 17 account-months, the one-sided bound, would leave of it.
    """
    found = all_of("no churn")
    assert (found.simple.value, found.simple.remarks) == (None, (Remark.NO_CHURN,))
    assert found.ltv.value == pytest.approx(70 * sum(1.1 ** (-t / 12) for t in range(60)))
    bound = 3 / (30 * 17)
    assert found.churn_bound == pytest.approx(bound)
    assert found.ltv.low == pytest.approx(70 * sum((1 - bound) ** t * 1.1 ** (-t / 12) for t in range(60)))
    assert found.ltv.high is None
    assert found.ltv.remarks == (Remark.NO_CHURN, Remark.BEYOND_DATA)


def test_all_left_in_month_one() -> None:
    found = all_of("all left in month one")
    assert (found.ltv.value, found.ltv.low, found.ltv.high) == (0, 0, 0)
    assert found.median.value == 0
    assert found.simple.remarks == (Remark.NO_TIME_AT_RISK,)


def test_accounts_that_are_all_alike_tell_nothing_of_chance() -> None:
    """Whichever is left out, the others are worth the same: no interval, rather than one without width."""
    found = all_of("all left in one later month")
    assert found.ltv.value is not None
    assert (found.ltv.low, found.ltv.high) == (None, None)
    # by hand: the mean without each is 1, 2 and 3, SE^2 = 2 / 3 x (1 + 0 + 1) = 4 / 3
    factor = np.exp(1.959963984540054 * np.sqrt(4 / 3) / 2)
    assert interval_of(2.0, np.array([1.0, 2.0, 3.0])) == pytest.approx((2 / factor, 2 * factor))


def test_no_margin() -> None:
    found = all_of("no margin")
    assert (found.ltv.value, found.gross_margin) == (None, None)
    assert Remark.NO_MARGIN in found.ltv.remarks
    assert Remark.TOO_FEW in found.ltv.remarks
    given = estimate_segments(tenures_of(CASES["no margin"], AS_OF), None, LtvTerms(gross_margin=0.5))[0]
    assert given.ltv.value is not None


def test_no_accounts_have_neither_ltv_nor_cac() -> None:
    assert all_of("nobody").ltv.remarks[0] is Remark.NO_ACCOUNTS
    assert mean_cac(tenures_of(CASES["nobody"], AS_OF)) is None


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(subscriptions(), id="nothing"),
        pytest.param(subscriptions(("A", "2026-06-05", None, 10)), id="one month"),
        pytest.param(subscriptions(("A", "2026-06-05", "2026-06-20", 10)), id="never at a month end"),
        pytest.param(subscriptions(("A", "2026-01-05", "2026-02-20", 10)), id="all left in month one"),
        pytest.param(subscriptions(("A", "2027-01-05", None, 10)), id="future"),
        pytest.param(subscriptions(("A", "2026-01-05", None, 0)), id="free"),
    ],
)
def test_histories_of_little(frame: pd.DataFrame) -> None:
    history = history_of(frame.astype({"mrr": "float64"}), "2026-06-30")
    assert history.labels[-1] == "2026-06"
    found = move(history)
    assert not found.isna().any(axis=None)
    assert not np.isinf(monthly_rates(history, found).drop(columns="month")).any(axis=None)
    assert check_history(history) == ()
    assert len(list_movements(history)) <= 2
    assert len(tabulate_cohorts(history)) <= 6
    windows = [*trailing_windows(history), Window("asked", "2020-01", "2026-06")]
    assert len(tabulate_retention(history, windows, {})) == len(windows)
    kept = retain(history, windows[-1])
    for estimate in (kept.nrr, kept.grr, kept.logo_churn):
        no_leaks(estimate)
        assert estimate.value is None
