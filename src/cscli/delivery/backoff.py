"""How long to wait before a message is tried again."""

import hashlib

MOST_TRIES = 5
"""Tries of a message in one run."""
SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 60.0
_JITTER = 0.25
_LONGEST_ASKED_SECONDS = 24 * 3600.0


def wait_seconds(tries: int, key: str, asked_seconds: float | None = None) -> float:
    """Seconds after `tries` failed tries of the message `key`: 1, 2, 4 and so on to 60, and up to a quarter more, so
    that not everybody comes back at once; never sooner than the server asked (`Retry-After`), up to a day.
    """
    doubled = min(SHORTEST_SECONDS * 2.0 ** min(max(tries - 1, 0), 16), LONGEST_SECONDS)
    spread = int(hashlib.sha256(f"{key}:{tries}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
    return max(doubled * (1 + _JITTER * spread), min(asked_seconds or 0.0, _LONGEST_ASKED_SECONDS))
