"""What became of a snapshot to what is said of it: whether it tells what was known in time."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cscli.errors import Problem, Scope, Severity

if TYPE_CHECKING:
    from cscli.history import Stored


def say_stored(as_of: dt.date, stored: "Stored") -> Iterator[Problem]:
    """What became of the snapshot."""
    details = {"as_of": as_of.isoformat(), "known_on": stored.known_on.isoformat()}
    if stored.is_evidence:
        code = "history.replaced" if stored.replaced else "history.stored"
    elif stored.evidence is None:
        code = "history.replaced_late" if stored.replaced else "history.stored_late"
    else:
        code, details["evidence"] = "history.stored_beside", stored.evidence.isoformat()
    yield Problem(code, severity=Severity.NOTE, details=details, scope=Scope.RUN)
    if stored.clock_back is not None:
        last = {**details, "last": stored.clock_back.isoformat()}
        yield Problem("history.clock_back", severity=Severity.WARNING, details=last, scope=Scope.RUN)
