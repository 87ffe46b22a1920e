"""ja: data."""

TEXTS: dict[str, str] = {}
