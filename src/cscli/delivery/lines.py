"""A message as one line at the end of a file; the end that a crash tore off is mended first."""

import json
import os
from pathlib import Path
from typing import BinaryIO

from cscli.delivery.outcome import Outcome, Verdict

_BEGINNING = b'{"schema_version"'
_BLOCK = 64 * 1024


def append_line(path: Path, line: bytes, key: str) -> Outcome:
    """Adds `line` (a JSON object without line feeds that holds `key`), safely on the disk; nothing where the file
    already ends with it. The folder is made where there is none.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            last = _mend(file)
            if _key_of(last) != key:
                file.write(line + b"\n")
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        return Outcome(Verdict.LATER, error.strerror or type(error).__name__)
    return Outcome(Verdict.SENT)


def _mend(file: BinaryIO) -> bytes:
    """The last whole line. A message that was torn off is removed; any other last line gets its line feed."""
    last, rest = _last_lines(file)
    if not rest:
        return last
    if _is_json(rest):
        file.write(b"\n")
        return rest
    if rest.startswith(_BEGINNING) or _BEGINNING.startswith(rest):
        file.truncate(file.seek(0, os.SEEK_END) - len(rest))
        return last
    file.write(b"\n")
    return rest


def _last_lines(file: BinaryIO) -> tuple[bytes, bytes]:
    """The last line that ends with a line feed, and what stands after it."""
    size = file.seek(0, os.SEEK_END)
    wanted = _BLOCK
    while True:
        file.seek(max(size - wanted, 0))
        tail = file.read()
        if tail.count(b"\n") > 1 or wanted >= size:
            break
        wanted *= 4
    whole, _, rest = tail.rpartition(b"\n")
    return whole.rpartition(b"\n")[2], rest


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _key_of(line: bytes) -> object:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found.get("key") if isinstance(found, dict) else None
