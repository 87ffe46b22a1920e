"""Oracle: tests/oracles/reference/proof: weights_known_truth (other weights are right), weights_no_evidence, weights_too_few."""

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.backtesting.panel import COUNTS, Panel
from cscli.analysis.backtesting.suggestions import suggest
from cscli.config.schema import Config
from oracles.proof import table

pytestmark = pytest.mark.slow
NAMES = [f"m{number}" for number in range(1, 6)]


def rules() -> Config:
    points = {"kind": "linear", "zero": 0, "full": 100}
    groups = {
        "use": {"weight": 60, "metrics": {"m1": 50, "m2": 30, "m3": 20}},
        "voice": {"weight": 40, "metrics": {"m4": 50, "m5": 50}},
    }
    return Config.model_validate(
        {
            "version": 1,
            "metrics": {name: {"value": name, "points": points} for name in NAMES},
            "scorecards": [{"name": "all", "groups": groups}],
        }
    )


def judge(name: str) -> pd.DataFrame:
    rows = table(name)
    days = np.where(rows["period"] == "train", "2025-06-30", "2025-12-31")
    frame = rows[["account_id"]].assign(
        churned=rows["churned"] == 1, t0=pd.to_datetime(days), segment="all", term="monthly", score=np.nan
    )
    points = rows[NAMES].to_numpy(np.float64)
    panel = Panel(
        rows=frame, points=points, covered=~np.isnan(points), card=np.zeros(len(rows), dtype=np.intp),
        dates=pd.DataFrame(columns=list(COUNTS)),
    )  # fmt: skip
    return suggest(panel, rules(), (), seed=1)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("weights_no_evidence", "no_evidence"),
        ("weights_too_few", "too_few"),
        ("weights_known_truth", "offered"),
    ],
)
def test_weights_are_offered_only_with_evidence(name: str, outcome: str) -> None:
    found = judge(name)
    assert set(found["outcome"]) == {outcome}
    assert found["metric"].tolist() == NAMES
    assert found["today"].tolist() == pytest.approx([0.3, 0.18, 0.12, 0.2, 0.2])


def test_weights_of_groups_come_to_a_hundred_and_give_back_the_shares() -> None:
    found = judge("weights_known_truth")
    groups = found.assign(group=["use"] * 3 + ["voice"] * 2).groupby("group")["group_weight"].first()
    assert groups.sum() == pytest.approx(100)
    assert (found["group_weight"] * found["metric_weight"] / 10_000).tolist() == pytest.approx(
        found["suggested"].tolist()
    )
    assert found["suggested"].sum() == pytest.approx(1)
