"""What a command was asked."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cscli.errors import Problem, UsageError
from cscli.texts import Language
from cscli.workspace.paths import open_home
from cscli.workspace.rules import Rules

if TYPE_CHECKING:
    from cscli.config.load import Draft
    from cscli.config.schema import Config
    from cscli.errors import Problem
    from cscli.sources.engine.model import OnProgress


DEFAULT_HISTORY = "sqlite:///.cscli/history.db"


def history_at(config: "Config") -> str:
    """Where the snapshots of these rules are kept."""
    return config.history.url if config.history else DEFAULT_HISTORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`now`: the one reading of the clock, with its zone. `as_of`: a given date, else today in the config's
    zone; after today only where `allow_future` says so. `accounts`: a file that replaces that of `sources.accounts`. `overrides`: `KEY=VALUE` of the config.
    `language`: that was asked for; `of_system`: that of the computer, which decides where neither rules nor headers do.
    `reader`: the SourceReader that has read the files already, where rules were made of the exports; `made`: what was said then.
    `known_on`: the day on which the exports were made, where it is not today. `archive`: a folder of old exports, from which every
    file is taken, and none from elsewhere. `remember`: whether the history is read and written, where the rules have one. `on_progress`: is told how far
    long work has come.
    """

    rules: Rules
    now: dt.datetime
    as_of: dt.date | None = None
    accounts: Path | None = None
    overrides: tuple[str, ...] = ()
    language: Language | None = None
    of_system: Language = "en"
    plain: bool = False
    known_on: dt.date | None = None
    archive: Path | None = None
    remember: bool = True
    on_progress: "OnProgress | None" = None
    allow_future: bool = False
    reader: object | None = None
    made: tuple["Problem", ...] = ()

    def today(self, zone: ZoneInfo | None) -> dt.date:
        """The date in `zone`; None: that of this computer."""
        return self.now.astimezone(zone).date()

    def day(self, zone: ZoneInfo | None) -> dt.date:
        """The day to compute for. UsageError for one that has not come yet, which is a date mistyped more often than
        it is meant.
        """
        today = self.today(zone)
        if self.as_of is not None and self.as_of > today and not self.allow_future:
            raise UsageError(Problem("run.future", value=str(self.as_of)))
        return self.as_of or today

    def archived(self, file: str, folder: Path) -> tuple[tuple[str, Path], ...]:
        """Where a file that the rules name is looked for in the `folder` of old exports: as it is named there, else by its name alone.
        Of an absolute path, and of a pattern that any file fits, the other one is no place: it would be a file of today.
        """
        path = Path(file)
        names = () if path.is_absolute() or file.startswith("~") else (file,)
        last = () if path.name.startswith("*") or path.name == file else (path.name,)
        return tuple((name, folder) for name in (*names, *last))

    def typed_file(self, file: str) -> Path:
        """Where the workbook in which people type is, or would be."""
        home = self.rules.workspace
        if self.archive is None:
            return home / open_home(file)
        places = [folder / name for name, folder in self.archived(file, self.archive)]
        return next((path for path in places if path.exists()), places[0])

    def language_of(self, draft: "Draft") -> Language:
        """The language of the run: as asked for, else as the rules say."""
        return self.language or draft.language
