"""`cscli match`: which ids of the exports mean which accounts, and what a person should decide."""

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from cscli.cli import options as o

if TYPE_CHECKING:
    from rich.console import Console

    from cscli.reports.kit.model import Report

_FURTHER = {
    "suggestions": ("source", "source_id", "source_name", "account_id", "account_name", "score", "mrr"),
    "duplicates": ("account_id", "name", "other_id", "other_name", "method", "mrr"),
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("match", epilog="Example: cscli match sample_data/accounts.xlsx --as-of 2026-10-31")(match)


def match(
    accounts: o.Accounts = None,
    config: o.ConfigFile = None,
    as_of: o.AsOf = None,
    output: o.Output = None,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Match the ids of every export to the accounts; doubtful ones go to inputs/crosswalk.csv to be accepted."""
    from cscli import workflows
    from cscli.cli import console

    request = o.make_request(
        config=config, accounts=accounts, as_of=as_of, lang=lang, overrides=overrides, plain=True, no_history=True,
    )  # fmt: skip
    path = o.output_path(output, "match.xlsx", request.rules.workspace) if output else None
    report = workflows.match(request, path)
    console.show_problems(report.problems, report.language, quiet=quiet, verbose=verbose)
    if not quiet:
        _show(report, console.results())
    if path and not quiet:
        typer.echo(str(path))


def _show(report: "Report", out: "Console") -> None:
    """The whole summary; of the suggestions and the accounts that look like one the first ten."""
    from cscli.render import show_report

    for sheet in report.sheets[1:3]:
        if len(sheet):
            part = replace(report, sheets=(sheet,), short=_FURTHER[sheet.id], headline="")
            out.print(sheet.title, style="bold")
            show_report(part, out)
    show_report(report, out, rows=len(report.sheets[0]))
