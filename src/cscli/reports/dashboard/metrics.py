"""Metrics of the accounts as columns of the page: value, points, lost points, what is usual among peers."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.explaining.values_for_points import values_reaching
from cscli.analysis.scoring.adjustments import Floats
from cscli.analysis.scoring.health import WeighedPoints, weigh_points
from cscli.config.schema import Metric
from cscli.points import Around
from cscli.reports.dashboard.encoding import as_shown, counts, numbers, words
from cscli.reports.dashboard.model import Json, Material
from cscli.reports.kit.labels import labelled_formula, metric_labels, own_labels, value_labels
from cscli.reports.kit.looks import Look, look_of

_FEWEST_PEERS = 5
_LONG = 1200.0
"""Months: a tenure at which a target has reached its full height."""


def metrics_part(material: Material) -> dict[str, Json]:
    """`metrics`: label, kind and formula of each; `values`, `points`: by metric, of the accounts that are detailed;
    `lost`: by metric of every account (null: it counts for nothing there); `imputed`: by metric the places of those whose
    points are given for a missing value; `peers`, `peer`: groups, and which is whose.
    """
    frame, rows, scores, config = material.frame, material.rows, material.scored.scores, material.config
    weighed = weigh_points(scores.points, scores.covered, scores.scorecard, config)
    lost = _lost(weighed, scores.points)[rows]
    detailed = material.detailed[rows]
    labels = metric_labels(config, material.language)
    values: list[Json] = []
    told: list[Json] = []
    for at, (name, metric) in enumerate(config.metrics.items()):
        look = _look(name, metric, frame, material)
        own, more = _values(frame[name][detailed], metric, look)
        values.append(own)
        kind = "text" if metric.points.is_textual else look.meaning.value if look else "number"
        told.append(
            {
                "label": labels[at],
                "kind": kind,
                "decimals": look.decimals if look else None,
                "full": _full(metric, look),
                "formula": labelled_formula(metric.value, config, material.language),
                "relative": metric.points.is_relative,
                **more,
            }
        )
    imputed = ~scores.covered[rows] & ~np.isnan(scores.points[rows])
    return {
        "metrics": told,
        "values": values,
        "points": [counts(column) for column in scores.points[rows][detailed].T],
        "lost": [numbers(column, 1) for column in lost.T],
        "imputed": [np.flatnonzero(column).tolist() for column in imputed.T],
        **_peers_part(material),
    }


def _lost(weighed: WeighedPoints, points: Floats) -> Floats:
    """Share of the account's score x (100 - points); NaN where the metric counts for nothing."""
    shares = np.where(weighed.shares > 0, weighed.shares, np.nan)
    return np.asarray(shares * (100 - points), np.float64)


def _look(name: str, metric: Metric, frame: pd.DataFrame, material: Material) -> Look | None:
    look = look_of(name, material.config)
    fits = not metric.points.is_textual and look is not None and look.fits(pd.Series(_floats(frame[name])))
    return look if fits else None


def _floats(values: "pd.Series[float]") -> Floats:
    return np.asarray(values.to_numpy(np.float64, na_value=np.nan), np.float64)


def _values(values: "pd.Series[float]", metric: Metric, look: Look | None) -> tuple[Json, dict[str, Json]]:
    if metric.points.is_textual:
        found = words(values)
        return found["a"], {"words": found["w"]}
    return as_shown(_floats(values), look), {}


def _full(metric: Metric, look: Look | None) -> Json:
    """The value that gives 100 points, as it is shown."""
    value = value_of_full_points(metric)
    return None if value is None else as_shown(np.array([value], dtype=np.float64), look)[0]


def value_of_full_points(metric: Metric) -> float | None:
    """The value that gives 100 points; None where there is no one value for all."""
    if metric.points.is_textual or metric.points.is_relative:
        return None
    found = values_reaching(metric.points, 100.0, Around(_LONG, np.array([])))
    return float(found[0]) if found else None


def _peers_part(material: Material) -> dict[str, Json]:
    """Of each account the circle that `explain` compares it with, and what is usual there."""
    scored, config = material.scored, material.config
    score = scored.scores.score
    whose = np.zeros(len(score), dtype=np.intp)
    circles: list[tuple[str | None, NDArray[np.bool_]]] = [(None, np.ones(len(score), dtype=bool))]
    for label, mask in _circles(material):
        if int((mask & ~np.isnan(score)).sum()) >= _FEWEST_PEERS:
            whose[mask & (whose == 0)] = len(circles)
            circles.append((label, mask))
    peers: list[Json] = []
    for circle, mask in circles:
        typical: list[Json] = []
        for name, metric in config.metrics.items():
            look = _look(name, metric, scored.frame, material)
            typical.append(_typical(scored.frame[name][mask], metric, look))
        peers.append({"label": circle, "typical": typical})
    return {"peers": peers, "peer": whose[material.rows].tolist()}


def _circles(material: Material) -> list[tuple[str, NDArray[np.bool_]]]:
    """Those of the first segmentation, then the scorecards where there are several."""
    config, language, frame = material.config, material.language, material.scored.frame
    found: list[tuple[str, NDArray[np.bool_]]] = []
    first = next(iter(config.segments), None)
    if first is not None and first in frame:
        labels = value_labels([first], config, language)
        found += [
            (labels.get(name, name), (frame[first] == name).to_numpy(dtype=bool))
            for name in dict.fromkeys(rule.name for rule in config.segment_rules[first])
        ]
    if len(config.scorecards) > 1:
        cards = own_labels(config.scorecards, language)
        found += [
            (cards[card.name], material.scored.scores.scorecard == at)
            for at, card in enumerate(config.scorecards)
        ]
    return found


def _typical(values: "pd.Series[float]", metric: Metric, look: Look | None) -> Json:
    """The median; of texts the most frequent."""
    if metric.points.is_textual:
        frequent = values.dropna().astype(str).value_counts()
        return str(frequent.index[0]) if len(frequent) else None
    known = _floats(values)
    known = known[~np.isnan(known)]
    return as_shown(np.array([np.median(known)]), look)[0] if len(known) else None


def metric_definitions(material: Material) -> list[Json]:
    """Term and meaning of each metric, for the view of the data."""
    config, language = material.config, material.language
    labels = metric_labels(config, language)
    return [
        [label, labelled_formula(metric.value, config, language)]
        for label, metric in zip(labels, config.metrics.values(), strict=True)
    ]
