"""Business days: Monday to Friday, in Japan without its national holidays."""

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from cscli.config.schema import Config

Days = NDArray[np.datetime64]


def is_japanese(config: Config) -> bool:
    """Whether the book is kept in Japan: its language, currency or time zone says so."""
    return config.language == "ja" or config.currency == "JPY" or config.timezone == "Asia/Tokyo"


def due_dates(as_of: dt.date, due_days: NDArray[np.float64], *, japanese: bool) -> Days:
    """The day that comes so many business days after `as_of` (NaN: NaT); 0: `as_of` itself, or the next one.

    `japanese`: national holidays of Japan, substitute and bridge days included, are no business days.
    """
    known = ~np.isnan(due_days)
    days = due_days[known].astype(np.int64)
    start = np.full(len(days), np.datetime64(as_of, "D"))
    last = int(days.max(initial=0))
    calendar = np.busdaycalendar(holidays=_holidays(as_of, last) if japanese else [])
    found = np.full(len(due_days), np.datetime64("NaT"), dtype="datetime64[us]")
    later = np.busday_offset(start, days, roll="backward", busdaycal=calendar)
    today = np.busday_offset(start, 0, roll="forward", busdaycal=calendar)
    found[known] = np.where(days > 0, later, today)
    return found


def _holidays(as_of: dt.date, business_days: int) -> list[dt.date]:
    """Japan's holidays of the years that so many business days from `as_of` can touch."""
    from holidays.countries.japan import Japan  # noqa: PLC0415 - most books of other countries never need it

    latest = as_of + dt.timedelta(days=2 * business_days + 31)
    return sorted(Japan(years=range(as_of.year - 1, latest.year + 1)))
