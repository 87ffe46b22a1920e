"""Lines put into a YAML file that people wrote: everything else of it stays byte for byte."""

import re
from codecs import BOM_UTF8
from pathlib import Path

from cscli.workspace.publish import publish

_EMPTY = re.compile(r"^(acknowledge:)[ \t]*(\[[ \t]*\]|null|~)?[ \t]*(#.*)?$")
_ITEM = re.compile(r"^([ \t]*)-([ \t]|$)")
_KEY = "acknowledge:"


def with_list_lines(text: str, entries: list[str]) -> str | None:
    """`text` with `entries` at the end of its list `acknowledge`, which is begun where there is none. None where the list
    is written on one line, and nothing can be put into it without writing it anew.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    at = next((number for number, line in enumerate(lines) if line.startswith(_KEY)), None)
    if at is None:
        gap = end if text and not text.endswith(("\n", "\r")) else ""
        return f"{text}{gap}{_KEY}{end}" + "".join(f"  - {entry}{end}" for entry in entries)
    head = lines[at].rstrip("\r\n")
    found = _EMPTY.match(head)
    if not found:
        return None
    if found[2]:
        head = f"{found[1]} {found[3]}" if found[3] else found[1]
    last, indent = _end_of_list(lines, at)
    before = [*lines[:at], head + end, *lines[at + 1 : last]]
    if not before[-1].endswith(("\n", "\r")):
        before[-1] += end
    return "".join([*before, *(f"{indent}- {entry}{end}" for entry in entries), *lines[last:]])


def _end_of_list(lines: list[str], at: int) -> tuple[int, str]:
    """The line behind the last of the list that begins at `at`, and how its items are indented."""
    last, indent = at + 1, None
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        item = _ITEM.match(line)
        if item is None and not line[0].isspace():
            break
        if item and indent is None:
            indent = item[1]
        last = number + 1
    return last, "  " if indent is None else indent


def replace_text(path: Path, text: str) -> None:
    """Writes `text` in place of that of the file at `path`, which keeps its mark of byte order. Raises SourceError."""
    mark = BOM_UTF8 if path.read_bytes().startswith(BOM_UTF8) else b""
    with publish(path) as temporary:
        temporary.write_bytes(mark + text.encode("utf-8"))
