"""`cscli selfcheck`: how good our own practice is on eight axes, whether we agree, what to mend first."""

from pathlib import Path
from typing import Annotated

import typer

from cscli.cli.command import Asked, add_command, sources_in
from cscli.cli.console import show_text

New = Annotated[
    str | None,
    typer.Option("--new", metavar="ROUND", help="Make a workbook of questions for one person, with --for."),
]
For = Annotated[str | None, typer.Option("--for", metavar="NAME", help="Who answers it.")]
Role = Annotated[str | None, typer.Option("--role", metavar="ROLE", help="In which role, such as manager.")]
Own = Annotated[
    str | None,
    typer.Option("--respondent", metavar="NAME", help="One person's answers beside the mean of the others."),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app, "selfcheck", selfcheck, example="cscli selfcheck --new 2026H2 --for Tanabe --role manager"
    )


def selfcheck(
    asked: Asked, *, new: New = None, who: For = None, role: Role = None, respondent: Own = None
) -> None:
    """Check our own practice on eight axes: what people say, what the data says, what to mend first."""
    from cscli import workflows

    if (new is None) != (who is None):
        raise typer.BadParameter("--new and --for go together", param_hint="--new")
    if new is not None and who is not None:
        made, language = workflows.new_selfcheck(asked.request, new, who, role)
        here = Path.cwd()
        _tell(asked, made.relative_to(here) if made.is_relative_to(here) else made, language)
        return
    path = asked.path("selfcheck.xlsx" if respondent is None else f"selfcheck-{respondent}.xlsx")
    report = workflows.selfcheck(asked.request, path, respondent)
    asked.show(report, path)
    asked.end(report.problems, sources_in(report))


def _tell(asked: Asked, path: Path, language: str) -> None:
    from cscli.texts import as_language

    if not asked.quiet:
        show_text("selfcheck.made", as_language(language), path=path)
