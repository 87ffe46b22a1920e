"""The reports about the data itself: `check`, `match`."""
