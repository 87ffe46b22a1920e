"""The time zone of this computer, by its name."""

import datetime as dt
import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LINK = Path("/etc/localtime")


def local_zone(now: dt.datetime) -> str:
    """The IANA name, else a zone of the same offset as `now`."""
    for name in (os.environ.get("TZ", "").lstrip(":"), _from_link()):
        if name and _is_zone(name):
            return name
    offset = now.utcoffset() or dt.timedelta()
    hours = int(offset.total_seconds() // 3600)
    return "UTC" if not hours else f"Etc/GMT{-hours:+d}"


def _from_link() -> str:
    try:
        target = str(_LINK.resolve())
    except OSError:
        return ""
    return target.partition("zoneinfo/")[2]


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
