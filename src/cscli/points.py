"""What every normaliser is: values to points from 0 to 100, and points back to values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Points = Annotated[float, Field(ge=0, le=100)]
SLACK = 1e-9
"""Points that rounding of floats may cost."""


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """What some kinds need beside the value: tenure in whole months, and segment columns by name."""

    tenure_months: "NDArray[np.float64]"
    segments: "Mapping[str, NDArray[np.object_]]"


@dataclass(frozen=True, eq=False)
class Around:
    """What some kinds need to go back from points: the account's tenure in whole months, and the values of the other
    accounts among which it would be ranked.
    """

    tenure_months: float
    others: "NDArray[np.float64]"


class Normalizer(BaseModel):
    """What every kind says of itself. `is_relative`: its points depend on the other accounts; `is_textual`: its
    values are texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    is_relative: ClassVar[bool] = False
    is_textual: ClassVar[bool] = False

    @property
    def segmentation(self) -> str | None:
        """The segmentation within which accounts are compared, where they are."""
        return None

    @property
    def columns_read(self) -> frozenset[str]:
        """The columns of the accounts that the points depend on, beside the value."""
        return frozenset({self.segmentation} if self.segmentation else ())

    @property
    def corners(self) -> tuple[float, ...]:
        """The values that the rule itself names; none where it names no range."""
        return ()

    @property
    def reads_as_share(self) -> bool:
        """Whether the value is a share, which people read as a percentage: its scale lies within 0 and 1."""
        return bool(self.corners) and min(self.corners) >= 0 and max(self.corners) <= 1

    def unknown(self, _values: Iterable[object]) -> list[str]:
        """Those of the values that have no points and should."""
        return []

    def values_reaching(self, _points: float, _around: Around) -> Iterator[float]:
        """The edges of the ranges of values that give at least so many points (above 0, at most 100)."""
        return iter(())

    def texts_reaching(self, _points: float) -> tuple[str, ...]:
        """The texts that give at least so many points, the one with fewest first."""
        return ()


def ratio_points(part: "NDArray[np.float64]", whole: Any) -> "NDArray[np.float64]":
    """`part / whole x 100`, clipped; where that is too large for a float it is clipped too."""
    import numpy as np  # noqa: PLC0415 - `cscli --help` must not load numpy

    with np.errstate(over="ignore"):
        points: NDArray[np.float64] = np.clip(part / whole * 100, 0, 100)
    return points
