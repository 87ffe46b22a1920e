"""ja: expressions."""

TEXTS: dict[str, str] = {}
