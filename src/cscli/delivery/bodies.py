"""The facts of a message to the body of a POST or a line of a file, escaped for those who read it."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cscli.analysis.acting.message_facts import Facts
from cscli.delivery.wording import head_line, more_line, shortened, told_lines

_OF_SLACK: Mapping[int, str] = MappingProxyType({ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"})


def slack_body(facts: Facts) -> bytes:
    """One text as Slack takes it. A name cannot become a link, or call everybody (`<!channel>`)."""
    lines = [f"*{_escaped(head_line(facts))}*", *(f"• {_escaped(line)}" for line in told_lines(facts))]
    if more := more_line(facts):
        lines.append(_escaped(more))
    return _json({"text": "\n".join(lines), "link_names": 0, "unfurl_links": False, "unfurl_media": False})


def json_body(facts: Facts) -> bytes:
    """The plain facts of what is told, and how many more alerts there are."""
    return _json(shortened(facts))


def whole_line(facts: Facts) -> bytes:
    """The plain facts of all alerts, or of the page, in one line."""
    return _json(facts.record())


def _escaped(line: str) -> str:
    return line.translate(dict(_OF_SLACK))


def _json(value: dict[str, Any]) -> bytes:
    """JSON in UTF-8; what nobody can see, or UTF-8 cannot hold, as JSON escapes it."""
    words = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not words.isprintable():
        words = "".join(mark if mark.isprintable() else json.dumps(mark)[1:-1] for mark in words)
    return words.encode()
