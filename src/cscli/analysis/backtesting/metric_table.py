"""What each metric of a back-test tells by itself, what the score loses without it, and which know too much."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.backtesting.left_out import has_other_metrics, metrics_counted
from cscli.analysis.backtesting.panel import Panel
from cscli.analysis.backtesting.verdicts import CANNOT_TELL, FEWEST, LEAK, OK, WRONG_WAY, interval_of
from cscli.analysis.proving.intervals import Numbers, holm
from cscli.analysis.proving.metric_facts import FIFTHS, MetricFacts, correlate, judge_metric
from cscli.analysis.proving.ranking import Cases, Difference, compare, two_sided_p
from cscli.analysis.scoring.health import weigh_points
from cscli.analysis.scoring.provenance import Provenance
from cscli.analysis.scoring.switching import without_metrics
from cscli.config.schema import Config

KNOWN_LATER, TOO_GOOD, OWN_CLOCK, STRONG = "known_later", "too_good", "own_clock", "strong"
RESTATED = "restated"
"""Why a metric is looked at: the first three are left out of the headline, as is what was restated where exports of today stand
in for those of then.
"""
TREND, TREND_CHANGE, OF_RUNS = "trend", "trend_change", "runs"
"""The row of the score's trend, the column of the panel that it judges, and where that comes from."""
RIGHT, WRONG, UNCLEAR = "right", "wrong", "unclear"
_SURE_P = 0.05
_TIED_DECIMALS = 9
"""Scores that differ by less are level: sums of floats must not break ties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOf:
    """Of each metric its `provenance`; `clocks`: those made of nothing but time as a customer; `restated`: those whose values of an
    earlier date are others today, and whether such values are `read_again` for a date that is judged.
    """

    provenance: Mapping[str, Provenance]
    clocks: frozenset[str] = frozenset()
    restated: frozenset[str] = frozenset()
    read_again: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class MetricTable:
    """`table`: a row a metric that counts: metric, provenance, n, churned, coverage, missing_of_churned, missing_of_stayed,
    missing_tells, auc, low, high, direction, drop_one, drop_low, drop_high, fifth_1 to fifth_5 (1: the worst points),
    largest_reversal_z, not_monotone, weight (share of the score), flag, verdict. `pairs`: first, second, n, rho, redundant,
    weight.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame

    @property
    def flagged(self) -> tuple[str, ...]:
        """The metrics that know what came after."""
        return tuple(self.table["metric"][self.table["verdict"] == LEAK])

    @property
    def wrong(self) -> tuple[str, ...]:
        """Those that point the wrong way."""
        return tuple(self.table["metric"][self.table["direction"] == WRONG])

    @property
    def weight_flagged(self) -> float:
        """Their share of the score."""
        return float(self.table["weight"][self.table["verdict"] == LEAK].sum())


def tabulate_metrics(panel: Panel, config: Config, known: KnownOf) -> MetricTable:
    """A row a metric that counts and has points, then one for the trend of the score."""
    every = list(config.metrics)
    names = tuple(name for name in metrics_counted(config) if _has_points(panel, every.index(name)))
    places = [list(config.metrics).index(name) for name in names]
    cases = panel.headline_cases
    facts = [judge_metric(panel.points[:, place], cases) for place in places]
    whole = weigh_points(panel.points, panel.covered, panel.card, config, most_reasons=0)
    shares = whole.shares
    full = _level(whole.score)
    weights = np.nanmean(shares, axis=0) if len(shares) else np.zeros(len(config.metrics))
    directions = _directions(facts)
    rows = [
        {
            **_of_metric(name, fact, cases, known.provenance[name]),
            **_drop_one(name, full, panel, config, cases),
            "direction": direction,
            "weight": float(weights[place]),
            **_flag(name, fact, known, direction),
        }
        for name, place, fact, direction in zip(names, places, facts, directions, strict=True)
    ]
    return MetricTable(
        table=pd.DataFrame([*rows, *_of_trend(panel, cases)]),
        pairs=_pairs(panel.points[:, places], names, weights[places]),
    )


def _of_trend(panel: Panel, cases: Cases) -> list[dict[str, object]]:
    """The row of the score's own trend, where stored runs tell one; it weighs nothing."""
    if TREND_CHANGE not in panel.rows or panel.rows[TREND_CHANGE].isna().all():
        return []
    fact = judge_metric(panel.rows[TREND_CHANGE].to_numpy(np.float64), cases)
    direction = _directions([fact])[0]
    verdict = WRONG_WAY if direction == WRONG else CANNOT_TELL if fact.churned < FEWEST else OK
    nothing = {"drop_one": np.nan, "drop_low": np.nan, "drop_high": np.nan, "weight": 0.0, "flag": None}
    row = {**_of_metric(TREND, fact, cases, Provenance.SNAPSHOT), **nothing, "provenance": OF_RUNS}
    return [{**row, "direction": direction, "verdict": verdict}]


def _has_points(panel: Panel, place: int) -> bool:
    return bool((~np.isnan(panel.points[:, place])).any())


def _of_metric(name: str, fact: MetricFacts, cases: Cases, known: Provenance) -> dict[str, object]:
    enough = fact.churned >= FEWEST
    low, high = interval_of(fact.auc, fact.churned)
    return {
        "metric": name,
        "provenance": known.value,
        "n": fact.rows,
        "churned": fact.churned,
        "coverage": fact.rows / len(cases.churned) if len(cases.churned) else np.nan,
        "missing_of_churned": fact.missing_of_churned,
        "missing_of_stayed": fact.missing_of_stayed,
        "missing_tells": fact.tells_by_gaps,
        "auc": fact.auc.value if enough else np.nan,
        "low": low if enough else np.nan,
        "high": high if enough else np.nan,
        **{f"fifth_{place + 1}": float(fact.fifths[place]) for place in range(FIFTHS)},
        "largest_reversal_z": fact.reversal_z,
        "not_monotone": fact.is_not_monotone,
    }


def _directions(facts: list[MetricFacts]) -> list[str]:
    """By Holm over all metrics: of many, some look sure by luck."""
    sure = np.array([_p_value(fact) for fact in facts])
    adjusted = holm(sure)
    return [
        UNCLEAR if not p < _SURE_P else RIGHT if fact.auc.value > 0.5 else WRONG
        for fact, p in zip(facts, adjusted.tolist(), strict=True)
    ]


def _p_value(fact: MetricFacts) -> float:
    if fact.churned < FEWEST:
        return np.nan
    return 0.0 if fact.auc.value in (0.0, 1.0) else two_sided_p(fact.auc)


def _level(score: Numbers) -> Numbers:
    return np.round(score, _TIED_DECIMALS)


def _drop_one(name: str, full: Numbers, panel: Panel, config: Config, cases: Cases) -> dict[str, float]:
    """The AUC of the score before caps, `full`, less that without the metric."""
    missing = Difference(np.nan, np.nan, np.nan, np.nan)
    if cases.churned_accounts >= FEWEST and has_other_metrics(config, [name]):
        others = without_metrics(config, [name])
        rest = _level(weigh_points(panel.points, panel.covered, panel.card, others, most_reasons=0).score)
        both = ~np.isnan(full) & ~np.isnan(rest)
        missing = compare(-full[both], -rest[both], cases.at(both))
    return {"drop_one": missing.value, "drop_low": missing.low, "drop_high": missing.high}


def _flag(name: str, fact: MetricFacts, known: KnownOf, direction: str) -> dict[str, str | None]:
    too_good, provenance = fact.knows_too_much, known.provenance[name]
    if provenance is Provenance.KNOWN_LATER:
        return {"flag": KNOWN_LATER, "verdict": LEAK}
    if too_good and provenance is not Provenance.DATED:
        return {"flag": TOO_GOOD, "verdict": LEAK}
    if name in known.clocks:
        return {"flag": OWN_CLOCK, "verdict": LEAK}
    restated = RESTATED if name in known.restated else None
    if restated and known.read_again:
        return {"flag": restated, "verdict": LEAK}
    if direction == WRONG:
        return {"flag": restated, "verdict": WRONG_WAY}
    if fact.churned < FEWEST:
        return {"flag": restated, "verdict": CANNOT_TELL}
    return {"flag": restated or (STRONG if too_good else None), "verdict": OK}


def _pairs(points: Numbers, names: tuple[str, ...], weights: Numbers) -> pd.DataFrame:
    columns = ["first", "second", "n", "rho", "redundant", "weight"]
    rows = [
        (
            names[each.first],
            names[each.second],
            each.rows,
            each.rho,
            each.is_redundant,
            weights[each.first] + weights[each.second],
        )
        for each in correlate(points)
    ]
    return pd.DataFrame(rows, columns=columns).sort_values("rho", key=lambda rho: -rho.abs(), kind="stable")
