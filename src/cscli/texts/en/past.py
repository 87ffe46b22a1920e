"""The past: the history, what was stored in it, and what it refuses."""

TEXTS: dict[str, str] = {
    "problem.history.locked": "The history was held by another program for {seconds} seconds",
    "problem.history.locked.hint": "Run it again when the other has ended.",
    "problem.history.damaged": "The history is no database, or a damaged one: {reason}",
    "problem.history.damaged.hint": "Put a copy of it back; or move the file away, and the next run begins a new one.",
    "problem.history.read_only": "The history can be read, but not written",
    "problem.history.read_only.hint": "Give this user the right to write the file and its folder, or run with --no-history.",
    "problem.history.no_space": "There is no room for the history on the disk",
    "problem.history.no_space.hint": "Make room, or run with --no-history. What was stored before is whole.",
    "problem.history.no_driver": "The history is on PostgreSQL, and its driver is not installed",
    "problem.history.no_driver.hint": 'Install it: pip install "cscli[postgres]"',
    "problem.history.unknown_kind": "The history is of a kind that cscli does not know",
    "problem.history.unknown_kind.hint": "Use a URL that begins with sqlite:/// or postgresql://",
    "problem.history.old_form": "The history was written by an earlier cscli and must be brought to the form of this one, but cannot be written",
    "problem.history.old_form.hint": "Run any command once as a user who may write the file and its folder.",
}
