"""What a workspace keeps beside its history: the findings that were told, and what the last back-test found."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(".cscli") / "told.json"
VERSION = 1
PROOF = Path(".cscli") / "backtest.json"
PROOF_VERSION = 1


def read_told(workspace: Path) -> dict[str, str]:
    """The facts of each finding when it was told last, by its key; nothing where the file is not there or not right."""
    try:
        document = json.loads((workspace / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(document, dict) or document.get("schema_version") != VERSION:
        return {}
    found = document.get("findings")
    return {str(key): str(facts) for key, facts in found.items()} if isinstance(found, dict) else {}


def write_told(workspace: Path, found: Mapping[str, str]) -> None:
    """Keeps `found` beside what was told before. Where it cannot be written, all is told again."""
    told = {**read_told(workspace), **found}
    path = workspace / FILE
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_text(
            json.dumps({"schema_version": VERSION, "findings": told}, indent=0), encoding="utf-8"
        )
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
    path = workspace / PROOF
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        text = json.dumps({"schema_version": PROOF_VERSION, **asdict(proof)}, indent=1, sort_keys=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
