"""en: config."""

TEXTS: dict[str, str] = {}
