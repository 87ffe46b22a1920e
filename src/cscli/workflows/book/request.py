"""What a command was asked."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cscli.errors import Problem, UsageError
from cscli.texts import Language
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
    `reader`: the SourceReader that has read the files already, where rules were made of the exports; `made`: what was said then.
    `known_on`: the day on which the exports were made, where it is not today. `remember`: whether the history is read and written, where the rules have one. `on_progress`: is told how far
    long work has come.
    """

    rules: Rules
    now: dt.datetime
    as_of: dt.date | None = None
    accounts: Path | None = None
    overrides: tuple[str, ...] = ()
    language: Language | None = None
    plain: bool = False
    known_on: dt.date | None = None
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

    def language_of(self, draft: "Draft") -> Language:
        """The language of the run: as asked for, else as the rules say."""
        return self.language or draft.language
