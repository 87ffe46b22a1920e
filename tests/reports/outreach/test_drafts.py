"""What drafts say and when they are refused. The oracle is the text, written out by hand."""

import datetime as dt
from typing import Any

import pytest

from books.messages import Around, accounts, contact, decisions, rules
from cscli.analysis.outreach.deciding import Decision, Refused
from cscli.reports.outreach.drafts import Draft


def one(message: dict[str, Any], account: dict[str, Any] | None = None, person: dict[str, Any] | None = None, **more: Any) -> Decision[Draft]:  # fmt: skip
    frame = accounts({"account_id": "A1", **(account or {})})
    return decisions(rules(message, **more), frame, [contact("A1", **(person or {}))], Around())[0]


def says(text: str, account: dict[str, Any] | None = None, **more: Any) -> str:
    """What the only paragraph of a message says; why not, where it says nothing."""
    found = one({"subject": {"en": "S"}, "text": {"en": [text]}, **more}, account)
    if found.refused is not None:
        return f"{found.refused.code} {found.refused.about}".strip()
    assert found.draft is not None
    return found.draft.plain.split("\n\n-- \n")[0]


def test_a_draft_word_for_word() -> None:
    blocks = [
        "Dear {{contact_name}},",
        "of {{seats}} IDs {{users}} were used. See:\n- https://example.com/a?id={{seats}}.\n- the manual",
        {"when": "unused >= 20", "text": "Not this one"},
        {"when": "unused < 20", "text": "{{unused}} are free."},
    ]
    sender = {"postal": "1-1 Marunouchi", "unsubscribe": {"mailto": "stop@example.com"}}
    message = {"values": {"unused": "seats - users"}, "text": {"en": blocks}}
    draft = one(message, sender=sender).draft
    assert draft is not None
    assert (draft.subject, draft.email, draft.sender.address) == (
        "About Company A1",
        "p@a1.example",
        "cs@example.com",
    )
    assert draft.plain == (
        "Dear Aoi Mori,\n\nof 10 IDs 5 were used. See:\n- https://example.com/a?id=10.\n- the manual\n\n5 are free.\n\n"
        "-- \nExample K.K.\n1-1 Marunouchi\n"
        "If you do not want to receive these mails, please tell us here: stop@example.com\n"
    )
    assert draft.html.startswith(
        "<p>Dear Aoi Mori,</p>\n<p>of 10 IDs 5 were used. See:</p>\n<ul>\n"
        '<li><a href="https://example.com/a?id=10">https://example.com/a?id=10</a>.</li>\n<li>the manual</li>\n</ul>\n'
        "<p>5 are free.</p>\n<hr>"
    )
    assert draft.stops == ("mailto:stop@example.com?subject=unsubscribe",)


@pytest.mark.parametrize(
    ("text", "account", "expected"),
    [
        ("{{seats}}", {"seats": 1234.0}, "1,234"),
        ("{{seats:money}}", {"seats": 1234.0}, "¥1,234"),
        ("{{growth:percent}}", {"growth": 0.42}, "42%"),
        ("{{growth:percent}}", {"growth": 1.01}, "impossible growth:percent"),
        ("{{growth:percent}}", {"growth": -0.1}, "impossible growth:percent"),
        ("{{seats}}", {"users": 1.0}, "10"),
        ("{{users}}", {"users": -3.0}, "impossible users"),
        ("{{renews_on}}", {"renews_on": "2027-03-31"}, "31 Mar 2027"),
        ("{{renews_on:month}}", {"renews_on": "2027-03-31"}, "Mar 2027"),
        ("{{renews_on:date:future}}", {"renews_on": "2026-10-31"}, "31 Oct 2026"),
        ("{{renews_on:date:future}}", {"renews_on": "2026-10-30"}, "past renews_on:date:future"),
        ("{{renews_on}}", {}, "missing renews_on"),
        ("{{seats:date}}", {}, "form seats:date"),
        ("{{name:number}}", {}, "form name:number"),
        ("{{name}}", {"name": "{{seats}}"}, "braces"),
        ("{{name}}", {"name": "A\r\nB\u202eC\x00 \u2028D"}, "A BC D"),
        ("{{name}}", {"name": "x" * 2_000_000}, "x" * 199 + "…"),
        ("{{name}}", {"name": "\ud800"}, "\ufffd"),
        ("$name ${name} {name}", {}, "$name ${name} {name}"),
    ],
)
def test_values(text: str, account: dict[str, Any], expected: str) -> None:
    assert says(text, account) == expected


def test_a_day_that_should_come_has_not_come_by_the_clock() -> None:
    """Figures of 30 October say that it renews on 5 November; the mail goes out on the 4th, or on the 5th."""
    message = {"subject": {"en": "S"}, "text": {"en": ["{{renews_on:date:future}}"]}}
    frame = accounts({"account_id": "A1", "renews_on": "2026-11-05"})
    found = [
        decisions(rules(message), frame, [contact("A1")], Around(today=dt.date(2026, 11, day)))[0]
        for day in (4, 5)
    ]
    assert [each.draft is not None for each in found] == [True, False]
    assert found[1].refused == Refused("past", "renews_on:date:future")


def test_what_stands_in_for_a_missing_value() -> None:
    message = {
        "subject": {"en": "S", "ja": "件名"},
        "text": {"en": ["Dear {{contact_name}},"], "ja": ["{{contact_name}} 様"]},
    }
    nobody = {"contact_name": None}
    stand_in = {"fallback": {"contact_name": {"ja": "ご担当者"}}}
    assert one(message, person=nobody).refused is not None
    japanese = one({**message, **stand_in}, person={**nobody, "language": "ja"}).draft
    assert japanese is not None
    assert japanese.plain.startswith("ご担当者 様\n")
    assert one({**message, **stand_in}, person=nobody).refused is not None, (
        "a Japanese word in an English mail"
    )


def test_an_optional_paragraph_is_left_out_instead() -> None:
    blocks = ["First", {"text": "It renews on {{renews_on}}.", "optional": True}, "Last"]
    draft = one({"subject": {"en": "S"}, "text": {"en": blocks}}).draft
    assert draft is not None
    assert draft.plain.startswith("First\n\nLast\n")


def test_nothing_is_left_to_say() -> None:
    blocks = [{"when": "seats > 99", "text": "Never"}]
    found = one({"subject": {"en": "S"}, "text": {"en": blocks}})
    assert found.refused is not None
    assert found.refused.code == "empty"


def test_html_in_a_name_is_text_and_a_name_is_no_link() -> None:
    hostile = "<img src=x onerror=alert(1)> & \"'"
    draft = one({"subject": {"en": "S"}, "text": {"en": ["{{name}}", "{{contact_name}}"]}}, {"name": hostile}, {"contact_name": "https://evil.example/"}).draft  # fmt: skip
    assert draft is not None
    assert "<p>&lt;img src=x onerror=alert(1)&gt; &amp; &quot;&#x27;</p>" in draft.html
    assert "<p>https://evil.example/</p>" in draft.html
    assert "<a" not in draft.html


def test_a_value_in_a_link_cannot_leave_it() -> None:
    draft = one(
        {"subject": {"en": "S"}, "text": {"en": ["https://example.com/?c={{name}}"]}},
        {"name": 'a"><script>&b=1'},
    ).draft
    assert draft is not None
    assert 'href="https://example.com/?c=a%22%3E%3Cscript%3E%26b%3D1"' in draft.html


def test_only_https_links() -> None:
    draft = one(
        {"subject": {"en": "S"}, "text": {"en": ["javascript:alert(1) http://example.com ftp://x.example"]}}
    ).draft
    assert draft is not None
    assert "<a" not in draft.html


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        (
            {"from": "owner", "owners": {"Mizuki": {"email": "m@example.com", "name": {"ja": "瑞希"}}}},
            ("m@example.com", "瑞希"),
        ),
        ({"from": "owner", "owners": {"Ken": {"email": "k@example.com"}}}, None),
        ({"from": "cs@example.com", "name": "CS team"}, ("cs@example.com", "CS team")),
        ({"from": "cs@example.com"}, ("cs@example.com", "Example K.K.")),
    ],
)
def test_who_writes(sender: dict[str, Any], expected: tuple[str, str] | None) -> None:
    found = one({}, sender=sender)
    if expected is None:
        assert found.refused is not None
        assert (found.refused.code, found.refused.about) == ("no_sender", "Mizuki")
        return
    assert found.draft is not None
    assert (found.draft.sender.address, found.draft.sender.name) == expected


def test_the_language_of_the_contact_or_none() -> None:
    english = {"subject": {"en": "S"}, "text": {"en": ["T"]}}
    japanese = {"subject": {"ja": "件名"}, "text": {"ja": ["本文"]}}
    assert one(english, person={"language": "ja"}).refused is not None
    fallen = one(english, person={"language": "ja"}, language_fallback=True).draft
    assert fallen is not None
    assert fallen.language == "en"
    assert one(japanese, person={"language": None}).refused is not None, "the rules' language is English"
    for word in ("ja", "JA", "ja-JP", "日本語", "Japanese"):
        found = one(japanese, person={"language": word}).draft
        assert found is not None, word
