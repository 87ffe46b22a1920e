"""What `cscli explain` says."""

TEXTS: dict[str, str] = {}
