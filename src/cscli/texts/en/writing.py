"""en: writing."""

TEXTS: dict[str, str] = {}
