"""Oracle: tests/oracles/reference/proof, ledger."""

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.forecasting.ledger import compare_forecasts, tabulate_ledger, tabulate_reliability
from oracles.proof import quantities, table

RENAMED = {"brier_skill": "brier_skill", "arr_forecast_lost": "arr_forecast_lost"}


def resolved() -> pd.DataFrame:
    rows = table("ledger", ("forecast_on", "renews_on"))
    rows = rows[rows["lost"].notna()]
    return rows.assign(lead_days=(rows["renews_on"] - rows["forecast_on"]).dt.days, arr_after=np.nan)


EXPECTED = table("ledger_expected")


@pytest.mark.parametrize(
    "row", EXPECTED.to_dict("records"), ids=lambda row: f"{row['who']} {row['forecast']}"
)
def test_by_who(row: dict[str, object]) -> None:
    found = tabulate_ledger(resolved())
    mine = found[
        (found["who"] == row["who"]) & (found["forecast"] == row["forecast"]) & (found["lead"] == "all")
    ]
    names = [name for name in row if name not in ("who", "forecast", "few")]
    values = [float(str(row[name])) for name in names]
    assert mine[names].iloc[0].to_numpy(float) == pytest.approx(values, abs=1e-6)
    assert bool(mine["few"].iloc[0]) == row["few"]


def test_leads_part_all_forecasts() -> None:
    """Every forecast has one lead: their counts come to that of all."""
    found = tabulate_ledger(resolved())
    mine = found[(found["who"] == "all") & (found["forecast"] == "p_model")].set_index("lead")["n"]
    assert mine["all"] == mine.drop("all").sum() == 152


def test_on_the_same_rows() -> None:
    found, numbers = compare_forecasts(resolved()), quantities("ledger_paired_expected").astype(float)
    assert found.rows == numbers["both forecasts"]
    assert [found.difference, found.error] == pytest.approx(
        [numbers["brier csm - model, same rows"], numbers["se"]], abs=1e-9
    )


def test_an_owner_with_fewer_than_ten_is_not_judged() -> None:
    rows = resolved()
    few = rows.assign(owner=np.where(np.arange(len(rows)) < 9, "Dan", rows["owner"]))
    assert "Dan" not in tabulate_ledger(few)["who"].tolist()


def test_contraction_is_of_those_that_renewed() -> None:
    """By hand: of 100 and 300 that renewed, 90 and 330 are paid now: 10 of 400 is lost, growth does not make up for it."""
    rows = pd.DataFrame(
        {
            "account_id": ["A", "B", "C"], "owner": None, "lead_days": 60, "arr": [100.0, 300.0, 50.0],
            "p_model": 0.1, "p_csm": np.nan, "lost": [False, False, True], "arr_after": [90.0, 330.0, np.nan],
        }
    )  # fmt: skip
    assert tabulate_ledger(rows)["contraction"].iloc[0] == pytest.approx(10 / 400)


def test_reliability_by_hand() -> None:
    """Chances of .1, .2, .9: the first step goes up to .2, which itself is in the second."""
    rows = pd.DataFrame({"p_model": [0.1, 0.2, 0.9], "p_csm": np.nan, "lost": [False, True, True]})
    found = tabulate_reliability(rows)
    assert found[["bin", "n", "mean_forecast", "rate"]].to_numpy(float).tolist() == [
        [1, 1, 0.1, 0], [2, 1, 0.2, 1], [5, 1, 0.9, 1],
    ]  # fmt: skip


def test_nothing_resolved_is_no_figure() -> None:
    found = tabulate_ledger(resolved().head(0))
    assert found["n"].tolist() == [0, 0]
    assert found["rate"].isna().all()
