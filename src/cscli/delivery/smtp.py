"""A mail to an SMTP server: encrypted before anything is said, within a deadline."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cscli.analysis.acting.one_line import one_line
from cscli.delivery.cleaning import redact
from cscli.delivery.deadline import Deadline, within
from cscli.delivery.outcome import Outcome, Verdict
from cscli.delivery.webhook import trusting
from cscli.texts import Language, text

_SHOWN_OF_REPLY = 160
_SLACK_SECONDS = 1.0
"""A socket waits longer than the deadline: the deadline is what ends the exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where and how mail is handed over. `security`: starttls, tls, or none (this computer only). `language`: in which it is
    told why not.
    """

    host: str
    port: int
    security: str
    user: str | None = None
    password: str | None = None
    ca_file: Path | None = None
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender`, `recipients`: plain addresses. `content`: the whole message, with 8-bit text as UTF-8; `content_7bit`:
    the same for servers that take no other.
    """

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    content_7bit: bytes


def send_mail(mail: Mail, server: Server, seconds: float) -> Outcome:
    """What became of it. A server that offers no STARTTLS, or has a certificate that is not trusted, gets nothing.
    Replies 4xx may be better later; 5xx will not, but for a login, which a person can mend.
    """
    secrets = [secret for secret in (server.password, server.user) if secret]
    if server.user and server.password:
        secrets.append(f"\0{server.user}\0{server.password}")
    handed = _HandedOver()
    try:
        refused = within(seconds, lambda deadline: _exchange(mail, server, deadline, handed))
    except TimeoutError:
        reason = text("delivery.no_answer", server.language, seconds=f"{seconds:g}")
        return Outcome(Verdict.RETRY, reason, may_have_arrived=handed.has_begun)
    except (OSError, ValueError) as error:  # smtplib's own are OSErrors
        outcome = _judged(error, server.language)
        is_told = isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused)
        reason = one_line(redact(outcome.reason, secrets))
        return Outcome(outcome.verdict, reason, may_have_arrived=handed.has_begun and not is_told)
    if refused:
        said = text("delivery.some_refused", server.language, count=refused, total=len(mail.recipients))
        return Outcome(Verdict.SENT, said)
    return Outcome(Verdict.SENT)


@dataclass(slots=True)
class _HandedOver:
    """Whether the message itself has begun to go out: from then on only the server's reply tells what became of it."""

    has_begun: bool = False


def _exchange(mail: Mail, server: Server, deadline: Deadline, handed: _HandedOver) -> int:
    """How many of the recipients were refused, where others got it."""
    with _connected(server, deadline) as smtp:
        _watch_data(smtp, deadline, handed)
        if server.user is not None and server.password is not None:
            smtp.login(server.user, server.password)
        deadline.left()
        if smtp.has_extn("8bitmime"):
            return len(smtp.sendmail(mail.sender, mail.recipients, mail.content, ["BODY=8BITMIME"]))
        return len(smtp.sendmail(mail.sender, mail.recipients, mail.content_7bit))


@contextlib.contextmanager
def _connected(server: Server, deadline: Deadline) -> Iterator[smtplib.SMTP]:
    context = trusting(server.ca_file)
    left = deadline.left() + _SLACK_SECONDS
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=left, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=left)
    try:
        _watch(smtp, deadline)
        if server.security == "starttls":
            smtp.starttls(context=context)
            _watch(smtp, deadline)
        smtp.ehlo_or_helo_if_needed()
        yield smtp
        with contextlib.suppress(OSError):
            smtp.quit()
    finally:
        smtp.close()


def _watch_data(smtp: smtplib.SMTP, deadline: Deadline, handed: _HandedOver) -> None:
    """Notes when the message goes out. That is noted before time is asked for, so that none goes out unnoted."""
    hand_over = smtp.data

    def data(message: bytes | str) -> tuple[int, bytes]:
        handed.has_begun = True
        deadline.left()
        return hand_over(message)

    smtp.data = data  # type: ignore[method-assign, assignment] # what `sendmail` calls


def _watch(smtp: smtplib.SMTP, deadline: Deadline) -> None:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected
    deadline.watch(smtp.sock)


def _judged(error: Exception, language: Language) -> Outcome:
    match error:
        case ssl.SSLCertVerificationError():
            return Outcome(Verdict.LATER, text("delivery.certificate", language, reason=error.verify_message))
        case smtplib.SMTPNotSupportedError():
            return Outcome(Verdict.LATER, text("delivery.nothing_sent", language, reason=error))
        case UnicodeEncodeError():
            return Outcome(Verdict.LATER, text("delivery.not_ascii", language))
        case smtplib.SMTPAuthenticationError():
            verdict = Verdict.LATER if error.smtp_code >= 500 else Verdict.RETRY
            return Outcome(verdict, _reply(error.smtp_code, error.smtp_error))
        case smtplib.SMTPRecipientsRefused():
            replies = list(error.recipients.values())
            never = all(code >= 500 for code, _ in replies)
            return Outcome(Verdict.REFUSED if never else Verdict.RETRY, _reply(*replies[0]))
        case smtplib.SMTPResponseException():
            verdict = Verdict.REFUSED if 500 <= error.smtp_code < 600 else Verdict.RETRY
            return Outcome(verdict, _reply(error.smtp_code, error.smtp_error))
    return Outcome(Verdict.RETRY, str(getattr(error, "strerror", None) or error) or type(error).__name__)


def _reply(code: int, words: bytes | str) -> str:
    told = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"SMTP {code}: {one_line(told, _SHOWN_OF_REPLY)}"
