"""Raw cells of days and times to the time of the day, where one stands there."""

import datetime as dt
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})\s*$")


def clock_times(cells: Iterable[object], zone: ZoneInfo | None) -> list[str]:
    """HH:MM of each cell in `zone`, '' where it bears none. A time without an offset is local."""
    return [_clock(cell, zone) for cell in cells]


def without_zone(cells: Iterable[object]) -> int:
    """How many of the cells have a time of the day and no offset: nobody knows of which zone it is."""
    return sum(
        1 for cell in cells if _clock(cell, None) and not (isinstance(cell, str) and _OFFSET.search(cell))
    )


def _clock(cell: object, zone: ZoneInfo | None) -> str:
    if isinstance(cell, dt.datetime):
        return cell.strftime("%H:%M") if cell.time() != dt.time() else ""
    if not isinstance(cell, str):
        return ""
    found = _TIME.search(cell)
    if found is None:
        return ""
    if _OFFSET.search(cell) and zone is not None:
        try:
            return dt.datetime.fromisoformat(cell.strip()).astimezone(zone).strftime("%H:%M")
        except ValueError:
            pass
    return f"{int(found[1]):02d}:{found[2]}"
