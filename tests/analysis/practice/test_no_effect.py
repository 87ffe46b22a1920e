"""Where use and criteria have nothing to do with leaving, no difference may be seen. Oracle: the simulation, in which there is none."""

import datetime as dt
from collections import Counter

import numpy as np
import pandas as pd

from cscli.analysis.practice.content_use import effects
from cscli.analysis.practice.fit_tables import criteria_effects

AS_OF = dt.date(2026, 10, 31)
SEEDS, ACCOUNTS = 100, 400
QUIET = ("no_difference_seen", "too_few")


def book(rng: np.random.Generator) -> pd.DataFrame:
    """Touch decides both how often content is used and who leaves; the use itself changes nothing."""
    touch = rng.choice(["high", "low", "tech"], ACCOUNTS, p=[0.15, 0.35, 0.5])
    leaving = pd.Series(touch).map({"high": 0.03, "low": 0.10, "tech": 0.22}).to_numpy()
    days = rng.integers(1, 180, ACCOUNTS)
    left = np.where(rng.random(ACCOUNTS) < leaving, days, -1)
    churned = pd.Series([AS_OF - dt.timedelta(days=int(day)) if day >= 0 else None for day in left])
    return pd.DataFrame({
        "account_id": [f"S{number}" for number in range(ACCOUNTS)], "touch": touch,
        "started_on": pd.Timestamp("2024-01-01"), "churned_on": pd.to_datetime(churned),
    })  # fmt: skip


def test_use_that_changes_nothing_shows_nothing() -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        frame = book(rng)
        often = frame["touch"].map({"high": 0.8, "low": 0.5, "tech": 0.2}).to_numpy()
        used = frame["account_id"][rng.random(ACCOUNTS) < often]
        uses = pd.DataFrame({"account_id": used, "content_id": "c1", "at": pd.Timestamp("2026-02-01")})
        (found,) = effects(frame, uses, ["c1"], frame["touch"], AS_OF)
        verdicts[found.verdict] += 1
    assert sum(verdicts[name] for name in QUIET) >= 90, verdicts
    assert verdicts["no_difference_seen"] >= 50, verdicts


def test_a_criterion_that_changes_nothing_shows_nothing() -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(SEEDS):
        rng = np.random.default_rng(1000 + seed)
        frame = book(rng)
        often = frame["touch"].map({"high": 0.8, "low": 0.5, "tech": 0.3}).to_numpy()
        accounts = frame.assign(
            year_over=True,
            left=frame["churned_on"].notna(),
            size=(rng.random(ACCOUNTS) < often).astype(float),
        )
        (found,) = criteria_effects(accounts, ["size"], frame["touch"])
        verdicts[found.verdict] += 1
    assert sum(verdicts[name] for name in QUIET) >= 90, verdicts


def test_use_that_halves_leaving_is_seen_most_of_the_time() -> None:
    """So that the tests above can fail for other reasons than blindness: leaving by 30% without use, by 8% with it."""
    seen = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        frame = book(rng)
        used = rng.random(ACCOUNTS) < 0.5
        left = rng.random(ACCOUNTS) < np.where(used, 0.08, 0.30)
        frame = frame.assign(churned_on=pd.Series(pd.Timestamp("2026-08-01"), index=frame.index).where(left))
        uses = pd.DataFrame(
            {"account_id": frame["account_id"][used], "content_id": "c1", "at": pd.Timestamp("2026-02-01")}
        )
        (found,) = effects(frame, uses, ["c1"], frame["touch"], AS_OF)
        seen += found.verdict == "fewer_left"
    assert seen >= 18
