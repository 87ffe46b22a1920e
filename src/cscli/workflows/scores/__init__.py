"""A book scored, and what follows from scores for each account."""
