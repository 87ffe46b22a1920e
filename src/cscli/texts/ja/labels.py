"""ja: labels."""

TEXTS: dict[str, str] = {}
