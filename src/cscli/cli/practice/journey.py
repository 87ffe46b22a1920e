"""`cscli journey`: what was promised to each customer, by when, and which promise is late."""

from typing import Annotated

import typer

from cscli.cli.command import Asked, add_command, sources_in

Share = Annotated[
    str | None,
    typer.Option(
        "--share", metavar="ID", help="A workbook for one customer: its goals and milestones, nothing else."
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "journey", journey, example="cscli journey --as-of 2026-10-31", findings=("late",))


def journey(asked: Asked, *, share: Share = None) -> None:
    """Show what was promised to each customer by when: onboarding, goals, renewals; and which promise is late."""
    from cscli import workflows

    if share is not None:
        shared = asked.path(f"journey-{share}.xlsx")
        asked.show(workflows.share_journey(asked.request, share, shared), shared)
        return
    path = asked.path("journey.xlsx")
    report = workflows.journey(asked.request, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report), ["late"] if len(report.sheets[0]) else [])
