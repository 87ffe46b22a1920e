"""`cscli fit`: whether we sold to customers who could succeed, and what became of them."""

import typer

from cscli.cli.command import Asked, add_command, sources_in


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "fit", fit, example="cscli fit --as-of 2026-10-31")


def fit(asked: Asked) -> None:
    """Show whether customers fitted when they signed, and who of them left in the first year."""
    from cscli import workflows

    path = asked.path("fit.xlsx")
    report = workflows.fit(asked.request, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
