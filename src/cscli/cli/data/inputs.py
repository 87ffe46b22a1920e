"""`cscli inputs`: a row for every account in the workbook that people fill in."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cscli.cli.command import Asked, add_command

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
    """Make inputs/csm.xlsx for what people know, or add new accounts to it; check what is typed in it."""
    from cscli import workflows

    written = workflows.extend_inputs(replace(asked.request, remember=False))
    asked.tell(written.problems, written.language)
    if not asked.quiet:
        typer.echo(_said(written))


def _said(written: "WrittenInputs") -> str:
    from cscli.texts import text

    path = _shown(written.path)
    if written.backup:
        details = {"count": written.added, "total": written.total, "backup": _shown(written.backup)}
        return text("people.added", written.language, path=path, **details)
    key = "people.created" if written.added else "people.unchanged"
    return text(key, written.language, path=path, count=written.added)


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
