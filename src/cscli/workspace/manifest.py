"""What a run says of itself, `run.json`: its form, and the one place that writes and reads it."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

MANIFEST = "run.json"
SCHEMA_VERSION = 1


def _plain_day(text: str) -> str:
    if dt.date.fromisoformat(text).isoformat() != text:
        raise ValueError(text)
    return text


def _plain_name(text: str) -> str:
    if text != Path(text).name or "\\" in text:
        raise ValueError(text)
    return text


Day = Annotated[str, AfterValidator(_plain_day)]
Name = Annotated[str, AfterValidator(_plain_name)]
"""Of a file in the folder of the run, and of no other."""


class _Fact(BaseModel):
    """Frozen; what a later version adds is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Arguments(_Fact):
    """What the command line asked for."""

    as_of: str | None
    set: tuple[str, ...]
    plain: bool
    history: bool
    lang: Literal["en", "ja"] | None


class RulesFacts(_Fact):
    """The rules of the run. `file`: where they stand beside the manifest, without passwords."""

    name: str
    digest: str
    sha256: str
    file: Name


class ProblemFacts(_Fact):
    """A problem without its words."""

    code: str
    severity: Literal["error", "warning", "note"]
    file: str | None = None
    sheet: str | None = None
    line: int | None = None
    column: str | None = None
    key: str | None = None
    value: str | None = None
    details: Mapping[str, object] = {}
    scope: str = "data"
    count: int = 0


class ToldProblem(ProblemFacts):
    """A problem with its words in the language of the run."""

    message: str


class RowsSkipped(_Fact):
    """Rows of a file that are no data."""

    blank: int
    total: int


class InputFile(_Fact):
    """A file that was read, or looked for (`sha256` None). `path`: seen from the workspace, where it lies in it;
    `said`: what was said of its choice. Of a log's files there are only the facts that its engine tells.
    """

    source: str
    path: str
    sha256: str | None
    file: str | None = None
    size_bytes: int | None = None
    modified: float | None = None
    form: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    rows: int | None = None
    bad_lines: int | None = None
    rows_skipped: RowsSkipped | None = None
    said: tuple[ProblemFacts, ...] = ()


class StepFacts(_Fact):
    """What became of a step."""

    step: str
    status: Literal["done", "failed"]
    exit_code: int
    seconds: float


class OutputFile(_Fact):
    """A file that a step has made."""

    step: str
    file: Name
    size_bytes: int
    sha256: str


class AtRiskCounts(_Fact):
    """The call list in figures."""

    accounts: int
    new: int
    resolved: int
    arr_at_risk: float


class Counts(_Fact):
    """The run in figures; bands and at_risk where a step has them."""

    accounts: int
    accounts_left: int
    bands: Mapping[str, int] | None = None
    at_risk: AtRiskCounts | None = None


class Problems(_Fact):
    """`counts`: by severity; `kinds`: what identifies those that are alike."""

    counts: Mapping[str, int]
    kinds: tuple[str, ...]
    list: tuple[ToldProblem, ...]


class Manifest(_Fact):
    """A run. `zone`: decides what day it is; `versions`: of cscli, Python, the system and libraries."""

    schema_version: Literal[1]
    run: str
    as_of: Day
    zone: str
    language: Literal["en", "ja"]
    started_at: str
    arguments: Arguments
    versions: Annotated[Mapping[str, str], Field(min_length=1)]
    config: RulesFacts
    inputs: tuple[InputFile, ...]
    steps: tuple[StepFacts, ...]
    outputs: tuple[OutputFile, ...]
    counts: Counts
    problems: Problems
    seconds: float = 0.0
    exit_code: int = 0
    is_replay: bool = False

    def record(self) -> dict[str, object]:
        """As JSON has it; what is not known is not there."""
        return self.model_dump(mode="json", exclude_unset=True)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in `folder`; None where there is none that can be read."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None


def is_damaged(folder: Path) -> bool:
    """Whether the manifest in `folder` is none, or half of one; that of a later version is not damaged."""
    if read_manifest(folder) is not None:
        return False
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except OSError:
        return False
    except (ValueError, RecursionError):
        return True
    version = found.get("schema_version") if isinstance(found, dict) else None
    return not (isinstance(version, int) and version > SCHEMA_VERSION)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes it into `folder`. OSError where that cannot be."""
    text = json.dumps(manifest.record(), ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", errors="replace", newline="\n")


def file_digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
