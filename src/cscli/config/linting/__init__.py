"""Mistakes that a valid file can still hold, found in the raw document."""
