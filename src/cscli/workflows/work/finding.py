"""The books in which people type and the tables of the work around the score, as a `Practice`: columns in their turn."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from cscli.analysis.conversations.timeline import silence
from cscli.analysis.conversations.typed_themes import read_themes
from cscli.analysis.conversations.voices import SETTLED, Voices, voice_columns
from cscli.analysis.inputs.books import InputBook
from cscli.analysis.inputs.rows import SheetRows, keep_known
from cscli.analysis.practice.content_map import ContentFacts, content_node
from cscli.analysis.practice.fit import FitFacts, fit_node
from cscli.analysis.promises.records import records_node
from cscli.analysis.promises.standards import standard_node
from cscli.analysis.promises.typed_goals import goals_node, read_goals
from cscli.analysis.promises.typed_milestones import TypedMilestones, read_milestones
from cscli.analysis.scoring.nodes import Node
from cscli.config.schema import Config
from cscli.errors import Problem, Severity
from cscli.workflows.work.bought import OrderTerms, orders_of, rfm_columns
from cscli.workflows.work.happened import events_of
from cscli.workflows.work.input_books import ReadBook, books_in_use, read_book_file, typed_rows
from cscli.workflows.work.practice import Exports, Practice
from cscli.workflows.work.said import voices_of
from cscli.workflows.work.used import content_facts


def find_practice(config: Config, frame: pd.DataFrame, exports: Exports) -> Practice:
    """What the rules ask for beside scores. `frame`: the accounts with what people typed of them.

    Raises SourceError, DataError for a book that cannot be read at all.
    """
    zone, wanted = exports.zone, books_in_use(config)
    orders, of_orders = orders_of(
        config, exports.tables, exports.everyone, OrderTerms(as_of=exports.as_of, rates=exports.rates)
    )
    if any(source.kind == "orders" for source in config.sources.values()):
        frame = frame.assign(**rfm_columns(orders, frame["account_id"]))
    if not wanted and config.fit is None:
        return Practice(frame=frame, orders=orders, problems=of_orders)
    books = {book.name: read_book_file(exports.people, exports.workspace, book) for book in wanted}
    rows = typed_rows(books, zone)
    for sheet in rows.values():
        if "account_id" in sheet.frame:
            keep_known(sheet, exports.everyone.dropna().tolist())
    as_of, earlier = exports.as_of, exports.earlier
    milestones, goals = TypedMilestones(), None
    if config.journey is not None:
        starts = frame.set_index("account_id")["started_on"]
        milestones = read_milestones(rows["milestones"], config.journey, starts, as_of)
    if config.goals is not None or config.journey is not None:
        goals = read_goals(rows["goals"], earlier, as_of)
    frame = _with_handover(_with_plain(frame, config, milestones), rows["handover"], wanted)
    events: pd.DataFrame | None = None
    cut: list[Problem] = []
    if config.timeline is not None:
        events, cut = events_of(config, exports.tables, exports.raw, zone, as_of)
        silent = silence(events, frame, pd.Timestamp(as_of))
        frame = frame.assign(days_silent=silent["days_silent"])
    voices: Voices | None = None
    if config.voice is not None:
        voices, said = voices_of(config.voice, exports.tables, frame, pd.Timestamp(as_of))
        frame, cut = frame.join(voice_columns(voices, frame["account_id"])), [*cut, *said]
        read_themes(rows, config.voice.themes)
        _judge_voice(rows, as_of)
    content: ContentFacts | None = None
    if config.content is not None:
        content, said = content_facts(config.content, rows["content"], config, exports.tables, as_of)
        cut = [*cut, *said]
    practice = Practice(
        books=books, rows=rows, frame=frame.copy(), milestones=milestones, goals=goals, earlier=earlier, events=events,
        voices=voices, orders=orders, content=content, fit=FitFacts(config.fit, exports.signed) if config.fit else None,
        problems=(*of_orders, *_said(books, rows), *cut),
    )  # fmt: skip
    return replace(practice, nodes=tuple(_nodes(config, practice)))


def _said(books: Mapping[str, ReadBook], rows: Mapping[str, SheetRows]) -> Iterator[Problem]:
    for book in books.values():
        yield from book.problems
    for sheet in rows.values():
        yield from sheet.problems


def _with_plain(frame: pd.DataFrame, config: Config, typed: TypedMilestones) -> pd.DataFrame:
    """`frame` with the days that people typed."""
    if config.journey is None:
        return frame
    ids = frame["account_id"]
    days = {
        f"{each.name}_on": typed.day(each.name, ids) for _, each in config.journey.milestones if each.is_typed
    }
    restarted = typed.restarted.reindex(ids).astype("datetime64[us]").set_axis(frame.index)
    return frame.assign(**days, restarted_on=restarted)


def _with_handover(frame: pd.DataFrame, rows: SheetRows, wanted: list[InputBook]) -> pd.DataFrame:
    """`frame` with what sales wrote down; where an export has such a column, it stands in for what nobody typed."""
    if all(book.name != "handover" for book in wanted):
        return frame
    rows.leave_out(
        rows.frame["account_id"].duplicated().to_numpy(bool), "account_id", Problem("people.account_twice")
    )
    typed = rows.frame.set_index("account_id").reindex(frame["account_id"]).set_axis(frame.index, axis=0)
    columns = {}
    for column in rows.sheet.typed:
        given = typed[column.name]
        columns[column.name] = given.fillna(frame[column.name]) if column.name in frame else given
    return frame.assign(**columns)


def _judge_voice(rows: Mapping[str, SheetRows], as_of: dt.date) -> None:
    """Days that cannot be: told before the theme got its status, or after the day."""
    details: dict[str, object] = {"as_of": as_of.isoformat()}
    for sheet, column in (("themes", "status_on"), ("tell", "told_on")):
        later = (rows[sheet].frame[column] > pd.Timestamp(as_of)).to_numpy(bool)
        rows[sheet].drop(later, column, Problem("voice.later", severity=Severity.WARNING, details=details))
    themes = rows["themes"]
    undated = themes.frame["status"].isin(SETTLED) & themes.frame["status_on"].isna()
    themes.say(undated.to_numpy(bool), "status", Problem("voice.status_undated"))


def _nodes(config: Config, practice: Practice) -> Iterator[Node]:
    known, counted = practice.known(config), False
    for number, standard in enumerate(config.journey.standards if config.journey else ()):
        counts = standard.value is not None and not counted
        counted = counted or counts
        yield standard_node(standard, f"journey.standards[{number}]", known, counts_value=counts)
    if practice.goals is not None and config.goals is not None:
        yield goals_node(practice.goals, config, practice.earlier)
    if config.records:
        yield records_node(config.records)
    if practice.content is not None:
        yield content_node(practice.content)
    if practice.fit is not None:
        yield fit_node(practice.fit)
