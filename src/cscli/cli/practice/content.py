"""`cscli content`: which segment lacks content, who gets what next, and what should become tech touch."""

import typer

from cscli.cli.command import Asked, add_command, sources_in


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "content", content, example="cscli content --as-of 2026-10-31")


def content(asked: Asked) -> None:
    """Show which segment lacks content, each account's next piece, and what should become a video."""
    from cscli import workflows

    path = asked.path("content.xlsx")
    report = workflows.content(asked.request, path)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))
