"""`cscli voice`: what customers ask for by theme, who, how much ARR, and whether they were answered."""

import typer

from cscli.cli.command import Asked, add_command, sources_in


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "voice", voice, example="cscli voice --as-of 2026-10-31")


def voice(asked: Asked) -> None:
    """Show what customers ask for by theme: who, how much ARR, and who is still to be told."""
    from cscli import workflows

    path = asked.path("voice.xlsx")
    report = workflows.voice(asked.request, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
