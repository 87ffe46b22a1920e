"""Whether the right customers were won, and what became of them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cscli.analysis.acting.capacity import planned_hours
from cscli.analysis.practice.fit import UNKNOWN, first_year, judge_fit
from cscli.analysis.practice.fit_tables import (
    band_table,
    criteria_effects,
    quarter_table,
    sales_table,
    won_lately,
)
from cscli.analysis.scoring.columns import add_columns
from cscli.errors import ConfigError, CscliError, DataError, Location, Problem, Severity
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.practice.fit import FitTables, fit_report
from cscli.workflows.book.read import Book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.revenue.ltv import RevenueOptions, report_revenue
from cscli.workflows.whole.book import WholeBook

if TYPE_CHECKING:
    from cscli.analysis.practice.fit import FitFacts
    from cscli.config.schema import Config

_TOUCH = "touch"


def fit(request: Request, output: Path) -> Report:
    """Fit and what became of it, written to `output`. Raises CscliError with every problem that stops the run; then no file is written."""
    whole = WholeBook(request)
    with speaking(request.language_of(whole.draft)):
        report = report_fit(whole)
        write_report(report, output, whole.revenue_book.files)
        return report


def report_fit(whole: WholeBook) -> Report:
    """The report `fit`. Raises ConfigError where the rules have no criteria, DataError where no account has a start."""
    request, book = whole.request, whole.revenue_book
    config, facts = book.config, book.practice.fit
    if config.fit is None or facts is None:
        raise ConfigError(Problem("fit.no_rules", where=Location(file=request.rules.name)))
    frame = placed(book.draft, lambda: add_columns(book.frame, config, book.as_of, book.practice.nodes)).frame
    if frame["started_on"].isna().all():
        raise DataError(Problem("fit.no_start", where=Location(file=request.rules.name)))
    accounts = _judged(frame, facts, config, book)
    names = [criterion.name for criterion in config.fit.criteria]
    bands = [*(band.name for band in config.fit.bands), UNKNOWN]
    strata = frame[_TOUCH] if _TOUCH in frame else pd.Series(None, index=frame.index, dtype=object)
    sold_by = frame.get(config.fit.sold_by) if config.fit.sold_by else None
    ltv, said = _worth(whole)
    found = band_table(accounts, bands)
    tables = FitTables(
        accounts=accounts, bands=found.assign(ltv=found["fit"].map(ltv).astype("float64")),
        effects=criteria_effects(accounts, names, strata), quarters=quarter_table(accounts, bands, config.fiscal_year_start),
        sales=None if sold_by is None else sales_table(accounts, sold_by, bands[-2]),
        lately=won_lately(accounts, book.as_of).to_numpy(bool),
    )  # fmt: skip
    context = report_context(request, book)
    problems = (*book.problems, *said, *_said(accounts, config))
    return fit_report(tables, config, replace(context, problems=problems))


def _judged(frame: pd.DataFrame, facts: "FitFacts", config: "Config", book: Book) -> pd.DataFrame:
    """The accounts with their fit, whether the first year is over, whether they left in it, the hours planned, and who sold them."""
    judged = placed(book.draft, lambda: judge_fit(frame, facts, book.as_of))
    over, left = first_year(frame, book.as_of)
    effort = config.effort
    known = effort is not None and effort.by in frame
    hours = planned_hours(frame[effort.by], effort.hours_per_month) if known and effort else np.nan
    sold_by = frame.get(facts.fit.sold_by) if facts.fit.sold_by else None
    kept = ["account_id", "name", "owner", "arr", "started_on", "churned_on"]
    return frame[kept].assign(**judged, year_over=over, left=left, hours=hours, sold_by=sold_by)


def _worth(whole: WholeBook) -> tuple[dict[str, float], tuple[Problem, ...]]:
    """By band, what an account is worth within the horizon; nothing where the revenue cannot be told, and why."""
    try:
        report = report_revenue(whole.request, whole.revenue_book, RevenueOptions(by="fit"))
    except CscliError as error:
        return {}, tuple(replace(each, severity=Severity.NOTE) for each in error.problems)
    sheet = next((each for each in report.sheets if each.id == "segments"), None)
    if sheet is None:
        return {}, ()
    return dict(zip(sheet.column("segment"), sheet.column("ltv"), strict=True)), ()


def _said(accounts: pd.DataFrame, config: "Config") -> Iterator[Problem]:
    """Criteria that tell nobody apart, and accounts without a start."""
    for number, criterion in enumerate(config.fit.criteria if config.fit else ()):
        met = accounts[criterion.name].dropna()
        if len(met) and (met == met.iloc[0]).all():
            code = "fit.always" if met.iloc[0] == 1 else "fit.never"
            block = "fit"
            where = Location(key=f"{block}.criteria[{number}].when")
            yield Problem(code, severity=Severity.WARNING, where=where, value=criterion.name)
    without = int(accounts["started_on"].isna().sum())
    if without:
        yield Problem("fit.some_without_start", severity=Severity.NOTE, details={"count": without})
