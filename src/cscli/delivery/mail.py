"""The facts of a message to a mail: plain text and simple HTML, and headers without any name."""

import html
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from cscli.analysis.acting.message_facts import Facts
from cscli.config.blocks.alerts import Channel
from cscli.delivery.wording import head_line, more_line, told_lines

_8BIT = SMTP.clone(cte_type="8bit")
_7BIT = SMTP.clone(cte_type="7bit")


def mail_bytes(facts: Facts, channel: Channel, now: datetime, *, eight_bit: bool = True) -> bytes:
    """The whole mail. Its Message-ID is the message's key: who gets it twice can see that it is the same."""
    mail = EmailMessage(policy=_8BIT if eight_bit else _7BIT)
    sender = _address(channel.from_ or "")
    mail["From"] = sender
    mail["To"] = tuple(map(_address, channel.to))
    mail["Subject"] = head_line(facts)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{facts.key}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    cte = "8bit" if eight_bit else "base64"
    mail.set_content(_text(facts), cte=cte)
    mail.add_alternative(_html(facts), subtype="html", cte=cte)
    mail.set_boundary(f"=_{facts.key[:32]}")
    return mail.as_bytes()


def _address(address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(username=user, domain=domain)


def _text(facts: Facts) -> str:
    lines = [head_line(facts), "", *(f"- {line}" for line in told_lines(facts))]
    if more := more_line(facts):
        lines.append(more)
    return "\n".join(lines) + "\n"


def _html(facts: Facts) -> str:
    more = more_line(facts)
    items = "\n".join(f"<li>{html.escape(line)}</li>" for line in told_lines(facts))
    rest = f"<p>{html.escape(more)}</p>\n" if more else ""
    head = html.escape(head_line(facts))
    return (
        f"<!doctype html>\n<html><body>\n<p><b>{head}</b></p>\n<ul>\n{items}\n</ul>\n{rest}</body></html>\n"
    )
