"""Scores of an earlier date: from today's exports, with what was known then alone, or from what a run of then kept."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cscli.analysis.backtesting.left_out import only_dated
from cscli.analysis.backtesting.outcomes import MONTHLY, terms_at
from cscli.analysis.backtesting.panel import ScoredDate, scored_date
from cscli.analysis.scoring.columns import add_late_columns
from cscli.analysis.scoring.provenance import find_provenances
from cscli.analysis.scoring.rescore import Rescored, rescore
from cscli.config.load import Draft
from cscli.config.schema import Config
from cscli.workflows.book.read import Book, read_book
from cscli.workflows.book.reading import SourceReader
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed

if TYPE_CHECKING:
    import pandas as pd

EXPORTS, HISTORY, SNAPSHOT = "exports", "history", "snapshot"
TIMELY_DAYS = 7
_OF_LATER = ("churned_on", "override_score")


@dataclass(frozen=True, eq=False, kw_only=True)
class Then:
    """What is known of a date: `columns`, a row an account, before any rule; `config`: the rules that can judge them;
    `terms`: term and renews_on by account_id, as known then; `told`: who had given notice.
    """

    t0: "pd.Timestamp"
    source: str
    columns: "pd.DataFrame"
    config: Config
    terms: "pd.DataFrame"
    told: frozenset[str]
    lacking: tuple[str, ...] = ()


def read_then(request: Request, day: dt.date, draft: Draft, reader: SourceReader, lead: int) -> Then:
    """The accounts of `day` from today's exports. Raises CscliError."""
    import pandas as pd

    book = read_book(
        replace(request, as_of=day, remember=False),
        of_revenue=True,
        reader=reader.at_day(day),
        draft=draft,
    )
    t0 = pd.Timestamp(day)
    frame = book.frame
    here = ~(frame["churned_on"] <= t0) & ~(frame["started_on"] > t0)
    columns = as_of_then(frame[here].reset_index(drop=True))
    known = find_provenances(book.config, book.typed, book.of_lines)
    lines = lines_of(book)
    terms = terms_at(lines, t0, lead) if lines is not None else no_terms()
    return Then(
        t0=t0,
        source=EXPORTS,
        columns=columns,
        config=only_dated(book.config, known),
        terms=terms,
        told=frozenset(),
        lacking=known.undated,
    )


def score_then(then: Then, config: Config, by: str, draft: Draft) -> ScoredDate:
    """The scores of a date under `config`."""
    day = then.t0.date()
    rescored = placed(draft, lambda: rescore(then.columns, config, day))
    return scored_date(then.t0, then.source, rescored, facts_of(then, rescored, by, draft))


def facts_of(then: Then, rescored: Rescored, by: str, draft: Draft) -> "pd.DataFrame":
    """segment, term, renews_on, told of each account that was scored."""
    import pandas as pd

    frame = placed(draft, lambda: add_late_columns(rescored.frame, rescored.config, then.t0.date()))
    ids = frame["account_id"]
    segment = frame[by] if by in frame else frame["scorecard"]
    return pd.DataFrame(
        {
            "segment": segment.astype(object).where(segment.notna(), None).to_numpy(),
            "term": then.terms["term"].reindex(ids).fillna(MONTHLY).to_numpy(object),
            "renews_on": then.terms["renews_on"].reindex(ids).to_numpy(),
            "told": ids.isin(then.told).to_numpy(),
        }
    )


def as_of_then(frame: "pd.DataFrame") -> "pd.DataFrame":
    """`frame` without how it ended, and without what people set: a score is judged as it was computed."""
    known = {name: frame[name].where(np.zeros(len(frame), dtype=bool)) for name in _OF_LATER if name in frame}
    if "notice_given" in frame:
        known["notice_given"] = frame["notice_given"] & False
    return frame.assign(**known)


def lines_of(book: Book) -> "pd.DataFrame | None":
    """The subscriptions: account_id, started_on, ended_on, period_months; None where the rules have none."""
    import pandas as pd

    for name, source in book.config.sources.items():
        table = book.resolved.tables.get(name)
        if source.kind == "subscriptions" and table is not None and "started_on" in table.frame:
            frame = table.frame
            ended = frame["ended_on"] if "ended_on" in frame else pd.Series(pd.NaT, index=frame.index)
            months = frame.get("period_months", 1.0)
            lines = frame[["account_id", "started_on"]].assign(ended_on=ended, period_months=months)
            return lines[_is_paid(frame)].reset_index(drop=True)
    return None


def _is_paid(frame: "pd.DataFrame") -> "pd.Series[bool]":
    for name in ("mrr", "amount"):
        if name in frame:
            return frame[name].isna() | (frame[name] > 0)
    return frame["account_id"].notna()


def no_terms() -> "pd.DataFrame":
    """Where nothing tells of contracts."""
    import pandas as pd

    return pd.DataFrame(
        {"term": pd.Series(dtype=object), "renews_on": pd.Series(dtype="datetime64[us]")},
        index=pd.Index([], name="account_id", dtype=object),
    )
