"""A file that tells of an error in cscli itself."""

import os
import sys
import tempfile
import traceback

from cscli import __version__

_FOLDER = tempfile.gettempdir()  # a run has its temporary files in a folder that it removes


def write_crash_file() -> str:
    """A file, readable by its owner only, with the traceback of the error being handled: code and lines, no cell of
    any export. It lies in the system's folder for temporary files.
    """
    handle, path = tempfile.mkstemp(prefix="cscli-crash-", suffix=".txt", dir=_FOLDER)
    kind, _, trace = sys.exc_info()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"cscli {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n")
        file.writelines(traceback.format_tb(trace))
        file.write(f"{kind.__name__ if kind else ''}\n")
    return path
