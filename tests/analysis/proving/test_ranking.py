"""Oracle: tests/oracles/reference/proof (made in plain numpy, checked with scikit-learn), and pairs counted one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cscli.analysis.proving.intervals import holm, jackknife_error
from cscli.analysis.proving.ranking import Cases, compare, rank
from oracles.proof import cases_of, panel, quantities, risk_of, table

EXPECTED = quantities("backtest_panel_expected")


def expected(*names: str) -> list[float]:
    return [float(EXPECTED[name]) for name in names]


@pytest.mark.parametrize("t0", ["2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30"])
def test_one_date_is_judged_by_delong(t0: str) -> None:
    rows = panel()
    rows = rows[rows["t0"] == t0]
    found = rank(risk_of(rows), cases_of(rows))
    names = (f"{t0} {name}" for name in ("auc", "auc_se_delong", "auc_lo", "auc_hi"))
    assert [found.value, found.error, found.low, found.high] == pytest.approx(expected(*names), abs=1e-9)
    assert len(rows) == expected(f"{t0} n")[0]


@pytest.mark.parametrize(
    ("name", "strata"),
    [
        ("within t0", ["t0"]),
        ("within segment", ["segment"]),
        ("within t0 and segment", ["t0", "segment"]),
    ],
)
def test_pairs_inside_strata_have_the_jackknife_by_account(name: str, strata: list[str]) -> None:
    found = rank(risk_of(panel()), cases_of(panel(), *strata))
    names = (f"{name} {part}" for part in ("auc", "pairs", "se", "lo", "hi"))
    assert [found.value, found.pairs, found.error, found.low, found.high] == pytest.approx(
        expected(*names), abs=1e-9
    )


def test_pooled_rows_are_not_independent() -> None:
    found = rank(risk_of(panel()), cases_of(panel()))
    names = ("pooled auc", "pooled SE jackknife by account", "pooled lo (jackknife, logit)", "pooled hi")
    assert [found.value, found.error, found.low, found.high] == pytest.approx(expected(*names), abs=1e-9)


@pytest.mark.parametrize("segment", ["low", "tech"])
def test_segments(segment: str) -> None:
    rows = panel()
    rows = rows[rows["segment"] == segment]
    cases = cases_of(rows, "t0")
    found = rank(risk_of(rows), cases)
    names = (f"segment {segment} {part}" for part in ("auc (within t0)", "se", "churned accounts"))
    assert [found.value, found.error, cases.churned_accounts] == pytest.approx(expected(*names), abs=1e-9)


def test_overlapping_windows_count_accounts_and_not_rows() -> None:
    rows, numbers = table("overlap_panel"), quantities("overlap_expected").astype(float)
    cases = cases_of(rows, "t0")
    found = rank(risk_of(rows), cases)
    assert int(cases.churned.sum()) == numbers["event_rows"]
    assert cases.churned_accounts == numbers["churned_accounts (this is the n of events)"]
    names = [f"within t0 {part}" for part in ("auc", "se", "lo", "hi")]
    assert [found.value, found.error, found.low, found.high] == pytest.approx(
        numbers[names].tolist(), abs=1e-9
    )
    pooled = rank(risk_of(rows), cases_of(rows))
    assert [pooled.value, pooled.error] == pytest.approx(
        numbers[["pooled auc", "jackknife SE"]].tolist(), abs=1e-9
    )


def test_without_a_pair_there_is_no_auc() -> None:
    found = rank(np.array([1.0, 2.0]), Cases(np.arange(2), np.array([False, False]), np.zeros(2, int)))
    assert np.isnan([found.value, found.error, found.low, found.high]).all()


@given(st.data())
def test_equals_pairs_counted_one_by_one(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 14))

    def draw(most: int) -> NDArray[np.intp]:
        return np.array(data.draw(st.lists(st.integers(0, most), min_size=size, max_size=size)))

    risk, other = draw(3).astype(float), draw(3).astype(float)
    cases = Cases(draw(4), draw(1) == 1, draw(2))
    found, slow = rank(risk, cases), [slow_auc(risk, cases, None)]
    if np.isnan(slow[0]):
        assert np.isnan(found.value)
        return
    assert found.value == pytest.approx(slow[0])
    if not cases.is_simple:
        ids = np.unique(cases.accounts)
        without = [slow_auc(risk, cases, account) for account in ids]
        filled = np.where(np.isnan(without), slow[0], without)
        spread = np.sqrt((len(ids) - 1) / len(ids) * ((filled - filled.mean()) ** 2).sum())
        assert found.error == pytest.approx(spread, abs=1e-9, nan_ok=True) or len(ids) < 2
    assert compare(risk, other, cases).value == pytest.approx(slow[0] - slow_auc(other, cases, None))


@pytest.mark.parametrize(
    ("accounts", "strata", "levels"), [(40, 3, 9), (300, 24, 1000), (10, 1, 2), (90, 5, 1)]
)
def test_one_sort_equals_the_loop_over_strata_and_accounts(accounts: int, strata: int, levels: int) -> None:
    """Oracle: the jackknife that goes stratum by stratum and account by account, and takes out each account's own pairs."""
    random = np.random.default_rng(accounts)
    risk, other = (random.integers(0, levels, 300) / 7 for _ in range(2))
    cases = Cases(
        random.integers(0, accounts, 300), random.random(300) < 0.2, random.integers(0, strata, 300)
    )
    (value, without), (of_other, without_other) = (looped(each, cases) for each in (risk, other))
    found, difference = rank(risk, cases), compare(risk, other, cases)
    assert found.value == pytest.approx(value, abs=1e-12)
    assert found.error == pytest.approx(jackknife_error(without), abs=1e-12)
    assert difference.value == pytest.approx(value - of_other, abs=1e-12)
    assert difference.error == pytest.approx(jackknife_error(without - without_other), abs=1e-12)


def looped(risk: np.ndarray, cases: Cases) -> tuple[float, np.ndarray]:
    """The AUC, and that without each account in order."""
    won, met = np.zeros(len(risk)), np.zeros(len(risk))
    own_won, own_met = np.zeros(int(cases.accounts.max()) + 1), np.zeros(int(cases.accounts.max()) + 1)
    for stratum in np.unique(cases.strata):
        left, stayed = (np.flatnonzero(cases.churned == side) for side in (True, False))
        left, stayed = (rows[cases.strata[rows] == stratum] for rows in (left, stayed))
        wins = (risk[left][:, None] > risk[stayed]) + 0.5 * (risk[left][:, None] == risk[stayed])
        won[left], won[stayed] = wins.sum(axis=1), wins.sum(axis=0)
        met[left], met[stayed] = len(stayed), len(left)
        for row, account in enumerate(cases.accounts[left]):
            own = cases.accounts[stayed] == account
            own_won[account] += wins[row, own].sum()
            own_met[account] += own.sum()
    total, pairs = won[cases.churned].sum(), met[cases.churned].sum()
    ids = np.unique(cases.accounts)
    lost = [
        (
            won[cases.accounts == account].sum() - own_won[account],
            met[cases.accounts == account].sum() - own_met[account],
        )
        for account in ids
    ]
    rest = [(total - less) / (pairs - fewer) if pairs > fewer else total / pairs for less, fewer in lost]
    return total / pairs, np.array(rest)


def slow_auc(risk: np.ndarray, cases: Cases, left_out: int | None) -> float:
    """Every pair, one by one."""
    won = met = 0.0
    for one in np.flatnonzero(cases.churned):
        for two in np.flatnonzero(~cases.churned):
            if cases.strata[one] == cases.strata[two] and left_out not in cases.accounts[[one, two]].tolist():
                met += 1
                won += float(risk[one] > risk[two]) + 0.5 * float(risk[one] == risk[two])
    return won / met if met else np.nan


def test_holm_by_hand() -> None:
    """Three tests and one that could not be made: .01 x 3, then .03 x 2, then .04 that may not fall below it."""
    found = holm(np.array([0.04, np.nan, 0.01, 0.03]))
    assert found == pytest.approx([0.06, np.nan, 0.03, 0.06], nan_ok=True)
