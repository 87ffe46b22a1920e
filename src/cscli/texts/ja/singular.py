"""Japanese has one form for one and for many."""

TEXTS: dict[str, str] = {}
