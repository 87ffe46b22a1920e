"""A file that tells of an error in cscli itself."""

import os
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path

from cscli import __version__

_PREFIX = "cscli-crash-"
_KEPT_SECONDS = 30 * 86_400

_FOLDER = tempfile.gettempdir()  # a run has its temporary files in a folder that it removes


def write_crash_file() -> str:
    """A file, readable by its owner only, with the traceback of the error being handled: code and lines, no cell of
    any export. It lies in the system's folder for temporary files.
    """
    _drop_old()
    handle, path = tempfile.mkstemp(prefix=_PREFIX, suffix=".txt", dir=_FOLDER)
    kind, _, trace = sys.exc_info()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"cscli {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n")
        file.writelines(traceback.format_tb(trace))
        file.write(f"{kind.__name__ if kind else ''}\n")
    return path


def _drop_old() -> None:
    """Those of more than thirty days ago that are ours."""
    for path in Path(_FOLDER).glob(f"{_PREFIX}*.txt"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _KEPT_SECONDS:
                path.unlink()
