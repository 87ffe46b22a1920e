"""`cscli dashboard`: exports in, the book as one HTML file out."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cscli.cli.command import FIRST, Asked, add_command
from cscli.cli.console import show_text, show_words


class Briefs(StrEnum):
    """Whose page has its course, weeks and metrics."""

    ALL = "all"
    CALLS = "calls"
    NONE = "none"


Where = Annotated[
    str | None,
    typer.Option(
        "--where", metavar="SQL", help="Only accounts for which this holds; others are not in the file."
    ),
]
Owner = Annotated[str | None, typer.Option("--owner", metavar="NAME", help="Only accounts of this owner.")]
Each = Annotated[
    str | None,
    typer.Option("--each", metavar="COLUMN", help="One file for each value, such as owner: NAME-VALUE.html."),
]
Last = Annotated[
    int, typer.Option("--last", min=1, max=520, metavar="N", help="Runs in the course of scores.")
]
BriefsOf = Annotated[
    Briefs,
    typer.Option(
        "--briefs", help="Whose page has course, weeks and metrics: calls, of those to call or fallen."
    ),
]


_Output = Annotated[Path | None, typer.Option("--output", "-o", help="A file (.html) or a folder.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "cscli dashboard sample_data/accounts.xlsx --as-of 2026-10-31"
    options = (*FIRST, "no_history", "fail_on", "quiet", "verbose")
    add_command(app, "dashboard", dashboard, example=example, options=options, output=_Output)


def dashboard(
    asked: Asked,
    *,
    where: Where = None,
    owner: Owner = None,
    each: Each = None,
    last: Last = 26,
    briefs: BriefsOf = Briefs.ALL,
) -> None:
    """Put the book into one HTML file that opens offline: whom to call, how healthy, what changed, what renews."""
    from cscli import workflows
    from cscli.render.screen.terminal import plain

    path = asked.path("dashboard.html")
    if path.suffix.lower() != ".html":
        raise typer.BadParameter("a dashboard is a file of the form .html", param_hint="--output")
    options = workflows.DashboardOptions(
        choice=workflows.Choice(where, owner), each=each, last=last, briefs=briefs.value
    )
    shown = workflows.dashboard(asked.request, options, path)
    asked.tell(shown.problems, shown.language, shown.sources)
    if not asked.quiet:
        for page in shown.pages:
            show_words(plain(page.headline), shown.language)
            size = f"{page.bytes / 1000:,.0f}"
            show_text("showing.made", shown.language, file=page.path, size=size, count=f"{page.accounts:,}")
    asked.end(shown.problems, shown.sources)
