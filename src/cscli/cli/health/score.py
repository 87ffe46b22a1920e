"""`cscli score`: exports in, a scored workbook that explains itself out."""

from typing import Annotated

import typer

from cscli.cli import options as o

FromHistory = Annotated[
    bool,
    typer.Option(
        "--from-history",
        help="Today's rules on what the run of --as-of (default: the newest) kept; what is stored stays.",
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("score", epilog="Example: cscli score sample_data/accounts.xlsx --as-of 2026-10-31")(score)


def score(
    accounts: o.Accounts = None,
    config: o.ConfigFile = None,
    as_of: o.AsOf = None,
    output: o.Output = None,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    plain: o.Plain = False,
    no_history: o.NoHistory = False,
    from_history: FromHistory = False,
    fail_on: o.FailOn = [],
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Score every account: health, band, reasons and what is missing."""
    from cscli import workflows
    from cscli.cli import console
    from cscli.render import show_report

    request = o.make_request(
        config=config, accounts=accounts, as_of=as_of, lang=lang, overrides=overrides, plain=plain,
        no_history=no_history,
    )  # fmt: skip
    path = o.output_path(output, "scored.xlsx", request.rules.workspace)
    if from_history and (accounts or no_history):
        raise typer.BadParameter("--from-history takes neither ACCOUNTS nor --no-history")
    report = workflows.score_stored(request, path) if from_history else workflows.score(request, path)
    console.show_problems(report.problems, report.language, quiet=quiet, verbose=verbose)
    if not quiet:
        show_report(report, console.results())
        typer.echo(str(path))
    o.end_on_findings(report.problems, fail_on)
