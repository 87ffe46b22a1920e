"""Paragraphs of a message, with their values, to the plain part of a mail and to its HTML part: the same words in both."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from cscli.config.work.placeholders import Placeholders, asked_for

_URL = re.compile(r"https://(?:\{\{[^{}]+\}\}|[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%])+")
_AFTER_URL = ".,;:!?)'"
_WHOLE_URL = re.compile(r"https://[A-Za-z0-9.-]+(?:[:/?#][!-~]*)?")
_NEVER_LINKS = frozenset({"name", "contact_name"})
"""What others chose as their name is never a link."""
BULLET = "- "


@dataclass(frozen=True, slots=True)
class Words:
    """The same in plain text and in HTML."""

    plain: str
    html: str


def filled_in(template: str, values: Mapping[str, str]) -> str:
    """`template` with the values in one pass: what stands in a value is never looked at."""
    return Placeholders(template).substitute(values)


def write_paragraphs(blocks: Sequence[str], values: Mapping[str, str]) -> Words:
    """Blocks are set apart by an empty line; lines that begin with `- ` are a list; https addresses of the rules are links."""
    plain, marked = [], []
    for block in blocks:
        lines = [_line(line, values) for line in block.strip().splitlines()]
        plain.append("\n".join(line.plain for line in lines))
        marked += list(_marked(lines))
    return Words("\n\n".join(plain), "\n".join(marked))


def _marked(lines: Sequence[Words]) -> Iterator[str]:
    """Lines in elements: those of a list together, others as a paragraph."""
    kept: list[str] = []
    in_list = False
    for line in lines:
        is_item = line.plain.startswith(BULLET)
        if kept and is_item != in_list:
            yield _element(kept, in_list=in_list)
            kept = []
        in_list = is_item
        kept.append(line.html.removeprefix(BULLET))
    if kept:
        yield _element(kept, in_list=in_list)


def _element(lines: Sequence[str], *, in_list: bool) -> str:
    if in_list:
        return "<ul>\n" + "\n".join(f"<li>{line}</li>" for line in lines) + "\n</ul>"
    joined = "<br>\n".join(lines)
    return f"<p>{joined}</p>"


def _line(template: str, values: Mapping[str, str]) -> Words:
    plain, marked, end = "", "", 0
    for found in _URL.finditer(template):
        url = found[0].rstrip(_AFTER_URL)
        before = _text(template[end : found.start()], values)
        address = filled_in(url, {key: quote(value, safe="") for key, value in values.items()})
        plain += before.plain + address
        marked += before.html + _link(address)
        end = found.start() + len(url)
    rest = _text(template[end:], values)
    return Words(plain + rest.plain, marked + rest.html)


def _text(template: str, values: Mapping[str, str]) -> Words:
    shown = {
        each.key: _shown(each.name, values[each.key]) for each in asked_for(template) if each.key in values
    }
    return Words(filled_in(template, values), filled_in(html.escape(template), shown))


def _shown(name: str, value: str) -> str:
    if name not in _NEVER_LINKS and _WHOLE_URL.fullmatch(value):
        return _link(value)
    return html.escape(value)


def _link(address: str) -> str:
    """A link that says where it leads."""
    shown = html.escape(address)
    return f'<a href="{shown}">{shown}</a>'
