"""Whether `cscli outreach results` praises what does nothing: books without any effect, whose low scores rise by themselves
(regression to the mean), judged by lot and matched; then with +5 points planted. Before against after stands beside it.
`python benchmarks/outreach_results.py [BOOKS] [SEED]` (1000, 20261030).
"""

import datetime as dt
import json
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.outreach.effects import Effect
from cscli.analysis.outreach.outcomes import CONTROL, HELD_OUT, ISSUED, Course, follow, judge

BOOKS, SEED = 1000, 20_261_030
ACCOUNTS, WEEKS, ISSUE_WEEK = 600, 13, 8
START = dt.date(2026, 1, 5)
PLANTED = 5.0
_MEAN, _SPREAD, _KEPT, _SEEN = 60.0, 14.0, 0.75, 6.0
"""The score of an account goes back to its own level: each week it keeps so much of its distance, and is seen with so much noise."""


@dataclass(frozen=True)
class Coverage:
    """How many books' intervals hold the truth; `before_after`: of the naive ones; `found`: how many exclude 0."""

    books: int
    covered: float
    before_after: float
    found: float
    mean_difference: float


def main() -> None:
    """Prints the four figures."""
    books = int(sys.argv[1]) if len(sys.argv) > 1 else BOOKS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    told = {
        f"{arm}, effect {effect:+.0f}": vars(simulate(books, seed, arm, effect))
        for arm in (HELD_OUT, CONTROL)
        for effect in (0.0, PLANTED)
    }
    print(json.dumps(told, indent=1))


def simulate(books: int, seed: int, arm: str, effect: float) -> Coverage:
    """So many books, each judged 28 days after its messages; `arm`: what those are that did not get it."""
    chance = np.random.default_rng(seed)
    effects, naive = [], 0
    for _ in range(books):
        found, before_after = one_book(chance, arm, effect)
        effects.append(found)
        naive += before_after
    covered = sum(each.low <= effect <= each.high for each in effects)
    found = sum(not each.low <= 0 <= each.high for each in effects)
    mean = float(np.mean([each.difference for each in effects]))
    return Coverage(books, covered / books, naive / books, found / books, mean)


def one_book(chance: np.random.Generator, arm: str, effect: float) -> tuple[Effect, bool]:
    """The effect that is found, and whether the interval of before against after holds the truth."""
    level = chance.normal(_MEAN, _SPREAD, ACCOUNTS)
    state, seen = chance.normal(0, 8, ACCOUNTS), []
    meant = np.zeros(ACCOUNTS, dtype=bool)
    gets = np.zeros(ACCOUNTS, dtype=bool)
    lift = np.zeros(ACCOUNTS)
    for week in range(WEEKS):
        state = _KEPT * state + chance.normal(0, 5, ACCOUNTS)
        score = np.clip(level + state + lift + chance.normal(0, _SEEN, ACCOUNTS), 0, 100)
        if week == ISSUE_WEEK:
            meant = score < 50  # the rule of the message
            gets = meant & (chance.random(ACCOUNTS) < 0.5)  # the others: held out, or stopped by a limit
            lift = np.where(gets, effect, 0.0)
        seen.append(score)
    course = _course(seen)
    day = START + dt.timedelta(weeks=ISSUE_WEEK)
    rows = [(f"A{n}", day, ISSUED if gets[n] else arm) for n in np.flatnonzero(meant)]
    cases = pd.DataFrame(rows, columns=["account_id", "day", "arm"])
    followed = follow(cases, course, 28, None, START + dt.timedelta(weeks=WEEKS))
    judged = judge("message", followed, 28, has_goal=False)
    change = followed.loc[followed["arm"] == ISSUED, "score_change"].to_numpy(float)
    span = 1.96 * change.std(ddof=1) / np.sqrt(len(change))
    return judged.score, bool(abs(change.mean() - effect) <= span)


def _course(seen: list[np.ndarray]) -> Course:
    days = tuple(START + dt.timedelta(weeks=week) for week in range(WEEKS))
    ids = [f"A{n}" for n in range(ACCOUNTS)]
    parts = [
        pd.DataFrame({"account_id": ids, "day": pd.Timestamp(day), "score": score, "band": "x", "scorecard": "all", "touch": "tech"})
        for day, score in zip(days, seen, strict=True)
    ]  # fmt: skip
    runs = pd.concat(parts, ignore_index=True)
    return Course(
        days=days,
        runs=runs.assign(day=runs["day"].astype("datetime64[us]"), renews_on=pd.Series(pd.NaT, index=runs.index).astype("datetime64[us]")),
    )  # fmt: skip


if __name__ == "__main__":
    main()
