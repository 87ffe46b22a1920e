"""ja: reading."""

TEXTS: dict[str, str] = {}
