"""A course in one line of text."""

from collections.abc import Sequence

import numpy as np

_BARS = "▁▂▃▄▅▆▇█"
_SIGNS = "_.-=^"
_FLAT = 5.0
"""A course that moves less than so much over all is drawn as though it moved so much: noise is no drama."""


def sparkline(values: Sequence[float], width: int, *, has_unicode: bool) -> str:
    """One sign a value from low to high, a space where it is missing; the newest `width` of them."""
    shown = np.asarray(values, np.float64)[-width:]
    known = shown[np.isfinite(shown)]
    if not len(known):
        return ""
    signs = _BARS if has_unicode else _SIGNS
    middle, span = (known.min() + known.max()) / 2, max(float(np.ptp(known)), _FLAT)
    share = (shown - (middle - span / 2)) / span
    places = np.clip(np.nan_to_num(share) * len(signs), 0, len(signs) - 1).astype(int)
    return "".join(
        signs[place] if np.isfinite(value) else " " for place, value in zip(places, shown, strict=True)
    )
