"""Two sets of rules on what a stored run kept, in place of the exports of today."""

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cscli.analysis.scoring.rescore import columns_read
from cscli.config.schema import Config
from cscli.errors import DataError, Location, Problem
from cscli.workflows.book.contract import InspectedInputs
from cscli.workflows.book.joining import Resolved
from cscli.workflows.book.people import People, people_path
from cscli.workflows.book.read import Book
from cscli.workflows.book.reading import Tables
from cscli.workflows.book.request import Request
from cscli.workflows.history.recalling import is_bare, read_run, read_today
from cscli.workflows.scores.scoring import JudgedBook, score_book
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.work.practice import Practice

if TYPE_CHECKING:
    import pandas as pd

    from cscli.analysis.past.snapshots import StoredSnapshot


def stored_books(today: Request, other: Request, day: dt.date) -> tuple[WholeBook, WholeBook]:
    """Both on the run of `day`, which the rules in force kept. Raises DataError for a day without a run, and where the other rules
    read columns that it did not keep.
    """
    stored = read_run(today, read_today(today), day)
    if is_bare(stored):
        raise DataError(Problem("recall.no_columns", value=day.isoformat()))
    first, second = (_on(replace(each, as_of=day), stored) for each in (today, other))
    lacking = sorted(columns_read(second.book.config) - set(map(str, stored.columns.columns)))
    unknown = [name for name in lacking if name not in columns_read(first.book.config)]
    if unknown:
        details = {"as_of": day.isoformat()}
        where = Location(file=other.rules.name)
        raise DataError(Problem("plan.lacking", value=", ".join(unknown), where=where, details=details))
    return first, second


def _on(request: Request, stored: "StoredSnapshot") -> WholeBook:
    """A book of what the run kept. `score_book` judges it by the rules of `request`."""
    whole = WholeBook(request)
    config = read_today(request).config
    frame = _with_all(stored.columns, config)
    book = Book(
        draft=whole.draft,
        config=config,
        as_of=stored.as_of,
        language=request.language or config.language,
        tables=Tables({}, {}, ()),
        frame=frame,
        left=frozenset(),
        not_yet=0,
        problems=(),
        resolved=Resolved(tables={}, matches={}, decided={}, accounts=None, crosswalk=None, problems=()),
        people=People(
            path=people_path(request, config), frame=frame, table=None, ids=frozenset(), problems=()
        ),
        practice=Practice(frame=frame),
    )
    whole.book, scored, said = score_book(request, book)
    whole.book = replace(whole.book, problems=tuple(said))
    whole.judged = JudgedBook(whole.book, scored, InspectedInputs({}, ()))
    return whole


def _with_all(columns: "pd.DataFrame", config: Config) -> "pd.DataFrame":
    """`columns` with those that the rules read and the run did not keep, missing."""
    frame = columns.reset_index(drop=True)
    lacking = columns_read(config) - set(map(str, frame.columns))
    return frame.assign(**dict.fromkeys(sorted(lacking), np.full(len(frame), np.nan)))
