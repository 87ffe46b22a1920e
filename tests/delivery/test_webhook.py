"""A webhook against real servers on this computer that are slow, broken, encrypted or hostile."""

import datetime as dt
import ssl
import time
from pathlib import Path

import pytest

from cscli.delivery.outcome import Outcome, Verdict
from cscli.delivery.webhook import MOST_BYTES, Post, post
from oracles.loopback import Answer, drip, make_certificate, silent_server, sleep, status, web_server

NOW = dt.datetime(2026, 10, 31, 7, tzinfo=dt.UTC)
SECRETS = ("T0SECRET", "B0SECRET")


def sent(url: str, seconds: float = 5, ca_file: Path | None = None) -> Outcome:
    return post(
        Post(url=url, headers={"Idempotency-Key": "k1"}, body=b'{"text": "x"}', ca_file=ca_file), seconds, NOW
    )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.mark.parametrize("code", [200, 204])
def test_a_2xx_is_sent_with_body_and_key(code: int) -> None:
    with web_server(status(code)) as web:
        assert sent(web.url) == Outcome(Verdict.SENT)
    [request] = web.received
    assert (request.method, request.path) == ("POST", "/services/T0SECRET/B0SECRET")
    assert request.body == b'{"text": "x"}'
    assert request.headers["Idempotency-Key"] == "k1"
    assert "Accept-Encoding" in request.headers
    assert request.headers["Host"].startswith("localhost:")


@pytest.mark.parametrize(
    "answer",
    [
        sleep(4),
        drip(b"", b"H", every=0.1, seconds=4),
        drip(b"HTTP/1.1 500 no\r\n", b"X-A: 1\r\n", every=0.1, seconds=4),
        drip(b"HTTP/1.1 500 no\r\n\r\n", b"x", every=0.1, seconds=4),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.1, seconds=4),
    ],
    ids=["silence", "status line", "headers", "body", "100 for ever"],
)
def test_the_deadline_is_for_the_whole_exchange(answer: Answer) -> None:
    """Each byte is in time for a timeout that begins anew with every read; the sum is not."""
    with web_server(answer) as web:
        begun = time.monotonic()
        outcome = sent(web.url, 0.7)
        assert time.monotonic() - begun < 1.7
    assert outcome == Outcome(Verdict.RETRY, "no answer within 0.7 s")


def test_a_server_that_takes_the_connection_and_no_handshake(
    certificate: tuple[Path, ssl.SSLContext],
) -> None:
    with silent_server() as port:
        begun = time.monotonic()
        assert sent(f"https://localhost:{port}/x", 0.5).verdict is Verdict.RETRY
        assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_not_a_success(code: int) -> None:
    with web_server(status(200)) as target, web_server(status(code, Location=target.url)) as web:
        outcome = sent(web.url)
    assert outcome == Outcome(Verdict.RETRY, f"HTTP {code}: redirects are not followed")
    assert (len(web.received), target.received) == (1, [])


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (400, Verdict.REFUSED), (401, Verdict.REFUSED), (403, Verdict.REFUSED), (404, Verdict.REFUSED),
        (410, Verdict.REFUSED), (413, Verdict.REFUSED), (408, Verdict.RETRY), (425, Verdict.RETRY),
        (429, Verdict.RETRY), (500, Verdict.RETRY), (502, Verdict.RETRY), (503, Verdict.RETRY), (600, Verdict.RETRY),
    ],
)  # fmt: skip
def test_which_statuses_are_tried_again(code: int, verdict: Verdict) -> None:
    with web_server(status(code, b"because")) as web:
        assert sent(web.url) == Outcome(verdict, f"HTTP {code}: because")


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("30", 30.0), (" 7 ", 7.0), ("Sat, 31 Oct 2026 07:01:30 GMT", 90.0), ("Sat, 31 Oct 2026 06:00:00 GMT", 0.0),
        ("soon", None), ("-5", None), ("", None),
    ],
)  # fmt: skip
def test_the_server_says_when_to_come_back(given: str, seconds: float | None) -> None:
    with web_server(status(429, Retry_After=given)) as web:
        assert sent(web.url) == Outcome(Verdict.RETRY, "HTTP 429", seconds)


def test_what_the_server_says_is_shown_without_the_secret_and_in_one_line() -> None:
    with web_server(
        status(404, b"no such hook:\n/services/T0SECRET/B0SECRET \x1b[31mred\xe2\x80\xae")
    ) as web:
        outcome = sent(web.url)
    assert outcome.reason == "HTTP 404: no such hook: *** [31mred"


def test_a_long_reply_is_cut() -> None:
    with web_server(status(500, b"x" * (MOST_BYTES * 20))) as web:
        outcome = sent(web.url)
    assert outcome.verdict is Verdict.RETRY
    assert len(outcome.reason) < 150


def test_a_server_that_is_not_there(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with web_server(status(200)) as web:
        gone = web.url
    outcome = sent(gone)
    assert outcome == Outcome(Verdict.RETRY, "Connection refused")


def test_an_answer_that_is_no_http_tells_no_secret() -> None:
    with silent_server(b"220 mail.example.com T0SECRET\r\n") as port:
        outcome = sent(f"http://localhost:{port}/services/T0SECRET/B0SECRET", 2)
    assert outcome.verdict is Verdict.RETRY
    assert not any(secret in outcome.reason for secret in SECRETS)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/T0SECRET", "http://127.0.0.1.example.com/T0SECRET", "file:///etc/passwd", "ftp://localhost/x",
        "T0SECRET", "", "https://", "https://user:T0SECRET@localhost/x", "https://local host/T0SECRET",
        "https://localhost/T0SECRET\r\nX-Evil: 1", "https://[::1/T0SECRET", "https://localhost:99999/T0SECRET", "//localhost/T0SECRET",
    ],
)  # fmt: skip
def test_only_https_except_to_this_computer(url: str) -> None:
    outcome = sent(url)
    assert outcome.verdict is Verdict.LATER
    assert "T0SECRET" not in outcome.reason


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with web_server(status(200), tls=certificate[1]) as web:
        outcome = sent(web.url)
        assert outcome.verdict is Verdict.LATER
        assert outcome.reason.startswith("its certificate is not trusted: ")
        assert web.received == []
        assert sent(web.url, ca_file=certificate[0]) == Outcome(Verdict.SENT)


def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    authority, context = make_certificate(tmp_path, "elsewhere.example")
    with web_server(status(200), tls=context) as web:
        outcome = sent(web.url, ca_file=authority)
    assert outcome.verdict is Verdict.LATER
    assert "elsewhere" in outcome.reason or "mismatch" in outcome.reason.lower()
    assert web.received == []


def test_a_missing_certificate_file_is_said(tmp_path: Path) -> None:
    outcome = sent("https://localhost:1/x", ca_file=tmp_path / "none.pem")
    assert outcome == Outcome(Verdict.LATER, "No such file or directory")


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with web_server(status(200)) as web, silent_server() as port:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        assert sent(web.url, 2) == Outcome(Verdict.SENT)
