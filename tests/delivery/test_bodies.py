"""What goes out, with hostile names in it: escaped for its medium, and read back by that medium's own reader."""

import datetime as dt
import email
import email.policy
import html.parser
import json
import re
from email.message import EmailMessage

import pytest
from told import HOSTILE, account, facts_of, page_of

from cscli.analysis.acting.messages import Message, MessageState
from cscli.analysis.acting.one_line import one_line
from cscli.config.blocks.alerts import Channel
from cscli.delivery.bodies import json_body, slack_body, whole_line
from cscli.delivery.cleaning import redact
from cscli.delivery.mail import mail_bytes
from cscli.delivery.payload import payload_text
from cscli.delivery.wording import SHOWN, told_lines

NOW = dt.datetime(2026, 10, 31, 7, tzinfo=dt.UTC)
MAIL = Channel.model_validate(
    {"name": "mail", "kind": "email", "host": "localhost", "from": "cs@example.com", "to": ["a@example.com"]}
)
HOOK = Channel.model_validate({"name": "team", "kind": "webhook", "url_env": "CSCLI_SLACK_URL"})
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Tags(html.parser.HTMLParser):
    """The tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert attrs == []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parts_of(content: bytes) -> tuple[EmailMessage, str, str]:
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    return mail, plain.get_content(), page.get_content()


def test_a_line_says_what_is_known() -> None:
    """By hand."""
    known = account("Acme", status="ongoing", since="2026-10-24")
    unknown = account(None, 2, score=None, score_change=None, arr=None, days_to_renewal=None)
    stale = {
        "rule": "Stale", "text": "Exports are old", "status": "new", "since": None, "source": "crm",
        "problems": [{"code": "data.stale_file", "severity": "warning", "message": None}],
    }  # fmt: skip
    assert told_lines(facts_of(known, unknown, stale)) == [
        "The score fell · Acme (A1) · score 52.5 (watch) · change -15.0 · ARR ¥12,000 · days to renewal: 30 · since 2026-10-24",
        "The score fell · A2",
        "Exports are old · source crm · data.stale_file",
    ]
    assert told_lines(facts_of(account("株式会社A"), language="ja")) == [
        "The score fell · 株式会社A（A1） · スコア 52.5（watch） · 前回差 -15.0点 · ARR ¥12,000 · 更新まで30日"
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_slack_sees_only_text(name: str) -> None:
    """Slack reads `<...>` as a command or a link; `&`, `<` and `>` are the three signs to be escaped."""
    said = json.loads(slack_body(facts_of(account(name))))
    text = said["text"]
    assert not re.search("[<>]", text)
    assert not re.search("&(?!amp;|lt;|gt;)", text)
    assert not STEERING.search(text)
    assert text.count("\n") == 1
    assert (said["link_names"], said["unfurl_links"]) == (0, False)


@pytest.mark.parametrize("eight_bit", [True, False])
@pytest.mark.parametrize("name", HOSTILE)
def test_mail_holds_names_as_text_and_in_no_header(name: str, eight_bit: bool) -> None:
    content = mail_bytes(facts_of(account(name)), MAIL, NOW, eight_bit=eight_bit)
    mail, plain, page = parts_of(content)
    headers = " ".join(f"{key}: {value}" for key, value in mail.items())
    assert "Bcc" not in headers
    assert "Evil" not in headers
    assert set(mail.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert mail["Message-ID"] == f"<{'ab' * 32}@example.com>"
    assert not STEERING.search(plain.replace("\r\n", "\n").replace("\n", ""))
    reader = Tags()
    reader.feed(page)
    assert reader.tags == {"html", "body", "p", "b", "ul", "li"}
    assert one_line(name) in "".join(reader.words)


def test_mail_is_the_same_in_eight_bits_and_in_seven() -> None:
    facts = facts_of(account("株式会社あおば"), language="ja")
    wide, narrow = (mail_bytes(facts, MAIL, NOW, eight_bit=bits) for bits in (True, False))
    assert narrow.isascii()
    assert not wide.isascii()
    assert parts_of(wide)[1:] == parts_of(narrow)[1:]
    assert parts_of(wide)[0]["Subject"] == "cscli: アラート1件（2026/10/31 時点）"
    assert wide == mail_bytes(facts, MAIL, NOW), "the same facts make the same mail"


@pytest.mark.parametrize("name", HOSTILE)
def test_plain_facts_come_back_as_they_are(name: str) -> None:
    facts = facts_of(account(name))
    for body in (json_body(facts), whole_line(facts)):
        assert json.loads(body)["alerts"][0]["name"] == name
        assert body.decode().isprintable(), "also shown on a terminal"


def test_twenty_are_told_and_the_others_counted() -> None:
    facts = facts_of(*(account(None, number) for number in range(1, SHOWN + 4)))
    assert (SHOWN, len(told_lines(facts))) == (20, 20)
    slack = json.loads(slack_body(facts))["text"].splitlines()
    assert (slack[0], slack[-1], len(slack)) == ("*cscli alerts as of 2026-10-31: 23*", "and 3 more", 22)
    told = json.loads(json_body(facts))
    assert (len(told["alerts"]), told["more"]) == (20, 3)
    assert "and 3 more" in parts_of(mail_bytes(facts, MAIL, NOW))[1]
    assert len(json.loads(whole_line(facts))["alerts"]) == 23, "a file holds them all"
    assert json.loads(json_body(facts_of(account())))["more"] == 0


@pytest.mark.parametrize("channel", [MAIL, HOOK], ids=["mail", "webhook"])
def test_a_preview_shows_what_is_sent(channel: Channel) -> None:
    facts = facts_of(account("株式会社A"))
    message = Message(
        key=facts.key,
        channel=channel.name,
        as_of="2026-10-31",
        created_at=NOW.isoformat(),
        facts=facts,
        state=MessageState.WAITING,
        tries=0,
        next_try_at="",
    )
    shown = payload_text(message, channel, NOW)
    sent = mail_bytes(facts, MAIL, NOW) if channel is MAIL else slack_body(facts)
    assert sent.decode().replace("\r\n", "\n").strip() in shown
    assert facts.key in shown
    assert "***" in shown or channel is MAIL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\nc  d", "a b c d"), ("x" * 10, "xxxx…"), ("a\u202eb\u2066c\u200f", "abc"), ("\ud83d\ude00", "��"),
        ("👩‍👧", "👩‍👧"), ("\x1b[2Jx", "[2Jx"),
    ],
)  # fmt: skip
def test_text_in_one_line(text: str, expected: str) -> None:
    assert one_line(text, 5 if text.startswith("x") else 300) == expected


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        ("https://h.example/services/T012345/B0SECRET", "failed: /services/T012345/B0SECRET", "failed: ***"),
        (
            "https://h.example/services/T012345/B0SECRET",
            "https://h.example/services/T012345/B0SECRET?",
            "***?",
        ),
        ("https://h.example/services/T012345/B0SECRET", "token B0SECRET", "token ***"),
        ("https://h.example/hook?token=abcdef99", "abcdef99", "***"),
        ("p4ss word", "said cDRzcyB3b3Jk and p4ss word", "said *** and ***"),
        ("", "nothing", "nothing"),
    ],
)
def test_secrets_go_in_every_form(secret: str, text: str, expected: str) -> None:
    assert redact(text, [secret]) == expected


def test_names_in_a_rule_are_cleaned_too() -> None:
    facts = facts_of(account(None, text="<!here> fell\r\n", account_id="<@U1>"))
    text = json.loads(slack_body(facts))["text"]
    assert "&lt;!here&gt; fell · &lt;@U1&gt;" in text


def test_the_monday_page_goes_out_whole_and_as_text() -> None:
    """By hand, with every hostile name in a sentence of its own."""
    facts = page_of(*(f"2 accounts fell: {name}." for name in HOSTILE))
    slack = json.loads(slack_body(facts))["text"]
    assert slack.startswith("*What matters, 31 Oct 2026*\n• 2 accounts fell: &lt;!channel&gt; &amp; co.")
    assert slack.count("\n") == len(HOSTILE)
    mail, plain, page = parts_of(mail_bytes(facts, MAIL, NOW))
    assert (mail["Subject"], mail["Bcc"]) == ("What matters, 31 Oct 2026", None)
    assert not STEERING.search(plain.replace("\r\n", "\n"))
    seen = Tags()
    seen.feed(page)
    assert seen.tags == {"html", "body", "p", "b", "ul", "li"}
    assert json.loads(json_body(facts)) == json.loads(whole_line(facts))
    assert json.loads(json_body(facts))["lines"] == list(facts.lines)
