"""Colours of bands: green over amber to red from the best band to the worst, grey for unknown."""

from collections.abc import Mapping
from dataclasses import dataclass

from cscli.reports.kit.model import Column, Report

_UNKNOWN = "unknown"
_RAMP = ((0x2F, 0x9E, 0x6B), (0xE0, 0xA0, 0x30), (0xC9, 0x4A, 0x44))
_GREY = (0xA9, 0xB1, 0xBC)


@dataclass(frozen=True, slots=True)
class Tone:
    """Colours as `#RRGGBB`: `solid` for pictures, `fill` behind `ink` for cells."""

    solid: str
    fill: str
    ink: str


def band_tones(report: Report, column: Column) -> Mapping[str, Tone]:
    """A tone by band name, for a column of bands. Their order is that of `report.live`, else that of the
    column's labels, best first.
    """
    if report.live is not None:
        names = [band.name for band in reversed(report.live.bands)]
    else:
        names = [name for name in column.labels if name != _UNKNOWN]
    last = max(len(names) - 1, 1)
    tones = {name: _tone(_ramp(position / last)) for position, name in enumerate(names)}
    return {**tones, _UNKNOWN: _tone(_GREY)}


def ramp_colours(count: int) -> list[str]:
    """So many colours from green to red, as `#RRGGBB`."""
    return [_hex(_ramp(position / max(count - 1, 1))) for position in range(count)]


def _ramp(share: float) -> tuple[int, int, int]:
    lower = min(int(share * 2), 1)
    return _mix(_RAMP[lower], _RAMP[lower + 1], share * 2 - lower)


def _tone(solid: tuple[int, int, int]) -> Tone:
    return Tone(_hex(solid), _hex(_mix(solid, (255, 255, 255), 0.8)), _hex(_mix(solid, (0, 0, 0), 0.45)))


def _mix(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)
