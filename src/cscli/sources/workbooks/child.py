"""The process that opens a workbook: limits itself, reads one sheet, and writes it to standard output.

A forged file can make a reader ask for all memory there is, which ends the process at once; so it is not
the process that has to say so. Started by `bounded`; keeps its imports light.
"""

import gc
import os
import sys
from pathlib import Path

from cscli.sources.workbooks.grid import read_sheet
from cscli.sources.workbooks.sheet import WorkbookFaultError
from cscli.sources.workbooks.transfer import OUT_OF_MEMORY, pack_fault, pack_sheet


def main(arguments: list[str]) -> int:
    """Reads the sheet that `arguments` name: path, form, megabytes, seconds and, if pinned, the sheet."""
    path, form, megabytes, seconds, *pinned = arguments
    _limit(int(megabytes), int(seconds))
    gc.disable()  # cells are no garbage; the process ends soon
    try:
        answer = pack_sheet(read_sheet(Path(path), form, pinned[0] if pinned else None))
    except WorkbookFaultError as fault:
        answer = pack_fault(fault.code, fault.value, fault.nearest)
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)  # millions of cells need no goodbye one by one


def _limit(megabytes: int, seconds: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where only the parent's clock bounds the reading
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, hard))
