"""Which dates are judged, by which bands, and how many accounts can be called."""

import datetime as dt
from collections.abc import Iterator, Sequence

from cscli.analysis.backtesting.left_out import metrics_counted
from cscli.analysis.backtesting.measures import Terms
from cscli.analysis.backtesting.panel import Window
from cscli.analysis.scoring.provenance import columns_behind
from cscli.config.schema import Config
from cscli.errors import Problem
from cscli.workflows.backtesting.stored import nearest
from cscli.workflows.book.read import Book

_MOST_DATES = 12
_WEEKS_A_MONTH = 52 / 12
_USUAL_CALLS = 10


def choose_days(book: Book, evidence: Sequence[dt.date]) -> tuple[list[dt.date], dt.date | None]:
    """The dates, and the first one whose window is not over yet."""
    settings = book.config.backtest
    end = book.as_of - dt.timedelta(days=settings.horizon)
    first = settings.from_ or _reaches_back(book, evidence)
    if first is None:
        return [], None
    last = settings.to or book.as_of
    every = list(days_between(first, last, settings.months, exact=settings.from_ is not None))
    judged = [day for day in every if day <= end]
    if settings.source == "history":
        judged = [day for day in judged if nearest(tuple(evidence), day)]
    if settings.from_ is None:
        judged = judged[-_MOST_DATES:]
    return judged, next((day for day in every if day > end), None)


def no_dates(book: Book, evidence: Sequence[dt.date]) -> Problem:
    """Why no date can be judged: how far back the exports reach, beside the last date whose window is over."""
    settings = book.config.backtest
    end = book.as_of - dt.timedelta(days=settings.horizon)
    first = _reaches_back(book, evidence)
    details: dict[str, object] = {"horizon": settings.horizon}
    if first is None or settings.from_ is not None or settings.source == "history":
        return Problem("backtest.no_dates", value=end.isoformat(), details=details)
    details["first"] = first.isoformat()
    return Problem("backtest.no_dates_yet", value=end.isoformat(), details=details)


def days_between(first: dt.date, last: dt.date, months: int, *, exact: bool) -> Iterator[dt.date]:
    """Month ends so many months apart, quarter ends where it is 3; `exact`: counted from `first` itself."""
    import pandas as pd

    if exact:
        ends = first == (pd.Timestamp(first) + pd.offsets.MonthEnd(0)).date()
        step = 0
        while True:
            day = pd.Timestamp(first) + pd.DateOffset(months=months * step)
            day = day + pd.offsets.MonthEnd(0) if ends else day
            if day.date() > last:
                return
            yield day.date()
            step += 1
    for month in pd.date_range(first, last, freq="ME"):
        if month.month % months == 0 if months <= 12 else (month.year * 12 + month.month) % months == 0:
            yield month.date()


def _reaches_back(book: Book, evidence: Sequence[dt.date]) -> dt.date | None:
    """From when on windows of logs are full, or runs are stored; without either, from when accounts are known, and rows that
    metrics are made of: before the first of them a count of rows would be 0, which nobody knows.
    """
    import pandas as pd

    firsts = []
    for name, log in book.logs.items():
        if len(log.weeks) and book.config.sources[name].kind == "events":
            windows = book.config.sources[name].windows
            firsts.append((pd.Timestamp(log.weeks["week"].min()) + pd.Timedelta(days=max(windows))).date())
    if not firsts:
        started = book.frame["started_on"].min()
        days = [None if pd.isna(started) else started.date(), _first_rows(book)]
        firsts = [day for day in days if day is not None]
    found = max(firsts, default=None)
    early = min(evidence, default=None)
    known = [day for day in (found, early) if day is not None]
    return min(known, default=None)


def _first_rows(book: Book) -> dt.date | None:
    """The day of the first row of any source that rolls up rows into what counts; None where no metric is made of these."""
    read = columns_behind(book.config, metrics_counted(book.config))
    firsts = []
    for name, source in book.config.sources.items():
        table = book.typed.get(name)
        if table is None or not source.rolls_up or read.isdisjoint(source.aggregates):
            continue
        if source.day_column in table.frame and table.frame[source.day_column].dtype.kind == "M":
            firsts.append(table.frame[source.day_column].min())
    return min((day.date() for day in firsts if day == day), default=None)  # noqa: PLR0124 - NaT


def terms_of(book: Book, window: Window | None) -> Terms:
    """`window`: None of one snapshot."""
    ascending = sorted(book.config.bands, key=lambda band: band.from_)
    edge = ascending[1].from_ if len(ascending) > 1 else 0.0
    return Terms(
        bands=tuple(band.name for band in ascending),
        edge=float(edge),
        window_days=window.days if window else None,
        calls=_calls(book.config, book),
    )


def _calls(config: Config, book: Book) -> int:
    """As asked, else as many as the owners' hours of a week come to."""
    if config.backtest.per_week is not None:
        return config.backtest.per_week
    hours = [play.hours for play in config.playbooks if play.hours]
    if config.effort is None or not hours:
        return _USUAL_CALLS
    owners = max(1, book.frame["owner"].nunique())
    return max(
        1, int(config.effort.owner_hours_per_month * owners / _WEEKS_A_MONTH / (sum(hours) / len(hours)))
    )
