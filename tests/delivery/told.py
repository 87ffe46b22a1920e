"""Facts of messages for the tests: a few alerts with the names that they are given."""

from typing import Any

from cscli.analysis.acting.message_facts import DigestFacts, PageFacts, read_facts

HOSTILE = [
    "<!channel> & co", "<img src=x onerror=alert(1)>", "Evil\r\nBcc: all@example.com", "nul\x00byte", "lone \ud800 half",
    "right \u202e to left", "[link](javascript:x)", "\x1b[31mred", "*bold* _it_ `code`", "line\u2028break\u0085here",
]  # fmt: skip


def account(name: str | None = None, number: int = 1, **facts: Any) -> dict[str, Any]:
    """The facts of an alert about an account."""
    given = {} if name is None else {"name": name, "owner": name}
    return {
        "rule": "Score fell", "text": "The score fell", "status": "new", "since": "2026-10-31", "account_id": f"A{number}",
        **given, "band": "watch", "score": 52.5, "score_change": -15.0, "mrr": 1000.0,
        "arr": 12000.0, "days_to_renewal": 30.0, "band_label": "watch", **facts,
    }  # fmt: skip


def facts_of(*alerts: dict[str, Any], language: str = "en") -> DigestFacts:
    """The facts of a message that tells of them."""
    found = read_facts(
        {
            "schema_version": 1, "key": "ab" * 32, "as_of": "2026-10-31", "language": language, "currency": "JPY",
            "alerts": list(alerts),
        }
    )  # fmt: skip
    assert isinstance(found, DigestFacts)
    return found


def page_of(*lines: str, title: str = "What matters, 31 Oct 2026", language: str = "en") -> PageFacts:
    """The facts of a Monday page."""
    found = read_facts(
        {
            "schema_version": 1, "key": "cd" * 32, "as_of": "2026-10-31", "language": language, "currency": "JPY",
            "title": title, "lines": list(lines),
        }
    )  # fmt: skip
    assert isinstance(found, PageFacts)
    return found
