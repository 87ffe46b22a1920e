"""`cscli schedule`: the text that makes this computer run `cscli run` by itself; it is printed, not installed."""

import datetime as dt
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cscli.cli.command import Asked, add_command
from cscli.cli.console import show_line


class Scheduler(StrEnum):
    """What can start a run."""

    CRONTAB = "crontab"
    SYSTEMD = "systemd"
    LAUNCHD = "launchd"
    WINDOWS = "windows"
    ALL = "all"


class Day(StrEnum):
    """On which days."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


For = Annotated[
    Scheduler | None, typer.Option("--for", help="The scheduler; default: that of this computer.")
]
At = Annotated[str, typer.Option("--at", metavar="HH:MM", help="The time of day in the config's time zone.")]
On = Annotated[list[Day], typer.Option("--on", help="The day; may be given several times.")]
Mail = Annotated[
    str | None,
    typer.Option("--mail", metavar="ADDRESS", help="cron sends what a run prints here, instead of to a log."),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "cscli schedule --for crontab --at 07:00 --on monday"
    add_command(app, "schedule", schedule, example=example, options=("config", "lang"), is_for_screen=True)


def schedule(
    asked: Asked, *, scheduler: For = None, at: At = "07:00", on: On = [Day.MONDAY], mail: Mail = None
) -> None:
    """Print the line for crontab, systemd, launchd or the Windows Task Scheduler. Nothing is installed."""
    from cscli.render.schedule import SCHEDULERS
    from cscli.workflows.scheduling import Wish, weekdays_of
    from cscli.workflows.scheduling import schedule as make_texts

    chosen = scheduler or _of_this_computer()
    names = tuple(SCHEDULERS) if chosen is Scheduler.ALL else (chosen.value,)
    wish = Wish(schedulers=names, program=_program(), at=_parse_time(at), weekdays=weekdays_of(on), mail=mail)
    show_line("\n".join(make_texts(asked.request, wish)), end="")


def _parse_time(given: str) -> dt.time:
    try:
        hour, minute = map(int, given.split(":"))
        return dt.time(hour, minute)
    except ValueError as error:
        raise typer.BadParameter(f"{given!r} is not a time such as 07:00", param_hint="--at") from error


def _of_this_computer() -> Scheduler:
    return {"darwin": Scheduler.LAUNCHD, "win32": Scheduler.WINDOWS}.get(sys.platform, Scheduler.CRONTAB)


def _program() -> tuple[str, ...]:
    """The program that was started, by its absolute path."""
    started = Path(sys.argv[0])
    found = shutil.which(str(started)) if started.stem == "cscli" else None
    return (str(Path(found).absolute()),) if found else (sys.executable, "-m", "cscli")
