"""The lines of a log that cannot be read: counted, the first of them shown, and too many refused."""

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cscli.errors import DataError, Location, Problem, Severity

SHOWN = 3
_FIELD_LIMIT = 1 << 24
_CODES = {  # the kinds of DuckDB's table of rejects
    "TOO MANY COLUMNS": "events.line_long",
    "MISSING COLUMNS": "events.line_short",
    "UNQUOTED VALUE": "events.line_quote",
    "LINE SIZE OVER MAXIMUM": "events.line_size",
}
_TEXT_LENGTH = 80


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read: where (None: a row of a parquet file), why, and what stands there."""

    line: int | None
    code: str
    value: str

    def problem(self, file: str, severity: Severity) -> Problem:
        return Problem(
            self.code, severity=severity, where=Location(file=file, line=self.line), value=self.value
        )


def take_rejects(connection: duckdb.DuckDBPyConnection) -> tuple[int, tuple[BadLine, ...]]:
    """How many lines the last reading of a CSV file left out, and the first of them."""
    kinds = "SELECT line, MIN(error_type) AS kind, MIN(csv_line) AS text FROM reject_errors GROUP BY line"
    counted = connection.execute("SELECT COUNT(DISTINCT line) FROM reject_errors").fetchone()
    first = connection.execute(f"{kinds} ORDER BY line LIMIT {SHOWN}").fetchall()
    connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    lines = (
        BadLine(int(line), _CODES.get(kind, "events.line_bad"), shorten(text or ""))
        for line, kind, text in first
    )
    return (int(counted[0]) if counted else 0), tuple(lines)


def find_bad_times(values: list[str], readable: Path | None) -> tuple[BadLine, ...]:
    """The lines of a text file on which these times stand; without a file (parquet), just the values."""
    if readable is None:
        return tuple(BadLine(None, "events.line_time", shorten(value)) for value in values)
    wanted = {value.strip().encode(): value for value in values}
    found: list[BadLine] = []
    with readable.open("rb") as file:
        for number, line in enumerate(file, start=1):
            here = [value for value in wanted if value in line]
            found += [BadLine(number, "events.line_time", shorten(wanted.pop(value))) for value in here]
            if not wanted:
                break
    return (*found, *(BadLine(None, "events.line_time", shorten(value)) for value in wanted.values()))


def judge_bad_lines(
    file: str, rows: int, count: int, first: tuple[BadLine, ...], max_share: float
) -> tuple[Problem, ...]:
    """What to say of the bad lines of a file with so many good `rows`. DataError if they are more than `max_share`
    of all lines.
    """
    if not count:
        return ()
    too_many = count > max_share * (rows + count)
    severity = Severity.ERROR if too_many else Severity.WARNING
    details = {"lines": rows + count, "limit": f"{max_share:.2%}"}
    code = "events.too_many_bad_lines" if too_many else "events.bad_lines"
    said = (
        Problem(code, severity=severity, where=Location(file=file), value=str(count), details=details),
        *(line.problem(file, severity) for line in first),
    )
    if too_many:
        raise DataError(*said)
    return said


def check_lines(path: Path, readable: Path, delimiter: str, width: int) -> tuple[int, int]:
    """The good and bad rows of a CSV file by a strict reader, where fields may run over lines or lines be blank.

    DataError for a broken quote.
    """
    good = bad = 0
    limit = csv.field_size_limit(_FIELD_LIMIT)
    try:
        with readable.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            next(reader, None)
            for row in reader:
                good += len(row) == width
                bad += len(row) not in (0, width)
    except csv.Error as error:
        raise DataError(Problem("reading.broken_quote", where=Location(file=path.name))) from error
    finally:
        csv.field_size_limit(limit)
    return good, bad


def shorten(text: str) -> str:
    """A line as it may stand in a message."""
    text = " ".join(text.split())
    return text if len(text) <= _TEXT_LENGTH else f"{text[:_TEXT_LENGTH]}…"
