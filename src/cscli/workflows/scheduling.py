"""When a run is due, as the schedulers of this computer must be told."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import Problem, UsageError
from cscli.render.schedule import SCHEDULERS, Job, Moments
from cscli.workflows.book.read import speaking
from cscli.workflows.book.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`schedulers`: names of `SCHEDULERS`. `program`: what starts cscli, absolute. `at`: in the rules' zone.
    `weekdays`: from 0, Monday. `mail`: who gets what a run prints, where the scheduler sends mail.
    """

    schedulers: tuple[str, ...]
    program: tuple[str, ...]
    at: dt.time
    weekdays: tuple[int, ...]
    mail: str | None = None


def schedule(request: Request, wish: Wish) -> list[str]:
    """The text for each scheduler; nothing is installed. Raises ConfigError, and UsageError where there are no rules
    of one's own to run, or a path cannot stand in such a text.
    """
    rules = request.rules
    if not rules.remembers:
        raise UsageError(Problem("schedule.no_rules", value=rules.name))
    draft = read_draft(rules.text, rules.name, request.overrides)
    language = request.language_of(draft)
    with speaking(language):
        config, _ = settle(draft, Headers())
        path = (rules.sources_folder / Path(rules.name).name).absolute()
        workspace = rules.workspace.absolute()
        command = (*wish.program, "run", "--config", str(path))
        _refuse_odd(*command, str(workspace), *([wish.mail] if wish.mail else []))
        own = _moments(wish, request.now.date())
        zone = ZoneInfo(config.timezone) if config.timezone else None
        local = _on_this_clock(own, zone) if zone else own
        job = Job(
            name=_name(workspace),
            command=command,
            workspace=workspace,
            own=own,
            local=local,
            zone=config.timezone,
            language=language,
            mail=wish.mail,
        )
        return [SCHEDULERS[name](job) for name in wish.schedulers]


def _moments(wish: Wish, today: dt.date) -> Moments:
    """The first is tomorrow or later: a task whose first time has passed would begin at once."""
    days = (today + dt.timedelta(days=ahead) for ahead in range(1, 8))
    return Moments(wish.at, wish.weekdays, next(day for day in days if day.weekday() in wish.weekdays))


def _on_this_clock(own: Moments, zone: ZoneInfo) -> Moments:
    """The same moments as this computer's clock shows them on the first of these days."""
    local = dt.datetime.combine(own.date, own.at, zone).astimezone()
    shift = (local.date() - own.date).days
    return Moments(local.time(), tuple((day + shift) % 7 for day in own.weekdays), local.date())


def _refuse_odd(*texts: str) -> None:
    for each in texts:
        if re.search(r"[\x00-\x1f\x7f]", each):
            raise UsageError(Problem("schedule.control_character", value=repr(each)))


def _name(workspace: Path) -> str:
    plain = re.sub(r"[^A-Za-z0-9]+", "-", workspace.name).strip("-").lower()
    return f"cscli-{plain}" if plain else "cscli"


def weekdays_of(names: Sequence[str]) -> tuple[int, ...]:
    """`daily`, `weekdays` and names of days as numbers from 0, Monday, in order."""
    groups = {"daily": range(7), "weekdays": range(5)}
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return tuple(
        sorted(
            {day for name in names for day in groups.get(name, [days.index(name)] if name in days else [])}
        )
    )
