"""`cscli outreach results`: what messages came to."""

from typing import Annotated

import typer

from cscli.cli.command import UNSTORED, Asked, add_command, sources_in

OneMessage = Annotated[
    str | None, typer.Option("--message", metavar="NAME", help="One message; default all of them.")
]
_OPTIONS = tuple(each for each in UNSTORED if each not in ("accounts", "plain", "fail_on"))


def add_commands(group: typer.Typer) -> None:
    """Adds `results`."""
    add_command(
        group, "results", results, example="cscli outreach results -o out/results.xlsx", options=_OPTIONS
    )


def results(asked: Asked, *, message: OneMessage = None) -> None:
    """Show whether messages helped: scores 28 and 90 days later, against accounts that got none.

    With a holdout, against those held out; else against accounts that were like them, which is observational; never before against
    after.
    """
    from cscli.workflows.outreach import judging

    path = asked.path_if_given("outreach-results.xlsx")
    report = judging.results(asked.request, message, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
