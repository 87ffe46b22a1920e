"""Which findings a workspace has been told of: a small file beside the history."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

FILE = Path(".cscli") / "told.json"
VERSION = 1


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
