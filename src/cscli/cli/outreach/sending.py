"""`cscli outreach send`: the messages by SMTP, now, each at most once."""

import os
import sys
from typing import Annotated

import typer

from cscli.cli.command import UNSTORED, Asked, add_command
from cscli.cli.console import show_problems, show_text
from cscli.cli.outreach.issuing import Expect, ask_count

Rehearse = Annotated[
    str | None,
    typer.Option(
        "--rehearse", metavar="ADDRESS", help="Send at most five of them to one of our own addresses."
    ),
]
_OPTIONS = tuple(each for each in UNSTORED if each not in ("accounts", "plain", "fail_on", "output"))


def add_commands(group: typer.Typer) -> None:
    """Adds `send`."""
    add_command(
        group, "send", send, example="cscli outreach send --rehearse me@example.com", options=_OPTIONS
    )


def send(asked: Asked, *, expect: Expect = None, rehearse: Rehearse = None) -> None:
    """Send the messages now, by the server that `outreach: smtp` names; each at most once.

    Without --expect it asks, and without a terminal it ends with 2. If the process is killed between sending a message and noting it,
    nobody knows whether it arrived: it is never sent again by itself, until you settle it with `resolve`. Exit code 7: some failed
    for now and may be sent by the next run.
    """
    from cscli.errors import ExitCode
    from cscli.workflows.outreach.previewing import planned_of
    from cscli.workflows.outreach.sending import SendOptions
    from cscli.workflows.outreach.sending import send as send_messages

    options = SendOptions(
        expect=expect, rehearse=rehearse, ask=ask_count if sys.stdin.isatty() else None, environment=os.environ
    )  # fmt: skip
    done = send_messages(asked.request, options, planned_of)
    asked.tell(done.problems, done.language, done.sources)
    show_problems(
        done.failures, done.language, quiet=asked.quiet, verbose=True
    )  # never among what is known already
    if not asked.quiet:
        key = "outreach.rehearsed" if done.is_rehearsal else "outreach.sent"
        numbers = {"waiting": done.waiting, "refused": done.refused, "unknown": done.unknown}
        show_text(key, done.language, count=done.sent, **numbers)
    if done.waiting:
        raise typer.Exit(ExitCode.OUTBOX)
