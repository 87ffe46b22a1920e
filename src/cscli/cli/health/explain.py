"""`cscli explain`: one account, what makes its score and what would lift it."""

from pathlib import Path
from typing import Annotated

import typer

from cscli.cli.command import FIRST, Asked, add_command
from cscli.cli.console import results

Account = Annotated[str, typer.Argument(metavar="ACCOUNT_ID", help="The account's id, or its name.")]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="From the exports as they are now, not from the newest stored run.")
]

_Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="A file (.html .xlsx .csv .json .md) or a folder.")
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "cscli explain A0001 sample_data/accounts.xlsx --as-of 2026-10-31"
    options = (*FIRST, "no_history", "quiet", "verbose")
    add_command(app, "explain", explain, example=example, options=options, output=_Output, is_for_screen=True)


def explain(asked: Asked, account_id: Account, *, fresh: Fresh = False) -> None:
    """Explain one account: what makes its score, its peers and its course, and what would lift it into the next band.

    From the newest run of the history, or from the exports where nothing is stored. With `-o FILE.html`, or
    `.xlsx`, the brief of the account, always from the exports.
    """
    from cscli import workflows
    from cscli.render.screen.explanation import show_explanation

    path = asked.path_if_given("explained.xlsx")
    if path is not None and path.suffix.lower() in (".html", ".xlsx"):
        report = workflows.explain_as_page(asked.request, account_id, path)
    else:
        report = workflows.explain(asked.request, workflows.Asked(account_id, fresh), path)
    asked.tell(report.problems, report.language)
    if not asked.quiet:
        show_explanation(report, results(report.language))
    asked.show_path(path)
