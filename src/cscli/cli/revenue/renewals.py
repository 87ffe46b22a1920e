"""`cscli renewals`: what comes up for renewal, and what will be kept of it."""

from typing import Annotated

import typer

from cscli.cli.command import Asked, add_command, sources_in

Months = Annotated[
    int | None,
    typer.Option("--months", min=1, max=60, metavar="N", help="So many months ahead; default 12."),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app, "renewals", renewals, example="cscli renewals sample_data/accounts.xlsx --as-of 2026-10-31"
    )


def renewals(asked: Asked, *, months: Months = None) -> None:
    """What comes up for renewal, the chance to lose each, and what will be kept by month and quarter."""
    from cscli import workflows

    path = asked.path("renewals.xlsx")
    report = workflows.renewals(asked.request, months, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
