"""`inputs/crosswalk.csv`: what people decided about ids, read whatever Excel made of it; new suggestions put below."""

import csv
import hashlib
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cscli.analysis.matching.decisions import CrosswalkRow
from cscli.analysis.tables.word_cells import FALSE_WORDS, TRUE_WORDS
from cscli.errors import DataError, Location, Problem, Severity
from cscli.sources.tabular.encoding import DecodedText, decode_text
from cscli.sources.tabular.files import FileBytes, load_file
from cscli.workspace.paths import CROSSWALK

COLUMNS = (
    "source", "source_id", "source_name", "account_id", "account_name", "method", "score", "mrr", "accepted", "note",
)  # fmt: skip
_NEEDED = ("source", "source_id", "account_id", "accepted")
_YES = TRUE_WORDS | {"可", "ok"}
_NO = FALSE_WORDS | {"x", "不可", "ng"}
_STARTERS = tuple("=+-@\t\r＝＋－＠")
_BOM = "\ufeff".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """The file as it stands. `raw`: its bytes, None where there is no such file. `kept`: the same as UTF-8."""

    path: Path
    raw: bytes | None
    kept: bytes
    delimiter: str
    columns: tuple[str, ...]
    rows: tuple[CrosswalkRow, ...]
    problems: tuple[Problem, ...]

    @property
    def sha256(self) -> str:
        """Identifies the decisions that a run used."""
        return hashlib.sha256(self.raw or b"").hexdigest()


def read_crosswalk(workspace: Path) -> Crosswalk:
    """The decisions in the workspace; none where there is no file. Raises SourceError if it cannot be read,
    DataError if it lacks a column or is no table: then nobody may write to it either.
    """
    path = workspace / CROSSWALK
    if not path.exists():
        return Crosswalk(path=path, raw=None, kept=b"", delimiter=",", columns=COLUMNS, rows=(), problems=())
    file = load_file(path)
    decoded = decode_text(file)
    delimiter = _delimiter(decoded.text)
    lines = _lines(file, decoded.text, delimiter)
    header = tuple(_plain(cell).casefold() for cell in lines[0][1]) if lines else COLUMNS
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise DataError(Problem("match.crosswalk_column", where=file.place, value=", ".join(missing)))
    problems = [problem for problem in decoded.problems if problem.severity is not Severity.NOTE]
    rows = []
    for number, cells in lines[1:]:
        row = dict(zip(header, map(_plain, cells), strict=False))
        if any(row.values()):
            place = Location(file=file.name, line=number)
            accepted, said = _accepted(row.get("accepted", ""), place)
            problems += said
            rows.append(
                CrosswalkRow(
                    source=row.get("source", ""),
                    source_id=row.get("source_id", ""),
                    account_id=row.get("account_id", ""),
                    accepted=accepted,
                    place=place,
                )
            )
    return Crosswalk(
        path=path,
        raw=file.raw,
        kept=_as_utf8(file, decoded),
        delimiter=delimiter,
        columns=header,
        rows=tuple(rows),
        problems=tuple(problems),
    )


def with_suggestions(crosswalk: Crosswalk, suggestions: Sequence[Mapping[str, str]]) -> bytes:
    """The bytes of the file with `suggestions` (by column) below what is there, of which nothing changes. UTF-8
    with byte order mark, whatever it was.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=crosswalk.delimiter, lineterminator="\r\n")
    kept = crosswalk.kept
    if not kept.removeprefix(_BOM).strip():
        kept = _BOM
        writer.writerow(crosswalk.columns)
    elif not kept.endswith((b"\n", b"\r")):
        kept += b"\r\n"
    for row in suggestions:
        writer.writerow([_shielded(row.get(column, "")) for column in crosswalk.columns])
    return kept + text.getvalue().encode("utf-8", "replace")


def _delimiter(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _lines(file: FileBytes, text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with the line on which it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        place = Location(file=file.name, line=reader.line_num)
        raise DataError(Problem("match.crosswalk_broken", where=place)) from error
    return [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]


def _plain(cell: str) -> str:
    """A cell without the mark that shields it from being computed."""
    text = unicodedata.normalize("NFKC", cell).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_STARTERS) else text


def _shielded(text: str) -> str:
    one_line = " ".join(text.split())
    return f"'{one_line}" if one_line.startswith(_STARTERS) else one_line


def _accepted(text: str, place: Location) -> tuple[bool | None, list[Problem]]:
    word = text.casefold()
    if word in _YES or word in _NO:
        return word in _YES, []
    if not word:
        return None, []
    return None, [Problem("match.accepted_unclear", severity=Severity.WARNING, where=place, value=text)]


def _as_utf8(file: FileBytes, decoded: DecodedText) -> bytes:
    """The bytes as they are where they are UTF-8, else in UTF-8."""
    if decoded.encoding == "utf-8":
        return file.raw if file.raw.startswith(_BOM) else _BOM + file.raw
    bom = "\ufeff"
    return (bom + file.raw.decode(decoded.encoding).removeprefix(bom)).encode("utf-8", "surrogatepass")
