"""CPU seconds to score a million accounts of 20 metrics, reasons included, against plain numpy on the same data.

Usage: python benchmarks/scoring.py [ACCOUNTS]
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.health import score_accounts
from cscli.config.linting.names import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config

METRICS = 20
GROUPS = 4
TARGET_SECONDS = 4.0
CORNERS = [[-10, 0], [20, 30], [50, 60], [90, 100]]


def main() -> None:
    """Prints both figures and their ratio."""
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    frame, config = random_book(accounts), rules()
    score_accounts(frame.head(1000), {}, config)
    baseline, plain = cpu_seconds(lambda: weigh_plainly(frame))
    seconds, scores = cpu_seconds(lambda: score_accounts(frame, {}, config))
    assert np.allclose(scores.score_before_caps, plain)
    print(f"{accounts:,} accounts x {METRICS} metrics")
    print(f"plain numpy      {baseline:6.2f} CPU s")
    print(f"score_accounts   {seconds:6.2f} CPU s (target {TARGET_SECONDS:.0f} s a million)")
    print(f"ratio            {seconds / baseline:6.2f}")


def rules() -> Config:
    """Four groups of five piecewise metrics."""
    names = [f"m{index}" for index in range(METRICS)]
    size = METRICS // GROUPS
    groups = {
        f"g{group}": {
            "weight": group + 1,
            "metrics": {name: at + 1 for at, name in enumerate(names[group * size : (group + 1) * size])},
        }
        for group in range(GROUPS)
    }
    text = json.dumps(
        {
            "version": 1,
            "metrics": {
                name: {"value": name, "points": {"kind": "piecewise", "at": CORNERS}} for name in names
            },
            "scorecards": [{"name": "all", "groups": groups}],
        }
    )
    headers = Headers({"accounts": frozenset({"account_id", *names})}, complete=True)
    return settle(read_draft(text, "benchmark.yaml"), headers)[0]


def random_book(accounts: int) -> pd.DataFrame:
    """Values of every metric, a tenth of them missing."""
    random = np.random.default_rng(7)
    columns = {f"m{index}": random.normal(50, 30, accounts) for index in range(METRICS)}
    for values in columns.values():
        values[random.random(accounts) < 0.1] = np.nan
    return pd.DataFrame({**columns, "tenure_months": random.integers(0, 60, accounts).astype(float)})


def weigh_plainly(frame: pd.DataFrame) -> NDArray[np.float64]:
    """The least that has to be done: points by interpolation, and two weighted means."""
    x, y = (np.array(part, float) for part in zip(*CORNERS, strict=True))
    size = METRICS // GROUPS
    total, weight = np.zeros(len(frame)), np.zeros(len(frame))
    for group in range(GROUPS):
        inner, inner_weight = np.zeros(len(frame)), np.zeros(len(frame))
        for at in range(size):
            points = np.interp(frame[f"m{group * size + at}"].to_numpy(), x, y)
            present = ~np.isnan(points)
            inner[present] += (at + 1) * points[present]
            inner_weight += (at + 1) * present
        scored = inner_weight > 0
        total[scored] += (group + 1) * inner[scored] / inner_weight[scored]
        weight += (group + 1) * scored
    score: NDArray[np.float64] = np.divide(total, weight, out=np.full(len(frame), np.nan), where=weight > 0)
    return score


def cpu_seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of all threads of this process, and what `work` gave."""
    before = time.process_time()
    result = work()
    return time.process_time() - before, result


if __name__ == "__main__":
    main()
