"""A POST to a webhook: encrypted, in one connection, within a deadline, and only a 2xx counts."""

import http.client
import ssl
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from cscli.analysis.acting.one_line import one_line
from cscli.config.blocks.alerts import HERE
from cscli.delivery.cleaning import redact
from cscli.delivery.deadline import Deadline, within
from cscli.delivery.outcome import Outcome, Verdict
from cscli.texts import Language, text

MOST_BYTES = 64 * 1024
"""So much of a reply is read."""
_RETRIED = (408, 425, 429)
_SHOWN_OF_REPLY = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is sent: to `url`, which is secret. `ca_file`: certificates that are trusted as well."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    ca_file: Path | None = None
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    retry_after: str | None
    said: str


def post(sent: Post, seconds: float, now: datetime) -> Outcome:
    """What became of it. No redirect is followed: a POST would turn into an empty GET, and its 200 would mean
    nothing. 408, 425, 429, 5xx, 3xx and lost connections may go better later; any other 4xx will not.
    """
    try:
        connect = _connection(sent)
    except (ValueError, OSError) as error:
        return Outcome(Verdict.LATER, redact(_told(error), [sent.url]))
    try:
        reply = within(seconds, lambda deadline: _exchange(connect, sent, deadline))
    except TimeoutError:
        return Outcome(Verdict.RETRY, text("delivery.no_answer", sent.language, seconds=f"{seconds:g}"))
    except ssl.SSLCertVerificationError as error:
        said = text("delivery.certificate", sent.language, reason=one_line(error.verify_message))
        return Outcome(Verdict.LATER, said)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(Verdict.RETRY, redact(_told(error), [sent.url]))
    return _judged(reply, sent, now)


def _connection(sent: Post) -> Callable[[float], http.client.HTTPConnection]:
    """Raises ValueError for a URL that is none, or not encrypted."""
    try:
        parts = urllib.parse.urlsplit(sent.url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not sent.url.isascii() or not sent.url.isprintable() or " " in sent.url:
        raise ValueError(text("delivery.no_url", sent.language))
    if parts.username is not None:
        raise ValueError(text("delivery.user_in_url", sent.language))
    if parts.scheme == "http" and host in HERE:
        return lambda timeout: http.client.HTTPConnection(host, port, timeout=timeout)
    if parts.scheme != "https":
        raise ValueError(text("delivery.not_https", sent.language))
    context = trusting(sent.ca_file)
    return lambda timeout: http.client.HTTPSConnection(host, port, timeout=timeout, context=context)


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates are checked against those of the system, and of `ca_file`. OSError where it cannot be read."""
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


def _exchange(
    connect: Callable[[float], http.client.HTTPConnection], sent: Post, deadline: Deadline
) -> _Reply:
    connection = connect(deadline.left())
    try:
        connection.connect()
        deadline.watch(connection.sock)
        target = urllib.parse.urlunsplit(("", "", *urllib.parse.urlsplit(sent.url)[2:4], "")) or "/"
        connection.request("POST", target, body=sent.body, headers=dict(sent.headers))
        response = connection.getresponse()
        said = b"" if 200 <= response.status < 300 else response.read(MOST_BYTES)
        return _Reply(response.status, response.headers.get("Retry-After"), said.decode(errors="replace"))
    finally:
        connection.close()


def _judged(reply: _Reply, sent: Post, now: datetime) -> Outcome:
    if 200 <= reply.status < 300:
        return Outcome(Verdict.SENT)
    said = one_line(redact(reply.said, [sent.url]), _SHOWN_OF_REPLY)
    reason = f"HTTP {reply.status}" + (f": {said}" if said else "")
    if 300 <= reply.status < 400:
        return Outcome(Verdict.RETRY, text("delivery.redirect", sent.language, status=reply.status))
    if reply.status in _RETRIED or not 400 <= reply.status < 500:
        return Outcome(Verdict.RETRY, reason, _asked_seconds(reply.retry_after, now))
    return Outcome(Verdict.REFUSED, reason)


def _asked_seconds(retry_after: str | None, now: datetime) -> float | None:
    """Of a `Retry-After` in seconds, or with a date."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after.strip()[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max((moment - now).total_seconds(), 0.0) if moment.tzinfo else None


def _told(error: Exception) -> str:
    """What went wrong. Exceptions of HTTP may hold the path: of them only the kind is told."""
    if isinstance(error, http.client.HTTPException):
        return f"no HTTP answer ({type(error).__name__})"
    return one_line(str(getattr(error, "strerror", None) or error)) or type(error).__name__
