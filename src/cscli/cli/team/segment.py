"""`cscli segment`: who gets which treatment, and whether the team has the hours."""

import typer

from cscli.cli import options as o


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("segment", epilog="Example: cscli segment sample_data/accounts.xlsx --as-of 2026-10-31")(
        segment
    )


def segment(
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
    """Segment every account: treatment, team, hours against capacity, and whom to hand over."""
    from cscli import workflows
    from cscli.cli import console
    from cscli.render import show_report

    request = o.make_request(
        config=config, accounts=accounts, as_of=as_of, lang=lang, overrides=overrides, plain=plain,
        no_history=no_history,
    )  # fmt: skip
    path = o.output_path(output, "segments.xlsx", request.rules.workspace)
    report = workflows.segment(request, path)
    console.show_problems(report.problems, report.language, quiet=quiet, verbose=verbose)
    if not quiet:
        show_report(report, console.results())
        typer.echo(str(path))
    o.end_on_findings(report.problems, fail_on)
