"""Mail against real SMTP servers on this computer: encrypted or not at all, and no password in any message."""

import base64
import ssl
import time
from pathlib import Path

import pytest

from cscli.delivery.outcome import Outcome, Verdict
from cscli.delivery.smtp import Mail, Server, send_mail
from oracles.loopback import mail_server, make_certificate, silent_server

PASSWORD = "correct horse battery"  # noqa: S105 - of a server that lives for one test
MAIL = Mail(
    "cs@example.com",
    ("a@example.com", "b@example.com"),
    "Subject: x\r\n\r\nあ\r\n".encode(),
    b"Subject: x\r\n\r\n7bit\r\n",
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def test_mail_goes_out_after_starttls(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with mail_server(certificate[1]) as box:
        server = Server(host="localhost", port=box.port, security="starttls", ca_file=certificate[0])
        assert send_mail(MAIL, server, 10) == Outcome(Verdict.SENT)
    assert (box.mails, box.encrypted) == ([MAIL.content], [True])
    assert box.recipients == [["a@example.com", "b@example.com"]]


def test_mail_goes_out_over_tls_from_the_first_byte(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with mail_server(certificate[1], implicit=True, password=PASSWORD) as box:
        server = Server(
            host="localhost",
            port=box.port,
            security="tls",
            user="cs",
            password=PASSWORD,
            ca_file=certificate[0],
        )
        assert send_mail(MAIL, server, 10) == Outcome(Verdict.SENT)
    assert (box.mails, box.encrypted, box.users) == ([MAIL.content], [True], ["cs"])


def test_a_certificate_that_nobody_vouches_for_gets_nothing(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with mail_server(certificate[1], password=PASSWORD) as box:
        outcome = send_mail(
            MAIL,
            Server(host="localhost", port=box.port, security="starttls", user="cs", password=PASSWORD),
            10,
        )
    assert outcome.verdict is Verdict.LATER
    assert outcome.reason.startswith("its certificate is not trusted: ")
    assert (box.mails, box.users) == ([], [])


def test_a_server_without_starttls_gets_nothing() -> None:
    """Somebody in between may have removed the offer."""
    with mail_server() as box:
        outcome = send_mail(
            MAIL,
            Server(host="localhost", port=box.port, security="starttls", user="cs", password=PASSWORD),
            10,
        )
    assert outcome.verdict is Verdict.LATER
    assert "STARTTLS" in outcome.reason
    assert (box.mails, box.users) == ([], [])
    assert "RCPT" not in box.commands


def test_mail_is_sent_after_login(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with mail_server(certificate[1], password=PASSWORD) as box:
        server = Server(
            host="localhost",
            port=box.port,
            security="starttls",
            user="cs",
            password=PASSWORD,
            ca_file=certificate[0],
        )
        assert send_mail(MAIL, server, 10) == Outcome(Verdict.SENT)
    assert (box.users, len(box.mails)) == (["cs"], 1)


@pytest.mark.parametrize("given", ["wrong password", "パスワード"])
def test_a_failed_login_waits_for_a_person_and_tells_no_password(
    certificate: tuple[Path, ssl.SSLContext], given: str
) -> None:
    with mail_server(certificate[1], password=PASSWORD) as box:
        outcome = send_mail(
            MAIL,
            Server(
                host="localhost",
                port=box.port,
                security="starttls",
                user="cs",
                password=given,
                ca_file=certificate[0],
            ),
            10,
        )
    assert outcome.verdict is Verdict.LATER
    encoded = base64.b64encode(given.encode()).decode()
    assert given not in outcome.reason
    assert encoded not in outcome.reason
    assert box.mails == []


def test_a_reply_that_repeats_the_login_is_redacted() -> None:
    """A server that echoes what it got: the greeting is the only thing it says, so it stands for any reply."""
    plain = base64.b64encode(f"\0cs@example.com\0{PASSWORD}".encode()).decode()
    with silent_server(f"554 go away {PASSWORD} {plain}\r\n".encode()) as port:
        outcome = send_mail(
            MAIL,
            Server(
                host="localhost", port=port, security="starttls", user="cs@example.com", password=PASSWORD
            ),
            5,
        )
    assert outcome == Outcome(Verdict.REFUSED, "SMTP 554: go away *** ***")


@pytest.mark.parametrize("greeting", [b"", b"220-hello\r\n"], ids=["silence", "half a greeting"])
def test_the_deadline_holds(greeting: bytes) -> None:
    with silent_server(greeting) as port:
        begun = time.monotonic()
        outcome = send_mail(MAIL, Server(host="localhost", port=port, security="starttls"), 0.5)
        assert time.monotonic() - begun < 1.5
    assert outcome == Outcome(Verdict.RETRY, "no answer within 0.5 s")


@pytest.mark.parametrize(
    ("replies", "verdict", "reason"),
    [
        (("550 no such user", "551 nor this"), Verdict.REFUSED, "SMTP 550: no such user"),
        (("450 busy", "550 no such user"), Verdict.RETRY, "SMTP 450: busy"),
        (("550 no such user", "250 OK"), Verdict.SENT, "1 of 2 addresses were refused"),
    ],
)
def test_recipients_that_are_refused(replies: tuple[str, str], verdict: Verdict, reason: str) -> None:
    refuse = {name: reply for name, reply in zip(MAIL.recipients, replies, strict=True) if reply != "250 OK"}
    with mail_server(refuse=refuse) as box:
        outcome = send_mail(MAIL, Server(host="localhost", port=box.port, security="none"), 10)
    assert outcome == Outcome(verdict, reason)
    assert len(box.mails) == (verdict is Verdict.SENT)


def test_a_server_that_is_not_there() -> None:
    with mail_server() as box:
        port = box.port
    assert send_mail(MAIL, Server(host="localhost", port=port, security="none"), 5) == Outcome(
        Verdict.RETRY, "Connection refused"
    )
