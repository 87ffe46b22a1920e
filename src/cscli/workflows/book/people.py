"""What people typed, read where the workspace has it, as columns beside those of the exports."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.people import OVERRIDE, TYPED, AccountIds, judge_inputs, no_inputs, type_inputs
from cscli.analysis.tables.raw import RawTable
from cscli.config.blocks.stores import InputSettings
from cscli.config.schema import Config
from cscli.errors import Problem, Scope, Severity
from cscli.sources.people import read_people
from cscli.texts import LANGUAGES
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class People:
    """`frame`: the accounts with the columns that people fill in, missing where nobody has. `table`: the workbook
    at `path` as it stands there, `ids` the accounts with a row in it; None and none without a file.
    """

    path: Path
    frame: "pd.DataFrame"
    table: RawTable | None
    ids: frozenset[str]
    problems: tuple[Problem, ...]


def people_path(request: Request, config: Config) -> Path:
    """Where the workbook is, or would be."""
    return request.typed_file((config.inputs or InputSettings()).file)


def join_people(
    request: Request, config: Config, frame: "pd.DataFrame", everyone: "pd.Series[str]", zone: ZoneInfo | None
) -> People:
    """`frame` with what people typed about its accounts. `everyone`: the ids of those too that have left.

    Raises SourceError, DataError for a workbook that cannot be read at all.
    """
    path = people_path(request, config)
    settings = config.inputs or InputSettings()
    if not path.exists():
        absent = (
            (Problem("people.no_file", severity=Severity.NOTE, value=settings.file, scope=Scope.ABSENT),)
            if config.inputs
            else ()
        )
        joined, taken = _with_columns(frame, no_inputs(len(frame)), OVERRIDE)
        return People(path=path, frame=joined, table=None, ids=frozenset(), problems=(*absent, *taken))
    raw = read_people(path)
    table = type_inputs(raw, zone)
    ids = frame["account_id"]
    as_of = request.day(zone)
    left = frozenset(everyone.dropna()) - frozenset(ids)
    judged = judge_inputs(table, AccountIds(ids, left, as_of, settings.sentiment_days))
    strange = _strange_plays(table, frozenset(ids), config)
    joined, taken = _with_columns(frame, judged.columns, TYPED)
    there = frozenset(table.frame["account_id"].dropna())
    return People(
        path=path, frame=joined, table=raw, ids=there, problems=(*judged.problems, *strange, *taken)
    )


def _strange_plays(table: TypedTable, ids: frozenset[str], config: Config) -> list[Problem]:
    """Playbooks that people did, where they name any, and that the rules do not have; nothing where the rules have none at all."""
    if not config.playbooks or "play_done" not in table.frame or not table.frame["play_done"].notna().any():
        return []
    from cscli.analysis.inputs.done_plays import unknown_plays
    from cscli.reports.kit.labels import own_label

    ways = ((play.name, *(own_label(play, to) for to in LANGUAGES)) for play in config.playbooks)
    return list(unknown_plays(table, ids, [way for each in ways for way in each]))


def _with_columns(
    frame: "pd.DataFrame", columns: "pd.DataFrame", taken: tuple[str, ...]
) -> tuple["pd.DataFrame", list[Problem]]:
    """`frame` with `columns`; those of `taken` in the place of a column of the exports, others only beside it."""
    columns = columns.set_axis(frame.index)
    given = {str(name) for name in columns if name in frame}
    problems = [
        Problem("people.column_taken", severity=Severity.WARNING, value=name)
        for name in taken
        if name in given
    ]
    added = [name for name in columns if name in taken or name not in given]
    return frame.drop(columns=[name for name in added if name in given]).join(columns[added]), problems
