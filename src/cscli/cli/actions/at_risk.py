"""`cscli at-risk`: exports in, the list of whom to call out."""

import typer

from cscli.cli.command import Asked, add_command, sources_in
from cscli.cli.console import show_words


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "cscli at-risk sample_data/accounts.xlsx --as-of 2026-10-31"
    add_command(app, "at-risk", at_risk, example=example, findings=("at-risk",))


def at_risk(asked: Asked) -> None:
    """List the accounts to call: what is at stake, what to do, by when, and whether the hours are there."""
    from cscli import workflows
    from cscli.render.screen.terminal import plain
    from cscli.reports.actions.at_risk import owner_lines

    path = asked.path("at-risk.xlsx")
    report = workflows.at_risk(asked.request, path)
    asked.show(report, None)
    if not asked.quiet:
        for line in owner_lines(report):
            show_words(plain(line), report.language)
    asked.show_path(path)
    asked.end(report.problems, sources_in(report), ["at-risk"] if len(report.sheets[0]) else [])
