"""Which of the snapshots of a day tell what was known in time, so that a score of then can be judged by what came after."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

TIMELY_DAYS = 7
"""What is known at most so many days after the as-of date was known in time."""


@dataclass(frozen=True, slots=True)
class Take:
    """One of the snapshots of a day. `number`: the higher, the later it was stored."""

    number: int
    known_on: dt.date


@dataclass(frozen=True, slots=True)
class Kept:
    """The numbers of the snapshots of a day that stay: the `newest`, and the `evidence` where there is any."""

    newest: int
    evidence: int | None


def is_timely(as_of: dt.date, known_on: dt.date) -> bool:
    """Whether a snapshot tells what was known in time."""
    return known_on <= as_of + dt.timedelta(days=TIMELY_DAYS)


def choose_kept(as_of: dt.date, takes: Sequence[Take]) -> Kept:
    """Evidence is the timely one that was known first; of several of one day the last, which corrects the others."""
    timely = [take for take in takes if is_timely(as_of, take.known_on)]
    first = min(timely, key=lambda take: (take.known_on, -take.number), default=None)
    return Kept(max(take.number for take in takes), first.number if first else None)


def known_by_clock(today: dt.date, last_run: dt.date | None) -> dt.date:
    """The day on which exports that are read now are known: `today`, but never before the day of the last run, which came
    first whatever the clock says.
    """
    return today if last_run is None else max(today, last_run)
