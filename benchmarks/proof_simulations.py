"""Prints how often the back-test says what is true, in simulated companies of which the truth is known.

`python benchmarks/proof_simulations.py [BOOKS]` (100; four times as many for the intervals). A company: 300 accounts, each with a risk of
its own that stays; seven quarter ends with windows from 30 to 180 days, which overlap; three metrics and a churn survey. What each
seed is judged by goes the way of `cscli backtest`: panel, verdict, flags, weights.

- intervals: the 95% interval of the headline holds the AUC of a company of 60,000 accounts in 92 to 97%
- noise: metrics that say nothing are `no_signal` or `cannot_tell` in 90 of 100, and no weights are offered in 90
- strong: metrics that say much are `predicts` in 95 of 100
- leak: a survey that is filled in once an account has left is named in each
"""

import sys
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.backtesting.metric_table import KnownOf, tabulate_metrics
from cscli.analysis.backtesting.panel import COUNTS, Panel
from cscli.analysis.backtesting.suggestions import OFFERED, suggest
from cscli.analysis.backtesting.verdicts import CANNOT_TELL, NO_SIGNAL, PREDICTS, WRONG_WAY, judge
from cscli.analysis.proving.ranking import Auc, rank
from cscli.analysis.scoring.provenance import Provenance
from cscli.config.load import read_draft
from cscli.config.schema import Config

ACCOUNTS, DATES, LEAD, HORIZON = 300, 7, 30, 180
MONTHLY, SPREAD = 0.012, 0.8
REFUSED = (NO_SIGNAL, WRONG_WAY)
"""Verdicts with which the command looks for no weights."""
METRICS = ("usage", "logins", "voice", "survey")
RULES = """\
version: 1
metrics:
  usage: {value: usage, points: {kind: linear, zero: 0, full: 100}}
  logins: {value: logins, points: {kind: linear, zero: 0, full: 100}}
  voice: {value: voice, points: {kind: linear, zero: 0, full: 100}}
  survey: {value: survey, points: {kind: linear, zero: 0, full: 100}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {usage: 50, logins: 30, voice: 15, survey: 5}}}}]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """`tells`: how much of a metric is the risk itself; `leaks`: whether the survey knows who has left."""

    tells: float
    leaks: bool = False


def rules() -> Config:
    found = read_draft(RULES, "cscli.yaml", ()).config
    assert found is not None
    return found


def make_panel(random: np.random.Generator, market: Market, accounts: int = ACCOUNTS) -> Panel:
    """The rows that a back-test would judge."""
    risk = random.normal(size=accounts)
    monthly = np.minimum(MONTHLY * np.exp(SPREAD * risk - SPREAD**2 / 2), 0.9)
    left_day = random.exponential(30 / monthly)
    start = pd.Timestamp("2024-03-31")
    rows, points = [], []
    for date in range(DATES):
        day = 91.0 * date
        eligible = left_day > day + LEAD
        churned = eligible & (left_day <= day + HORIZON)
        noise = random.normal(size=(accounts, len(METRICS)))
        told = np.clip(
            50 - 15 * (market.tells * risk[:, None] + np.sqrt(1 - market.tells**2) * noise), 0, 100
        )
        if market.leaks:
            told[:, 3] = np.where(churned, 5.0, 80.0) + random.normal(size=accounts)
        rows.append(_rows(start + pd.DateOffset(months=3 * date), left_day, churned)[eligible])
        points.append(told[eligible])
    table, values = pd.concat(rows, ignore_index=True), np.concatenate(points)
    score = values @ np.array([0.50, 0.30, 0.15, 0.05])
    bands = np.where(score < 40, "at_risk", np.where(score < 60, "watch", "healthy")).astype(object)
    return Panel(
        rows=table.assign(score=score, before=score, band=bands),
        points=values,
        covered=np.ones(values.shape, dtype=bool),
        card=np.zeros(len(values), dtype=np.intp),
        dates=pd.DataFrame(columns=["t0", "source", *COUNTS]),
    )


def _rows(t0: pd.Timestamp, left_day: NDArray[np.float64], churned: NDArray[np.bool_]) -> pd.DataFrame:
    count = len(left_day)
    return pd.DataFrame(
        {
            "account_id": [f"A{number}" for number in range(count)], "arr": 1000.0, "segment": "all", "term": "monthly",
            "t0": t0, "left_on": pd.NaT, "churned": churned,
        }
    )  # fmt: skip


def headline(panel: Panel) -> Auc:
    """As `judge_panel` has it."""
    return rank(panel.risk, panel.headline_cases)


def verdict_of(panel: Panel) -> str:
    return judge(headline(panel), panel.headline_cases.churned_accounts)


def coverage(books: int) -> float:
    """The share of the intervals that hold the AUC of a large company of the same kind."""
    market = Market(tells=0.5)
    truth = headline(make_panel(np.random.default_rng(1), market, 60_000)).value
    held = []
    for seed in range(books):
        auc = headline(make_panel(np.random.default_rng(1000 + seed), market))
        held.append(auc.low <= truth <= auc.high)
    return float(np.mean(held))


def noise(books: int) -> tuple[int, int]:
    """In how many books nothing is seen, and in how many no weights are offered."""
    quiet, kept, config = 0, 0, rules()
    for seed in range(books):
        panel = make_panel(np.random.default_rng(2000 + seed), Market(tells=0.0))
        verdict = verdict_of(panel)
        quiet += verdict in (NO_SIGNAL, CANNOT_TELL)
        offered = verdict not in REFUSED and OFFERED in set(suggest(panel, config, [], seed)["outcome"])
        kept += not offered
    return quiet, kept


def strong(books: int) -> int:
    """In how many books it is seen."""
    found = (make_panel(np.random.default_rng(3000 + seed), Market(tells=0.75)) for seed in range(books))
    return sum(verdict_of(panel) == PREDICTS for panel in found)


def leak(books: int) -> int:
    """In how many books the survey, and nothing else, is named."""
    known, config = KnownOf(provenance=dict.fromkeys(METRICS, Provenance.SNAPSHOT)), rules()
    found = (
        make_panel(np.random.default_rng(4000 + seed), Market(tells=0.4, leaks=True)) for seed in range(books)
    )
    return sum(tabulate_metrics(panel, config, known).flagged == ("survey",) for panel in found)


def main() -> None:
    """Prints each share and what is wanted; ends with 1 where one is missed."""
    books = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    start = time.process_time()
    share = coverage(4 * books)
    quiet, kept = noise(books)
    seen, named = strong(books), leak(books)
    print(f"{4 * books} books: 95% intervals hold the truth in {share:.1%} (92 to 97% are wanted)")
    print(f"{books} books of noise: {quiet} say so, {kept} offer no weights (90 of 100 are wanted)")
    print(f"{books} books with a strong score: {seen} say that it predicts (95 of 100 are wanted)")
    print(f"{books} books with a leak: {named} name it and nothing else (all are wanted)")
    print(f"{time.process_time() - start:.0f} s of CPU")
    fine = 0.92 <= share <= 0.97 and quiet >= 0.9 * books and kept >= 0.9 * books
    raise SystemExit(0 if fine and seen >= 0.95 * books and named == books else 1)


if __name__ == "__main__":
    main()
