"""A run at fixed times as the text that cron, systemd, launchd or the Windows Task Scheduler understands."""

import datetime as dt
import plistlib
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import escape

from cscli.texts import Language, text

LOG = Path(".cscli") / "log" / "schedule.log"
_SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Moments:
    """Times of day and the days on which they are: `weekdays` from 0, Monday; `date`: one on which it is so."""

    at: dt.time
    weekdays: tuple[int, ...]
    date: dt.date

    @property
    def is_daily(self) -> bool:
        return len(self.weekdays) == len(_LONG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What runs, and when. `command`: program and arguments, paths absolute. `own`: the moments in the rules' `zone`
    (None: the computer's); `local`: the same as this computer's clock shows them. `mail`: who gets what is printed.
    """

    name: str
    command: tuple[str, ...]
    workspace: Path
    own: Moments
    local: Moments
    zone: str | None
    language: Language
    mail: str | None = None

    def title(self) -> str:
        """What it does and when, for people."""
        days = "daily" if self.own.is_daily else "weekly"
        return text(
            f"schedule.{days}",
            self.language,
            name=self.name,
            days=self._named(self.own),
            at=f"{self.own.at:%H:%M}",
            zone=self.zone or text("schedule.local_zone", self.language),
        )

    def clock_notes(self) -> list[str]:
        """That this computer's clock shows another time, where it does."""
        if (self.own.at, self.own.weekdays) == (self.local.at, self.local.weekdays):
            return []
        at = f"{self.local.at:%H:%M}"
        return [text("schedule.other_clock", self.language, at=at, days=self._named(self.local))]

    def _named(self, moments: Moments) -> str:
        return text("schedule.join", self.language).join(
            text(f"schedule.day.{_LONG[day].lower()}", self.language) for day in moments.weekdays
        )


def crontab(job: Job) -> str:
    """The line for `crontab -e`. In it, % would be a line break."""
    notes = [job.title(), *job.clock_notes()]
    if job.mail is None:
        notes.append(text("schedule.crontab_log", job.language, log=LOG.as_posix()))
    days = (
        "*"
        if job.local.is_daily
        else ",".join(str(day) for day in sorted((day + 1) % 7 for day in job.local.weekdays))
    )
    when = f"{job.local.at.minute} {job.local.at.hour} * * {days}"
    log = shlex.quote(LOG.as_posix())
    folder = shlex.quote(LOG.parent.as_posix())
    run = f"PYTHONUTF8=1 {shlex.join(job.command)}"
    parts = [f"cd {shlex.quote(str(job.workspace))}"]
    parts += [run] if job.mail else [f"mkdir -p {folder}", f"{run} >> {log} 2>&1"]
    mail = [f"MAILTO={job.mail}"] if job.mail else []
    line = f"{when} {' && '.join(parts)}".replace("%", "\\%")
    return _lines([*(f"# {note}" for note in notes), *mail, line])


def systemd(job: Job) -> str:
    """A service and its timer, one after the other, each under the name that its file should have."""
    days = "" if job.own.is_daily else ",".join(_SHORT[day] for day in sorted(job.own.weekdays)) + " "
    zone = f" {job.zone}" if job.zone else ""
    service = [
        f"# ~/.config/systemd/user/{job.name}.service",
        "[Unit]",
        f"Description={_unit_text(job.title())}",
        "",
        "[Service]",
        "Type=oneshot",
        f"WorkingDirectory={_unit_text(str(job.workspace))}",
        "Environment=PYTHONUTF8=1",
        f"ExecStart={' '.join(map(_unit_argument, job.command))}",
    ]
    timer = [
        f"# ~/.config/systemd/user/{job.name}.timer",
        "[Unit]",
        f"Description={_unit_text(job.title())}",
        "",
        "[Timer]",
        f"OnCalendar={days}*-*-* {job.own.at:%H:%M}:00{zone}",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    notes = [
        text("schedule.systemd_enable", job.language, name=job.name),
        text("schedule.systemd_linger", job.language, name=job.name),
    ]
    return _lines([*(f"# {note}" for note in notes), "", *service, "", *timer])


def launchd(job: Job) -> str:
    """A property list for ~/Library/LaunchAgents."""
    moment = {"Hour": job.local.at.hour, "Minute": job.local.at.minute}
    days = [{}] if job.local.is_daily else [{"Weekday": (day + 1) % 7} for day in sorted(job.local.weekdays)]
    label = f"local.{job.name}"
    content = {
        "Label": label,
        "ProgramArguments": list(job.command),
        "WorkingDirectory": str(job.workspace),
        "EnvironmentVariables": {"PYTHONUTF8": "1"},
        "StartCalendarInterval": [{**day, **moment} for day in days],
        "StandardOutPath": str(job.workspace / LOG),
        "StandardErrorPath": str(job.workspace / LOG),
    }
    notes = [
        job.title(),
        *job.clock_notes(),
        text("schedule.launchd_load", job.language, label=label),
        text("schedule.make_folder", job.language, folder=shlex.quote(str((job.workspace / LOG).parent))),
    ]
    head, doctype, *rest = plistlib.dumps(content).decode().splitlines()
    return _lines([head, doctype, *map(_comment, notes), *rest])


def windows(job: Job) -> str:
    """A task for the Task Scheduler, as XML."""
    days = "".join(f"<{_LONG[day]} />" for day in sorted(job.local.weekdays))
    daily = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
    weekly = (
        f"<ScheduleByWeek><WeeksInterval>1</WeeksInterval><DaysOfWeek>{days}</DaysOfWeek></ScheduleByWeek>"
    )
    notes = [
        job.title(),
        *job.clock_notes(),
        text("schedule.windows_create", job.language, name=job.name),
    ]
    first = dt.datetime.combine(job.local.date, job.local.at).isoformat()
    return _lines(
        [
            '<?xml version="1.0"?>',
            *map(_comment, notes),
            '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
            f"  <RegistrationInfo><Description>{escape(job.title())}</Description></RegistrationInfo>",
            "  <Triggers>",
            f"    <CalendarTrigger><StartBoundary>{first}</StartBoundary><Enabled>true</Enabled>",
            f"      {daily if job.local.is_daily else weekly}",
            "    </CalendarTrigger>",
            "  </Triggers>",
            "  <Settings>",
            "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
            "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
            "    <StartWhenAvailable>true</StartWhenAvailable>",
            "    <ExecutionTimeLimit>PT2H</ExecutionTimeLimit>",
            "  </Settings>",
            '  <Actions Context="Author">',
            "    <Exec>",
            f"      <Command>{escape(job.command[0])}</Command>",
            f"      <Arguments>{escape(subprocess.list2cmdline(job.command[1:]))}</Arguments>",
            f"      <WorkingDirectory>{escape(str(job.workspace))}</WorkingDirectory>",
            "    </Exec>",
            "  </Actions>",
            "</Task>",
        ]
    )


SCHEDULERS: Mapping[str, Callable[[Job], str]] = MappingProxyType(
    {"crontab": crontab, "systemd": systemd, "launchd": launchd, "windows": windows}
)


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"


def _comment(note: str) -> str:
    return f"<!-- {note.replace('--', '- -')} -->"


def _unit_text(value: str) -> str:
    return value.replace("%", "%%")


def _unit_argument(value: str) -> str:
    """Quoted for ExecStart: its own quotes, escapes, variables and specifiers."""
    for letter, written in (("\\", "\\\\"), ('"', '\\"'), ("$", "$$"), ("%", "%%")):
        value = value.replace(letter, written)
    return f'"{value}"'
