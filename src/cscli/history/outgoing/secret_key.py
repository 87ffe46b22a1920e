"""A key of the workspace's own, by which addresses are kept as hashes: made once, readable by its owner alone."""

import hashlib
import os
import secrets
from pathlib import Path

from cscli.errors import Location, Problem, Scope, SourceError
from cscli.workspace.publish import writing_fault

PLACE = Path(".cscli") / "address-hashes.key"
_BYTES = 32


def read_key(workspace: Path) -> bytes | None:
    """The key; None where there is none yet. SourceError for a file that holds none."""
    path = workspace / PLACE
    try:
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise SourceError(_unusable(path)) from error
    if len(key) != _BYTES:
        raise SourceError(_unusable(path))
    return key


def made_key(workspace: Path) -> bytes:
    """The key, made now where there is none. Two who make it at once get the same. SourceError where it cannot be written."""
    path = workspace / PLACE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        own = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        handle = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_hex(_BYTES).encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            os.link(own, path)  # fails where another was first, and is whole or not there
        except FileExistsError:
            pass
        finally:
            own.unlink()
    except OSError as error:
        raise SourceError(writing_fault(path, error)) from error
    key = read_key(workspace)
    if key is None:
        raise SourceError(_unusable(path))
    return key


def key_mark(key: bytes) -> str:
    """What tells a key apart, and does not give it away."""
    return hashlib.sha256(b"mark\0" + key).hexdigest()[:16]


def _unusable(path: Path) -> Problem:
    return Problem("address-hashes.key_unusable", where=Location(file=path.name), scope=Scope.WORKSPACE)
