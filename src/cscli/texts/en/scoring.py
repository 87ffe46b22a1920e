"""en: scoring."""

TEXTS: dict[str, str] = {}
