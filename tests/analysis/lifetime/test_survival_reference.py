"""Survival curves of waltons and rossi, and of a telephone company's customers, against lifelines' values."""

import numpy as np
import pandas as pd
import pytest

from books.revenue_tables import TELCO, table
from cscli.analysis.lifetime.survival import SurvivalCurve, fit_survival, median_months, restricted_months
from cscli.analysis.revenue.estimate import Remark
from oracles.revenue_by_hand import plain_survival, restricted_error
from places import NO_SHARED_DATA

LIVES = {
    "waltons": ("T", "E", "group"),
    "rossi": ("week", "arrest", "fin"),
    "telco": ("tenure", "Churn", "Contract"),
}


def curve_of(dataset: str, group: str) -> SurvivalCurve:
    if dataset == "telco" and not TELCO.exists():
        pytest.skip(NO_SHARED_DATA)
    frame = pd.read_csv(TELCO) if dataset == "telco" else table(f"{dataset}.csv")
    lived, left, by = LIVES[dataset]
    if group != "all":
        frame = frame[frame[by].astype(str) == group.removeprefix(f"{by}=")]
    churned = frame[left].isin([1, "Yes"]).to_numpy(bool)
    return fit_survival(frame[lived].to_numpy(np.int64), churned)


def cases(statistic: str) -> list[object]:
    frame = table("km_rmst.csv")
    chosen = frame[frame["dataset"].isin(LIVES) & (frame["statistic"] == statistic)]
    assert len(chosen) >= 10
    return [
        pytest.param(row, id=f"{row['dataset']}-{row['group']}-{row['t']}") for _, row in chosen.iterrows()
    ]


@pytest.mark.parametrize("row", cases("S"))
def test_survival_and_its_interval_are_the_reference(row: pd.Series) -> None:
    curve, month = curve_of(row["dataset"], row["group"]), int(row["t"])
    found = (curve.survival[month], curve.low[month], curve.high[month])
    expected = tuple(row[["value", "ci_lo", "ci_hi"]])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    assert curve.at_risk[month] == row["n_at_risk"]


@pytest.mark.parametrize("row", cases("RMST"))
def test_restricted_mean(row: pd.Series) -> None:
    curve, horizon = curve_of(row["dataset"], row["group"]), int(row["t"])
    assert plain_survival(curve, horizon).sum() == pytest.approx(row["value"], abs=1e-6)
    assert restricted_error(curve, horizon) == pytest.approx(row["se"], abs=1e-6)
    if curve.followed >= horizon:
        # no tail: what is reported is the same. lifelines' interval is of survival alone, and no longer reported
        assert restricted_months(curve, horizon).value == pytest.approx(row["value"], abs=1e-6)


@pytest.mark.parametrize("row", cases("median"))
def test_median_is_the_reference(row: pd.Series) -> None:
    found = median_months(curve_of(row["dataset"], row["group"]))
    if np.isinf(row["value"]):
        assert (found.value, found.remarks) == (None, (Remark.NOT_REACHED,))
    else:
        assert found.value == row["value"]


@pytest.mark.parametrize("row", cases("n/events/exposure"))
def test_accounts_churn_and_exposure_are_counted(row: pd.Series) -> None:
    curve = curve_of(row["dataset"], row["group"])
    assert (curve.n, curve.churned, curve.exposure_months) == (row["value"], row["se"], row["ci_lo"])


def test_discount_is_worked_by_hand() -> None:
    """Of 22 accounts half leave after a month, the others are seen for two: 1 + v / 2 + v^2 / 2; then the overall
    churn goes on, 11 in 33 account-months.
    """
    months, left = np.array([1] * 11 + [2] * 11), np.array([True] * 11 + [False] * 11)
    curve = fit_survival(months, left)
    v = 1.1 ** (-1 / 12)
    assert curve.followed == 3
    assert restricted_months(curve, 3, 0.1).value == pytest.approx(1 + v / 2 + v * v / 2, rel=1e-14)
    beyond = restricted_months(curve, 4, 0.1)
    assert beyond.value == pytest.approx(1 + v / 2 + v * v / 2 + v**3 / 2 * 2 / 3, rel=1e-14)
    assert Remark.BEYOND_DATA not in restricted_months(curve, 3, 0.1).remarks
    assert Remark.BEYOND_DATA in beyond.remarks
