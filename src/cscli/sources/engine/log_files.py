"""A pattern into the files of a log, and a file into its form and headers."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from cscli.analysis.proposing.log_columns import LogColumns
from cscli.errors import DataError, Location, Problem, SourceError
from cscli.nearest import nearest_name
from cscli.sources.tabular.delimited import find_delimiter
from cscli.sources.tabular.encoding import decode_text
from cscli.sources.tabular.files import FileBytes, missing_file, refuse_endless
from cscli.workspace.paths import find_matches, is_folder, is_there, open_home

PARQUET = b"PAR1"
GZIP = b"\x1f\x8b"
_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".parquet")
_SAMPLE_BYTES = 1 << 18


def find_log_files(pattern: str, folder: Path) -> tuple[Path, ...]:
    """Every file at `pattern` (a path, a glob, or a folder of log files), seen from `folder`, in the order of names.

    Hidden files and owner files of Excel are passed over. SourceError if there is none.
    """
    literal = folder / open_home(pattern)
    if is_folder(literal):
        found = [path for path in literal.iterdir() if path.name.lower().endswith(_SUFFIXES)]
    elif is_there(literal):
        return (literal,)
    else:
        found = find_matches(pattern, folder, recursive=True)
    files = [path for path in found if path.is_file() and not path.name.startswith((".", "~$"))]
    if not files:
        raise SourceError(missing_file("reading.no_match", literal, pattern))
    return tuple(sorted(files, key=lambda path: (path.name, str(path))))


def is_parquet(path: Path) -> bool:
    """By its first bytes. SourceError if the file cannot be read."""
    with open_log(path) as file:
        return file.read(4) == PARQUET


def open_log(path: Path) -> BinaryIO:
    """The file as bytes. SourceError if it cannot be read."""
    try:
        refuse_endless(path)
        return path.open("rb")
    except FileNotFoundError as error:
        raise SourceError(missing_file("reading.no_file", path, str(path))) from error
    except OSError as error:
        raise SourceError(say_unreadable(path, error)) from error


def is_packed(path: Path) -> bool:
    """Whether gzip packed the file. SourceError if the file cannot be read."""
    with open_log(path) as file:
        return file.read(2) == GZIP


def open_text(path: Path) -> BinaryIO:
    """The bytes of a text file, unpacked if need be."""
    return cast("BinaryIO", gzip.open(path)) if is_packed(path) else open_log(path)


def read_headers(path: Path, encoding: str | None = None, delimiter: str | None = None) -> tuple[str, ...]:
    """The headers of a log file: CSV in any encoding, also packed by gzip, or parquet.

    SourceError if it cannot be read, DataError if it has none.
    """
    if is_parquet(path):
        from cscli.sources.engine.duck import parquet_types  # noqa: PLC0415 - loads DuckDB

        return tuple(parquet_types(path))
    return split_header(path, encoding, delimiter, lambda _: False)[0]


def split_header(
    path: Path, encoding: str | None, delimiter: str | None, is_wanted: Callable[[str], bool]
) -> tuple[tuple[str, ...], str]:
    """The headers of a text file, and its delimiter: the one that splits best and yields wanted headers."""
    sample = _sample(path)
    if not sample.strip():
        raise DataError(Problem("reading.empty_file", where=Location(file=path.name)))
    text = decode_text(FileBytes(path, sample, "", 0.0), encoding).text
    chosen = delimiter or find_delimiter(text, is_wanted)
    if len(chosen) != 1 or chosen in '"\r\n':
        raise DataError(Problem("reading.bad_delimiter", where=Location(file=path.name), value=chosen))
    header = next(csv.reader(io.StringIO(text, newline=""), delimiter=chosen), [])
    return tuple(cell.strip() for cell in header), chosen


def place_columns(path: Path, headers: tuple[str, ...], columns: LogColumns) -> dict[str, int]:
    """Where each column of the log stands in the file. DataError if one is missing or stands there twice."""
    return place_headers(path, headers, columns.named())


def place_headers(path: Path, headers: tuple[str, ...], wanted: Mapping[str, str]) -> dict[str, int]:
    """Where the header of each wanted name stands. DataError if one is missing or stands there twice."""
    problems = []
    for header in wanted.values():
        details = {"nearest": nearest_name(header, headers) or ", ".join(headers[:5])}
        count = headers.count(header)
        if count != 1:
            code = "events.column_missing" if count == 0 else "events.column_repeated"
            problems.append(Problem(code, where=Location(file=path.name), value=header, details=details))
    if problems:
        raise DataError(*problems)
    return {name: headers.index(header) for name, header in wanted.items()}


def say_unreadable(path: Path, error: Exception) -> Problem:
    reason = getattr(error, "strerror", None) or str(error)
    return Problem("reading.not_readable", where=Location(file=path.name), details={"reason": reason})


def _sample(path: Path) -> bytes:
    """The first whole lines of the file."""
    try:
        with open_text(path) as file:
            sample = file.read(_SAMPLE_BYTES)
    except (EOFError, zlib.error, OSError) as error:
        raise SourceError(say_unreadable(path, error)) from error
    with suppress(ValueError):
        if len(sample) == _SAMPLE_BYTES and b"\0" not in sample:
            return sample[: sample.rindex(b"\n") + 1]
    return sample
