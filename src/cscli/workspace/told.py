"""What a workspace keeps beside its history: the findings that were told, which books people had, and whom nothing could
go to, that there is a ledger of messages, what the last back-test found.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(".cscli") / "told.json"
VERSION = 1
BOOKS = Path(".cscli") / "books.json"
BOOKS_VERSION = 1
STOPPED = Path(".cscli") / "stopped.json"
STOPPED_VERSION = 1
LEDGER = Path(".cscli") / "ledger.json"
LEDGER_VERSION = 1
PROOF = Path(".cscli") / "backtest.json"
PROOF_VERSION = 1


def read_told(workspace: Path) -> dict[str, str]:
    """The facts of each finding when it was told last, by its key; nothing where the file is not there or not right."""
    return _read_texts(workspace / FILE, VERSION, "findings")


def write_told(workspace: Path, found: Mapping[str, str]) -> None:
    """Keeps `found` beside what was told before. Where it cannot be written, all is told again."""
    told = {**read_told(workspace), **found}
    _write(workspace / FILE, json.dumps({"schema_version": VERSION, "findings": told}, indent=0))


def read_books(workspace: Path) -> dict[str, str]:
    """By name of the file the day (ISO) of the last run that read each book; nothing where that was not kept."""
    return _read_texts(workspace / BOOKS, BOOKS_VERSION, "books")


def write_books(workspace: Path, books: Mapping[str, str]) -> None:
    """Keeps `books` in the place of those before. Where it cannot be written, one that vanishes is not noticed."""
    document = {"schema_version": BOOKS_VERSION, "books": dict(sorted(books.items()))}
    _write(workspace / BOOKS, json.dumps(document, ensure_ascii=False, indent=0))


def read_stopped(workspace: Path) -> dict[str, str]:
    """By keyed hash of an address the day (ISO) of the last run at which no message could go there; nothing where that was not kept."""
    return _read_texts(workspace / STOPPED, STOPPED_VERSION, "addresses")


def write_stopped(workspace: Path, addresses: Mapping[str, str]) -> None:
    """Keeps `addresses` in the place of those before. Where it cannot be written, an opt-out that vanishes is not noticed."""
    document = {"schema_version": STOPPED_VERSION, "addresses": dict(sorted(addresses.items()))}
    _write(workspace / STOPPED, json.dumps(document, indent=0))


def read_ledger_day(workspace: Path) -> str | None:
    """The day (ISO) since which it is known that messages were booked; None where none was, or that was not kept."""
    return _read_texts(workspace / LEDGER, LEDGER_VERSION, "ledger").get("booked_by")


def write_ledger_day(workspace: Path, day: str) -> None:
    """Keeps that messages were booked by `day`, unless it is known. Where it cannot be written, a ledger that vanishes is not noticed."""
    if read_ledger_day(workspace) is None:
        _write(
            workspace / LEDGER,
            json.dumps({"schema_version": LEDGER_VERSION, "ledger": {"booked_by": day}}, indent=0),
        )


def _read_texts(path: Path, version: int, part: str) -> dict[str, str]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(document, dict) or document.get("schema_version") != version:
        return {}
    found = document.get(part)
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _write(path: Path, text: str) -> None:
    """The file whole, or as it was."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastProof:
    """`as_of`: the day of the back-test; `first`, `last`: its dates, as texts. `digest`: of the rules it judged. `left`: how many
    accounts left; `auc`, `low`, `high`: None where too few did. `lead`, `horizon`: days. `bands`: by band, accounts judged and those of them that
    left.
    """

    as_of: str
    first: str
    last: str
    digest: str
    verdict: str
    left: int
    auc: float | None
    low: float | None
    high: float | None
    lead: int
    horizon: int
    bands: Mapping[str, tuple[int, int]]


def read_proof(workspace: Path) -> LastProof | None:
    """None where there was no back-test, or the file is not right."""
    try:
        document = json.loads((workspace / PROOF).read_text(encoding="utf-8"))
        if document.pop("schema_version") != PROOF_VERSION:
            return None
        bands = {str(band): (int(rows), int(left)) for band, (rows, left) in document.pop("bands").items()}
        return LastProof(bands=bands, **document)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_proof(workspace: Path, proof: LastProof) -> None:
    """Keeps `proof` in the place of the one before. Where it cannot be written, none is told."""
    text = json.dumps({"schema_version": PROOF_VERSION, **asdict(proof)}, indent=1, sort_keys=True)
    _write(workspace / PROOF, text)
