"""`cscli timeline`: what every department did with the customers, and what nobody wrote down."""

from typing import Annotated

import typer

from cscli.cli.command import Asked, add_command, sources_in

Texts = Annotated[
    bool,
    typer.Option("--texts", help="With the events of the last 90 days; their texts may hold personal data."),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "timeline", timeline, example="cscli timeline --as-of 2026-10-31")


def timeline(asked: Asked, *, texts: Texts = False) -> None:
    """Show who has not written down what, and which customers nobody has spoken with for too long."""
    from cscli import workflows

    path = asked.path("timeline.xlsx")
    report = workflows.timeline(asked.request, path, texts=texts)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
