"""Snapshots of runs, kept in a database: SQLite beside the rules by default."""

from cscli.history.call_lists import earlier_lists
from cscli.history.store import (
    EarlierSegments,
    LastInputs,
    Previous,
    append,
    last_inputs,
    previous_scores,
    previous_segments,
)

__all__ = [
    "EarlierSegments",
    "LastInputs",
    "Previous",
    "append",
    "earlier_lists",
    "last_inputs",
    "previous_scores",
    "previous_segments",
]
