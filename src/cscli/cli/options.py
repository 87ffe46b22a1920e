"""The options that commands have in common: their names, help and values."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""Beyond them no customer began, and windows of days would leave the calendar."""


class Language(StrEnum):
    """Languages of reports."""

    EN = "en"
    JA = "ja"


Accounts = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[ACCOUNTS]...",
        help="The accounts export; replaces sources.accounts.file. Without a config: any exports, or a folder of them.",
    ),
]
ConfigFile = Annotated[
    str | None,
    typer.Option("--config", "-c", help="Config file or preset; default ./cscli.yaml, else starter."),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The day to compute for; default today.")
]
AllowFuture = Annotated[
    bool,
    typer.Option(
        "--allow-future", envvar="CSCLI_ALLOW_FUTURE", show_envvar=False, help="Take a date after today for --as-of.",
    ),
]  # fmt: skip
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
KnownOn = Annotated[
    str | None,
    typer.Option(
        "--known-on",
        metavar="DATE",
        help="The day on which these exports were made, of archived ones; default today.",
    ),
]
Plain = Annotated[bool, typer.Option("--plain", help="A workbook with values only, no live formulas.")]


_FINDINGS_HELP = {
    (): "problems of this severity or worse.",
    ("at-risk",): "problems of this severity or worse, or anybody at risk.",
    ("alert",): "problems of this severity or worse, or any alert that is on.",
    ("late",): "problems of this severity or worse, or any promise that is late.",
    ("at-risk", "alert"): "problems of this severity or worse, anybody at risk, or any alert.",
}


@cache
def common_options(findings: tuple[str, ...]) -> Mapping[str, object]:
    """The annotation of each common option; `findings`: what `--fail-on` knows beside severities."""
    return {
        "accounts": Accounts,
        "config": ConfigFile,
        "as_of": AsOf,
        "allow_future": AllowFuture,
        "output": Output,
        "lang": Lang,
        "overrides": Overrides,
        "plain": Plain,
        "no_history": NoHistory,
        "known_on": KnownOn,
        "fail_on": _fail_on(findings),
        "quiet": Quiet,
        "verbose": Verbose,
    }


def _fail_on(findings: tuple[str, ...]) -> Any:
    make: Any = StrEnum
    choices = make("Finding", {name.upper(): name for name in ("error", "warning", *findings)})
    help_text = f"End with exit code 10: {_FINDINGS_HELP[findings]}"
    several: Any = list[choices]  # type: ignore[valid-type] # made just now
    return Annotated[several, typer.Option("--fail-on", help=help_text)]


def parse_day(text: str | None, option: str = "--as-of") -> dt.date | None:
    """The date that `option` gives. Raises typer's BadParameter."""
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(text.replace("/", "-"))
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise typer.BadParameter(f"{text} is not between {_FIRST_DAY} and {_LAST_DAY}", param_hint=option)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-10-31", param_hint=option) from error
    return day


def output_path(output: Path | None, default_name: str, workspace: Path) -> Path:
    """Where the report goes: the given file, the default name in a given folder, or `out/` in the workspace."""
    if output is None:
        folder = workspace / "out"
        return (
            folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
        ) / default_name
    return output / default_name if output.is_dir() or not output.suffix else output
