"""The score at several dates, each as it was known then, against who left afterwards."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cscli.analysis.backtesting.left_out import has_other_metrics, metrics_counted
from cscli.analysis.backtesting.measures import Terms, judge_panel
from cscli.analysis.backtesting.metric_table import KnownOf, tabulate_metrics
from cscli.analysis.backtesting.outcomes import contracted
from cscli.analysis.backtesting.own_clock import runs_with_time
from cscli.analysis.backtesting.panel import ScoredDate, Window, build_panel
from cscli.analysis.proving.early_warnings import LeadTimes, WeeklyReach, lead_times, weekly_reach
from cscli.analysis.scoring.provenance import Provenance, find_provenances
from cscli.analysis.scoring.switching import without_metrics
from cscli.config.blocks.backtest import Backtest
from cscli.config.load import Draft
from cscli.config.schema import Config
from cscli.errors import DataError, Problem, Severity
from cscli.reports.backtesting.findings import Findings
from cscli.reports.kit.labels import listed_labels
from cscli.texts import Phrase
from cscli.workflows.backtesting.choosing import choose_days, no_dates, terms_of
from cscli.workflows.backtesting.leaving import DERIVED, LEFT_EXPORT, Leaving, find_leaving
from cscli.workflows.backtesting.restated import find_restated
from cscli.workflows.backtesting.scored import EXPORTS, Then, lines_of, read_then, score_then
from cscli.workflows.backtesting.stored import (
    nearest,
    read_stored,
    scores_of,
    then_of,
    timely_days,
    weekly_scores,
    went_missing,
    with_trend,
)
from cscli.workflows.book.read import Book
from cscli.workflows.book.reading import SourceReader
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    import pandas as pd

_MOST_DAYS_APART = 14
_FEWEST_RUNS = 8


@dataclass(frozen=True, eq=False, kw_only=True)
class _Scored:
    """What is judged: the dates as they were known, scored; `known`: provenance by metric; `config`: the rules of all dates;
    `runs`: the days of the stored runs among them.
    """

    thens: tuple[Then, ...]
    dates: tuple[ScoredDate, ...]
    config: Config
    known: Mapping[str, Provenance]
    runs: tuple[dt.date, ...]


def judge_dates(request: Request, book: Book, draft: Draft, reader: SourceReader) -> Findings:
    """What the score of each date says of who left afterwards. Raises DataError where there is nothing to judge."""
    settings = book.config.backtest
    window = _window(settings)
    evidence = timely_days(request, book) if settings.source != "exports" else ()
    days, later = choose_days(book, evidence)
    if not days:
        raise DataError(no_dates(book, evidence))
    runs = weekly_scores(request, book, evidence)
    gone = went_missing(runs, book) if len(runs) else None
    span = (_after(days[0], settings.lead), _after(days[-1], settings.horizon))
    leaving = find_leaving(book, settings.outcome, span, gone)
    scored = _score_dates(request, book, draft, reader, days, evidence)
    left_on = [_left_on(leaving, then.t0, window) for then in scored.thens]
    missing = frozenset(map(str, runs["account_id"])) - frozenset(map(str, book.frame["account_id"]))
    told = leaving.by == LEFT_EXPORT or settings.absent_means == "churned"
    unknown = leaving.unknown | (frozenset() if told else missing)
    panel = build_panel(scored.dates, left_on, unknown, window)
    if not len(panel.rows):
        raise DataError(Problem("backtest.nobody_eligible"))
    metrics = tabulate_metrics(panel, scored.config, _known_of(request, book, draft, reader, scored))
    flagged = metrics.flagged
    clean = panel
    if flagged and has_other_metrics(scored.config, flagged) and settings.rules == "today":
        clean = build_panel(_without(scored, flagged, settings.by, draft), left_on, unknown, window)
    terms = terms_of(book, window)
    weekly = _weekly(runs, leaving, book, terms, window)
    return Findings(
        panel=clean,
        judged=judge_panel(clean, terms),
        with_flagged=judge_panel(panel, terms).auc if flagged else None,
        metrics=metrics,
        terms=terms,
        outcome=leaving.name,
        of_snapshot=False,
        own_score=True,
        lead=weekly[0] if weekly else None,
        weekly=weekly[1] if weekly else (),
        problems=(
            *leaving.problems,
            *_said(book, scored, later, leaving),
            *([] if told else _absent(scored, missing)),
        ),
    )


def _known_of(request: Request, book: Book, draft: Draft, reader: SourceReader, scored: "_Scored") -> KnownOf:
    return KnownOf(
        provenance=scored.known,
        clocks=runs_with_time(book.config),
        restated=find_restated(request, book, draft, reader, scored.runs),
        read_again=any(then.source == EXPORTS for then in scored.thens),
    )


def _after(day: dt.date, days: int) -> "pd.Timestamp":
    import pandas as pd

    return pd.Timestamp(day + dt.timedelta(days=days))


def _without(scored: _Scored, flagged: Sequence[str], by: str, draft: Draft) -> list[ScoredDate]:
    """The dates, scored without these metrics."""
    return [score_then(then, without_metrics(then.config, flagged), by, draft) for then in scored.thens]


def _window(settings: Backtest) -> Window:
    return Window(
        lead=settings.lead,
        horizon=settings.horizon,
        min_tenure=settings.min_tenure,
        only_due=settings.outcome == DERIVED[1],
    )


def _score_dates(
    request: Request,
    book: Book,
    draft: Draft,
    reader: SourceReader,
    days: Sequence[dt.date],
    evidence: tuple[dt.date, ...],
) -> _Scored:
    settings = book.config.backtest
    known = find_provenances(book.config, book.typed, book.of_lines)
    thens, dates, runs = [], [], []
    for day in days:
        at = nearest(evidence, day)
        stored = read_stored(request, book, at) if at is not None else None
        if stored is not None:
            then = then_of(stored, day, book.config)
        elif settings.source == "history" or not has_other_metrics(book.config, known.undated):
            continue
        else:
            then = read_then(request, day, draft, reader, settings.lead)
        if not len(then.columns):
            continue
        date = _without_undated(score_then(then, then.config, settings.by, draft), then)
        if stored is not None and settings.rules == "stored":
            date = scores_of(stored, date)
        elif stored is not None:
            date = with_trend(date, request, book, stored.as_of)
        runs += [stored.as_of] if stored is not None else []
        thens.append(then)
        dates.append(date)
    if not dates:
        shown = listed_labels(known.undated[:8], book.config, book.language)
        raise DataError(Problem("backtest.nothing_dated", value=shown))
    of_history = any(then.source != EXPORTS for then in thens)
    config = book.config if of_history else thens[0].config
    return _Scored(
        thens=tuple(thens), dates=tuple(dates), config=config, known=known.metrics, runs=tuple(runs)
    )


def _without_undated(date: ScoredDate, then: Then) -> ScoredDate:
    """Of exports: no points of a metric that is of today, and no score where a scorecard has none but these."""
    if not then.lacking:
        return date
    names = list(then.config.metrics)
    points, covered = date.points.copy(), date.covered.copy()
    places = [names.index(name) for name in then.lacking]
    points[:, places], covered[:, places] = np.nan, False
    bare = [
        place
        for place, card in enumerate(then.config.scorecards)
        if not set(metrics_counted(then.config.model_copy(update={"scorecards": [card]}))) - set(then.lacking)
    ]
    nothing = np.isin(date.card, bare)
    frame = date.frame.assign(
        score=date.frame["score"].mask(nothing), before=date.frame["before"].mask(nothing)
    )
    return replace(date, points=points, covered=covered, frame=frame)


def _left_on(leaving: Leaving, t0: "pd.Timestamp", window: Window) -> "pd.Series[pd.Timestamp]":
    """Of a contraction those that fell count as leaving at the end of the window."""
    import pandas as pd

    if leaving.name != DERIVED[0] or leaving.history is None:
        return leaving.left_on
    closes = t0 + pd.Timedelta(days=window.horizon)
    fell = pd.Series(
        closes, index=pd.Index(sorted(contracted(leaving.history, t0, closes)), name="account_id")
    )
    return leaving.left_on.where(leaving.left_on <= closes).combine_first(fell.astype("datetime64[us]"))


def _weekly(
    runs: "pd.DataFrame", leaving: Leaving, book: Book, terms: Terms, window: Window
) -> "tuple[LeadTimes, tuple[WeeklyReach, ...]] | None":
    """Only where stored runs are at most two weeks apart."""
    import pandas as pd

    days = sorted(runs["as_of"].unique())
    if len(days) < _FEWEST_RUNS or max(np.diff(days)) > np.timedelta64(_MOST_DAYS_APART, "D"):
        return None
    left = leaving.left_on
    until = left.reindex(runs["account_id"]).to_numpy()
    kept = runs[~(runs["as_of"].to_numpy() >= until)]
    ids = pd.Index(sorted(kept["account_id"].unique()), name="account_id")
    arr = book.frame.drop_duplicates("account_id").set_index("account_id")["arr"].reindex(ids)
    accounts = pd.DataFrame(
        {"account_id": ids, "churned_on": left.reindex(ids).to_numpy(), "arr": arr.fillna(0.0).to_numpy()}
    )
    found = lead_times(kept, accounts, terms.edge)
    sizes = sorted({1, 2, 3, 5, 8, 12, 20, terms.calls})
    reached = tuple(
        weekly_reach(kept, accounts, size, lead_days=window.lead, horizon_days=window.horizon)
        for size in sizes
    )
    return found, reached


def _said(book: Book, scored: _Scored, later: dt.date | None, leaving: Leaving) -> list[Problem]:
    said = [
        Problem(
            "backtest.outcome",
            severity=Severity.NOTE,
            details={
                "by": Phrase(f"backtest.by.{leaving.by}"),
                "outcome": Phrase(f"backtest.by.{leaving.name}"),
            },
        )
    ]
    lacking = [
        name
        for name, each in scored.known.items()
        if each is not Provenance.DATED and name in metrics_counted(book.config)
    ]
    of_exports = [then.t0.date() for then in scored.thens if then.source == EXPORTS]
    if lacking and of_exports:
        shown = listed_labels(lacking, book.config, book.language)
        details = {"last": max(of_exports).isoformat()}
        said.append(Problem("backtest.of_today", severity=Severity.WARNING, value=shown, details=details))
    if later is not None:
        ends = later + dt.timedelta(days=book.config.backtest.horizon)
        said.append(
            Problem(
                "backtest.not_judged_yet",
                severity=Severity.NOTE,
                value=later.isoformat(),
                details={"ends": ends.isoformat()},
            )
        )
    if of_exports and lines_of(book) is None and book.frame["renews_on"].notna().any():
        said.append(Problem("backtest.terms_unknown", severity=Severity.NOTE))
    return [*said, *_all_missing(scored, lacking, book)]


def _absent(scored: _Scored, missing: frozenset[str]) -> Iterator[Problem]:
    """That accounts vanished, with their ARR at the last date that had them: deleted ones make every score look good."""
    import pandas as pd

    seen = pd.concat([date.frame[["account_id", "arr"]] for date in scored.dates])
    gone = seen[seen["account_id"].isin(missing)].drop_duplicates("account_id", keep="last")
    if len(gone):
        details = {"count": len(gone), "arr": f"{gone['arr'].sum():,.0f}"}
        yield Problem("backtest.absent", severity=Severity.WARNING, details=details)


def _all_missing(scored: _Scored, lacking: Sequence[str], book: Book) -> Iterator[Problem]:
    """Metrics without a value at some date."""
    counted = set(metrics_counted(scored.config)) - set(lacking)
    for date in scored.dates:
        nothing = np.atleast_1d(np.isnan(date.points).all(axis=0))
        empty = [
            name
            for place, name in enumerate(scored.config.metrics)
            if name in counted and len(date.points) and nothing[place]
        ]
        if empty:
            shown = listed_labels(empty, book.config, book.language)
            details = {"date": date.t0.date().isoformat()}
            yield Problem("backtest.all_missing", severity=Severity.WARNING, value=shown, details=details)
