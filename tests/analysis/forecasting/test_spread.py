"""Oracle: tests/oracles/reference/proof, forecast: exact standard deviations, quantiles of 60,000 draws (tolerance .004)."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.forecasting.chances import Chances, find_chances
from cscli.analysis.forecasting.spread import Due, Kept, draw_losses, sum_up
from oracles.proof import table

ROWS, HISTORY = table("forecast_renewals"), table("forecast_history")
MONTHS = sorted(ROWS["month"].unique())
BANDS = HISTORY["band"].tolist()


def past() -> pd.DataFrame:
    """The history of renewals as rows: k lost of m by band."""
    parts = [
        pd.DataFrame(
            {"band": band, "lost": np.arange(due) < lost, "year": 2025, "arr": 1.0, "arr_after": np.nan}
        )
        for band, lost, due in HISTORY.itertuples(index=False)
    ]
    return pd.concat(parts, ignore_index=True)


def chances() -> Chances:
    return find_chances(past(), BANDS, dict.fromkeys(BANDS, 0.5))


def due() -> Due:
    places = [
        pd.Index(names).get_indexer(pd.Index(ROWS[name]))
        for names, name in ((BANDS, "band"), (MONTHS, "month"))
    ]
    return Due(arr=ROWS["arr"].to_numpy(np.float64), band=places[0], period=places[1])


def kept() -> dict[str, Kept]:
    losses = draw_losses(due(), chances(), len(MONTHS), seed=7)
    found = {"all": sum_up(due(), chances(), losses.sum(axis=0))}
    for place, month in enumerate(MONTHS):
        found[month] = sum_up(due().at(due().period == place), chances(), losses[place])
    return found


KEPT = kept()


@pytest.mark.parametrize(
    "row", table("forecast_expected").to_dict("records"), ids=lambda row: str(row["month"])
)
def test_what_is_kept(row: dict[str, float]) -> None:
    found = KEPT[str(row["month"])]
    assert (found.renewals, found.arr) == (row["renewals"], row["arr"])
    values = [found.expected_lost, found.grr, found.sd_accounts, found.sd_band_rates, found.sd_year]
    names = (
        "expected_lost",
        "expected_grr",
        "sd_accounts_alone",
        "sd_with_band_rates",
        "sd_with_year_effect",
    )
    assert values == pytest.approx([row[name] for name in names], abs=1e-6)
    assert [found.low, found.high] == pytest.approx([row["mc_p05"], row["mc_p95"]], abs=0.004)


def test_same_seed_same_draws() -> None:
    again = draw_losses(due(), chances(), len(MONTHS), seed=7)
    assert sum_up(due(), chances(), again.sum(axis=0)) == KEPT["all"]


def test_a_configured_table_has_no_doubt_about_its_rates() -> None:
    """Nothing lost: the table stands, and only who renews and the year are uncertain."""
    none = find_chances(past().assign(lost=False), BANDS, dict.fromkeys(BANDS, 0.2))
    assert not none.is_measured
    assert none.p.tolist() == [0.2] * len(BANDS)
    found = sum_up(due(), none, draw_losses(due(), none, len(MONTHS), seed=7).sum(axis=0))
    assert found.sd_band_rates == found.sd_accounts < found.sd_year
    assert found.grr == pytest.approx(0.8)


def test_a_chance_is_met_in_the_mean_and_certain_is_certain() -> None:
    """Oracle: the expected loss; 8 standard errors of 20,000 draws and one step of 16 bits at most."""
    for p in (0.0, 1e-4, 0.37, 1.0):
        table = find_chances(past().assign(lost=False), BANDS, dict.fromkeys(BANDS, p))
        flat = replace(table, year_cv=1e-6)
        lost = draw_losses(due(), flat, len(MONTHS), seed=7).sum(axis=0)
        total = ROWS["arr"].sum()
        error = np.sqrt(p * (1 - p) * (ROWS["arr"] ** 2).sum() / len(lost))
        assert lost.mean() == pytest.approx(p * total, abs=8 * error + total / 2**16)
        if p in (0.0, 1.0):
            assert (lost == p * total).mean() > 0.4


def test_nothing_due_keeps_nothing() -> None:
    empty = due().at(np.zeros(len(ROWS), dtype=bool))
    found = sum_up(empty, chances(), np.zeros(10))
    assert (found.renewals, found.arr) == (0, 0.0)
    assert np.isnan([found.grr, found.low, found.sd_year]).all()


def test_growth_counts_where_twenty_renewed() -> None:
    """By hand: 25 of one band renewed from 100 to 110, 19 of another from 100 to 200 (too few)."""
    rows = pd.DataFrame({"band": ["a"] * 25 + ["b"] * 19 + ["a"] * 5, "lost": [False] * 44 + [True] * 5})
    rows = rows.assign(year=2025, arr=100.0, arr_after=[110.0] * 25 + [200.0] * 19 + [np.nan] * 5)
    assert find_chances(rows, ["a", "b"], {"a": 0.1, "b": 0.1}).uplift == pytest.approx([0.1, 0.0])


def test_years_that_differ_give_the_year_its_own_spread() -> None:
    """By hand: 10, 30 and 20 lost of 100 each: r = .2, sum (k - m r)^2 = 200, x 3/2 - 3 x 16 = 252, of 3 x 9,900 x .04."""
    rows = pd.concat(
        [
            pd.DataFrame(
                {"band": "a", "lost": np.arange(100) < lost, "year": year, "arr": 1.0, "arr_after": np.nan}
            )
            for year, lost in ((2023, 10), (2024, 30), (2025, 20))
        ]
    )
    found = find_chances(rows, ["a"], {"a": 0.1})
    assert found.measured_cv
    assert found.year_cv == pytest.approx(np.sqrt(252 / (3 * 9900 * 0.04)))
    alike = find_chances(rows.assign(lost=np.tile(np.arange(100) < 20, 3)), ["a"], {"a": 0.1})
    assert alike.year_cv == 0.05
