"""What timely runs kept of their day: accounts as they were known then, and who went missing afterwards."""

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING

from cscli.analysis.backtesting.outcomes import ANNUAL, MONTHLY
from cscli.analysis.backtesting.panel import ScoredDate
from cscli.config.schema import Config
from cscli.workflows.backtesting.scored import HISTORY, TIMELY_DAYS, Then, as_of_then, no_terms
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book, rules_digest
from cscli.workflows.book.request import Request
from cscli.workflows.scores.trends import RulesNow, scores_before, trend_columns

if TYPE_CHECKING:
    import pandas as pd

    from cscli.analysis.past.snapshots import StoredSnapshot


def timely_days(request: Request, book: Book) -> tuple[dt.date, ...]:
    """The days of which the history has evidence: what was known in time."""
    url = history_url(request, book)
    if url is None:
        return ()
    from cscli.history import evidence_days

    return tuple(day for day in evidence_days(url, request.rules.workspace) if day <= book.as_of)


def nearest(days: tuple[dt.date, ...], t0: dt.date) -> dt.date | None:
    """The latest of `days` in the 7 days up to `t0`."""
    return max((day for day in days if 0 <= (t0 - day).days <= TIMELY_DAYS), default=None)


def read_stored(request: Request, book: Book, day: dt.date) -> "StoredSnapshot | None":
    """What was known in time of `day`; None where the run kept no columns."""
    from cscli.history import read_evidence

    stored = read_evidence(history_url(request, book) or "", request.rules.workspace, day)
    return None if stored is None or list(stored.columns.columns) == ["account_id"] else stored


def then_of(stored: "StoredSnapshot", t0: dt.date, config: Config) -> Then:
    """The accounts of a stored run under today's rules."""
    import pandas as pd

    columns = stored.columns.reset_index(drop=True)
    terms = no_terms()
    if "renews_on" in columns:
        index = pd.Index(columns["account_id"], name="account_id")
        renews = pd.Series(columns["renews_on"].to_numpy(), index=index)
        term = renews.notna().map({True: ANNUAL, False: MONTHLY}).astype(object)
        terms = pd.DataFrame({"term": term, "renews_on": renews})
    told = columns["account_id"][_gave_notice(columns)]
    return Then(
        t0=pd.Timestamp(t0),
        source=HISTORY,
        columns=as_of_then(columns),
        config=config,
        terms=terms,
        told=frozenset(map(str, told)),
    )


def _gave_notice(columns: "pd.DataFrame") -> "pd.Series[bool]":
    """Whose end was known already."""
    known = columns["account_id"].isna()
    if "churned_on" in columns:
        known |= columns["churned_on"].notna()
    if "notice_given" in columns:
        known |= columns["notice_given"].astype("boolean").fillna(value=False).astype(bool)
    return known


def scores_of(stored: "StoredSnapshot", date: ScoredDate) -> ScoredDate:
    """`date` with the scores and bands that the run itself gave."""
    from dataclasses import replace

    own = stored.accounts.drop_duplicates("account_id").set_index("account_id")
    ids = date.frame["account_id"]
    frame = date.frame.assign(
        score=own["score_before_caps"]
        .reindex(ids)
        .where(
            own["capped_by"].reindex(ids).map(lambda keys: "override" in (keys or ())),
            own["score"].reindex(ids),
        )
        .to_numpy(float),
        band=own["band"].reindex(ids).to_numpy(object),
    )
    return replace(date, frame=frame)


def with_trend(date: ScoredDate, request: Request, book: Book, as_of: dt.date) -> ScoredDate:
    """`date` with where scores had been going by the run of `as_of` that it comes from: trend_change, a row an account."""
    from dataclasses import replace

    rules = RulesNow(
        draft=book.draft,
        digest=rules_digest(request),
        config=book.config,
        url=history_url(request, book),
        folder=request.rules.workspace,
    )
    found = trend_columns(scores_before(rules, as_of), date.frame, as_of)
    return replace(date, frame=date.frame.assign(trend_change=found["trend_change"]))


def weekly_scores(request: Request, book: Book, days: tuple[dt.date, ...]) -> "pd.DataFrame":
    """account_id, as_of, score of every timely run."""
    import pandas as pd

    if not days:
        return pd.DataFrame(columns=["account_id", "score", "as_of"])
    from cscli.history import evidence_scores

    found = evidence_scores(history_url(request, book) or "", request.rules.workspace, min(days), max(days))
    return pd.concat(
        [scores.assign(as_of=pd.Timestamp(run.as_of)) for run, scores in found], ignore_index=True
    )


def went_missing(runs: "pd.DataFrame", book: Book) -> "pd.Series[pd.Timestamp]":
    """By account_id the middle of the last run that had it and the next one, which had it no more; NaT of others."""
    import pandas as pd

    days = [*sorted(runs["as_of"].unique()), pd.Timestamp(book.as_of)]
    last = runs.groupby("account_id")["as_of"].max()
    here = set(book.frame["account_id"][~(book.frame["churned_on"] <= pd.Timestamp(book.as_of))])
    following = dict(pairwise(days))
    middle = last.map(lambda day: day + (following.get(day, day) - day) / 2).dt.normalize()
    found: pd.Series[pd.Timestamp] = middle.mask(pd.Series(last.index.isin(here), index=last.index))
    return found
