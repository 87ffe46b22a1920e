"""Scores and every account there was to what comes up for renewal, what is kept of it, and what the history keeps of that."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cscli.analysis.acting.risk import churn_probabilities
from cscli.analysis.forecasting.calendar import fiscal_quarter, list_renewals
from cscli.analysis.forecasting.chances import Chances, find_chances
from cscli.analysis.forecasting.outcomes import LOST, RENEWED, choose_known, resolve
from cscli.analysis.forecasting.spread import Due, Kept, draw_losses, sum_up
from cscli.analysis.judging.accounts import left_without_date
from cscli.analysis.scoring.health import UNKNOWN
from cscli.errors import Problem, Severity
from cscli.renewal_calls import call_chances
from cscli.reports.forecasting.renewals import RenewalForecast, renewals_report
from cscli.reports.kit.model import Report
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book, draft_of, read_book, report_context, rules_digest, speaking
from cscli.workflows.book.reading import SourceReader
from cscli.workflows.book.request import Request
from cscli.workflows.scores.scoring import (
    JudgedBook,
    RunRecords,
    check_scorecards,
    judge_book,
    write_and_remember,
)

if TYPE_CHECKING:
    import pandas as pd


_YEAR = 12


@dataclass(frozen=True, eq=False)
class Forecast:
    """What is expected of the renewals of a judged book, and what is to be said of it."""

    found: RenewalForecast
    problems: tuple[Problem, ...]

    def records(self, request: Request) -> "pd.DataFrame":
        """What the history keeps: the next renewal of each account."""
        table = self.found.table
        kept = table[~table["again"].to_numpy(dtype=bool) & table["p"].notna()]
        columns = ["account_id", "renews_on", "arr", "band", "owner", "p", "p_csm"]
        return kept[columns].rename(columns={"p": "p_model"}).assign(rules=rules_digest(request))


def renewals(request: Request, months: int | None, output: Path) -> Report:
    """What comes up for renewal in the next `months` (None: as the rules say), written to `output`; snapshot and forecasts
    are stored where the rules have a history.

    Raises CscliError with every problem that stops the run; then neither file nor history is changed.
    """
    check_scorecards(request)
    reader, draft = SourceReader(), draft_of(request)
    book = read_book(request, reader=reader, draft=draft)
    with speaking(book.language):
        judged = judge_book(request, book)
        everyone = read_book(request, of_revenue=True, reader=reader, draft=draft)
        forecast = forecast_renewals(request, judged, everyone, months)
        report = report_forecast(request, judged, forecast)
        records = RunRecords(forecasts=forecast.records(request))
        return write_and_remember(request, judged, report, output, records)


def forecast_renewals(
    request: Request, judged: JudgedBook, everyone: Book, months: int | None = None
) -> Forecast:
    """`everyone`: the same exports with the accounts that had left, who tell what became of earlier renewals."""
    book, config = judged.book, judged.book.config
    chances = measure_chances(request, everyone)
    frame = judged.scored.frame
    calls = config.renewals.calls.model_dump()
    frame = frame.assign(p_csm=call_chances(frame["renewal_call"], calls))
    span = months or config.renewals.months
    table = list_renewals(frame, book.as_of, span, chances, _terms(everyone))
    due = table[table["p"].notna() & table["arr"].notna()].reset_index(drop=True)
    periods = sorted(set(due["month"]))
    kept = _sum_up(due, periods, chances, config.fiscal_year_start, _seed(book))
    found = RenewalForecast(table=table, kept=kept, chances=chances, months=span)
    return Forecast(found, tuple(_said(frame, table, book)))


def report_forecast(request: Request, judged: JudgedBook, forecast: Forecast) -> Report:
    """The report `renewals`."""
    book = replace(judged.book, problems=(*judged.book.problems, *forecast.problems))
    return renewals_report(forecast.found, book.config, report_context(request, book))


def measure_chances(request: Request, everyone: Book) -> Chances:
    """By band, from the renewals that stored runs knew of and `everyone` tells the end of; else the configured table."""
    config = everyone.config
    bands = [*(band.name for band in config.bands), UNKNOWN]
    return find_chances(_past_renewals(request, everyone), bands, churn_probabilities(config))


def everyone_now(everyone: Book) -> "pd.DataFrame":
    """account_id, churned_on, renews_on, arr of all accounts; who has left nobody knows when pays nothing."""
    frame = everyone.frame[["account_id", "churned_on", "renews_on", "arr"]]
    return frame.assign(arr=frame["arr"].mask(left_without_date(everyone.frame), 0.0))


def _past_renewals(request: Request, everyone: Book) -> "pd.DataFrame":
    import pandas as pd

    url = history_url(request, everyone)
    if url is None:
        return pd.DataFrame(columns=["band", "lost", "year", "arr", "arr_after"])
    from cscli.history import known_renewals

    known = known_renewals(url, request.rules.workspace, everyone.as_of)
    ended = resolve(choose_known(known), everyone_now(everyone), everyone.as_of)
    ended = ended[ended["outcome"].isin([LOST, RENEWED])]
    return ended.assign(lost=ended["outcome"] == LOST, year=ended["renews_on"].dt.year)


def _terms(everyone: Book) -> Mapping[str, float]:
    """Months of a contract that is billed for more than a year; billing by the month says nothing of the term."""
    for name, source in everyone.config.sources.items():
        table = everyone.resolved.tables.get(name)
        if source.kind == "subscriptions" and table is not None and "period_months" in table.frame:
            terms = table.frame.groupby("account_id")["period_months"].max()
            return {str(account): float(months) for account, months in terms[terms > _YEAR].items()}
    return {}


def _sum_up(
    due: "pd.DataFrame", periods: list[str], chances: Chances, first_month: int, seed: int
) -> dict[tuple[str, str], Kept]:
    """By kind and period: each month, each fiscal quarter, all."""
    import pandas as pd

    every = Due(
        arr=due["arr"].to_numpy(np.float64),
        band=pd.Index(chances.bands).get_indexer(pd.Index(due["band"])).astype(np.intp),
        period=pd.Index(periods).get_indexer(pd.Index(due["month"])).astype(np.intp),
    )
    losses = draw_losses(every, chances, len(periods), seed)
    groups = {("month", month): [place] for place, month in enumerate(periods)}
    for place, month in enumerate(periods):
        groups.setdefault(("quarter", fiscal_quarter(month, first_month)), []).append(place)
    if periods:
        groups["all", "all"] = list(range(len(periods)))
    return {
        key: sum_up(every.at(np.isin(every.period, places)), chances, losses[places].sum(axis=0))
        for key, places in groups.items()
    }


def _seed(book: Book) -> int:
    """Of the draws: the same for the same day, so that rules which change no chance (a label, the language) change no interval."""
    return int(hashlib.sha256(book.as_of.isoformat().encode()).hexdigest()[:12], 16)


def _said(frame: "pd.DataFrame", table: "pd.DataFrame", book: Book) -> list[Problem]:
    """Renewals that are not in the figures, and those that are in them twice."""
    import pandas as pd

    past = frame[frame["renews_on"] < pd.Timestamp(book.as_of)]
    without = frame["renews_on"].isna()
    unpriced = table[table["arr"].isna()]
    again = table[table["again"].to_numpy(dtype=bool)]
    counts = {
        "renewals.in_past": (len(past), float(past["arr"].sum())),
        "renewals.no_date": (int(without.sum()), float(frame.loc[without, "arr"].sum())),
        "renewals.no_arr": (len(unpriced), 0.0),
        "renewals.again": (again["account_id"].nunique(), float(again["arr"].sum())),
    }
    return [
        Problem(code, severity=Severity.NOTE, details={"count": count, "arr": f"{arr:,.0f}"})
        for code, (count, arr) in counts.items()
        if count
    ]
