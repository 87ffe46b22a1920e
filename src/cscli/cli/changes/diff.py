"""`cscli diff`: what changed between two runs, and why."""

from typing import Annotated

import typer

from cscli.cli import options as o

From = Annotated[
    str | None,
    typer.Argument(
        metavar="[FROM]", help="Day of the earlier run; default: the newest at least 6 days before TO."
    ),
]
To = Annotated[str | None, typer.Argument(metavar="[TO]", help="Day of the later run; default: the newest.")]
Rescore = Annotated[
    bool, typer.Option("--rescore", help="Judge both runs by today's rules, so that only the data counts.")
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("diff", epilog="Example: cscli diff 2026-10-24 2026-10-31 -o out/diff.xlsx")(diff)


def diff(
    start: From = None,
    end: To = None,
    config: o.ConfigFile = None,
    rescore: Rescore = False,
    output: o.Output = None,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Say which accounts moved between bands since an earlier run, and split every change exactly into its causes."""
    from cscli import workflows
    from cscli.cli import console
    from cscli.render import show_report
    from cscli.render.screen.terminal import show_sheet
    from cscli.reports.history.diff import SHORT, movers
    from cscli.texts import text

    request = o.make_request(
        config=config, accounts=None, as_of=None, lang=lang, overrides=overrides, plain=True, no_history=False
    )
    path = None if output is None else o.output_path(output, "diff.xlsx", request.rules.workspace)
    span = workflows.Span(o.parse_day(start, "FROM"), o.parse_day(end, "TO"), rescore)
    report = workflows.diff(request, span, path)
    console.show_problems(report.problems, report.language, quiet=quiet, verbose=verbose)
    if quiet:
        return
    screen = console.results()
    for key, sheet in zip(("falls", "rises"), movers(report), strict=True):
        if len(sheet):
            screen.print(text(f"diff.{key}", report.language), style="bold")
            show_sheet(report, sheet, SHORT, screen, rows=len(sheet))
            screen.print()
    screen.print(text("diff.sheet.movements", report.language), style="bold")
    show_report(report, screen, rows=12)
    if path is not None:
        typer.echo(str(path))
