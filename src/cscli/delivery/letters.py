"""A draft to the bytes of a mail: plain text and HTML of the same words, as a file to be opened, or ready to be sent."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from cscli.reports.outreach.drafts import Draft

_MOSTLY = 0.75
"""From this share of ASCII on, quoted-printable is shorter and can be read as it stands."""
_TEST = "[TEST] "


class UriListHeader(UnstructuredHeader):
    """URIs in angle brackets. It is folded between them alone: the standard library's folding puts a long URI into encoded
    words, which no mail program takes back (cpython 85725, 87659).
    """

    max_count = 1

    def fold(self, *, policy: Any) -> str:
        """The header, a URI a line."""
        return f"{self.name}: {f',{policy.linesep} '.join(str(self).split(', '))}{policy.linesep}"  # type: ignore[attr-defined] # set by the registry


_REGISTRY = HeaderRegistry()
_REGISTRY.map_to_type("list-unsubscribe", UriListHeader)  # type: ignore[arg-type] # a mixin, as its own headers are
_POLICY = SMTP.clone(header_factory=_REGISTRY, cte_type="7bit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What a mail has that goes out now. `to`: in place of the draft's recipient, as a rehearsal."""

    now: dt.datetime
    message_id: str
    to: str | None = None


def letter_bytes(draft: Draft, posting: Posting | None = None) -> bytes:
    """The mail. Without `posting` a draft: `X-Unsent` lets Outlook open it for editing; no Date, no Message-ID. The same draft
    gives the same bytes; no line is longer than 998 (RFC 5322, 2.1.1).
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _mailbox(draft.sender.address, draft.sender.name)
    mail["To"] = _mailbox((posting and posting.to) or draft.email)
    if draft.sender.reply_to is not None:
        mail["Reply-To"] = _mailbox(draft.sender.reply_to)
    is_rehearsal = posting is not None and posting.to is not None
    mail["Subject"] = (_TEST if is_rehearsal else "") + draft.subject
    if posting is None:
        mail["X-Unsent"] = "1"
    else:
        mail["Date"] = format_datetime(posting.now)
        mail["Message-ID"] = posting.message_id
        mail["Auto-Submitted"] = "auto-generated"
    if draft.stops and not is_rehearsal:
        mail["List-Unsubscribe"] = uri_list(draft.stops)
        if draft.has_one_click:
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail.set_content(draft.plain, cte=_encoding(draft.plain))
    page = letter_page(draft)
    mail.add_alternative(page, subtype="html", cte=_encoding(page))
    mail.set_boundary(f"=_{draft.digest[:32]}")
    return mail.as_bytes()


def uri_list(uris: Sequence[str]) -> str:
    """URIs as the header has them (RFC 2369)."""
    return ", ".join(f"<{each}>" for each in uris)


def letter_page(draft: Draft) -> str:
    """The HTML part."""
    return (
        f'<!doctype html>\n<html lang="{draft.language}"><head><meta charset="utf-8"></head>\n'
        f"<body>\n{draft.html}</body></html>\n"
    )


def _mailbox(address: str, name: str = "") -> Address:
    user, _, domain = address.rpartition("@")
    return Address(display_name=name, username=user, domain=domain)


def _encoding(text: str) -> str:
    plain = sum(mark.isascii() for mark in text)
    return "quoted-printable" if plain >= _MOSTLY * len(text) else "base64"
