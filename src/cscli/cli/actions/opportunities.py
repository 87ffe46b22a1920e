"""`cscli opportunities`: exports in, the list of whom to offer more out."""

import typer

from cscli.cli import options as o


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "opportunities", epilog="Example: cscli opportunities sample_data/accounts.xlsx --as-of 2026-10-31"
    )(opportunities)


def opportunities(
    accounts: o.Accounts = None,
    config: o.ConfigFile = None,
    as_of: o.AsOf = None,
    output: o.Output = None,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    plain: o.Plain = False,
    no_history: o.NoHistory = False,
    fail_on: o.FailOn = [],
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """List whom to offer more: upsell, cross-sell and advocates, with what they could bring."""
    from cscli import workflows
    from cscli.cli import console
    from cscli.render import show_report

    request = o.make_request(
        config=config, accounts=accounts, as_of=as_of, lang=lang, overrides=overrides, plain=plain,
        no_history=no_history,
    )  # fmt: skip
    path = o.output_path(output, "opportunities.xlsx", request.rules.workspace)
    report = workflows.opportunities(request, path)
    console.show_problems(report.problems, report.language, quiet=quiet, verbose=verbose)
    if not quiet:
        show_report(report, console.results())
        typer.echo(str(path))
    o.end_on_findings(report.problems, fail_on)
