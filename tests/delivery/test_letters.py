"""Drafts as mails, read back by the standard library, by lines unfolded as RFC 5322 says, and by Perl's MIME-tools.

The oracle of the headers is RFC 2369, RFC 5322 and RFC 8058; of the texts, what was put in.
"""

import datetime as dt
import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from books.messages import Around, accounts, contact, decisions, rules
from cscli.delivery.letters import Posting, letter_bytes
from cscli.reports.outreach.drafts import Draft
from oracles.mime_tools import needs_mime_tools, read_mail
from places import TESTS

NOW = dt.datetime(2026, 10, 30, 9, 30, tzinfo=dt.UTC)
URL = "https://example.com/stop/" + "a1b2" * 60
HOSTILE = "㈱髙橋① 😀 " + "長い" * 150


def draft(account: dict[str, Any] | None = None, person: dict[str, Any] | None = None, **more: Any) -> Draft:
    frame = accounts({"account_id": "A1", **(account or {})})
    sender = {"unsubscribe": {"mailto": "stop@example.com", "url": f"{URL}/{{{{token}}}}", "key_env": "K"}}
    found = decisions(rules(sender=sender, **more), frame, [contact("A1", **(person or {}))], Around())[
        0
    ].draft
    assert found is not None
    return found


def read(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def unfolded(raw: bytes) -> dict[str, str]:
    """A second parser: header lines as RFC 5322 unfolds them, without the standard library."""
    head = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    pairs = (line.partition(b":") for line in head.split(b"\r\n"))
    return {name.decode().lower(): value.strip().decode() for name, _, value in pairs}


def test_a_draft_is_for_editing() -> None:
    mail = read(letter_bytes(draft()))
    assert (mail["X-Unsent"], mail["Date"], mail["Message-ID"]) == ("1", None, None)
    assert (mail["To"], mail["Subject"]) == ("p@a1.example", "About Company A1")


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert letter_bytes(draft()) == letter_bytes(draft())


def test_a_long_address_to_stop_it_is_verbatim_on_the_wire() -> None:
    """RFC 2369: URIs in angle brackets, folded between them alone; RFC 8058 asks for the https one."""
    raw = letter_bytes(draft(), Posting(now=NOW, message_id="<k@example.com>"))
    expected = f"List-Unsubscribe: <{URL}/token>,\r\n <mailto:stop@example.com?subject=unsubscribe>\r\n"
    assert expected.encode() in raw
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert (
        unfolded(raw)["list-unsubscribe"] == f"<{URL}/token>, <mailto:stop@example.com?subject=unsubscribe>"
    )


def test_a_rehearsal_cannot_stop_anybodys_mail() -> None:
    raw = letter_bytes(draft(), Posting(now=NOW, message_id="<k@example.com>", to="me@example.com"))
    mail = read(raw)
    assert (mail["To"], mail["Subject"], mail["List-Unsubscribe"]) == (
        "me@example.com",
        "[TEST] About Company A1",
        None,
    )


@pytest.mark.parametrize("language", ["en", "ja"])
def test_hard_letters_come_back_whole(language: str) -> None:
    made = draft({"name": HOSTILE}, {"contact_name": "山田\r\nBcc: x@y.example", "language": language})
    raw = letter_bytes(made)
    mail = read(raw)
    shown = HOSTILE[:199] + "…"
    assert mail["Subject"] == (f"About {shown}" if language == "en" else f"{shown} 様")
    assert mail["Bcc"] is None
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n") == made.plain
    assert made.html in page.get_content().replace("\r\n", "\n")
    assert set(unfolded(raw)) == {
        "from", "to", "subject", "x-unsent", "list-unsubscribe", "list-unsubscribe-post", "mime-version", "content-type",
    }  # fmt: skip


def test_lines_are_as_long_as_may_be_and_end_as_they_must() -> None:
    long = draft(may_show=["name", "contact_name", "seats"])
    raw = letter_bytes(replace(long, plain="x" * 5000 + "\n", html="é" * 5000))
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert b"\n" not in b"".join(lines)


def test_names_with_every_sign_of_addresses_stay_names() -> None:
    made = replace(draft(), sender=replace(draft().sender, name='Mori, "Aoi" <x@y.example>'))
    sender = read(letter_bytes(made))["From"].addresses
    assert [(each.display_name, each.addr_spec) for each in sender] == [
        ('Mori, "Aoi" <x@y.example>', "cs@example.com")
    ]


def hard_letter(language: str) -> tuple[Draft, bytes]:
    """A letter of a name with letters that CP932 alone has, an emoji, and 300 characters, as it goes out."""
    made = draft({"name": HOSTILE}, {"contact_name": "山田 花子", "language": language})
    return made, letter_bytes(made, Posting(now=NOW, message_id="<k@example.com>"))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_letter_is_the_same_bytes_as_ever(language: str, update_golden: bool) -> None:
    """Read by eye once; a mail that changes by a byte is seen."""
    kept = TESTS / "golden" / f"letter.{language}.eml"
    raw = hard_letter(language)[1]
    if update_golden:
        kept.write_bytes(raw)
    assert raw == kept.read_bytes()


@needs_mime_tools
@pytest.mark.parametrize("language", ["en", "ja"])
def test_another_parser_reads_what_was_written(tmp_path: Path, language: str) -> None:
    made, raw = hard_letter(language)
    headers, texts = read_mail(raw, tmp_path)
    shown = HOSTILE[:199] + "…"
    assert headers["subject"] == (f"About {shown}" if language == "en" else f"{shown} 様")
    assert headers["to"].endswith("p@a1.example")
    assert headers["list-unsubscribe"] == f"<{URL}/token>, <mailto:stop@example.com?subject=unsubscribe>"
    assert texts["text/plain"].replace("\r\n", "\n") == made.plain
    assert made.html in texts["text/html"].replace("\r\n", "\n")
