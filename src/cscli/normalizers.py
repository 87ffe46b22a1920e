"""Raw values to points from 0 to 100: one frozen model a kind; the union `AnyNormalizer` is the registry.

Every kind: missing in, missing out. Values come as float64 arrays with NaN for missing
(`categories`: object arrays of text with None), points go out as float64 arrays with NaN.
"""

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

import pydantic_core
from pydantic import Field, model_validator

from cscli.points import SLACK, Around, Normalizer, Peers, Points, ratio_points

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Corner = tuple[float, Points]


class Linear(Normalizer):
    """Straight line from 0 points at `zero` to 100 at `full`, clipped; `full` below `zero`: lower is better."""

    kind: Literal["linear"]
    zero: float
    full: float

    @model_validator(mode="after")
    def _has_a_slope(self) -> "Linear":
        if self.zero == self.full:
            raise pydantic_core.PydanticCustomError(
                "config.linear_without_slope", "{found}", {"found": self.zero}
            )
        return self

    def points(self, values: "NDArray[np.float64]", _peers: Peers) -> "NDArray[np.float64]":
        return ratio_points(values - self.zero, self.full - self.zero)

    @property
    def corners(self) -> tuple[float, ...]:
        return (self.zero, self.full)

    def values_reaching(self, points: float, _around: Around) -> Iterator[float]:
        yield self.zero + (self.full - self.zero) * points / 100


class _Corners(Normalizer):
    at: list[Corner] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascend(self) -> "_Corners":
        for (before, _), (after, _) in pairwise(self.at):
            if after <= before:
                raise pydantic_core.PydanticCustomError(
                    "config.corners_not_ascending", "{before} {after}", {"before": before, "after": after}
                )
        return self


class Piecewise(_Corners):
    """Straight lines between the corners `[x, points]`, flat outside; x ascending."""

    kind: Literal["piecewise"]

    def points(self, values: "NDArray[np.float64]", _peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - `cscli --help` must not load numpy

        x, y = zip(*self.at, strict=True)
        points = np.asarray(np.interp(values, x, y), np.float64)
        points[np.isnan(values)] = np.nan
        return points

    @property
    def corners(self) -> tuple[float, ...]:
        return tuple(x for x, _ in self.at)

    def values_reaching(self, points: float, _around: Around) -> Iterator[float]:
        for (x0, y0), (x1, y1) in pairwise(self.at):
            if (y0 < points - SLACK) != (y1 < points - SLACK):
                yield x0 + (points - y0) / (y1 - y0) * (x1 - x0)


class Steps(_Corners):
    """The points of the largest x that is <= value; below the first x: 0."""

    kind: Literal["steps"]

    def points(self, values: "NDArray[np.float64]", _peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - as above

        x, y = zip(*self.at, strict=True)
        levels = np.array([0.0, *y])[np.searchsorted(x, values, side="right")]
        return np.where(np.isnan(values), np.nan, levels)

    def values_reaching(self, points: float, _around: Around) -> Iterator[float]:
        for (_, low), (x, high) in pairwise([(-math.inf, 0.0), *self.at]):
            if low < points - SLACK <= high:
                yield x
            elif high < points - SLACK <= low:
                yield math.nextafter(x, -math.inf)  # the step before ends just below


class Categories(Normalizer):
    """Points by exact text after trimming; a value that is not in `map` gets `other`, by default none."""

    is_textual = True
    kind: Literal["categories"]
    map: dict[str, Points] = Field(min_length=1)
    other: Points | None = None

    def points(self, values: "NDArray[np.object_]", _peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - as above
        import pandas as pd  # noqa: PLC0415 - as above

        text = pd.Series(values, dtype=object).map(category_text, na_action="ignore")
        known = {key.strip(): points for key, points in self.map.items()}
        points = text.map(known, na_action="ignore").astype("float64")
        if self.other is not None:
            points = points.mask(points.isna() & text.notna(), self.other)
        return np.asarray(points, np.float64)

    def unknown(self, values: Iterable[object]) -> list[str]:
        known = {key.strip() for key in self.map}
        strange = () if self.other is not None else values
        return sorted({str(value) for value in strange if category_text(value) not in known})

    def texts_reaching(self, points: float) -> tuple[str, ...]:
        enough = [(worth, name.strip()) for name, worth in self.map.items() if worth >= points - SLACK]
        return tuple(name for worth, name in sorted(enough, key=lambda pair: pair[0]))


class Target(Normalizer):
    """value / (target x min(1, tenure_months / after_months)) x 100, clipped; in month 0: missing."""

    kind: Literal["target"]
    target: float = Field(gt=0)
    after_months: float = Field(gt=0)

    @property
    def columns_read(self) -> frozenset[str]:
        return frozenset({"tenure_months"})

    def points(self, values: "NDArray[np.float64]", peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - as above

        share_of_target = np.minimum(1.0, peers.tenure_months / self.after_months)
        due = np.where(share_of_target > 0, self.target * share_of_target, np.nan)
        return ratio_points(values, due)

    def values_reaching(self, points: float, around: Around) -> Iterator[float]:
        share = min(1.0, around.tenure_months / self.after_months)  # NaN and month 0: no points at all
        if share > 0:
            yield points / 100 * self.target * share


class Logistic(Normalizer):
    """100 / (1 + exp(-(x - middle) / scale)); a negative scale means that lower is better."""

    kind: Literal["logistic"]
    middle: float
    scale: float

    @model_validator(mode="after")
    def _has_a_scale(self) -> "Logistic":
        if self.scale == 0:
            raise pydantic_core.PydanticCustomError("config.logistic_without_scale", "0")
        return self

    def points(self, values: "NDArray[np.float64]", _peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - as above

        with np.errstate(over="ignore"):
            exponent = np.clip((self.middle - values) / self.scale, -700, 700)  # exp(710) overflows
        return 100 / (1 + np.exp(exponent))

    def values_reaching(self, points: float, _around: Around) -> Iterator[float]:
        if 0 < points < 100 - SLACK:
            yield self.middle - self.scale * math.log(100 / points - 1)


class Decay(Normalizer):
    """100 x 0.5^(x / half_life); x below 0 counts as 0."""

    kind: Literal["decay"]
    half_life: float = Field(gt=0)

    def points(self, values: "NDArray[np.float64]", _peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - as above

        with np.errstate(over="ignore", under="ignore"):
            halvings = np.maximum(values, 0) / self.half_life
            return 100 * 0.5**halvings

    def values_reaching(self, points: float, _around: Around) -> Iterator[float]:
        if points > 0:
            yield self.half_life * math.log2(100 / points)


class Percentile(Normalizer):
    """(mid-rank - 0.5) / n x 100 among the n peers that have a value: relative, not comparable over time."""

    is_relative = True
    kind: Literal["percentile"]
    within: str | None = None
    lower_is_better: bool = False

    def points(self, values: "NDArray[np.float64]", peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - as above
        import pandas as pd  # noqa: PLC0415 - as above

        series = pd.Series(values)
        if self.within is None:
            percent = (series.rank(method="average") - 0.5) / series.notna().sum() * 100
        else:
            groups = series.groupby(peers.segments[self.within], sort=False)
            percent = (groups.rank(method="average") - 0.5) / groups.transform("count") * 100
        return np.asarray(100 - percent if self.lower_is_better else percent, np.float64)

    @property
    def segmentation(self) -> str | None:
        return self.within

    def values_reaching(self, points: float, around: Around) -> Iterator[float]:
        """The value on a peer's, or just beyond it, from which the rank suffices."""
        import numpy as np  # noqa: PLC0415 - as above

        sign = -1.0 if self.lower_is_better else 1.0
        known, counts = np.unique(sign * around.others, return_counts=True)
        size = counts.sum() + 1
        below = np.cumsum(counts) - counts
        level = (below + (counts + 2) / 2 - 0.5) / size * 100  # with the same value as these
        beyond = (below + counts + 0.5) / size * 100
        for value, tied, past in zip(known.tolist(), level.tolist(), beyond.tolist(), strict=True):
            if tied >= points - SLACK:
                yield sign * value
                return
            if past >= points - SLACK:
                yield sign * math.nextafter(value, math.inf)
                return


AnyNormalizer = Annotated[
    Linear | Piecewise | Steps | Categories | Target | Logistic | Decay | Percentile,
    Field(discriminator="kind"),
]


def category_text(value: object) -> str:
    """How a cell is compared with the keys of `map`: trimmed; whole numbers without `.0`."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
