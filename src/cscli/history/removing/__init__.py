"""What leaves the history: old runs, a run, an account."""
