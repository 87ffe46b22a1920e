"""ja: config."""

TEXTS: dict[str, str] = {}
