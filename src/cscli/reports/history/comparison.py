"""Two scored runs beside each other: what every sheet of the report `diff` is made from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.explaining.changes import Changes
from cscli.analysis.past.scored_run import ScoredRun
from cscli.analysis.scoring.adjustments import Floats
from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.schema import Config
from cscli.reports.kit.labels import band_label
from cscli.reports.kit.model import Column, Meaning
from cscli.reports.kit.sheets import best_first
from cscli.texts import Language, text

MOVEMENTS = ("down", "lost", "up", "regained", "new", "left", "same")
"""Kinds of movement between bands, those to look at first before the others."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """`later`: the data of `end` under the rules of `start`; `end` itself where the rules are the same."""

    start: ScoredRun
    end: ScoredRun
    later: ScoredRun
    changes: Changes

    def kinds(self) -> NDArray[np.object_]:
        """Of the accounts of both runs: how their band moved. A band is compared by its edge, not by its name."""
        before, after = self.band_from(), self.band_to()
        rank_from, rank_to = _edges(before, self.start.config), _edges(after, self.end.config)
        same = (before == after) | (rank_from == rank_to)
        found = np.where(rank_to < rank_from, "down", "up").astype(object)
        found[after == UNKNOWN] = "lost"
        found[before == UNKNOWN] = "regained"
        found[same] = "same"
        return found

    def band_from(self) -> NDArray[np.object_]:
        """Bands of the accounts of both runs in the earlier one."""
        return self.start.band[self.changes.before]

    def band_to(self) -> NDArray[np.object_]:
        """Bands of the accounts of both runs in the later one."""
        return self.end.band[self.changes.after]


def band_pair_column(column_id: str, comparison: Comparison, language: Language) -> Column:
    """A column of bands of either run."""
    configs = (comparison.end.config, comparison.start.config)
    labels: dict[str, str] = {}
    for config in configs:
        for band in best_first(config.bands):
            labels.setdefault(band.name, band_label(band, language))
    title = text(f"label.{column_id}", language)
    return Column(
        id=column_id,
        label=title,
        meaning=Meaning.BAND,
        labels={**labels, UNKNOWN: text("label.band.unknown", language)},
    )


def _edges(bands: NDArray[np.object_], config: Config) -> Floats:
    edges = {band.name: band.from_ for band in config.bands}
    return np.array([edges.get(str(band), np.nan) for band in bands], dtype=np.float64)
