"""`cscli segment`: who gets which treatment, and whether the team has the hours."""

import typer

from cscli.cli.command import Asked, add_command, sources_in


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "cscli segment sample_data/accounts.xlsx --as-of 2026-10-31"
    add_command(app, "segment", segment, example=example)


def segment(asked: Asked) -> None:
    """Segment every account: treatment, team, hours against capacity, and whom to hand over."""
    from cscli import workflows

    path = asked.path("segments.xlsx")
    report = workflows.segment(asked.request, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
