"""Commands that do all of it by themselves, and tell us."""
