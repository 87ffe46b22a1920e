"""Raw cells to typed, joined tables."""
