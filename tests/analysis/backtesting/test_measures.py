"""Oracle: tests/oracles/reference/proof (backtest_panel, bands, deciles, capacity), made in plain numpy and checked against
scikit-learn and scipy; sums by hand.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.backtesting.measures import Judged, Terms, judge_panel
from cscli.analysis.backtesting.panel import COUNTS, Panel
from oracles.proof import panel as reference_rows
from oracles.proof import quantities, table

BANDS = ("at_risk", "watch", "healthy")


def reference_panel() -> Panel:
    rows = reference_rows()
    edges = np.digitize(rows["score"], [40, 60])
    t0 = pd.to_datetime(rows["t0"]).astype("datetime64[us]")
    days = sorted(t0.unique())
    counts = {name: [0] * len(days) for name in COUNTS} | {
        "eligible": [int((t0 == day).sum()) for day in days]
    }
    whole = table("backtest_panel")
    counts["eligible"] = [len(whole), *[0] * (len(days) - 1)]
    counts["churned"] = [int(whole["churned"].sum()), *[0] * (len(days) - 1)]
    dates = pd.DataFrame({"t0": pd.Series(days, dtype="datetime64[us]"), "source": "exports", **counts})
    table_rows = rows.assign(
        t0=t0, segment=rows["segment"], term="monthly", band=np.array(BANDS, dtype=object)[edges],
        churned=rows["churned"] == 1, left_on=None,
    )  # fmt: skip
    nothing = np.full((len(rows), 1), np.nan)
    return Panel(
        rows=table_rows,
        points=nothing,
        covered=~np.isnan(nothing),
        card=np.zeros(len(rows), dtype=np.intp),
        dates=dates,
    )


@pytest.fixture(scope="module")
def judged() -> Judged:
    terms = Terms(bands=BANDS, edge=40, window_days=60, calls=10)
    return judge_panel(reference_panel(), terms)


@pytest.mark.parametrize(
    ("measure", "quantity"),
    [("auc", "within t0 and segment"), ("auc_within_t0", "within t0"), ("auc_pooled", "pooled")],
)
def test_each_auc(judged: Judged, measure: str, quantity: str) -> None:
    expected = pd.to_numeric(quantities("backtest_panel_expected"), errors="coerce")
    value = next(expected[each] for each in (f"{quantity} auc", f"{quantity}") if each in expected)
    assert judged.measure(measure).value == pytest.approx(value, abs=1e-6)
    assert judged.churned == expected["churned_accounts"]


def test_the_interval_of_all_with_all_is_by_account(judged: Judged) -> None:
    expected = pd.to_numeric(quantities("backtest_panel_expected"), errors="coerce")
    pooled = judged.measure("auc_pooled")
    assert pooled.low == pytest.approx(expected["pooled lo (jackknife, logit)"], abs=1e-6)
    assert pooled.high == pytest.approx(expected["pooled hi"], abs=1e-6)


def test_each_date_has_its_auc(judged: Judged) -> None:
    """Within a date and segment a few pairs less; one date by hand: AUC of 2025-09-30 over all segments is .58984375."""
    expected = pd.to_numeric(quantities("backtest_panel_expected"), errors="coerce")
    for day, auc, low, high in judged.dates[["t0", "auc", "low", "high"]].itertuples(index=False):
        name = day.date().isoformat()
        assert auc == pytest.approx(expected[f"{name} auc"], abs=1e-6)
        assert (low, high) == pytest.approx(
            (expected[f"{name} auc_lo"], expected[f"{name} auc_hi"]), abs=1e-6
        )


def test_bands(judged: Judged) -> None:
    expected = table("bands_expected").set_index("band").loc[list(BANDS)]
    found = judged.bands.set_index("band").rename(columns={"shrunk": "shrunk_20"})
    names = [name for name in expected.columns if name in found]
    assert len(names) == len(expected.columns)
    for name in names:
        assert found[name].to_numpy(float) == pytest.approx(expected[name].to_numpy(float), abs=1e-6), name


def test_tenths(judged: Judged) -> None:
    expected = table("deciles_expected")
    for name in ("rows", "churned", "rate", "lift"):
        assert judged.deciles[name].to_numpy() == pytest.approx(expected[name].to_numpy(), abs=1e-6)


def test_calls(judged: Judged) -> None:
    expected = table("capacity_expected").set_index("calls_per_t0").loc[10]
    found = judged.capacity.set_index("calls").loc[10]
    for name, other in {"called": "called", "caught": "churned_caught", "by_luck": "by_luck", "arr_caught": "arr_caught",
                        "arr_by_luck": "arr_by_luck", "caught_by_arr": "by_arr_at_risk_churned",
                        "arr_caught_by_arr": "by_arr_at_risk_arr"}.items():  # fmt: skip
        assert found[name] == pytest.approx(expected[other], abs=1e-6), name


def test_every_account_that_was_missed_comes_first(judged: Judged) -> None:
    """By hand: among those that left with 40 points or more, the highest ARR is first."""
    rows = reference_rows()
    missed = rows[(rows["churned"] == 1) & (rows["score"] >= 40)]
    assert judged.accounts["account_id"].iloc[0] == missed.sort_values("arr")["account_id"].iloc[-1]
    assert int(judged.accounts["missed"].sum()) == len(missed)


def test_rows_without_a_band_stand_beside_the_bands() -> None:
    """Of the reference, every tenth row has no band: what stands on the sheet is all rows, and bands keep their own chances."""
    panel = reference_panel()
    rows = panel.rows.copy()
    rows.loc[::10, "band"] = "unknown"
    terms = Terms(bands=BANDS, edge=40, window_days=60, calls=10)
    bands = judge_panel(replace(panel, rows=rows), terms).bands.set_index("band")
    assert list(bands.index) == [*BANDS, "unknown"]
    assert bands["rows"].sum() == len(rows)
    assert bands["churned"].sum() == rows["churned"].sum()
    assert bands.loc["unknown", "rate"] == rows["churned"][::10].mean()
    assert bands.loc["unknown", ["shrunk", "monotone", "p_12_months"]].isna().all()
    assert bands.loc[list(BANDS), "p_12_months"].notna().all()
