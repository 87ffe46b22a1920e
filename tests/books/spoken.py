"""The program run in this process, as `python -m cscli` would, with what it writes on both streams and its exit code."""

import contextlib
import io
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from cscli import cli
from cscli.cli import reader
from cscli.cli.streams import prepare_streams


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """`out`, `err`: what stands on standard output and on standard error."""

    out: str
    err: str
    code: int


def speak(folder: Path, arguments: Sequence[str], encoding: str = "utf-8", columns: int = 80) -> Spoken:
    """What the program says in `folder`, on streams of an encoding."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n") for _ in range(2))
    environment = {"COLUMNS": str(columns), "NO_COLOR": "1", "LANG": "C", "LC_ALL": "", "LC_MESSAGES": ""}
    with contextlib.chdir(folder), mock.patch.dict("os.environ", environment), _streams(out, err, arguments):
        reader.reader_language.cache_clear()
        prepare_streams()
        code = cli._run()
        out.flush()
        err.flush()
    reader.reader_language.cache_clear()
    texts = (each.detach().getvalue().decode(encoding) for each in (out, err))
    return Spoken(out=next(texts), err=next(texts), code=int(code))


@contextlib.contextmanager
def _streams(out: io.TextIOWrapper, err: io.TextIOWrapper, arguments: Sequence[str]) -> Iterator[None]:
    before = sys.stdout, sys.stderr, sys.argv, sys.unraisablehook
    sys.stdout, sys.stderr, sys.argv = out, err, ["cscli", *arguments]
    try:
        with warnings.catch_warnings():
            yield
    finally:
        sys.stdout, sys.stderr, sys.argv, sys.unraisablehook = before
