"""`cscli ltv-report`: what customers are worth, and whether they stay and grow."""

from typing import Annotated

import typer

from cscli.cli import options as o

By = Annotated[
    str | None,
    typer.Option("--by", metavar="SEGMENTATION", help="Split by a segmentation, team or text column."),
]
From = Annotated[
    str | None, typer.Option("--from", metavar="YYYY-MM", help="Retention from the end of this month on.")
]
To = Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="... to the end of this month.")]
Horizon = Annotated[
    int | None,
    typer.Option(
        "--horizon", min=1, max=600, metavar="MONTHS", help="Lifetimes count up to here; default 60."
    ),
]
Discount = Annotated[
    float | None,
    typer.Option("--discount", min=0, max=1, metavar="RATE", help="Discount rate a year; default 0.10."),
]
Margin = Annotated[
    float | None,
    typer.Option("--margin", min=0, max=1, metavar="SHARE", help="Gross margin of every account."),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "ltv-report",
        epilog="Example: cscli ltv-report sample_data/accounts.xlsx --as-of 2026-10-31 --by plan",
    )(ltv_report)


def ltv_report(
    accounts: o.Accounts = None,
    config: o.ConfigFile = None,
    as_of: o.AsOf = None,
    output: o.Output = None,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    by: By = None,
    from_month: From = None,
    to_month: To = None,
    horizon: Horizon = None,
    discount: Discount = None,
    margin: Margin = None,
    plain: o.Plain = False,
    no_history: o.NoHistory = False,
    fail_on: o.FailOn = [],
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Lifetime value with its interval, retention, MRR movements and unit economics."""
    from cscli import workflows
    from cscli.cli import console
    from cscli.render import show_report

    request = o.make_request(
        config=config, accounts=accounts, as_of=as_of, lang=lang, overrides=overrides, plain=plain,
        no_history=no_history,
    )  # fmt: skip
    path = o.output_path(output, "ltv.xlsx", request.rules.workspace)
    terms = workflows.RevenueOptions(by, from_month, to_month, horizon, discount, margin)
    report = workflows.ltv_report(request, terms, path)
    console.show_problems(report.problems, report.language, quiet=quiet, verbose=verbose)
    if not quiet:
        show_report(report, console.results(), rows=len(report.sheets[0]))
        typer.echo(str(path))
    o.end_on_findings(report.problems, fail_on)
