"""A number with its interval, what it rests on, and what must be said beside it."""

from dataclasses import dataclass
from enum import StrEnum


class Remark(StrEnum):
    """What must be said beside an estimate, or why there is none."""

    NO_ACCOUNTS = "no_accounts"
    NO_MRR = "no_mrr"
    NO_MARGIN = "no_margin"
    NO_CHURN = "no_churn"
    NO_LOSSES = "no_losses"
    NO_LIFETIMES = "no_lifetimes"
    NO_CAC = "no_cac"
    NO_TIME_AT_RISK = "no_time_at_risk"
    NOT_REACHED = "not_reached"
    TOO_FEW = "too_few"
    NO_INTERVAL = "no_interval"
    BEYOND_DATA = "beyond_data"
    POOLED = "pooled"
    NO_HETEROGENEITY = "no_heterogeneity"
    NO_FIT = "no_fit"
    UNDATED = "undated"


FEW_EVENTS = 20
"""Fewer churn events than this are called too few to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """`value` is None where it cannot be said, and `remarks` say why. `low`, `high`: 95% interval; `n`: accounts;
    `events`: those that churned.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    events: int | None = None
    remarks: tuple[Remark, ...] = ()

    def times(self, factor: float | None, *without: Remark) -> "Estimate":
        """The estimate in another unit; with no factor there is none, for the reasons `without`."""
        if factor is None or self.value is None:
            return Estimate(value=None, n=self.n, events=self.events, remarks=(*self.remarks, *without))
        low, high = (None if end is None else end * factor for end in (self.low, self.high))
        return Estimate(
            value=self.value * factor, low=low, high=high, n=self.n, events=self.events, remarks=self.remarks
        )
