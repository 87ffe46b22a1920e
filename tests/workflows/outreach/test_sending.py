"""Messages by SMTP to a real server on this computer, which counts. The oracle is the small book: seven get it, A8 opted out."""

import hashlib
import hmac
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from books.outreach_workspace import AS_OF, COUNT, asked, lay
from books.practice_books import cscli
from cscli.analysis.outreach.sent import State
from cscli.errors import CscliError, DataError, UsageError
from cscli.history import LedgerEntry, entries_of
from cscli.workflows.outreach import sending
from cscli.workflows.outreach.previewing import planned_of, show_drafts
from cscli.workflows.outreach.sending import SendOptions, SentOut, send
from cscli.workflows.outreach.settling import resolve
from oracles.loopback import Mailbox, mail_server, silent_server

SQLITE = "sqlite:///.cscli/history.db"


def smtp(port: int, more: str = "") -> str:
    return f"{{host: localhost, port: {port}, security: none, per_minute: 6000{more}}}"


def sent(folder: Path, **options: Any) -> SentOut:
    usual = {"pause": lambda _: None}
    return send(asked(folder), SendOptions(**{**usual, **options}), planned_of)


def ledger(folder: Path) -> list[LedgerEntry]:
    return entries_of(SQLITE, folder)


def recipients(box: Mailbox) -> list[str]:
    return sorted(each for mail in box.recipients for each in mail)


def test_each_gets_one_and_nobody_a_second(tmp_path: Path) -> None:
    with mail_server() as box:
        folder = lay(tmp_path, smtp=smtp(box.port))
        assert sent(folder, expect=COUNT).sent == COUNT
        assert sent(folder, expect=0).sent == 0
    assert recipients(box) == sorted(f"p@a{n}.example" for n in range(1, 8))
    assert {(each.state, each.attempts) for each in ledger(folder)} == {(State.SENT, 1)}
    keys = {each.key for each in ledger(folder)}
    for mail in box.mails:
        assert any(f"Message-ID: <{key}@example.com>".encode() in mail for key in keys)
        assert b"Auto-Submitted: auto-generated" in mail
        assert b"List-Unsubscribe: <mailto:stop@example.com?subject=unsubscribe>\r\n" in mail
        assert b"X-Unsent" not in mail
        assert b"Bcc" not in mail


def test_a_long_address_to_stop_it_arrives_verbatim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 2369 and RFC 8058, as the server gets them: no sign of a URL of 300 may be encoded or broken; the token is an HMAC."""
    url = f"https://example.com/{'stop' * 70}/"
    monkeypatch.setenv("STOP_KEY", "k")
    token = hmac.new(b"k", b"p@a1.example", hashlib.sha256).hexdigest()[:40]
    with mail_server() as box:
        folder = lay(tmp_path, smtp=smtp(box.port), accounts=1)
        rules = (folder / "cscli.yaml").read_text(encoding="utf-8")
        how = f'{{url: "{url}{{{{token}}}}", key_env: STOP_KEY, mailto: stop@example.com}}'
        rules = rules.replace("{mailto: stop@example.com}", how)
        (folder / "cscli.yaml").write_text(rules, encoding="utf-8")
        assert sent(folder, expect=1).sent == 1
    (mail,) = box.mails
    expected = f"List-Unsubscribe: <{url}{token}>,\r\n <mailto:stop@example.com?subject=unsubscribe>\r\n"
    assert expected.encode() in mail
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in mail


def test_who_opts_out_while_mails_go_out_gets_none(tmp_path: Path) -> None:
    """A7 and A6, of the most money, come first. Between them somebody opts A1 out: it stops, and the next run leaves A1 out."""
    opt_outs = tmp_path / "inputs" / "optout.csv"

    def opt_out(_: float) -> None:
        opt_outs.parent.mkdir(exist_ok=True)
        opt_outs.write_text("address\np@a1.example\n", encoding="utf-8")

    with mail_server() as box:
        folder = lay(tmp_path, smtp=smtp(box.port))
        first = sent(folder, expect=COUNT, pause=opt_out)
        assert (first.sent, first.waiting, [each.code for each in first.failures]) == (
            1, COUNT - 1, ["outreach.opt_outs_changed"],
        )  # fmt: skip
        assert sent(folder, expect=COUNT - 2).sent == COUNT - 2
    assert recipients(box) == sorted(f"p@a{n}.example" for n in range(2, 8))


def test_a_rehearsal_goes_to_us_alone_and_is_not_booked(tmp_path: Path) -> None:
    with mail_server() as box:
        folder = lay(tmp_path, smtp=smtp(box.port))
        done = sent(folder, rehearse="me@example.com")
        with pytest.raises(UsageError):
            sent(folder, rehearse="me@gmail.com")
        with pytest.raises(UsageError):
            sent(folder, rehearse="p@a1.example")
    assert (done.sent, recipients(box)) == (5, ["me@example.com"] * 5)
    assert all(b"Subject: [TEST] About" in mail and b"List-Unsubscribe" not in mail for mail in box.mails)
    assert ledger(folder) == []


def test_why_nothing_arrives_is_said_whatever_else_there_is_to_say(tmp_path: Path) -> None:
    """554 of RFC 5321 with the server's own words; in a book with more kinds of findings than are shown, and known ones at that."""
    with mail_server(refuse={"me@example.com": "554 greylisted for ever"}) as box:
        folder = lay(tmp_path, smtp=smtp(box.port))
        arguments = ("outreach", "send", "--rehearse=me@example.com", f"--as-of={AS_OF}")
        first, second = (cscli(folder, *arguments) for _ in range(2))
    for done in (first, second):
        assert done.stdout.startswith("0 messages were sent as a rehearsal")
        assert done.stderr.count("greylisted for ever") == 5


def test_what_is_refused_for_good_is_never_tried_again_and_what_is_put_off_is(tmp_path: Path) -> None:
    """550 and 451 of RFC 5321: the next run sends to the second alone, once the server takes it."""
    refuse = {"p@a1.example": "550 no such user", "p@a2.example": "451 try later"}
    with mail_server(refuse=refuse) as box:
        folder = lay(tmp_path, smtp=smtp(box.port))
        first = sent(folder, expect=COUNT)
        assert (first.sent, first.waiting, first.refused, first.unknown) == (COUNT - 2, 1, 1, 0)
        refuse.clear()
        second = sent(folder, expect=1)
    assert second.sent == 1
    assert recipients(box) == sorted(f"p@a{n}.example" for n in range(2, 8))
    states = {each.account_id: (each.state, each.attempts) for each in ledger(folder)}
    assert states["A1"] == (State.FAILED, 1)
    assert states["A2"] == (State.SENT, 2)


def test_an_address_that_a_server_refused_gets_nothing_else_until_a_person_says_so(tmp_path: Path) -> None:
    """550 of RFC 5321. The account gets another message, not this address; once it is settled, both may go there."""
    refuse = {"p@a1.example": "550 no such user"}
    with mail_server(refuse=refuse) as box:
        folder = lay(
            tmp_path, smtp=smtp(box.port, "}\n  limits: {account: {at_most: 9, days: 1}"), accounts=1
        )
        assert sent(folder, expect=1).refused == 1
        rules = (folder / "cscli.yaml").read_text(encoding="utf-8")
        other = rules.partition("    - name: hello")[2].replace("hello", "second")
        (folder / "cscli.yaml").write_text(f"{rules}    - name: second{other}", encoding="utf-8")
        (row,) = ledger(folder)
        lines = show_drafts(asked(folder), "A1", None, None).lines
        assert [line for line in lines if row.key in line] == [
            f"  stops Aoi 1 <p@a1.example> bounced, complained, refused or forgotten: the mail server refused the message {row.key}"
        ] * 2
        refuse.clear()
        assert sent(folder, expect=0).sent == 0
        with pytest.raises(DataError):
            resolve(asked(folder), [row.key], was_sent=True)
        assert resolve(asked(folder), [row.key], was_sent=False).count == 1
        assert sent(folder, expect=1).sent == 1, "one message a run to a person"
    assert recipients(box) == ["p@a1.example"]


def test_three_refusals_in_a_row_stop_it(tmp_path: Path) -> None:
    refuse = {f"p@a{n}.example": "554 you are on a list" for n in range(1, 9)}
    with mail_server(refuse=refuse) as box:
        folder = lay(tmp_path, smtp=smtp(box.port))
        done = sent(folder, expect=COUNT)
    assert (done.refused, done.failures[-1].code) == (3, "outreach.stopped_sending")
    assert done.failures[-1].details["count"] == COUNT - 3
    assert len(ledger(folder)) == 3, "the others were not even booked"
    assert box.recipients == []


def test_a_server_that_takes_it_and_never_answers_leaves_it_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail is on its way when the answer stays out: unknown, and not sent again, until a person says so."""

    class Slow(Mailbox):
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as the server calls it
            await super().handle_DATA(server, session, envelope)
            server.transport.abort()
            return "250 OK"

    monkeypatch.setattr("oracles.loopback.Mailbox", Slow)
    with mail_server() as box:
        folder = lay(tmp_path, smtp=smtp(box.port), accounts=1)
        done = sent(folder, expect=1)
        assert (done.sent, done.unknown, done.waiting) == (0, 1, 0)
        assert sent(folder, expect=0).sent == 0
        (row,) = ledger(folder)
        assert row.state is State.UNKNOWN
        assert resolve(asked(folder), [row.key], was_sent=False).count == 1
        assert sent(folder, expect=1).unknown == 1, "a person said that it was not sent"
        assert resolve(asked(folder), [row.key], was_sent=True).count == 1
        assert sent(folder, expect=0).sent == 0
    assert len(box.mails) == 2


def test_a_server_that_never_greets_has_got_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "DEADLINE_SECONDS", 0.3)
    with silent_server() as port:
        folder = lay(tmp_path, smtp=smtp(port), accounts=1)
        done = sent(folder, expect=1)
    assert (done.waiting, done.unknown) == (1, 0)


@pytest.mark.parametrize(
    ("rules", "options", "code"),
    [
        ("", {"expect": COUNT}, "outreach.no_server"),
        (smtp(1, ", user_env: U, password_env: P"), {"expect": COUNT}, "outreach.unset"),
        (smtp(1), {}, "outreach.needs_expect"),
        (smtp(1), {"expect": 3}, "outreach.not_expected"),
    ],
)
def test_nothing_is_booked_where_nothing_can_be_sent(
    tmp_path: Path, rules: str, options: dict[str, Any], code: str
) -> None:
    folder = lay(tmp_path, smtp=rules)
    with pytest.raises(CscliError) as error:
        sent(folder, **options)
    assert [each.code for each in error.value.problems] == [code]
    assert ledger(folder) == []


def test_mails_go_out_as_slowly_as_the_rules_say(tmp_path: Path) -> None:
    """20 a minute is one every three seconds, and none before the first."""
    waited: list[float] = []
    with mail_server() as box:
        folder = lay(tmp_path, smtp=smtp(box.port).replace("6000", "20"))
        sent(folder, expect=COUNT, pause=waited.append)
    assert waited == [3.0] * (COUNT - 1)


@pytest.mark.slow
def test_who_is_killed_while_sending_leaves_one_message_in_doubt(tmp_path: Path) -> None:
    """The process ends between the server's answer and the ledger; the next run sends the others, and that one never again."""
    code = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from books.outreach_workspace import COUNT, asked\n"
        "from cscli.workflows.outreach import sending\n"
        "from cscli.workflows.outreach.previewing import planned_of\n"
        "sending.record_message = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "sending.send(asked(Path('.').resolve()), sending.SendOptions(expect=COUNT), planned_of)\n"
    )
    tests = str(Path(__file__).parents[2])
    with mail_server() as box:
        folder = lay(tmp_path, smtp=smtp(box.port))
        ended = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env={**os.environ, "PYTHONPATH": tests}, check=False
        )
        assert ended.returncode == -signal.SIGKILL
        done = sent(folder, expect=COUNT - 1)
        assert (done.sent, done.left_over) == (COUNT - 1, 1)
    assert recipients(box) == sorted(f"p@a{n}.example" for n in range(1, 8))
    assert sorted(each.state for each in ledger(folder)) == [*[State.SENT] * (COUNT - 1), State.UNKNOWN]
    with pytest.raises(DataError):
        resolve(asked(folder), ["f" * 32], was_sent=True)
