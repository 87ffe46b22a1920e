"""The questions of the self-check: those that come with the program, or a file of one's own."""

from importlib.resources import files
from pathlib import Path

SHIPPED_VERSION = "1"
_SHIPPED = "selfcheck_questions.csv"


def questions_text(own: Path | None) -> str:
    """The table of questions as text. OSError, UnicodeDecodeError for a file of one's own that cannot be read."""
    if own is not None:
        return own.read_text(encoding="utf-8-sig")
    return (files("cscli.sources") / _SHIPPED).read_text(encoding="utf-8-sig")
