"""`cscli outreach issue`: files of messages that a person sends, booked before they are there."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cscli.cli.command import UNSTORED, Asked, add_command
from cscli.cli.console import printed, show_line, show_text
from cscli.cli.reader import reader_language

if TYPE_CHECKING:
    from cscli.workflows.outreach.issuing import Issued

Form = Annotated[str, typer.Option("--as", metavar="FORM", help="eml, xlsx, csv, or the name of an export.")]
Expect = Annotated[
    int | None,
    typer.Option("--expect", metavar="N", min=0, help="Do nothing unless there are exactly N messages."),
]
Again = Annotated[
    str | None, typer.Option("--again", metavar="RUN", help="Finish the files of a run that was booked.")
]
_OPTIONS = tuple(each for each in UNSTORED if each not in ("accounts", "plain", "fail_on"))


def add_commands(group: typer.Typer) -> None:
    """Adds `issue`."""
    add_command(group, "issue", issue, example="cscli outreach issue -o mails --expect 12", options=_OPTIONS)


def issue(asked: Asked, *, form: Form = "eml", expect: Expect = None, again: Again = None) -> None:
    """Write the messages into a folder and book them, so that nobody gets one twice. A person sends them.

    Without --expect it asks, and without a terminal it ends with 2. The files are written out of sight, then booked, then put into
    the folder; after a crash in between, --again RUN finishes them.
    """
    from cscli.errors import Problem, UsageError
    from cscli.workflows.outreach.issuing import IssueOptions, issue_again
    from cscli.workflows.outreach.issuing import issue as issue_messages
    from cscli.workflows.outreach.previewing import planned_of

    if again is not None:
        return _show(asked, issue_again(asked.request, again))
    if asked.output is None:
        raise UsageError(Problem("outreach.no_folder"))
    ask = ask_count if sys.stdin.isatty() else None
    options = IssueOptions(folder=asked.output, form=form, expect=expect, ask=ask)
    return _show(asked, issue_messages(asked.request, options, planned_of))


def ask_count(count: int) -> bool:
    """Whether a person means so many messages."""
    from cscli.texts import text

    return typer.confirm(text("outreach.ask", printed(reader_language()), count=count))


def _show(asked: Asked, done: "Issued") -> None:

    asked.tell(done.problems, done.language, done.sources)
    if asked.quiet:
        return
    if not done.count:
        show_text("outreach.issued_none", done.language)
        return
    show_text("outreach.issued", done.language, count=done.count, run=done.run, held_out=done.held_out)
    folder = asked.output or done.paths[0].parent
    show_line(folder)
    if done.has_keys:
        file = str(folder / done.paths[0].name)
        show_text("outreach.issued_next", done.language, file=f'"{file}"' if " " in file else file)
