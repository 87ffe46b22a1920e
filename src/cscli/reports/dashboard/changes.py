"""What moved since the earlier run: who fell and rose, and why, as the page reads it."""

import numpy as np
from numpy.typing import NDArray

from cscli.reports.dashboard.encoding import by_row
from cscli.reports.dashboard.model import Json, Material
from cscli.reports.history.comparison import Comparison
from cscli.reports.history.diff_causes import causes

WORTH_TELLING = 5.0
"""Points; a smaller change within a band is not told."""
_KINDS = ("down", "up", "lost", "regained")


def changes_part(material: Material) -> Json:
    """Places of the accounts by how their band moved, of those that are new, and the cause of every change that is worth
    telling. None without an earlier run.
    """
    comparison = material.comparison
    if comparison is None:
        return None
    changes, kinds = comparison.changes, comparison.kinds()
    places = material.places()[changes.after]
    told = np.flatnonzero((places >= 0) & is_told(comparison))
    words = causes(comparison, told, material.language)
    came = material.places()[changes.came]
    found: dict[str, Json] = {
        kind: sorted(places[(kinds == kind) & (places >= 0)].tolist()) for kind in _KINDS
    }
    return {
        **found,
        "came": sorted(came[came >= 0].tolist()),
        "why": by_row(
            [
                (place, why)
                for place, why in zip(places[told].tolist(), words.tolist(), strict=True)
                if why is not None
            ]
        ),
        "least": WORTH_TELLING,
    }


def is_told(comparison: Comparison) -> NDArray[np.bool_]:
    """Of the accounts of both runs, those whose band moved or whose score changed much."""
    moved = comparison.kinds() != "same"
    much = np.abs(np.round(np.nan_to_num(comparison.changes.change), 1)) >= WORTH_TELLING
    told: NDArray[np.bool_] = moved | much
    return told


def fallen(comparison: Comparison) -> NDArray[np.intp]:
    """The rows of the later run that are in a lower band than before."""
    rows: NDArray[np.intp] = comparison.changes.after[comparison.kinds() == "down"]
    return rows
