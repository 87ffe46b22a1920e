"""The health score, account by account, in exact fractions: a second implementation of the published rules.

Written from the product's description alone. Rows are dictionaries (None: missing); a condition is a tuple
(column, operator, operand), so that no SQL is needed here.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

Row = Mapping[str, Any]
Settings = Mapping[str, Any]
Condition = tuple[str, str, Any]
HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Expected:
    """What one account gets; None is missing."""

    points: dict[str, Fraction | None]
    groups: dict[str, Fraction]
    contributions: dict[str, Fraction]
    score_before_caps: Fraction | None
    limited: Fraction | None
    score: Fraction | None
    band: str
    coverage: Fraction
    scorecard: str | None
    changed: list[str]
    overridden: bool
    losses: dict[str, Fraction]
    reasons: list[str]


def score_all(rows: Sequence[Row], config: Settings) -> list[Expected]:
    """Every account's result. `config`: the parsed file, with conditions as tuples."""
    segments = [{name: segment_of(row, rules) for name, rules in config["segments"].items()} for row in rows]
    points: list[dict[str, Fraction | None]] = [{} for _ in rows]
    for name, metric in config["metrics"].items():
        for at in range(len(rows)):
            points[at][name] = points_of(at, rows, segments, metric)
    return [score_one(row, points[at], config) for at, row in enumerate(rows)]


def segment_of(row: Row, rules: Sequence[Settings]) -> str | None:
    """The name of the first rule that holds."""
    for rule in rules:
        if "when" not in rule or holds(row, rule["when"]):
            return str(rule["name"])
    return None


def holds(row: Row, condition: Condition) -> bool:
    """A comparison with a missing value is not true."""
    column, operator, operand = condition
    value = row[column]
    if operator == "IS NULL":
        return value is None
    if value is None:
        return False
    if operator == "=":
        return bool(value == operand)
    return bool(value > operand) if operator == ">" else bool(value <= operand)


# --- points -----------------------------------------------------------------------------------------------


def points_of(
    at: int, rows: Sequence[Row], segments: Sequence[Mapping[str, str | None]], metric: Settings
) -> Fraction | None:
    """The points of one account's metric: missing in, missing out."""
    row, rule, column = rows[at], metric["points"], metric["value"]
    value = row[column]
    if value is None:
        return None
    if rule["kind"] == "percentile":
        return percentile(at, rows, segments, column, rule)
    if rule["kind"] == "target":
        return target(Fraction(value), row["tenure_months"], rule)
    of_value: dict[str, Callable[[Any, Settings], Fraction | None]] = {
        "linear": linear,
        "piecewise": piecewise,
        "steps": steps,
        "categories": categories,
        "logistic": logistic,
        "decay": decay,
    }
    return of_value[rule["kind"]](value, rule)


def clip(points: Fraction) -> Fraction:
    """Points stay from 0 to 100."""
    return max(Fraction(0), min(HUNDRED, points))


def linear(value: float, rule: Settings) -> Fraction:
    """0 points at `zero`, 100 at `full`."""
    zero, full = Fraction(rule["zero"]), Fraction(rule["full"])
    return clip((Fraction(value) - zero) * 100 / (full - zero))


def piecewise(value: float, rule: Settings) -> Fraction:
    """Straight lines between the corners, flat outside."""
    corners = [(Fraction(x), Fraction(y)) for x, y in rule["at"]]
    if value <= corners[0][0]:
        return corners[0][1]
    for (x0, y0), (x1, y1) in pairwise(corners):
        if value <= x1:
            return y0 + (y1 - y0) * (Fraction(value) - x0) / (x1 - x0)
    return corners[-1][1]


def steps(value: float, rule: Settings) -> Fraction:
    """The points of the largest x that is <= value; below the first: 0."""
    reached = [Fraction(y) for x, y in rule["at"] if x <= value]
    return reached[-1] if reached else Fraction(0)


def categories(value: str, rule: Settings) -> Fraction | None:
    """Exact match after trimming; else `other`, by default missing."""
    for key, points in rule["map"].items():
        if key.strip() == value.strip():
            return Fraction(points)
    other = rule.get("other")
    return None if other is None else Fraction(other)


def logistic(value: float, rule: Settings) -> Fraction:
    """100 / (1 + exp(-(x - middle) / scale))."""
    exponent = -(value - rule["middle"]) / rule["scale"]
    return Fraction(0) if exponent > 700 else Fraction(100 / (1 + math.exp(exponent)))


def decay(value: float, rule: Settings) -> Fraction:
    """100 x 0.5^(x / half_life); x below 0 counts as 0."""
    return Fraction(100 * 0.5 ** (max(value, 0) / rule["half_life"]))


def target(value: Fraction, tenure_months: float | None, rule: Settings) -> Fraction | None:
    """Value / (target x min(1, tenure / after_months)); in month 0: missing."""
    if tenure_months is None or tenure_months == 0:
        return None
    share = min(Fraction(1), Fraction(tenure_months) / Fraction(rule["after_months"]))
    return clip(value / (Fraction(rule["target"]) * share) * 100)


def percentile(
    at: int,
    rows: Sequence[Row],
    segments: Sequence[Mapping[str, str | None]],
    column: str,
    rule: Settings,
) -> Fraction | None:
    """(mid-rank - 0.5) / n among the peers that have a value; an account of no segment has no peers."""
    within = rule.get("within")
    own = segments[at][within] if within else None
    if within and own is None:
        return None
    peers = [
        row[column]
        for row, of_row in zip(rows, segments, strict=True)
        if row[column] is not None and (not within or of_row[within] == own)
    ]
    value = rows[at][column]
    below = sum(peer < value for peer in peers)
    equal = sum(peer == value for peer in peers)
    mid_rank = Fraction(below) + Fraction(equal + 1, 2)
    share: Fraction = (mid_rank - Fraction(1, 2)) / len(peers) * 100
    return HUNDRED - share if rule.get("lower_is_better") else share


# --- score ------------------------------------------------------------------------------------------------


def score_one(row: Row, measured: Mapping[str, Fraction | None], config: Settings) -> Expected:
    """One account, by the numbered rules of the description."""
    points = dict(measured)
    for name, metric in config["metrics"].items():
        if points[name] is None and metric.get("missing", "skip") != "skip":
            points[name] = Fraction(metric["missing"])
    override = row.get("override_score")
    card = next((c for c in config["scorecards"] if "when" not in c or holds(row, c["when"])), None)
    if card is None:
        set_to = None if override is None else Fraction(override)
        score = None if set_to is None else round_half_up(set_to)
        band = band_of(score, Fraction(0), config)
        return Expected(
            points, {}, {}, None, set_to, score, band, Fraction(0), None, [], override is not None, {}, []
        )
    groups, weights = weigh(points, card)
    coverage = coverage_of(measured, card)
    losses = {name: share * (HUNDRED - known(points[name])) for name, share in weights.items()}
    contributions = {name: share * known(points[name]) for name, share in weights.items()}
    before = sum(contributions.values(), Fraction(0)) if weights else None
    limited, changed = (None, []) if before is None else limit(before, row, card)
    if override is not None:
        limited = Fraction(override)
    score = None if limited is None else round_half_up(limited)
    band = band_of(score, coverage, config)
    order = list(config["metrics"])
    worst = sorted((n for n in losses if losses[n] > 0), key=lambda name: (-losses[name], order.index(name)))
    return Expected(
        points, groups, contributions, before, limited, score, band, coverage, card["name"], changed,
        override is not None, losses, worst[:3],
    )  # fmt: skip


def known(points: Fraction | None) -> Fraction:
    """Points that must be there."""
    if points is None:
        raise ValueError("a weighted metric has points")
    return points


def weigh(
    points: Mapping[str, Fraction | None], card: Settings
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """The groups' scores, and of each metric its renormalised weight in this account's score."""
    groups: dict[str, Fraction] = {}
    inside: dict[str, dict[str, Fraction]] = {}
    for name, group in card["groups"].items():
        present = {m: Fraction(w) for m, w in group["metrics"].items() if points[m] is not None}
        total = sum(present.values(), Fraction(0))
        if total > 0:
            groups[name] = sum((w * known(points[m]) for m, w in present.items()), Fraction(0)) / total
            inside[name] = {m: w / total for m, w in present.items()}
    weight = {name: Fraction(card["groups"][name]["weight"]) for name in groups}
    total = sum(weight.values(), Fraction(0))
    shares: dict[str, Fraction] = {}
    if total > 0:
        for name, metrics in inside.items():
            for metric, share in metrics.items():
                shares[metric] = shares.get(metric, Fraction(0)) + share * weight[name] / total
    return groups, shares


def coverage_of(measured: Mapping[str, Fraction | None], card: Settings) -> Fraction:
    """The share of the configured weight that had data."""
    total = sum((Fraction(group["weight"]) for group in card["groups"].values()), Fraction(0))
    covered = Fraction(0)
    for group in card["groups"].values():
        inside = sum((Fraction(weight) for weight in group["metrics"].values()), Fraction(0))
        for metric, weight in group["metrics"].items():
            if inside > 0 and measured[metric] is not None:
                covered += Fraction(group["weight"]) / total * Fraction(weight) / inside
    return covered


def limit(score: Fraction, row: Row, card: Settings) -> tuple[Fraction, list[str]]:
    """Caps, then floors, in order; those that changed the score."""
    changed = []
    for kind in ("caps", "floors"):
        for rule in card.get(kind, []):
            if holds(row, rule["when"]):
                new = (
                    min(score, Fraction(rule["at_most"]))
                    if kind == "caps"
                    else max(score, Fraction(rule["at_least"]))
                )
                if new != score:
                    changed.append(rule["reason"])
                score = new
    return score, changed


def round_half_up(score: Fraction) -> Fraction:
    """To one decimal; a half goes up."""
    return Fraction(math.floor(score * 10 + Fraction(1, 2)), 10)


def band_of(score: Fraction | None, coverage: Fraction, config: Settings) -> str:
    """The band of the rounded score, lower edge included."""
    if score is None or coverage < Fraction(config["min_data_coverage"]):
        return "unknown"
    reached = [band for band in config["bands"] if Fraction(band["from"]) <= score]
    return str(max(reached, key=lambda band: Fraction(band["from"]))["name"])
