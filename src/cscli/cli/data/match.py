"""`cscli match`: which ids of the exports mean which accounts, and what a person should decide."""

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from cscli.cli.command import FIRST, Asked, add_command
from cscli.cli.console import results

if TYPE_CHECKING:
    from rich.console import Console

    from cscli.reports.kit.model import Report

_FURTHER = {
    "suggestions": ("source", "source_id", "source_name", "account_id", "account_name", "score", "mrr"),
    "duplicates": ("account_id", "name", "other_id", "other_name", "method", "mrr"),
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "cscli match sample_data/accounts.xlsx --as-of 2026-10-31"
    add_command(app, "match", match, example=example, options=(*FIRST, "quiet", "verbose"))


def match(asked: Asked) -> None:
    """Match the ids of every export to the accounts; doubtful ones go to inputs/crosswalk.csv to be accepted."""
    from cscli import workflows

    path = asked.path_if_given("match.xlsx")
    report = workflows.match(replace(asked.request, remember=False), path)
    asked.tell(report.problems, report.language)
    if not asked.quiet:
        _show(report, results(report.language))
    asked.show_path(path)


def _show(report: "Report", out: "Console") -> None:
    """The whole summary; of the suggestions and the accounts that look like one the first ten."""
    from cscli.render import show_report

    for sheet in report.sheets[1:3]:
        if len(sheet):
            part = replace(report, sheets=(sheet,), short=_FURTHER[sheet.id], headline="")
            out.print(sheet.title, style="bold")
            show_report(part, out)
    show_report(report, out, rows=len(report.sheets[0]))
