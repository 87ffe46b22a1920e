"""Trends of weekly scores. Oracle: the reference table (proof/trend_expected.csv), scipy, and cases by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cscli.analysis.past.kendall import exact_p, normal_p
from cscli.analysis.past.trend import find_trends
from oracles.proof import table

LAST = pd.Timestamp("2026-09-28")


def runs_of(values: list[float], step: int = 7, account: str = "A") -> pd.DataFrame:
    """Scores so many days apart, the last of them on the day."""
    days = [LAST - pd.Timedelta(days=step * at) for at in range(len(values))][::-1]
    return pd.DataFrame({"account_id": account, "as_of": days, "score": values})


def test_the_reference_comes_out() -> None:
    scores, accounts = table("weekly_scores", ("as_of",)), table("weekly_accounts", ("churned_on",))
    expected = table("trend_expected").set_index("account_id")
    last = scores["as_of"].max()
    here = accounts["account_id"][accounts["churned_on"].isna()]
    found = find_trends(scores[scores["account_id"].isin(here)], last)
    found = found[found["trend"].notna()]
    assert list(found.index) == list(expected.index)
    assert found["runs"].tolist() == expected["n"].tolist()
    assert found["trend"].tolist() == expected["direction"].tolist()
    for name, other in (
        ("slope_per_week", "slope_per_week"),
        ("trend_change", "change_over_window"),
        ("p", "kendall_p"),
    ):
        np.testing.assert_allclose(found[name].astype(float), expected[other], atol=1e-6)


@pytest.mark.parametrize("count", [5, 9, 12, 40])
def test_the_test_is_that_of_scipy(count: int) -> None:
    random = np.random.default_rng(count)
    for _ in range(5):
        values = random.permutation(count).astype(float)
        right = stats.kendalltau(np.arange(count), values, method="exact")
        concordance = round(right.statistic * count * (count - 1) / 2)
        assert exact_p(concordance, count) == pytest.approx(right.pvalue, abs=1e-12)
        tied = random.integers(0, 3, count).astype(float)
        right = stats.kendalltau(np.arange(count), tied, method="asymptotic")
        concordance = float(
            sum(np.sign(tied[j] - tied[i]) for i in range(count) for j in range(i + 1, count))
        )
        assert normal_p(concordance, np.unique(tied, return_counts=True)[1]) == pytest.approx(right.pvalue)


@pytest.mark.parametrize(
    ("values", "step", "trend"),
    [
        ([60, 58, 56, 54, 52], 7, "falling"),  # -8 points in 28 days, p = 2 / 5!
        ([50, 58, 56, 64, 62], 7, "steady"),  # +12, but p = .23
        ([60, 59, 58, 57, 56], 7, "steady"),  # sure, but 4 points
        ([60, 58, 56, 54], 14, None),  # four runs
        ([60, 58, 56, 54, 52], 6, None),  # 24 days
        ([50, 50, 50, 50, 50], 7, "steady"),
        ([10, 90, 90, 90, 40, 38, 36, 34, 32, 30], 7, "falling"),  # ten weeks: the first run is too long ago
    ],
)
def test_cases_by_hand(values: list[float], step: int, trend: str | None) -> None:
    assert find_trends(runs_of(values, step), LAST)["trend"].tolist() == [trend]


def test_runs_without_a_score_do_not_count() -> None:
    runs = pd.concat([runs_of([60, 58, 56, 54, np.nan, 52]), runs_of([np.nan] * 6, account="B")])
    found = find_trends(runs, LAST)
    assert found["trend"].tolist() == ["falling"]
    assert found.loc["A", "trend_change"] == pytest.approx(-10)  # two points a week, five weeks
    assert find_trends(runs.iloc[:0], LAST).empty
