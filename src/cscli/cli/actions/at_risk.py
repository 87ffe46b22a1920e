"""`cscli at-risk`: exports in, the list of whom to call out."""

from enum import StrEnum
from typing import Annotated

import typer

from cscli.cli import options as o


class Finding(StrEnum):
    """What `--fail-on` knows here: severities, and that anybody is on the list."""

    ERROR = "error"
    WARNING = "warning"
    AT_RISK = "at-risk"


FailOn = Annotated[
    list[Finding],
    typer.Option(
        "--fail-on", help="End with exit code 10: problems of this severity or worse, or anybody at risk."
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("at-risk", epilog="Example: cscli at-risk sample_data/accounts.xlsx --as-of 2026-10-31")(
        at_risk
    )


def at_risk(
    accounts: o.Accounts = None,
    config: o.ConfigFile = None,
    as_of: o.AsOf = None,
    output: o.Output = None,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    plain: o.Plain = False,
    no_history: o.NoHistory = False,
    fail_on: FailOn = [],
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """List the accounts to call: what is at stake, what to do, by when, and whether the hours are there."""
    from cscli import workflows
    from cscli.cli import console
    from cscli.errors import ExitCode
    from cscli.render import show_report
    from cscli.render.screen.terminal import plain as one_line
    from cscli.reports.actions.at_risk import owner_lines

    request = o.make_request(
        config=config, accounts=accounts, as_of=as_of, lang=lang, overrides=overrides, plain=plain,
        no_history=no_history,
    )  # fmt: skip
    path = o.output_path(output, "at-risk.xlsx", request.rules.workspace)
    report = workflows.at_risk(request, path)
    console.show_problems(report.problems, report.language, quiet=quiet, verbose=verbose)
    if not quiet:
        show_report(report, console.results())
        for line in owner_lines(report):
            typer.echo(one_line(line))
        typer.echo(str(path))
    o.end_on_findings(report.problems, [o.Finding(each) for each in fail_on if each is not Finding.AT_RISK])
    if Finding.AT_RISK in fail_on and len(report.sheets[0]):
        raise typer.Exit(ExitCode.FINDINGS)
