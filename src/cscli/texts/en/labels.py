"""en: labels."""

TEXTS: dict[str, str] = {}
