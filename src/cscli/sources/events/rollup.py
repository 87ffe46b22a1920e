"""An event log into one row an account and one an account and week: reads what is new, and adds what was kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from cscli.errors import CscliError, Problem, SourceError
from cscli.sources.engine.bad_lines import judge_bad_lines
from cscli.sources.engine.duck import open_engine, parts_needed
from cscli.sources.engine.log_files import is_packed, is_parquet, say_unreadable
from cscli.sources.engine.model import OnProgress
from cscli.sources.engine.ticking import Ticker, ticking
from cscli.sources.events import rollup_sql
from cscli.sources.events.coverage import say_coverage, say_rows, say_same_content
from cscli.sources.events.kept import Kept, open_kept, put_damaged_aside
from cscli.sources.events.kept_weeks import roll_up_weeks
from cscli.sources.events.model import EventLog, EventRollup, FileFacts
from cscli.sources.events.shaping import no_weeks, shape_accounts, shape_weeks
from cscli.sources.events.shelf import Shelf
from cscli.sources.events.staging import StageFacts, quality_of_stages, stage_file
from cscli.workspace.scratch import scratch_folder

_BYTES_A_ROW = {"text": 40, "packed": 4, "parquet": 8}
"""The least that a row usually takes in a file: to guess how far a rollup is, and whether it fits into memory."""


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file of the log, staged now or before."""

    file: FileFacts
    facts: StageFacts
    problems: tuple[Problem, ...]


def roll_up_events(log: EventLog, on_progress: OnProgress | None = None) -> EventRollup:
    """Reads and counts the log with its engine.

    `on_progress` is called from another thread, about twice a second, once a second has passed. DataError for a
    file that cannot be used (a column missing, times without a zone, too many bad lines, rows lost), SourceError
    for one that cannot be read.
    """
    if log.engine.name == "spark":
        from cscli.sources.events.spark_rollup import roll_up_with_spark  # noqa: PLC0415 - it builds on this module

        return roll_up_with_spark(log, on_progress)
    try:
        return _roll_up_files(log, on_progress)
    except CscliError as error:
        if {problem.code for problem in error.problems} != {"events.engine_failed"} or not put_damaged_aside(
            log
        ):
            raise
    return _roll_up_files(log, on_progress)


def _roll_up_files(log: EventLog, on_progress: OnProgress | None) -> EventRollup:
    sizes = {path: _guess_rows(path) for path in log.files}
    with (
        open_kept(log) as kept,
        scratch_folder(log.keep) as scratch,
        open_engine(log.engine, scratch) as connection,
        ticking(Ticker(connection=connection, files=len(sizes)), on_progress) as ticker,
    ):
        is_small = kept.folder is None and parts_needed(sum(sizes.values()), log.engine.memory_bytes) == 1
        shelf = Shelf(connection, None if is_small else scratch)
        staged = []
        for path, rows in sizes.items():
            ticker.begin(path.name, rows)
            staged.append(_stage(log, path, kept, shelf, scratch))
            ticker.end(staged[-1].facts.rows)
        kept.forget_others(log.files)
        ticker.begin(log.source, 0)
        return _roll_up(log, staged, shelf, kept)


def _guess_rows(path: Path) -> int:
    try:
        form = "parquet" if is_parquet(path) else "packed" if is_packed(path) else "text"
        return path.stat().st_size // _BYTES_A_ROW[form]
    except OSError as error:
        raise SourceError(say_unreadable(path, error)) from error


def _stage(log: EventLog, path: Path, kept: Kept, shelf: Shelf, scratch: Path) -> _Staged:
    facts = kept.recall(path)
    is_reused = facts is not None
    if facts is None:
        facts = stage_file(log, path, shelf, scratch)
    # Before it is kept: what is refused once is refused again.
    problems = judge_bad_lines(path.name, facts.rows, facts.bad_lines, facts.first_bad, log.max_bad_lines)
    if not is_reused:
        facts = kept.keep(path, facts)
    file = FileFacts(
        name=path.name,
        path=path,
        size_bytes=path.stat().st_size,
        sha256=facts.sha256,
        rows=facts.rows,
        bad_lines=facts.bad_lines,
        reused=is_reused,
    )
    return _Staged(file, facts, (*facts.problems, *problems))


def _roll_up(log: EventLog, staged: list[_Staged], shelf: Shelf, kept: Kept) -> EventRollup:
    stages = tuple(each.facts for each in staged)
    relation = shelf.relation([name for stage in stages for name in stage.names])
    quality = quality_of_stages(stages, shelf, log.as_of)
    parts = parts_needed(sum(stage.staged_rows for stage in stages), log.engine.memory_bytes)

    def counted(sql: Callable[[str, EventLog], str], stage: str) -> pd.DataFrame:
        return _in_parts(shelf.connection, stage, parts, lambda part: sql(part, log))

    weeks = no_weeks(rollup_sql.week_columns(log))
    if log.by_week:
        found = roll_up_weeks(
            kept.folder, stages, shelf, log.as_of, lambda stage: counted(rollup_sql.weeks, stage)
        )
        weeks = shape_weeks(found)
    files = tuple(each.file for each in staged)
    rows = sum(each.facts.rows for each in staged)
    return EventRollup(
        accounts=shape_accounts(counted(rollup_sql.accounts, relation)),
        weeks=weeks,
        first_day=quality.first_day,
        last_day=quality.last_day,
        newest_day=quality.newest_day,
        files=files,
        rows=rows,
        rows_without_account=quality.without_account,
        rows_without_time=quality.without_time,
        problems=(
            *(problem for each in staged for problem in each.problems),
            *kept.problems,
            *say_same_content(files),
            *say_rows(log, rows, quality),
            *say_coverage(log, quality.first_day, quality.last_day),
        ),
    )


def _in_parts(
    connection: duckdb.DuckDBPyConnection, relation: str, parts: int, sql: Callable[[str], str]
) -> pd.DataFrame:
    """The result of a query on a stage, if need be account by account, so that it is grouped in memory."""
    if parts == 1:
        return connection.execute(sql(relation)).df()
    found = [
        connection.execute(sql(f"(SELECT * FROM {relation} WHERE hash(account_id) % {parts} = {part})")).df()
        for part in range(parts)
    ]
    return pd.concat(found, ignore_index=True)
