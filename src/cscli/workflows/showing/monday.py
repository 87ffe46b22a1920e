"""The Monday page of a run, as files and as messages to channels."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.analysis.acting.messages import Message, page_message
from cscli.config.blocks.alerts import Channel
from cscli.config.schema import Config
from cscli.errors import Problem, Severity
from cscli.reports.alerts.facts import message_head
from cscli.reports.dashboard.model import Material
from cscli.reports.monday.material import MondayMaterial
from cscli.reports.monday.page import MondayPage, monday_page
from cscli.texts import text
from cscli.workflows.book.contract import history_url
from cscli.workflows.whole.book import WholeBook

if TYPE_CHECKING:
    pass

STEM = "monday"


def write_monday(page: MondayPage, folder: Path) -> tuple[Path, ...]:
    """`monday.md` and `monday.html`, for their owner's eyes alone. Raises SourceError."""
    from cscli.render.dashboard.monday import monday_html, monday_markdown
    from cscli.workspace.publish import publish

    contents = {folder / f"{STEM}.md": monday_markdown(page), folder / f"{STEM}.html": monday_html(page)}
    for path, content in contents.items():
        with publish(path, private=True) as temporary:
            temporary.write_text(content, encoding="utf-8", newline="\n")
    return tuple(contents)


def monday_messages(whole: WholeBook, material: Material) -> tuple[Message, ...]:
    """The page for each channel that the rules list; to one without names, counts and money only."""
    book = whole.book
    head = message_head(book.as_of, book.config, book.language)
    made_at = whole.request.now.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    messages = []
    for channel in monday_channels(book.config):
        page = monday_page(MondayMaterial(material, with_names=channel.include_names))
        decide = text("monday.decide_in_a_line", book.language, decision=page.decision)
        messages.append(page_message(channel.name, head, made_at, page.title, (*page.sentences, decide)))
    return tuple(messages)


def monday_channels(config: Config) -> tuple[Channel, ...]:
    """The channels that get the page."""
    listed = config.run.monday.channels or ()
    return tuple(channel for channel in config.channels if channel.name in listed)


def say_unsent(whole: WholeBook) -> tuple[Problem, ...]:
    """That the page cannot be sent, where the rules ask for it and keep no history for the outbox."""
    if monday_channels(whole.book.config) and history_url(whole.request, whole.book) is None:
        return (Problem("alerts.needs_history", severity=Severity.WARNING),)
    return ()
