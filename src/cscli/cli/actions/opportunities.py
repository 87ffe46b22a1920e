"""`cscli opportunities`: exports in, the list of whom to offer more out."""

import typer

from cscli.cli.command import Asked, add_command, sources_in


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "cscli opportunities sample_data/accounts.xlsx --as-of 2026-10-31"
    add_command(app, "opportunities", opportunities, example=example)


def opportunities(asked: Asked) -> None:
    """List whom to offer more: upsell, cross-sell and advocates, with what they could bring."""
    from cscli import workflows

    path = asked.path("opportunities.xlsx")
    report = workflows.opportunities(asked.request, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
