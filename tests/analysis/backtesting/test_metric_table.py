"""Oracle: tests/oracles/reference/proof (metrics_panel): `exit_survey` is the planted leak, `wrong` points the wrong way, `nps`
is missing for 60% of those that left, usage and logins say the same.
"""

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.backtesting.metric_table import KnownOf, MetricTable, tabulate_metrics
from cscli.analysis.backtesting.panel import COUNTS, Panel
from cscli.analysis.scoring.provenance import Provenance
from cscli.config.schema import Config
from oracles.proof import table

EXPECTED = table("metrics_expected")
NAMES = EXPECTED["metric"].tolist()
ROWS = table("metrics_panel")


def rules() -> Config:
    points = {"kind": "linear", "zero": 0, "full": 100}
    weights = dict(zip(NAMES, EXPECTED["weight"], strict=True))
    return Config.model_validate(
        {
            "version": 1,
            "metrics": {name: {"value": name, "points": points} for name in NAMES},
            "scorecards": [{"name": "all", "groups": {"all": {"weight": 1, "metrics": weights}}}],
        }
    )


def judge(provenance: Provenance) -> MetricTable:
    points = ROWS[NAMES].to_numpy(np.float64)
    rows = ROWS[["account_id"]].assign(
        churned=ROWS["churned"] == 1, t0="2026-01-01", segment="all", term="monthly", score=np.nan
    )
    panel = Panel(
        rows=rows, points=points, covered=~np.isnan(points), card=np.zeros(len(ROWS), dtype=np.intp),
        dates=pd.DataFrame(columns=list(COUNTS)),
    )  # fmt: skip
    return tabulate_metrics(panel, rules(), KnownOf(provenance=dict.fromkeys(NAMES, provenance)))


@pytest.fixture(scope="module")
def found() -> MetricTable:
    return judge(Provenance.SNAPSHOT)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("n", "n"), ("churned", "churned"), ("auc", "auc_alone"), ("low", "lo"), ("high", "hi"), ("drop_one", "drop_one"),
        ("drop_low", "drop_lo"), ("drop_high", "drop_hi"), ("missing_of_churned", "missing_of_churned"),
        ("fifth_1", "rate_fifth1"), ("fifth_5", "rate_fifth5"), ("largest_reversal_z", "largest_reversal_z"),
    ],
)  # fmt: skip
def test_each_figure(found: MetricTable, column: str, expected: str) -> None:
    assert found.table[column].to_numpy(float) == pytest.approx(EXPECTED[expected].to_numpy(float), abs=1e-6)


def test_the_leak_is_named_and_nothing_else(found: MetricTable) -> None:
    assert found.flagged == ("exit_survey",)
    assert found.wrong == ("wrong",)


def test_what_is_built_from_dated_rows_is_only_very_strong() -> None:
    dated = judge(Provenance.DATED)
    assert dated.flagged == ()
    assert dated.table.set_index("metric")["flag"]["exit_survey"] == "strong"


def test_gaps_that_tell_and_pairs_that_say_the_same(found: MetricTable) -> None:
    assert found.table["metric"][found.table["missing_tells"]].tolist() == ["nps"]
    expected = table("metrics_pairs_expected")
    first = found.pairs.iloc[0]
    best = expected.sort_values("spearman", key=abs).iloc[-1]
    assert {first["first"], first["second"]} == {best["a"], best["b"]} == {"usage", "logins"}
    assert bool(first["redundant"])
