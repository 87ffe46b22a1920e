"""Text in columns and lines of a terminal, where a Japanese letter is two wide."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

_PIECE = re.compile(r"\s+|`[^`]{1,40}`|[\x21-\x7e]+|.")
_NEVER_FIRST = "、。，．・）」』】〉》！？ーぁぃぅぇぉっゃゅょァィゥェォッャュョ%％:：;；)]}"
_NEVER_LAST = "（「『【〈《([{¥￥€£−±"


def width(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, cells: int) -> str:
    """`text` with blanks, as wide as `cells`."""
    return text + " " * max(cells - width(text), 0)


def wrapped(text: str, cells: int) -> list[str]:
    """The lines of `text`, none wider than `cells` but for a single long word. A line neither begins nor ends where Japanese
    typesetting forbids it.
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if (
            line
            and width(line.rstrip()) + width(piece.rstrip()) + (width(line) - width(line.rstrip())) > cells
        ):
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _pieces(text: str) -> Iterator[str]:
    """What must stay in one line: words with the blank before them apart, letters with the marks that cling to them."""
    held = ""
    for found in _PIECE.findall(" ".join(text.split())):
        if held and not (found[0] in _NEVER_FIRST or held[-1] in _NEVER_LAST):
            yield held
            held = ""
        held += found
    if held:
        yield held


def in_two_columns(rows: Sequence[tuple[str, str]], cells: int, widest: int = 30) -> list[str]:
    """Names and what is said of them beside each other; a wide name has a line of its own."""
    left = min(max((width(name) for name, _ in rows), default=0), widest) + 2
    lines = []
    for name, said in rows:
        first, *rest = wrapped(said, cells - left - 2)
        if width(name) > left - 2:
            lines += [f"  {name}", *(" " * (left + 2) + each for each in (first, *rest))]
        else:
            lines += [
                f"  {name}{' ' * (left - width(name))}{first}",
                *(" " * (left + 2) + each for each in rest),
            ]
    return [line.rstrip() for line in lines]
