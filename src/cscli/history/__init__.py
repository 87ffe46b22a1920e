"""Snapshots of runs, kept in a database: SQLite beside the rules by default, PostgreSQL by URL."""

from cscli.history.call_lists import earlier_lists
from cscli.history.connection import is_read_only
from cscli.history.earlier import (
    EarlierSegments,
    LastInputs,
    Previous,
    last_inputs,
    previous_scores,
    previous_segments,
)
from cscli.history.snapshots import read_snapshot, snapshot_days
from cscli.history.store import append

__all__ = [
    "EarlierSegments",
    "LastInputs",
    "Previous",
    "append",
    "earlier_lists",
    "is_read_only",
    "last_inputs",
    "previous_scores",
    "previous_segments",
    "read_snapshot",
    "snapshot_days",
]
