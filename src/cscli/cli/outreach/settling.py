"""`cscli outreach cancel`, `confirm`, `resolve`, `forget`: what became of messages, as people say it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cscli.cli.command import Asked, add_command
from cscli.cli.console import printed, show_text
from cscli.cli.reader import reader_language

if TYPE_CHECKING:
    from cscli.workflows.outreach.settling import Settled

Keys = Annotated[
    list[str],
    typer.Argument(metavar="KEY", help="Keys of messages, or their first 8 signs.", show_default=False),
]
Table = Annotated[
    Path, typer.Argument(metavar="FILE", help="A table with a column key or Message-ID.", show_default=False)
]
Address = Annotated[str, typer.Argument(help="A person's address.", show_default=False)]
WasSent = Annotated[
    bool | None, typer.Option("--sent/--not-sent", help="Whether the messages went out.", show_default=False)
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_OPTIONS = ("config", "lang", "overrides", "quiet")


def add_commands(group: typer.Typer) -> None:
    """Adds them."""
    add_command(group, "cancel", cancel, example="cscli outreach cancel 0a1b2c3d", options=_OPTIONS)
    add_command(group, "confirm", confirm, example="cscli outreach confirm mails/0000-keys.csv", options=_OPTIONS)  # fmt: skip
    add_command(group, "resolve", resolve, example="cscli outreach resolve 0a1b2c3d --sent", options=_OPTIONS)
    add_command(group, "forget", forget, example="cscli outreach forget p@example.com", options=_OPTIONS)


def cancel(asked: Asked, keys: Keys) -> None:
    """Take back messages that were issued and not sent; they may be made again."""
    from cscli.workflows.outreach import settling

    _show(asked, settling.cancel(asked.request, keys), "outreach.cancelled")


def confirm(asked: Asked, file: Table) -> None:
    """Mark messages as sent: those that a table names, such as the file of keys beside the mails."""
    from cscli.workflows.outreach import settling

    done = settling.confirm(asked.request, file)
    _show(asked, done, "outreach.confirmed" if done.count else "outreach.confirmed_none")


def resolve(asked: Asked, keys: Keys, *, was_sent: WasSent = None) -> None:
    """Settle messages of which nobody knows whether they went out, once you have looked.

    With --not-sent also one that a mail server refused for good: it may be tried again, and its address gets messages again.
    """
    from cscli.errors import Problem, UsageError
    from cscli.workflows.outreach import settling

    if was_sent is None:
        raise UsageError(Problem("outreach.resolve_how"))
    _show(asked, settling.resolve(asked.request, keys, was_sent=was_sent), "outreach.resolved")


def forget(asked: Asked, address: Address, *, yes: Yes = False) -> None:
    """Remove a person from the ledger for good; that nothing goes there any more is kept, as a hash.

    Exports, inputs/optout.csv and files that were issued stay: they are files of yours.
    """
    from cscli.errors import Problem, UsageError
    from cscli.texts import text
    from cscli.workflows.outreach import settling

    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(Problem("outreach.nobody_to_ask"))
        if not typer.confirm(text("outreach.ask_forget", printed(reader_language()), address=address)):
            return
    _show(asked, settling.forget(asked.request, address), "outreach.forgotten")


def _show(asked: Asked, done: "Settled", key: str) -> None:

    asked.tell(done.problems, done.language, store=False)
    if not asked.quiet:
        show_text(key, done.language, count=done.count)
