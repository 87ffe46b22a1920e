"""The options that commands have in common, and the request that they make together."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cscli.errors import Problem
    from cscli.workflows import Request


class Language(StrEnum):
    """Languages of reports."""

    EN = "en"
    JA = "ja"


class Finding(StrEnum):
    """Severities that `--fail-on` knows; a worse one counts too."""

    ERROR = "error"
    WARNING = "warning"


Accounts = Annotated[Path | None, typer.Argument(help="The accounts export; replaces sources.accounts.file.")]
ConfigFile = Annotated[
    str | None,
    typer.Option("--config", "-c", help="Config file or preset; default ./cscli.yaml, else starter."),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The day to compute for; default today.")
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="A file (.xlsx .csv .json .md) or a folder.")
]
Lang = Annotated[Language | None, typer.Option("--lang", help="Language of the report.")]
Overrides = Annotated[
    list[str], typer.Option("--set", metavar="KEY=VALUE", help="Override one key of the config.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Print every problem, not the first of each kind.")
]
NoHistory = Annotated[bool, typer.Option("--no-history", help="Neither read nor store snapshots.")]
Plain = Annotated[bool, typer.Option("--plain", help="A workbook with values only, no live formulas.")]

FailOn = Annotated[
    list[Finding],
    typer.Option("--fail-on", help="End with exit code 10 if there are problems of this severity or worse."),
]


def make_request(
    *, config: str | None, accounts: Path | None, as_of: str | None, lang: Language | None,
    overrides: list[str], plain: bool, no_history: bool,
) -> "Request":  # fmt: skip
    """The request of a command line; the clock is read here and nowhere else."""
    from cscli.cli.progress import progress_bar
    from cscli.workflows import Request
    from cscli.workspace.rules import find_rules

    return Request(
        rules=find_rules(config, Path.cwd()),
        now=dt.datetime.now(dt.UTC).astimezone(),
        as_of=parse_day(as_of),
        accounts=accounts,
        overrides=tuple(overrides),
        language=lang.value if lang else None,
        plain=plain,
        remember=not no_history,
        on_progress=progress_bar(),
    )


def parse_day(text: str | None, option: str = "--as-of") -> dt.date | None:
    """The date that `option` gives. Raises typer's BadParameter."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-10-31", param_hint=option) from error


def end_on_findings(problems: "Iterable[Problem]", fail_on: list[Finding]) -> None:
    """Ends the command with exit code 10 where a problem is as severe as `fail_on`, or worse."""
    from cscli.errors import ExitCode, Severity

    severe = {Severity.ERROR} if fail_on else set()
    if Finding.WARNING in fail_on:
        severe.add(Severity.WARNING)
    if any(problem.severity in severe for problem in problems):
        raise typer.Exit(ExitCode.FINDINGS)


def output_path(output: Path | None, default_name: str, workspace: Path) -> Path:
    """Where the report goes: the given file, the default name in a given folder, or `out/` in the workspace."""
    if output is None:
        folder = workspace / "out"
        return (
            folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
        ) / default_name
    return output / default_name if output.is_dir() or not output.suffix else output
