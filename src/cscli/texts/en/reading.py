"""en: reading."""

TEXTS: dict[str, str] = {}
