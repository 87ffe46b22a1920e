"""Standard output and error as they are: consoles of few letters, full disks, closed pipes."""

import codecs
import contextlib
import sys
import unicodedata
import warnings
from typing import TextIO, cast

from cscli.texts import Language

_STAND_IN = "cscli.stand_in"
_FOR = {
    "¥": ("￥", "JPY "),
    "·": ("・", "-"),
    "•": ("・", "-"),
    "–": ("-",),
    "—": ("―", "-"),
    "−": ("-",),
    "…": ("...",),
    "‘": ("'",),
    "’": ("'",),
    "“": ('"',),
    "”": ('"',),
    "→": ("->",),
    "←": ("<-",),
    "↑": ("^",),
    "↓": ("v",),
    "×": ("x",),
    "≥": (">=",),
    "≤": ("<=",),
    "〜": ("～", "~"),
    "€": ("EUR ",),
    "£": ("GBP ",),
    "\u00a0": (" ",),
}
"""What is written for a letter that the stream does not have: the first that it has."""


class _Lossy:
    """Standard error: where nobody can be told, on a full disk or a closed pipe, the work goes on all the same."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.said: set[str] = set()

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def prepare_streams() -> None:
    """Makes both streams such that no letter and no reader of them ends the work."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # those of libraries are of no use to who runs a command
    sys.unraisablehook = lambda _: None  # an archive on a full disk complains once more when it is collected
    codecs.register_error(_STAND_IN, stand_in)
    if sys.stderr is not None:
        sys.stderr = cast("TextIO", _Lossy(sys.stderr))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # replaced or closed streams
            stream.reconfigure(errors=_STAND_IN)  # type: ignore[union-attr]


def stand_in(error: UnicodeError) -> tuple[str, int]:
    """What is written for letters that an encoding does not have, as `codecs.register_error` asks: a letter like it, else its number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(_shown(letter, error.encoding) for letter in letters), error.end


def _shown(letter: str, encoding: str) -> str:
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    shown = next((each for each in (*_FOR.get(letter, ()), plain) if each and _has(encoding, each)), None)
    return shown or letter.encode("ascii", "backslashreplace").decode()


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def say_once(line: str) -> None:
    """A plain line on standard error, unless it stands there already."""
    if sys.stderr is None or line in getattr(sys.stderr, "said", ()):
        return
    sys.stderr.write(line + "\n")
    if isinstance(sys.stderr, _Lossy):
        sys.stderr.said.add(line)


def shows(language: Language, stream: TextIO | None) -> bool:
    """Whether the stream can hold what is written in the language."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return language == "en" or _has(encoding, "日本語")
