"""The log of runs: one JSON object a line, with ids and codes, never a name or a cell of an export."""

import datetime as dt
import json
import os
import time
from contextlib import suppress
from pathlib import Path

from cscli.errors import Problem

FOLDER = Path(".cscli") / "log"
NAME = "cscli.log"
MOST_BYTES = 1_000_000
_KEPT = 5


class RunLog:
    """Appends to the log of a workspace; `run` stands in every line. A log that cannot be written stops nothing:
    what matters is said elsewhere too.
    """

    def __init__(self, workspace: Path, started: dt.datetime, run: str) -> None:
        self._path = workspace / FOLDER / NAME
        self._started = started.astimezone(dt.UTC)
        self._begun = time.perf_counter()
        self._run = run

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.perf_counter() - self._begun

    def write(self, event: str, **facts: object) -> None:
        """One line."""
        at = self._started + dt.timedelta(seconds=self.seconds)
        line = {"at": at.isoformat(timespec="milliseconds"), "run": self._run, "event": event, **facts}
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, (json.dumps(line, ensure_ascii=False) + "\n").encode())
            finally:
                os.close(handle)

    def write_problem(self, problem: Problem) -> None:
        """What it is and where; what the cell holds stays in the report."""
        where = problem.where
        place = {"file": where.file, "sheet": where.sheet, "line": where.line, "key": where.key}
        self.write(
            "problem",
            code=problem.code,
            severity=problem.severity.value,
            **{name: value for name, value in place.items() if value is not None},
        )

    def rotate(self) -> None:
        """Puts logs aside that have grown too large, and drops the oldest. Only for who holds the workspace."""
        for path in sorted(self._path.parent.glob("*.log")):
            with suppress(OSError):
                if path.stat().st_size > MOST_BYTES:
                    for number in range(_KEPT, 0, -1):
                        older = path.with_name(f"{path.name}.{number}")
                        newer = path if number == 1 else path.with_name(f"{path.name}.{number - 1}")
                        if newer.exists():
                            newer.replace(older)
