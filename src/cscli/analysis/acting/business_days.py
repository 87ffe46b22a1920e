"""Business days: Monday to Friday, in Japan without its national holidays."""

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from cscli.config.schema import Config

Days = NDArray[np.datetime64]


def is_japanese(config: Config) -> bool:
    """Whether the book is kept in Japan: its language, currency or time zone says so."""
    return config.language == "ja" or config.currency == "JPY" or config.timezone == "Asia/Tokyo"


def due_dates(start: Days, due_days: NDArray[np.float64], *, japanese: bool) -> Days:
    """The days that come so many business days after those of `start` (NaN: NaT); 0: the day itself, or the next one.

    `japanese`: national holidays of Japan, substitute and bridge days included, are no business days.
    """
    known = ~np.isnan(due_days)
    days = due_days[known].astype(np.int64)
    begun = start[known].astype("datetime64[D]")
    calendar = np.busdaycalendar(holidays=_holidays(begun, int(days.max())) if japanese and len(days) else [])
    found = np.full(len(due_days), np.datetime64("NaT"), dtype="datetime64[us]")
    later = np.busday_offset(begun, days, roll="backward", busdaycal=calendar)
    today = np.busday_offset(begun, 0, roll="forward", busdaycal=calendar)
    found[known] = np.where(days > 0, later, today)
    return found


def _holidays(begun: Days, business_days: int) -> list[dt.date]:
    """Japan's holidays of the years that so many business days from these can touch."""
    from holidays.countries.japan import Japan  # noqa: PLC0415 - most books of other countries never need it

    first, last = begun.min().item(), begun.max().item() + dt.timedelta(days=2 * business_days + 31)
    return sorted(Japan(years=range(first.year - 1, last.year + 1)))
