"""`cscli ledger`: how good the forecasts of renewals and the calls of their owners were."""

import typer

from cscli.cli.command import Asked, add_command, sources_in


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "ledger", ledger, example="cscli ledger --as-of 2026-10-31")


def ledger(asked: Asked) -> None:
    """How good our forecasts of renewals were: of the model and of each owner's calls."""
    from cscli import workflows

    path = asked.path("ledger.xlsx")
    report = workflows.ledger(asked.request, path)
    asked.show(report, path, rows=len(report.sheets[0]))
    asked.end(report.problems, sources_in(report))
