"""`cscli score`: exports in, a scored workbook that explains itself out."""

from typing import Annotated

import typer

from cscli.cli.command import Asked, add_command, sources_in

FromHistory = Annotated[
    bool,
    typer.Option(
        "--from-history",
        help="Today's rules on what the run of --as-of (default: the newest) kept; what is stored stays.",
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "score", score, example="cscli score sample_data/accounts.xlsx --as-of 2026-10-31")


def score(asked: Asked, *, from_history: FromHistory = False) -> None:
    """Score every account: health, band, reasons and what is missing."""
    from cscli import workflows

    request, path = asked.request, asked.path("scored.xlsx")
    if from_history and (request.accounts or request.reader or not request.remember):
        raise typer.BadParameter("--from-history takes neither ACCOUNTS nor --no-history")
    report = workflows.score_stored(request, path) if from_history else workflows.score(request, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
