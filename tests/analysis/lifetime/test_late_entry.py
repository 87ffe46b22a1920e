"""Lives of which churn is known only from some month on: the reference table, the jackknife done slowly, months by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from books.revenue_tables import table
from cscli.analysis.lifetime.jackknife import Lives, interval_of, months_without
from cscli.analysis.lifetime.late_entry import entries, find_churn_known
from cscli.analysis.lifetime.ltv import LtvEstimate, LtvTerms, estimate_ltv
from cscli.analysis.lifetime.ltv_accounts import expect_remaining, value_accounts
from cscli.analysis.lifetime.survival import fit_survival, restricted_months, weighted_months

TERMS = LtvTerms(horizon_months=60, discount_rate_annual=0.10, gross_margin=0.75)


def tenures() -> pd.DataFrame:
    lives = table("proof/ltv_lives.csv")
    return pd.DataFrame(
        {
            "account_id": lives["account_id"],
            "months": lives["months"],
            "entry": lives["entry_month"],
            "churned": lives["churned"] == 1,
            "mrr": lives["mrr"],
            "gross_margin": np.nan,
            "cac": np.nan,
        }
    )


def figures(one: LtvEstimate, how: str) -> dict[str, float | None]:
    shares = {f"S({month}) {how}": one.curve.at(month) for month in (6, 12, 18, 24)}
    return shares | {
        f"monthly churn {how}": one.monthly_churn,
        f"discounted months of 60, tail hazard after fewer than 10, {how}": one.restricted_months.value,
    }


def test_the_reference_table_is_met_and_what_is_wrong_there_does_not_come_out() -> None:
    expected = table("proof/ltv_expected.csv").set_index("quantity")["value"]
    lives = tenures()
    late, early = estimate_ltv(lives, TERMS), estimate_ltv(lives.assign(entry=0), TERMS)
    assert late.ltv.low is not None
    assert late.ltv.high is not None
    found = figures(late, "with late entry") | figures(early, "ignoring late entry (as cscli 0.1.0)")
    found |= {
        "LTV (margin .75, late entry, tail by hazard)": late.ltv.value,
        "LTV lo (log)": late.ltv.low,
        "LTV hi (log)": late.ltv.high,
    }
    for name, value in found.items():
        assert value == pytest.approx(expected[name], rel=1e-6), name
    error = np.log(late.ltv.high / late.ltv.low) / 2 / 1.959963984540054 * (late.ltv.value or 0)
    assert error == pytest.approx(expected["LTV se, jackknife by account"], rel=1e-6)
    assert error == pytest.approx(expected["LTV se, bootstrap 1500 (tolerance 8%)"], rel=0.08)
    wrong = [name for name in expected.index if name.startswith("WRONG")]
    assert len(wrong) == 2
    for name in wrong:
        assert late.ltv.value != pytest.approx(expected[name], rel=0.05)
        assert error != pytest.approx(expected[name], rel=0.05)


def test_the_months_before_the_first_churn_of_the_reference() -> None:
    """664 account-months before company month 25; at the later rate 22.9 of them would have ended in churn."""
    expected = table("proof/ltv_expected.csv").set_index("quantity")["value"]
    lives = tenures()
    begin = pd.Timestamp("2024-01-01")
    # those that are here were seen up to month 40; of those of entry 0 that left two began in month 24, others later
    left = lives["churned"] & (lives["entry"] == 0)
    young = np.where(left, np.where(left.cumsum() <= 2, 24, 26), 40 - lives["months"])
    offsets = np.where(lives["entry"] > 0, 24 - lives["entry"], young)
    start = pd.Series([begin + pd.DateOffset(months=int(at)) for at in offsets])
    ends = [day + pd.DateOffset(months=int(at)) for day, at in zip(start, lives["months"], strict=True)]
    churned_on = pd.Series(ends).where(lives["churned"])
    found = find_churn_known(start, churned_on, dt.date(2027, 5, 1), None)
    assert found.first == (begin + pd.DateOffset(months=int(expected["first churn, company month"]))).date()
    assert found.since == found.first
    assert found.before == expected["account-months before it"]
    assert found.expected == pytest.approx(expected["churn expected there at the later rate"], rel=1e-9)
    assert found.chance == pytest.approx(expected["chance of none"], rel=1e-6)


def without_each(lives: Lives, horizon: int, discount: float) -> list[float]:
    """The slow way: every curve fitted anew."""
    found = []
    for at in range(len(lives.months)):
        others = np.arange(len(lives.months)) != at
        curve = fit_survival(lives.months[others], lives.churned[others], lives.entry[others])
        found.append(float(restricted_months(curve, horizon, discount).value or 0))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_the_closed_form_is_each_account_left_out(seed: int) -> None:
    """Few and many accounts, late entries, months without anyone at risk, months in which all leave."""
    random = np.random.default_rng(seed)
    count = int(random.integers(2, 60))
    entry = random.integers(0, 8, count) * random.integers(0, 2, count) + (5 if seed % 3 == 0 else 0)
    months = np.maximum(entry + random.integers(-1, 12, count), 0)
    lives = Lives(months, random.random(count) < random.choice([0.1, 0.5, 0.95]), entry)
    fast = months_without(lives, 24, 0.1)
    assert fast.tolist() == pytest.approx(without_each(lives, 24, 0.1), rel=1e-12)


def test_the_interval_is_the_plain_formula() -> None:
    """Means of 1, 2, 3 with one left out are 2.5, 2, 1.5: SE^2 = 2/3 x (.25 + 0 + .25); 2 times and by exp(z SE / 2)."""
    low, high = interval_of(2.0, np.array([2.5, 2.0, 1.5]))
    factor = np.exp(1.959963984540054 * np.sqrt(1 / 3) / 2)
    assert (low, high) == pytest.approx((2 / factor, 2 * factor))
    assert interval_of(2.0, np.array([2.0])) == (None, None)


def test_months_with_nobody_at_risk_are_spoken_for_by_the_overall_churn() -> None:
    """All began twelve months before churn was known: of their first year nothing is known, which is not: all stay."""
    months = np.array([14] * 4 + [30] * 36)
    curve = fit_survival(months, months == 14, np.full(40, 12))
    churn = 4 / (4 * 2 + 36 * 18)
    assert curve.hazard == pytest.approx(churn)
    assert curve.survival[11] == pytest.approx((1 - churn) ** 12)
    assert curve.survival[14] == pytest.approx((1 - churn) ** 12 * 0.9)


def test_what_ended_before_churn_was_known_was_never_at_risk() -> None:
    months, left = np.array([3, 20, 20, 20]), np.array([True, True, False, False])
    curve = fit_survival(months, left, np.array([10, 10, 10, 10]))
    assert (curve.n, curve.churned, curve.exposure_months) == (4, 1, 30)


def accounts(*rows: tuple[str, str | None]) -> tuple["pd.Series[pd.Timestamp]", "pd.Series[pd.Timestamp]"]:
    start, end = zip(*rows, strict=True)
    return pd.Series(pd.to_datetime(list(start))), pd.Series(pd.to_datetime(list(end)))


OLD = [("2020-01-15", None)] * 40
LEFT = [("2020-01-15", f"2025-0{month}-20") for month in (3, 4, 5, 6, 7, 8)]
AS_OF = dt.date(2025, 12, 31)


def test_churn_is_known_from_the_first_that_chance_does_not_explain() -> None:
    """46 x 61 account-months without one, then six in about 400: the first month begins with 2025-03."""
    found = find_churn_known(*accounts(*OLD, *LEFT), AS_OF, None)
    assert (found.since, found.months, found.before) == (dt.date(2025, 3, 1), 6, 46 * 61)
    start = accounts(*OLD, *LEFT, ("2025-03-01", None), ("2025-02-01", None))[0]
    assert entries(start, found.since).tolist() == [61] * 46 + [0, 1]


def test_a_first_churn_that_may_be_chance_changes_nothing() -> None:
    young = [("2025-01-15", None)] * 20
    found = find_churn_known(*accounts(*young, *[("2025-01-15", row[1]) for row in LEFT]), AS_OF, None)
    assert (found.since, found.cannot_tell) == (None, False)
    assert found.chance > 0.001


def test_all_churn_in_one_month_cannot_tell() -> None:
    found = find_churn_known(*accounts(*OLD, *[("2020-01-15", "2025-12-31")] * 6), AS_OF, None)
    assert (found.since, found.cannot_tell, found.months) == (None, True, 1)


def test_the_month_of_the_rules_settles_it() -> None:
    found = find_churn_known(*accounts(*OLD, *LEFT), AS_OF, dt.date(2024, 1, 1))
    assert (found.since, found.is_pinned) == (dt.date(2024, 1, 1), True)
    assert find_churn_known(*accounts(*OLD), AS_OF, None).since is None


def test_an_account_has_one_number() -> None:
    """A new account is worth the headline of its curve, tail included."""
    lives = tenures()
    one = estimate_ltv(lives, TERMS)
    assert expect_remaining(one.curve, 0, TERMS)[0] == pytest.approx(one.restricted_months.value, rel=1e-12)
    new = lives.head(1).assign(months=0, entry=0, churned=False)
    worth = value_accounts(new, None, [one], TERMS)["ltv_remaining"][0]
    assert worth == pytest.approx(new["mrr"][0] * (one.ltv.value or 0) / (one.arpa or 1), rel=1e-12)


def test_months_by_money_are_those_of_copies() -> None:
    """An account of three times the MRR counts as three; of equal MRR it is the plain figure."""
    random = np.random.default_rng(3)
    months, entry = random.integers(6, 40, 90), random.integers(0, 6, 90)
    left, weight = random.random(90) < 0.3, random.integers(1, 4, 90)
    plain = restricted_months(fit_survival(months, left, entry), 24, 0.1).value
    assert weighted_months(months, left, entry, np.full(90, 7.0), 24, 0.1) == pytest.approx(plain, rel=1e-12)
    copies = np.repeat(np.arange(90), weight)
    curve = fit_survival(months[copies], left[copies], entry[copies])
    found = weighted_months(months, left, entry, weight.astype(np.float64), 24, 0.1)
    assert curve.followed >= 24
    assert found == pytest.approx(restricted_months(curve, 24, 0.1).value, rel=1e-12)
