"""Movements, retention and cohorts of random books of subscriptions against a slow reference in exact fractions."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books.revenue_tables import SUBSCRIPTIONS, sample_history
from cscli.analysis.revenue.cohorts import tabulate_cohorts
from cscli.analysis.revenue.movements import move
from cscli.analysis.revenue.mrr import MrrHistory, read_mrr
from cscli.analysis.revenue.mrr_lines import Rates
from cscli.analysis.revenue.retention import (
    Window,
    fiscal_years,
    monthly_rates,
    retain,
    tabulate_retention,
    trailing_windows,
)
from oracles.movements_reference import Line, kept, month_ends, movements
from oracles.revenue_by_hand import list_movements, pick_accounts

AS_OF = dt.date(2025, 12, 31)
DAYS = st.dates(dt.date(2023, 1, 1), dt.date(2026, 2, 28))
GAIN = ["new", "reactivation", "expansion"]
LOSS = ["contraction", "churn"]


@st.composite
def line(draw: st.DrawFn) -> Line:
    started_on = draw(DAYS)
    ended_on = draw(st.one_of(st.none(), st.dates(started_on, dt.date(2026, 3, 31))))
    amount = draw(st.integers(0, 20)) * draw(st.sampled_from([1, 1_000, 99_999]))
    return Line(
        draw(st.sampled_from("ABCDEF")), started_on, ended_on, amount, draw(st.sampled_from([1, 3, 12]))
    )


BOOKS = st.lists(line(), min_size=1, max_size=14)


def history_of(lines: list[Line]) -> MrrHistory:
    frame = pd.DataFrame(lines)
    for name in ("started_on", "ended_on"):
        frame[name] = pd.to_datetime(frame[name])
    return read_mrr("subscriptions", frame, AS_OF, Rates())[0]


@pytest.mark.whole
@settings(max_examples=200, deadline=None)
@given(BOOKS)
def test_movements_are_those_of_the_slow_reference(lines: list[Line]) -> None:
    found = move(history_of(lines))
    expected = movements(lines, AS_OF)
    if not expected:
        assert (found.drop(columns="month") == 0).all(axis=None)
        return
    assert found["month"].tolist() == list(expected)
    for name in ("opening", *GAIN, *LOSS, "closing"):
        exact = [float(row[name]) for row in expected.values()]
        # amounts are kept to a ten-thousandth for each account
        np.testing.assert_allclose(found[name], exact, rtol=0, atol=6e-4)
    total = found["opening"] + found[GAIN].sum(axis=1) - found[LOSS].sum(axis=1) + found["fx"]
    np.testing.assert_allclose(total, found["closing"], rtol=0, atol=1e-6)


@pytest.mark.whole
@settings(max_examples=100, deadline=None)
@given(BOOKS, st.integers(0, 40), st.integers(1, 24))
def test_windows_are_those_of_the_slow_reference(lines: list[Line], start: int, length: int) -> None:
    ends = month_ends(dt.date(2022, 12, 1), AS_OF)
    opening, closing = ends[min(start, len(ends) - 2)], ends[min(start + length, len(ends) - 1)]
    history = history_of(lines)
    if np.datetime64(closing, "M") < history.months[0]:
        return
    found = retain(history, Window("w", f"{opening:%Y-%m}", f"{closing:%Y-%m}"))
    expected = kept(lines, opening, closing)
    if expected is None:
        assert (found.nrr.value, found.n) == (None, 0)
        return
    assert (found.n, found.churned) == expected[2:]
    # MRR is kept in ten-thousandths: a third of a yen is off by a ten-thousandth of itself.
    assert found.nrr.value == pytest.approx(float(expected[0]), rel=1e-3, abs=1e-3)
    assert found.grr.value == pytest.approx(float(expected[1]), rel=1e-3, abs=1e-3)
    assert found.grr.value is not None
    assert found.nrr.value is not None
    assert found.grr.value <= min(1.0, found.nrr.value)
    for estimate in (found.nrr, found.grr, found.logo_churn):
        ends_of = [end for end in (estimate.low, estimate.high) if end is not None]
        assert np.isfinite(ends_of).all()
        assert ends_of == sorted(ends_of)


@pytest.mark.whole
@settings(max_examples=100, deadline=None)
@given(BOOKS)
def test_cohorts_and_segments_sum_to_the_whole(lines: list[Line]) -> None:
    history = history_of(lines)
    whole = move(history)
    cohorts = tabulate_cohorts(history)
    month = pd.PeriodIndex(cohorts["cohort"], freq="M").asi8 + cohorts["month_number"].to_numpy()
    sums = cohorts.groupby(month)[["active", "mrr"]].sum()
    np.testing.assert_allclose(sums["mrr"], whole["closing"].tail(len(sums)), rtol=0, atol=1e-6)
    assert sums["active"].tolist() == whole["accounts_closing"].tail(len(sums)).tolist()
    even = np.arange(len(history.account_ids)) % 2 == 0
    parts = [move(pick_accounts(history, chosen)) for chosen in (even, ~even)]
    for name in whole.columns.drop("month"):
        np.testing.assert_allclose(parts[0][name] + parts[1][name], whole[name], rtol=0, atol=1e-6)


def test_movements_of_the_sample_reconcile() -> None:
    """Every account month by month; 36 months back and more, in yen."""
    history = sample_history()
    found = move(history)
    frame = pd.read_csv(SUBSCRIPTIONS, dtype={"account_id": str})
    frame["amount"] *= frame["currency"].map({"JPY": 1, "USD": 150})
    lines = [
        Line(
            str(row.account_id),
            dt.date.fromisoformat(str(row.started_on)),
            dt.date.fromisoformat(row.ended_on) if isinstance(row.ended_on, str) else None,
            int(str(row.amount)),
            int(str(row.period_months)),
        )
        for row in frame.itertuples()
    ]
    expected = movements(lines, dt.date(2026, 10, 31))
    assert found["month"].tolist() == list(expected)
    for name in ("opening", *GAIN, *LOSS, "closing"):
        assert found[name].tolist() == pytest.approx(
            [float(row[name]) for row in expected.values()], abs=1e-2
        )
    assert (found["fx"] == 0).all()
    listed = list_movements(history).groupby("month")["delta"].sum()
    change = (found["closing"] - found["opening"]).set_axis(found["month"])
    assert (change - listed.reindex(change.index, fill_value=0)).abs().max() < 1e-6
    returned = list_movements(history).query("movement == 'reactivation'")["account_id"].tolist()
    assert set(returned) == {"00345", "A0019", "A0045", "A0085", "A0122"}


def test_windows_of_the_sample() -> None:
    """Trailing windows, and fiscal years that begin in April: those that lie wholly in the history."""
    history = sample_history()
    windows = [*trailing_windows(history), *fiscal_years(history, 4)]
    assert [window.name for window in windows[:3]] == ["1m", "3m", "12m"]
    assert windows[2] == Window("12m", "2025-10", "2026-10")
    assert windows[-1] == Window("FY2025", "2025-03", "2026-03")
    even = np.arange(len(history.account_ids)) % 2 == 0
    found = tabulate_retention(history, windows, {"even": even, "odd": ~even})
    assert found["segment"].tolist()[:3] == ["all", "even", "odd"]
    numbers = ["opening_mrr", "n", "churned"]
    whole, first, second = (
        found.loc[found["segment"] == name, numbers].to_numpy() for name in ("all", "even", "odd")
    )
    np.testing.assert_allclose(first + second, whole)
    assert (found["grr"] <= found["nrr"].clip(upper=1)).all()
    said = found[found["nrr_low"].notna()]
    assert len(said) > 15
    assert (said["nrr_low"] < said["nrr"]).all()
    assert (said["nrr_high"] > said["nrr"]).all()


def test_rates_are_missing_not_infinite() -> None:
    rates = monthly_rates(sample_history(), move(sample_history()))
    assert not np.isinf(rates.drop(columns="month")).any(axis=None)
    assert rates["nrr"].isna().tolist()[:2] == [True, False]
