"""Raw values to points from 0 to 100: one frozen model a kind; the union `AnyNormalizer` is the registry.

Every kind: missing in, missing out. Values come as float64 arrays with NaN for missing
(`categories`: object arrays of text with None), points go out as float64 arrays with NaN.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pydantic_core
from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Points = Annotated[float, Field(ge=0, le=100)]
Corner = tuple[float, Points]


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """What some kinds need beside the value: tenure in whole months, and segment columns by name."""

    tenure_months: "NDArray[np.float64]"
    segments: "Mapping[str, NDArray[np.object_]]"


class _Normalizer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Linear(_Normalizer):
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
        return _ratio_points(values - self.zero, self.full - self.zero)


class _Corners(_Normalizer):
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


class Steps(_Corners):
    """The points of the largest x that is <= value; below the first x: 0."""

    kind: Literal["steps"]

    def points(self, values: "NDArray[np.float64]", _peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - as above

        x, y = zip(*self.at, strict=True)
        levels = np.array([0.0, *y])[np.searchsorted(x, values, side="right")]
        return np.where(np.isnan(values), np.nan, levels)


class Categories(_Normalizer):
    """Points by exact text after trimming; a value that is not in `map` gets `other`, by default none."""

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

    def knows(self, value: object) -> bool:
        """Whether `value` has points of its own."""
        return category_text(value) in {key.strip() for key in self.map}


class Target(_Normalizer):
    """value / (target x min(1, tenure_months / after_months)) x 100, clipped; in month 0: missing."""

    kind: Literal["target"]
    target: float = Field(gt=0)
    after_months: float = Field(gt=0)

    def points(self, values: "NDArray[np.float64]", peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - as above

        share_of_target = np.minimum(1.0, peers.tenure_months / self.after_months)
        due = np.where(share_of_target > 0, self.target * share_of_target, np.nan)
        return _ratio_points(values, due)


class Logistic(_Normalizer):
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


class Decay(_Normalizer):
    """100 x 0.5^(x / half_life); x below 0 counts as 0."""

    kind: Literal["decay"]
    half_life: float = Field(gt=0)

    def points(self, values: "NDArray[np.float64]", _peers: Peers) -> "NDArray[np.float64]":
        import numpy as np  # noqa: PLC0415 - as above

        with np.errstate(over="ignore", under="ignore"):
            halvings = np.maximum(values, 0) / self.half_life
            return 100 * 0.5**halvings


class Percentile(_Normalizer):
    """(mid-rank - 0.5) / n x 100 among the n peers that have a value: relative, not comparable over time."""

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


AnyNormalizer = Annotated[
    Linear | Piecewise | Steps | Categories | Target | Logistic | Decay | Percentile,
    Field(discriminator="kind"),
]


def reads_as_share(points: AnyNormalizer) -> bool:
    """Whether the value is a share, which people read as a percentage: its scale lies within 0 and 1."""
    match points:
        case Linear():
            scale = [points.zero, points.full]
        case Piecewise():
            scale = [x for x, _ in points.at]
        case _:
            return False
    return min(scale) >= 0 and max(scale) <= 1


def category_text(value: object) -> str:
    """How a cell is compared with the keys of `map`: trimmed; whole numbers without `.0`."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _ratio_points(part: "NDArray[np.float64]", whole: Any) -> "NDArray[np.float64]":
    """`part / whole x 100`, clipped; where that is too large for a float it is clipped too."""
    import numpy as np  # noqa: PLC0415 - as above

    with np.errstate(over="ignore"):
        points: NDArray[np.float64] = np.clip(part / whole * 100, 0, 100)
    return points
