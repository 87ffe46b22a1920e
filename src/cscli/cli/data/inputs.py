"""`cscli inputs`: a row for every account in the books that people fill in."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cscli.cli.command import Asked, add_command
from cscli.cli.console import printed, show_line

if TYPE_CHECKING:
    from cscli.workflows.data.inputs import WrittenInputs


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "inputs",
        inputs,
        example="cscli inputs sample_data/accounts.xlsx --as-of 2026-10-31",
        options=("accounts", "config", "as_of", "lang", "overrides", "quiet", "verbose"),
    )


def inputs(asked: Asked) -> None:
    """Make inputs/csm.xlsx and the other books that the rules use, or add what is new to them; check what is typed.

    In place of ACCOUNTS the name of a book makes that one alone: csm, journey, handover, voice, content.
    """
    from cscli import workflows
    from cscli.analysis.inputs.books import BOOKS

    request, given = replace(asked.request, remember=False), asked.request.accounts
    only = str(given) if given and str(given) in ("csm", *BOOKS) and not given.exists() else None
    written = workflows.extend_inputs(request if only is None else replace(request, accounts=None), only)
    asked.tell([problem for each in written for problem in each.problems], written[0].language)
    if not asked.quiet:
        for each in written:
            show_line(_said(each))


def _said(written: "WrittenInputs") -> str:
    from cscli.texts import text

    path, language = _shown(written.path), printed(written.language)
    family = "people" if written.by_account else "inputs"
    if written.backup:
        details = {"count": written.added, "total": written.total, "backup": _shown(written.backup)}
        said = text(f"{family}.added", language, path=path, **details)
        if not written.columns:
            return said
        names = (text(f"people.header.{name}", language) for name in written.columns)
        return said + "\n" + text("people.new_columns", language, columns=", ".join(names))
    key = f"{family}.created" if written.added else f"{family}.unchanged"
    return text(key, language, path=path, count=written.added)


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
