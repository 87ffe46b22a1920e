"""The reports `history` and `diff`."""
