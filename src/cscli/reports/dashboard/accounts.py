"""The accounts as columns of the page: who they are, how they are, what they are worth, what people typed of them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.health import UNKNOWN
from cscli.reports.dashboard.encoding import by_row, counts, days_from, numbers, plain_text, words
from cscli.reports.dashboard.model import Json, Material
from cscli.reports.kit.labels import (
    band_label,
    column_label,
    group_label,
    limit_label,
    own_labels,
    value_labels,
)
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.sheets import best_first
from cscli.texts import text

_PEOPLE = ("sentiment", "next_step", "note")
CENTS = 2


def bands_part(material: Material) -> Json:
    """The bands, best first, each its label as a word of its own, its lower edge, and its label in a sentence; the last is
    what accounts without enough data have.
    """
    language = material.language
    named: list[tuple[str, float | None]]
    named = [(band_label(band, language), band.from_) for band in best_first(material.config.bands)]
    named.append((text("label.band.unknown", language), None))
    return [[label[:1].upper() + label[1:], edge, label] for label, edge in named]


def band_codes(names: NDArray[np.object_], material: Material) -> NDArray[np.intp]:
    """Of each band its place in `bands_part`; an unknown name has the last."""
    order = [*(band.name for band in best_first(material.config.bands)), UNKNOWN]
    places = pd.Index(order).get_indexer(pd.Index(names.astype(object)))
    return np.where(places < 0, len(order) - 1, places)


def accounts_part(material: Material) -> dict[str, Json]:
    """One entry an account in every list."""
    frame, rows, scores = material.frame, material.rows, material.scored.scores
    as_of, language = material.context.as_of, material.language
    names = frame["name"].astype(object).where(frame["name"].notna(), None)
    ids = frame["account_id"].astype(str)
    reasons: list[Json] = [
        [[int(metric), round(float(lost), 1)] for metric, lost in zip(*pair, strict=True) if metric >= 0]
        for pair in zip(
            scores.reason_metrics[rows].tolist(), scores.reason_losses[rows].tolist(), strict=True
        )
    ]
    return {
        "id": ids.tolist(),
        "name": [name if name is not None else each for name, each in zip(names, ids, strict=True)],
        "owner": words(frame["owner"]),
        "segs": _segments(material),
        "band": band_codes(scores.band[rows], material).tolist(),
        "score": numbers(scores.score[rows], 1),
        "change": numbers(frame["score_change"].to_numpy(np.float64), 1),
        "coverage": counts(100 * scores.data_coverage[rows]),
        "arr": numbers(frame["arr"].to_numpy(np.float64), CENTS),
        "renews": days_from(frame["renews_on"], as_of),
        "tenure": counts(frame["tenure_months"].to_numpy(np.float64)),
        "reasons": reasons,
        "card": scores.scorecard[rows].tolist(),
        "cards": _cards(material),
        "limits": [limit_label(limit.rule, language) for limit in scores.limits],
        "capped": by_row(
            [
                (place, np.flatnonzero(scores.limits_changed[row]).tolist())
                for place, row in enumerate(rows.tolist())
                if scores.limits_changed[row].any()
            ]
        ),
        "typed": _typed(material),
    }


def _segments(material: Material) -> Json:
    """Every segmentation, then the team: each with its label, its values' labels and each account's value."""
    config, language, frame = material.config, material.language, material.frame
    names = [name for name in (*config.segments, "team") if name in frame and frame[name].notna().any()]
    return [
        {
            "id": name,
            "label": column_label(name, config, language),
            **words(frame[name], value_labels([name], config, language)),
        }
        for name in names
    ]


def _cards(material: Material) -> Json:
    """The scorecards: groups with their label, share of the weight, and metrics (places in the config)."""
    config, language = material.config, material.language
    labels, places = (
        own_labels(config.scorecards, language),
        {name: at for at, name in enumerate(config.metrics)},
    )
    found: list[Json] = []
    for card in config.scorecards:
        whole = sum(group.weight for group in card.groups.values()) or 1.0
        groups: list[Json] = [
            {
                "label": group_label(name, config, language),
                "weight": round(100 * group.weight / whole),
                "metrics": [places[metric] for metric in group.metrics],
            }
            for name, group in card.groups.items()
        ]
        found.append({"label": labels[card.name], "groups": groups})
    return found


def _typed(material: Material) -> Json:
    """What people typed of an account, by its place: sentiment and its day, the override in words, next step, note."""
    frame, language = material.frame, material.language
    found: list[tuple[int, Json]] = []
    columns = [name for name in (*_PEOPLE, "override_score") if name in frame and frame[name].notna().any()]
    if not columns:
        return {}
    for place in np.flatnonzero(frame[columns].notna().any(axis=1).to_numpy()).tolist():
        row = frame.iloc[place]
        said: dict[str, Json] = {name: plain_text(row[name]) for name in _PEOPLE if name in columns}
        if pd.notna(row.get("sentiment_on")) and said.get("sentiment") is not None:
            said["sentiment_on"] = show_date(row["sentiment_on"], language)
        if pd.notna(row.get("override_score")):
            until = show_date(row["override_until"], language)
            said["override"] = text("people.override", language, reason=row["override_reason"], until=until)
        found.append((place, {name: value for name, value in said.items() if value is not None}))
    return by_row(found)
