"""Snapshots of runs, kept in a database: SQLite beside the rules by default."""

from cscli.history.store import LastInputs, Previous, append, last_inputs, previous_scores

__all__ = ["LastInputs", "Previous", "append", "last_inputs", "previous_scores"]
