"""Names of time zones, checked against those that there are."""

from typing import Annotated

import pydantic_core
from pydantic import AfterValidator

from cscli.nearest import nearest_name


def _check_zone(zone: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - only where a zone is given

    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        context = {"found": zone, "nearest": _nearest_zone(zone)}
        raise pydantic_core.PydanticCustomError("config.unknown_zone", "{found}", context) from error
    return zone


def _nearest_zone(zone: str) -> str:
    """The zone that was probably meant, also where only the city was given."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - only for a zone that does not exist

    by_city = {name.rsplit("/", 1)[-1]: name for name in sorted(available_timezones(), reverse=True)}
    city = nearest_name(zone.rsplit("/", 1)[-1], by_city)
    return nearest_name(zone, by_city.values()) or (by_city[city] if city else "Asia/Tokyo")


Zone = Annotated[str, AfterValidator(_check_zone)]
