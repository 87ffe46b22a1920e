"""A panel to weights that would have ranked better, a scorecard each: from earlier dates, tested on later ones."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.backtesting.left_out import metrics_counted
from cscli.analysis.backtesting.panel import Flags, Panel
from cscli.analysis.proving.weights import FEWEST_A_WEIGHT, suggest_weights
from cscli.analysis.scoring.health import weigh_points
from cscli.analysis.scoring.switching import without_metrics
from cscli.config.schema import Config

OFFERED, NO_EVIDENCE, TOO_FEW = "offered", "no_evidence", "too_few"
COLUMNS = ("scorecard", "metric", "today", "suggested", "share_low", "share_high", "group_weight", "metric_weight", "auc_today",
           "auc_suggested", "difference", "difference_low", "difference_high", "outcome")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Card:
    """A scorecard by its place, and the metrics of it that are weighed."""

    place: int
    names: tuple[str, ...]


def suggest(panel: Panel, config: Config, left_out: Iterable[str], seed: int) -> pd.DataFrame:
    """`COLUMNS`, a row a metric of each scorecard. `left_out`: what knows too much or points the wrong way. Refused with fewer
    than 10 accounts that left a weight (`too_few`); offered where the test rows say it is better beyond luck.
    """
    rules = without_metrics(config, left_out)
    rows: list[dict[str, object]] = []
    for place, card in enumerate(rules.scorecards):
        own = rules.model_copy(update={"scorecards": [card]})
        names = tuple(name for name in metrics_counted(own) if name not in set(left_out))
        if len(names) >= 2:
            rows += _of_card(panel, rules, _Card(place, names), seed)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_card(panel: Panel, config: Config, card: _Card, seed: int) -> list[dict[str, object]]:
    scored = weigh_points(panel.points, panel.covered, panel.card, config)
    here = (panel.card == card.place) & ~np.isnan(scored.score)
    places = [list(config.metrics).index(name) for name in card.names]
    name = config.scorecards[card.place].name
    today = _shares(config, card)
    empty = {"scorecard": name, "outcome": TOO_FEW}
    refused = [
        {**empty, "metric": each, "today": share} for each, share in zip(card.names, today, strict=True)
    ]
    train, test = _split(panel, here)
    cases = panel.headline_cases
    fitted, tested = cases.at(train), cases.at(test)
    if fitted.churned_accounts < FEWEST_A_WEIGHT * len(places) or tested.churned_accounts < FEWEST_A_WEIGHT:
        return refused
    points = panel.points[:, places]
    filled = np.where(np.isnan(points), scored.score[:, None], points)
    used = train | test
    found = suggest_weights(filled[used], today, cases.at(used), train[used], seed)
    groups = config.scorecards[card.place].groups
    in_group = {each: group for group, parts in groups.items() for each in parts.metrics}
    total = {
        group: sum(
            share for each, share in zip(card.names, found.rounded, strict=True) if in_group[each] == group
        )
        for group in groups
    }
    return [
        {
            "scorecard": name, "metric": each, "today": found.today[at], "suggested": found.rounded[at],
            "share_low": found.low[at], "share_high": found.high[at], "group_weight": total[in_group[each]] * 100,
            "metric_weight": found.rounded[at] / total[in_group[each]] * 100 if total[in_group[each]] else 0.0,
            "auc_today": found.current.value, "auc_suggested": found.suggested.value,
            "difference": found.difference.value, "difference_low": found.difference.low,
            "difference_high": found.difference.high, "outcome": OFFERED if found.is_better else NO_EVIDENCE,
        }
        for at, each in enumerate(card.names)
    ]  # fmt: skip


def _shares(config: Config, card: _Card) -> "np.typing.NDArray[np.float64]":
    """Today's share of each metric in the score, of 1."""
    groups = config.scorecards[card.place].groups
    found = []
    for name in card.names:
        share = 0.0
        for group in groups.values():
            whole = float(sum(group.metrics.values()))
            if name in group.metrics and whole > 0:
                share += float(group.weight) * float(group.metrics[name]) / whole
        found.append(share)
    shares = np.array(found)
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _split(panel: Panel, here: Flags) -> tuple[Flags, Flags]:
    """The rows to fit, of earlier dates up to the first two thirds of events, and the rows to test, of later ones; an account
    stands in one of both: where it left, else by its id. Of one date alone: two thirds of the accounts, by their id.
    """
    rows = panel.rows
    own = np.array([zlib.crc32(str(each).encode()) % 3 < 2 for each in rows["account_id"]], dtype=bool)
    days = sorted(rows["t0"][here].unique())
    if len(days) < 2:
        return here & own, here & ~own
    events = np.cumsum([int((here & panel.churned & (rows["t0"] == day).to_numpy()).sum()) for day in days])
    last = min(int(np.searchsorted(events, events[-1] * 2 / 3)), len(days) - 2)
    early = (rows["t0"] <= days[last]).to_numpy()
    ids = rows["account_id"]
    first, later = (ids.isin(ids[here & part]).to_numpy() for part in (early, ~early))
    gone_early = ids.isin(ids[here & panel.churned & early]).to_numpy()
    gone_late = ids.isin(ids[here & panel.churned & ~early]).to_numpy() & ~gone_early
    trained = gone_early | ~later | (own & ~gone_late & first)
    return here & early & trained, here & ~early & ~trained
