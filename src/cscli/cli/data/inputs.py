"""`cscli inputs`: a row for every account in the workbook that people fill in."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cscli.cli import options as o

if TYPE_CHECKING:
    from cscli.workflows.data.inputs import WrittenInputs


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("inputs", epilog="Example: cscli inputs sample_data/accounts.xlsx --as-of 2026-10-31")(inputs)


def inputs(
    accounts: o.Accounts = None,
    config: o.ConfigFile = None,
    as_of: o.AsOf = None,
    lang: o.Lang = None,
    overrides: o.Overrides = [],
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Make inputs/csm.xlsx for what people know, or add new accounts to it; check what is typed in it."""
    from cscli import workflows
    from cscli.cli import console

    request = o.make_request(
        config=config,
        accounts=accounts,
        as_of=as_of,
        lang=lang,
        overrides=overrides,
        plain=False,
        no_history=True,
    )
    written = workflows.extend_inputs(request)
    console.show_problems(written.problems, written.language, quiet=quiet, verbose=verbose)
    if not quiet:
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
