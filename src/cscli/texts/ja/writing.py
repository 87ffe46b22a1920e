"""ja: writing."""

TEXTS: dict[str, str] = {}
