"""en: expressions."""

TEXTS: dict[str, str] = {}
