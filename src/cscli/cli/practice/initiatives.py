"""`cscli initiatives`: whether each initiative is on its way from activity to impact."""

import typer

from cscli.cli.command import Asked, add_command, sources_in


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "initiatives", initiatives, example="cscli initiatives --as-of 2026-10-31")


def initiatives(asked: Asked) -> None:
    """Show how far each initiative is from activity to impact, and where its chain breaks."""
    from cscli import workflows

    path = asked.path("initiatives.xlsx")
    report = workflows.initiatives(asked.request, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
