"""`cscli plan`: what other rules would change."""

import re
from dataclasses import replace
from typing import Annotated

import typer

from cscli.cli.command import Asked, add_command, sources_in
from cscli.cli.options import parse_day

New = Annotated[
    str | None,
    typer.Argument(metavar="[NEW.yaml]", help="The other rules; default: those in force with --set."),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="error|warning|moves:5%",
        help="End with exit code 10: problems of this severity or worse, or more than this share of ARR in another band.",
    ),
]
FromHistory = Annotated[
    str | None,
    typer.Option(
        "--from-history",
        metavar="DATE",
        help="Both on what the run of that day kept, in place of today's exports.",
    ),
]
OPTIONS = ("config", "as_of", "output", "lang", "overrides", "plain", "no_history", "quiet", "verbose")
_MOVES = re.compile(r"moves:(\d+(?:\.\d+)?)%")


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(app, "plan", plan, example="cscli plan new.yaml --fail-on moves:5%", options=OPTIONS)


def plan(asked: Asked, new: New = None, *, from_history: FromHistory = None, fail_on: FailOn = None) -> None:
    """What would other rules change? Both on the same exports: bands, scores, call list, hours, alerts; nothing is stored."""
    from pathlib import Path

    from cscli import workflows
    from cscli.cli.console import results
    from cscli.render import show_report
    from cscli.workspace.rules import find_rules

    severities, most = _read_fail_on(fail_on or ())
    path = asked.path("plan.xlsx")
    rules = find_rules(new, Path.cwd()) if new is not None else None
    planned = workflows.plan(asked.request, rules, path, parse_day(from_history, "--from-history"))
    report = planned.report
    asked.tell(report.problems, report.language, sources_in(report), store=False)
    if not asked.quiet:
        show_report(report, results(report.language), rows=len(report.sheets[0]))
    asked.show_path(path)
    moved = most is not None and planned.moved_share > most
    wanted = severities | ({"moves"} if moved else set())
    replace(asked, fail_on=frozenset(wanted)).end(
        report.problems, sources_in(report), {"moves"} if moved else ()
    )


def _read_fail_on(given: "list[str] | tuple[str, ...]") -> tuple[set[str], float | None]:
    """The severities, and the share of ARR. Raises typer's BadParameter."""
    severities: set[str] = set()
    most: float | None = None
    for each in given:
        found = _MOVES.fullmatch(each)
        if found:
            share = float(found[1]) / 100
            most = share if most is None else min(most, share)
        elif each in ("error", "warning"):
            severities.add(each)
        else:
            raise typer.BadParameter(f"{each!r} is none of error, warning, moves:5%", param_hint="--fail-on")
    return severities, most
