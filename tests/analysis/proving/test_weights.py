"""Oracle: tests/oracles/reference/proof, weights: books whose true weights are known, and ones without evidence."""

import numpy as np
import pytest

from cscli.analysis.proving.ranking import Cases, compare, rank
from cscli.analysis.proving.weights import Suggested, fit_shares, round_to_five, suggest_weights
from oracles.proof import table

NAMES = [f"m{number}" for number in range(1, 6)]
EXPECTED = table("weights_expected").set_index(["case", "quantity"])
TOLERANCE = 1e-3


def read(case: str) -> tuple[np.ndarray, Cases, np.ndarray, np.ndarray]:
    """Points, cases, which rows are fitted, and today's shares."""
    rows = table(f"weights_{case}")
    cases = Cases(np.arange(len(rows)), (rows["churned"] == 1).to_numpy(), np.zeros(len(rows), np.intp))
    today = EXPECTED.loc[case]["current"].loc[NAMES].to_numpy(float)
    return rows[NAMES].to_numpy(float), cases, (rows["period"] == "train").to_numpy(), today


def suggested(case: str) -> Suggested:
    points, cases, train, today = read(case)
    return suggest_weights(points, today, cases, train, seed=1)


@pytest.mark.parametrize("case", ["known_truth", "no_evidence", "too_few"])
def test_shares(case: str) -> None:
    points, cases, train, today = read(case)
    rows = EXPECTED.loc[case].loc[NAMES]
    drawn = fit_shares(100 - points[train], cases.churned[train], today)
    assert drawn == pytest.approx(rows["suggested_shrunk"].to_numpy(float), abs=TOLERANCE)
    free = fit_shares(100 - points[train], cases.churned[train], np.zeros(5), ridge=1.0)
    assert free == pytest.approx(rows["unshrunk_per_point"].to_numpy(float), abs=TOLERANCE)


@pytest.mark.parametrize("case", ["known_truth", "no_evidence", "too_few"])
def test_the_test_rows(case: str) -> None:
    points, cases, train, today = read(case)
    shares = EXPECTED.loc[case]["suggested_shrunk"].loc[NAMES].to_numpy(float)
    risk, test = 100 - points[~train], cases.at(~train)
    found = compare(risk @ shares, risk @ today, test)
    row = EXPECTED.loc[case].loc["paired diff"]
    numbers = [float(str(row[name])) for name in ("current", "truth", "boot_lo", "boot_hi")]
    assert [found.value, found.error, found.low, found.high] == pytest.approx(numbers, abs=TOLERANCE)
    before = float(str(EXPECTED.loc[case].loc["test auc current"]["current"]))
    assert rank(risk @ today, test).value == pytest.approx(before, abs=TOLERANCE)


@pytest.mark.parametrize(("case", "is_better"), [("known_truth", True), ("no_evidence", False)])
def test_only_what_the_test_rows_bear_out_is_offered(case: str, is_better: bool) -> None:
    found = suggested(case)
    assert found.is_better is is_better
    rows = EXPECTED.loc[case].loc[NAMES]
    assert found.low == pytest.approx(rows["boot_lo"].to_numpy(float), abs=0.03)
    assert found.high == pytest.approx(rows["boot_hi"].to_numpy(float), abs=0.03)


def test_rounded_shares_are_fives_that_come_to_one() -> None:
    """By hand: .497, .169, .078, .009, .247 are 9, 3, 1, 0 and 4 twentieths and 3 left over, for the largest rests."""
    found = round_to_five(np.array([0.4966, 0.1691, 0.0780, 0.0092, 0.2471]))
    assert found.tolist() == [0.5, 0.15, 0.1, 0.0, 0.25]
