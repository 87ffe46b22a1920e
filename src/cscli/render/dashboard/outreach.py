"""The preview of messages as one HTML file: each mail in both its parts, and the accounts that get nothing."""

import re
from collections.abc import Sequence

from cscli.render.dashboard.page import data_json, joined_scripts, render_page
from cscli.reports.dashboard.model import Json
from cscli.reports.dashboard.words import long_day
from cscli.reports.kit.model import Report, Sheet
from cscli.reports.outreach.drafts import Draft
from cscli.texts import text

_LINK = re.compile(r'<a href="[^"]*">(.*?)</a>')
_WORDS = (
    "search", "message", "owner", "reason", "clear", "going", "nothing", "none", "account", "to", "from_", "plain",
    "html", "scripts", "internal", "skip",
)  # fmt: skip


def preview_html(report: Report, drafts: Sequence[Draft]) -> str:
    """The whole file. The same report gives the same bytes."""
    from markupsafe import Markup  # noqa: PLC0415 - loaded for it alone

    language = report.language
    nothing = next(sheet for sheet in report.sheets if sheet.id == "nothing")
    labels = {column.id: dict(column.labels) for column in nothing.columns}
    reasons = {key: labels["reason"][key] for key in dict.fromkeys(nothing.column("reason").tolist())}
    owners = {draft.owner for draft in drafts} | {each for each in nothing.column("owner").tolist() if each}
    mails = [
        {
            "message": draft.message, "owner": draft.owner, "subject": draft.subject, "language": draft.language,
            "account": f"{draft.name} ({draft.account_id})" if draft.name else draft.account_id,
            "label": labels["message"].get(draft.message, draft.message), "to": f"{draft.contact_name} <{draft.email}>".strip(),
            "sender": f"{draft.sender.name} <{draft.sender.address}>", "plain": draft.plain,
            "words": f"{draft.account_id} {draft.name} {draft.owner} {draft.contact_name} {draft.email}",
            "shown": Markup(without_links(draft.html)),  # noqa: S704 - its values are escaped where it is written
        }
        for draft in drafts
    ]  # fmt: skip
    data: dict[str, Json] = {
        "title": nothing.title,
        "heads": [text("outreach.page.account", language), *(column.label for column in nothing.columns[2:])],
        "rows": _rows(nothing),
        "reasons": reasons,
        "messages": labels["message"],
        "previous": text("outreach.page.previous", language),
        "next": text("outreach.page.next", language),
    }
    return render_page(
        "mails.html",
        "mails.css",
        script=joined_scripts(("mails.js",)),
        page=report,
        as_of=text("page.as_of", language, day=long_day(report.as_of, language)),
        words={name: text(f"outreach.page.{name}", language) for name in _WORDS},
        messages=sorted(labels["message"].items()),
        owners=sorted(owner for owner in owners if owner),
        reasons=list(reasons.items()),
        mails=mails,
        nothing=len(nothing),
        data=Markup(data_json(data)),  # noqa: S704 - no `<` is left in it
    )


def without_links(html: str) -> str:
    """The HTML part with its links as text: nothing on the page leads out of it."""
    return _LINK.sub(r'<span class="link">\1</span>', html)


def _rows(sheet: Sheet) -> Json:
    columns = [
        [None if day == "NaT" else day for day in values.astype("datetime64[D]").astype(str).tolist()]
        if values.dtype.kind == "M"
        else [None if value is None else str(value) for value in values.tolist()]
        for values in sheet.values
    ]
    return [list(row) for row in zip(*columns, strict=True)]
