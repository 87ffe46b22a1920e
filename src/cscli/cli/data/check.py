"""`cscli check`: what the exports hold, how they are read, and what is wrong with them, before anything is scored."""

from pathlib import Path
from typing import Annotated

import typer

from cscli.cli import options as o

Exports = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[EXPORT]...", help="Exports; the first that is the accounts replaces sources.accounts.file."
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Also write a file (.xlsx .csv .json .md), or into a folder."),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("check", epilog="Example: cscli check sample_data/accounts.xlsx --as-of 2026-10-31")(check)


def check(
    exports: Exports = None,
    config: o.ConfigFile = None,
    as_of: o.AsOf = None,
    output: ReportFile = None,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    fail_on: o.FailOn = [],
    no_history: o.NoHistory = False,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Check config and exports: what was read, mapped, assumed, missing, wrong. Nothing is scored or stored."""
    from cscli.cli import console
    from cscli.render.screen.overview import show_check
    from cscli.workflows.data.checking import check as check_exports

    request = o.make_request(
        config=config, accounts=None, as_of=as_of, lang=lang, overrides=overrides, plain=True,
        no_history=no_history,
    )  # fmt: skip
    path = o.output_path(output, "check.xlsx", request.rules.workspace) if output else None
    checked = check_exports(request, tuple(exports or ()), path)
    report = checked.report
    if quiet:
        console.show_problems(report.problems, report.language, quiet=True, verbose=verbose)
    else:
        show_check(report, console.results(), every_column=verbose)
        if path:
            typer.echo(str(path))
    if checked.code:
        raise typer.Exit(checked.code)
    o.end_on_findings(report.problems, fail_on)
