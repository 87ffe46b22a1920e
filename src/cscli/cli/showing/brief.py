"""`cscli brief`: exports in, one page an account out, for the team or for the customer."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cscli.cli.command import FIRST, Asked, add_command
from cscli.cli.console import show_line, show_words


class Reader(StrEnum):
    """Whom the page is for."""

    INTERNAL = "internal"
    CUSTOMER = "customer"


Accounts = Annotated[
    list[str], typer.Argument(metavar="ACCOUNT_ID...", help="The accounts' ids, or their names.")
]
For = Annotated[
    Reader,
    typer.Option(
        "--for",
        help="customer: a file each, with what `brief: customer_shows` of the rules names and nothing else.",
    ),
]
_Output = Annotated[Path | None, typer.Option("--output", "-o", help="A file (.html) or a folder.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "cscli brief A0001 A0002 -c sample_data/cscli.yaml --as-of 2026-10-31"
    common = tuple(name for name in FIRST if name != "accounts")
    options = (*common, "no_history", "fail_on", "quiet", "verbose")
    add_command(app, "brief", brief, example=example, options=options, output=_Output)


def brief(asked: Asked, account_ids: Accounts, *, for_: For = Reader.INTERNAL) -> None:
    """Put one account on one page, or several into one file, a page each: how it is, why, what to do, what changed.

    With `--for customer`: a page for a business review, a file an account, without scores or anything of ours.
    """
    from cscli import workflows
    from cscli.render.screen.terminal import plain

    output = asked.path("briefs") if asked.output is None else asked.output
    if output.suffix and output.suffix.lower() != ".html" and not output.is_dir():
        raise typer.BadParameter("a brief is a file of the form .html", param_hint="--output")
    written = workflows.brief(asked.request, account_ids, output, for_.value)
    asked.tell(written.problems, written.language, written.sources)
    if not asked.quiet:
        for line in written.lines:
            show_words(plain(line), written.language)
        for path in written.paths:
            show_line(path)
    asked.end(written.problems, written.sources)
