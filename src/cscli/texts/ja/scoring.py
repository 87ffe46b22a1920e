"""ja: scoring."""

TEXTS: dict[str, str] = {}
