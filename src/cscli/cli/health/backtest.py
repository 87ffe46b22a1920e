"""`cscli backtest`: whether the score tells who leaves."""

from dataclasses import replace
from typing import Annotated

import typer

from cscli.cli.command import Asked, add_command, sources_in
from cscli.cli.console import show_line

From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="YYYY-MM-DD", help="The first date; default: as early as the exports reach back."
    ),
]
To = Annotated[str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="The last date.")]
Every = Annotated[
    str | None,
    typer.Option("--every", metavar="3m", help="Months between two dates; default 3m: quarter ends."),
]
Lead = Annotated[
    int | None,
    typer.Option(
        "--lead", metavar="DAYS", help="Who leaves within so many days is too late to help; default 30."
    ),
]
Horizon = Annotated[
    int | None,
    typer.Option("--horizon", metavar="DAYS", help="Who leaves within so many days counts; default 180."),
]
Outcome = Annotated[
    str | None,
    typer.Option(
        "--outcome",
        metavar="NAME",
        help="churned_on, subscription_ended, mrr_zero, left_export, contraction, non_renewal, or column:NAME of one snapshot.",
    ),
]
Source = Annotated[
    str | None,
    typer.Option("--source", metavar="auto|history|exports", help="Where scores of then come from."),
]
StoredRules = Annotated[
    str | None,
    typer.Option(
        "--rules",
        metavar="today|stored|FILE",
        help="Scores under today's rules, those of the history as they were, or the rules of a file.",
    ),
]
PerWeek = Annotated[int | None, typer.Option("--per-week", metavar="N", help="Accounts that can be called.")]
ScoreColumn = Annotated[
    str | None,
    typer.Option(
        "--score-column",
        metavar="HEADER",
        help="With column:NAME: a score of the export in place of ours; higher is better.",
    ),
]
Suggest = Annotated[
    bool, typer.Option("--suggest-weights", help="Look for weights that rank better; nothing is changed.")
]
Write = Annotated[
    bool,
    typer.Option(
        "--write-probabilities", help="Print the measured chances of the bands as YAML; nothing is changed."
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "backtest", backtest, example="cscli backtest --as-of 2026-10-31")


def backtest(
    asked: Asked,
    *,
    from_day: From = None,
    to_day: To = None,
    every: Every = None,
    lead: Lead = None,
    horizon: Horizon = None,
    outcome: Outcome = None,
    source: Source = None,
    rules: StoredRules = None,
    per_week: PerWeek = None,
    score_column: ScoreColumn = None,
    suggest_weights: Suggest = False,
    write_probabilities: Write = False,
) -> None:
    """Does the score tell who leaves? Scores of earlier dates, judged by who left afterwards."""
    from pathlib import Path

    from cscli import workflows
    from cscli.workspace.rules import find_rules

    other = find_rules(rules, Path.cwd()) if rules not in (None, "today", "stored") else None
    given = {
        "from": from_day, "to": to_day, "every": every, "lead": lead, "horizon": horizon, "outcome": outcome,
        "source": source, "rules": None if other else rules, "per_week": per_week,
    }  # fmt: skip
    overrides = tuple(f"backtest.{key}={value}" for key, value in given.items() if value is not None)
    request = replace(asked.request, overrides=(*asked.request.overrides, *overrides))
    path = asked.path("backtest.xlsx")
    options = workflows.BacktestOptions(
        score_column=score_column, suggest_weights=suggest_weights, rules=other
    )
    report, probabilities = workflows.backtest(request, options, path, probabilities=write_probabilities)
    asked.show(report, path, rows=len(report.sheets[0]))
    if probabilities is not None:
        show_line(probabilities)
    asked.end(report.problems, sources_in(report))
