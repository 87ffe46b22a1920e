"""Snapshots of runs, kept in a database: SQLite beside the rules by default."""

from cscli.history.store import Previous, append, previous_scores

__all__ = ["Previous", "append", "previous_scores"]
