"""`cscli timeline`: what every department did with the customers, and what nobody wrote down."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cscli.cli import options as o
from cscli.cli.command import Asked, add_command, sources_in
from cscli.cli.console import show_words
from cscli.texts.columns import in_two_columns

if TYPE_CHECKING:
    from cscli.workflows import Request

Texts = Annotated[
    bool,
    typer.Option("--texts", help="With the events of the last 90 days; their texts may hold personal data."),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Of one account: events of this day and later.")
]
Department = Annotated[
    str | None,
    typer.Option("--department", metavar="NAME", help="Of one account: what this department did."),
]
_LAST = 20


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "timeline", timeline, example="cscli timeline A0028 --as-of 2026-10-31")


def timeline(
    asked: Asked, *, texts: Texts = False, since: Since = None, department: Department = None
) -> None:
    """Show who has not written down what, and which customers nobody has spoken with for too long.

    In place of ACCOUNTS the id or the name of an account shows that one: what was promised, how it is, and what
    every department did with it, the newest first.
    """
    from cscli import workflows

    account = _account(asked.request)
    if account is None:
        path = asked.path("timeline.xlsx")
        report = workflows.timeline(asked.request, path, texts=texts)
        asked.show(report, path)
    else:
        options = workflows.TimelineOptions(since=o.parse_day(since, "--since"), department=department)
        path_of_one = asked.path_if_given(f"timeline-{account}.xlsx")
        told = workflows.account_timeline(
            replace(asked.request, accounts=None), account, options, path_of_one
        )
        report = told.report
        if not asked.quiet:
            show_words("\n".join(in_two_columns(told.brief, 80)) + "\n", report.language)
        asked.show(report, path_of_one, rows=_LAST)
    asked.end(report.problems, sources_in(report))


def _account(request: "Request") -> str | None:
    """What stands in place of the accounts' file, where it is none."""
    given = request.accounts
    is_file = given is None or given.exists() or bool(given.suffix) or given != Path(given.name)
    return None if is_file else str(given)
