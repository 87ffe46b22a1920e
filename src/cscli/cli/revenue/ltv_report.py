"""`cscli ltv-report`: what customers are worth, and whether they stay and grow."""

from typing import Annotated

import typer

from cscli.cli.command import UNSTORED, Asked, add_command, sources_in

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
    example = "cscli ltv-report sample_data/accounts.xlsx --as-of 2026-10-31 --by plan"
    add_command(app, "ltv-report", ltv_report, example=example, options=UNSTORED)


def ltv_report(
    asked: Asked,
    *,
    by: By = None,
    from_month: From = None,
    to_month: To = None,
    horizon: Horizon = None,
    discount: Discount = None,
    margin: Margin = None,
) -> None:
    """Lifetime value with its interval, retention, MRR movements and unit economics."""
    from cscli import workflows

    path = asked.path("ltv.xlsx")
    terms = workflows.RevenueOptions(
        by=by,
        opening=from_month,
        closing=to_month,
        horizon_months=horizon,
        discount_rate=discount,
        gross_margin=margin,
    )
    report = workflows.ltv_report(asked.request, terms, path)
    asked.show(report, path, rows=len(report.sheets[0]))
    asked.end(report.problems, sources_in(report))
