"""Revenue of a book: its movements, what was kept of it, and what customers are worth, reported."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.judging.accounts import left_without_date
from cscli.analysis.lifetime.departures import count_departures
from cscli.analysis.lifetime.ltv import LtvTerms
from cscli.analysis.lifetime.product_years import YearTerms, tabulate_products
from cscli.analysis.lifetime.revenue_study import Study, StudyTerms, study_revenue, withhold_worth
from cscli.analysis.orders.study import OrdersStudy, study_orders
from cscli.analysis.revenue.estimate import Remark
from cscli.analysis.revenue.mrr import Kind, MrrHistory, read_mrr
from cscli.analysis.revenue.mrr_checks import check_churn_dates, check_history
from cscli.analysis.revenue.mrr_lines import LineFacts
from cscli.analysis.revenue.observed_dates import fill_dates
from cscli.analysis.revenue.retention import Window
from cscli.analysis.scoring.columns import add_columns, late_names, segment_rules
from cscli.config.schema import Config
from cscli.errors import Location, Problem, Severity, UsageError
from cscli.nearest import nearest_name
from cscli.render import write_report
from cscli.reports.kit.labels import band_label, column_label, value_labels
from cscli.reports.kit.model import Report
from cscli.reports.revenue.orders import orders_report
from cscli.reports.revenue.parts import Spoken, Subject
from cscli.reports.revenue.report import ltv_report as build_report
from cscli.reports.revenue.saying import say_churn_known, say_departures
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.revenue_lines import line_facts, rates_of
from cscli.workflows.book.stages import placed
from cscli.workflows.revenue.bands import retain_by_band
from cscli.workflows.revenue.products import PLAN, mean_cost, products_of

_MOST_UNDATED = 0.1
Names = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueOptions:
    """What replaces the config's terms: `by`, a segmentation or text column; `opening`, `closing` (YYYY-MM), month
    ends between which retention is told; `gross_margin`: of every account.
    """

    by: str | None = None
    opening: str | None = None
    closing: str | None = None
    horizon_months: int | None = None
    discount_rate: float | None = None
    gross_margin: float | None = None


@dataclass(frozen=True, eq=False)
class _Revenue:
    """MRR as one of the sources gives it. `annual`: the accounts that are billed for 12 months."""

    kind: Kind
    history: MrrHistory
    annual: frozenset[str]
    problems: tuple[Problem, ...]


def ltv_report(request: Request, options: RevenueOptions, output: Path) -> Report:
    """What customers are worth, and whether they stay and grow, written to `output`.

    Raises CscliError with every problem that stops the run; then no file is changed.
    """
    book = read_book(request, of_revenue=True)
    with speaking(book.language):
        report = report_revenue(request, book, options)
        write_report(report, output, book.files)
        return report


def report_revenue(request: Request, book: Book, options: RevenueOptions) -> Report:
    """The report `ltv` on a book that was read `of_revenue`. Raises CscliError."""
    of_orders = _orders_of(book)
    if of_orders is not None and not _has_terms(book):
        spoken = Spoken(language=book.language)
        context = report_context(request, book)
        context = replace(context, problems=(*context.problems, *_not_split(options, book.config)))
        return orders_report(spoken, of_orders, _names(book.frame), context)
    frame = placed(
        book.draft, lambda: add_columns(book.frame, book.config, book.as_of, book.practice.nodes)
    ).frame
    by = options.by or book.config.ltv.by
    segment = None if by is None else _segment(frame, by, book.config)
    revenue = _read_revenue(book)
    frame, filled = _with_dates(frame, revenue)
    window = _window(options, revenue.history)
    margin = book.config.ltv.gross_margin
    accounts = frame if margin is None else frame.assign(gross_margin=frame["gross_margin"].fillna(margin))
    cost = mean_cost(frame, book.config)
    study = study_revenue(
        accounts, segment, revenue.history, revenue.annual, _terms(book, options, revenue, window, cost)
    )
    if _lacks_dates(book):
        study = withhold_worth(study, Remark.UNDATED)
    departures = count_departures(frame, book.as_of, None if revenue.kind == "accounts" else revenue.history)
    by_band = None if revenue.kind == "accounts" else retain_by_band(request, book, revenue.history)
    product, products = _products(frame, accounts, by, book, study)
    subject = Subject(
        study=study,
        language=book.language,
        source=revenue.kind,
        names=_names(frame),
        by=None if by is None else column_label(by, book.config, book.language),
        segments={} if product is None else value_labels([product], book.config, book.language),
        margin_given=options.gross_margin is not None,
        departures=departures,
        by_band=by_band.table if by_band else None,
        products=products,
        product=column_label(product or PLAN, book.config, book.language),
        bands={band.name: band_label(band, book.language) for band in book.config.bands},
    )
    told = () if revenue.kind == "accounts" else _said(frame, len(study.tenures))
    told = (*told, *say_churn_known(study, book.config.currency), *say_departures(departures))
    said = (*revenue.problems, *filled, *told)
    context = replace(report_context(request, book), problems=(*book.problems, *said))
    return build_report(subject, book.config.ltv, context, of_orders)


def _products(
    frame: pd.DataFrame, accounts: pd.DataFrame, by: str | None, book: Book, study: Study
) -> tuple[str | None, pd.DataFrame | None]:
    """What a product is here, and the table of products and years; None where too few dates of leaving are known."""
    product, products = products_of(frame, by, book.config)
    years = YearTerms(
        as_of=book.as_of,
        first_month=book.config.fiscal_year_start,
        ltv=study.terms.ltv,
        since=study.known.since,
    )
    return product, None if _lacks_dates(book) else tabulate_products(
        accounts, products, study.history, years
    )


def _orders_of(book: Book) -> OrdersStudy | None:
    orders = book.practice.orders
    return None if orders is None else study_orders(orders, book.config.fiscal_year_start)


def _not_split(options: RevenueOptions, config: Config) -> list[Problem]:
    """That a segmentation was asked for, which the report on orders alone does not split by."""
    by = options.by or config.ltv.by
    return [] if by is None else [Problem("orders.not_split", severity=Severity.WARNING, value=by)]


def _has_terms(book: Book) -> bool:
    """Whether anything says what accounts pay by the month, not by the order."""
    of_lines = any(
        source.of_revenue and name in book.resolved.tables for name, source in book.config.sources.items()
    )
    return of_lines or bool(book.frame["mrr"].notna().any())


def _names(frame: pd.DataFrame) -> dict[str, str | None]:
    return dict(zip(frame["account_id"], frame["name"], strict=True))


def _lacks_dates(book: Book) -> bool:
    """Whether over a tenth of those who left have no date; then nobody knows how long customers stay."""
    undated = int(left_without_date(book.frame).sum())
    dated = int((book.frame["churned_on"] <= pd.Timestamp(book.as_of)).sum())
    return undated > _MOST_UNDATED * (undated + dated)


def _with_dates(frame: pd.DataFrame, revenue: _Revenue) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Without dates of its own, the accounts table has those that its MRR shows."""
    return (frame, ()) if revenue.kind == "accounts" else fill_dates(frame, revenue.history)


def _segment(frame: pd.DataFrame, by: str, config: Config) -> Names:
    """The names by account. Raises UsageError for one that needs the score, or that there is none of."""
    late = late_names(segment_rules(config))
    if by in late:
        raise UsageError(Problem("ltv.segment_needs_score", value=by))
    texts = [name for name in frame.columns if frame[name].dtype == object and name != "account_id"]
    if by not in texts:
        nearest = nearest_name(by, texts)
        known = ", ".join([*(name for name in segment_rules(config) if name not in late), "plan", "region"])
        raise UsageError(
            Problem("ltv.no_segment", value=by, details={"nearest": nearest or "-", "known": known})
        )
    return frame[by].to_numpy(dtype=object)


def _read_revenue(book: Book) -> _Revenue:
    """From subscriptions, else from MRR by month, else from the accounts alone; of two sources the first."""
    sources = book.config.sources
    ordered = [
        name
        for kind in ("subscriptions", "mrr")
        for name, source in sources.items()
        if source.kind == kind and name in book.resolved.tables
    ]
    said = [
        Problem("ltv.source_passed_over", value=name, severity=Severity.WARNING, details={"used": ordered[0]})
        for name in ordered[1:]
    ]
    if not ordered:
        said.append(Problem("ltv.accounts_alone", severity=Severity.NOTE))
        frame = book.frame[~left_without_date(book.frame)].drop(columns="currency")  # settled in one currency
        return _revenue_of("accounts", frame, book, _locate_accounts(book, frame), LineFacts(), said)
    kind: Kind = "subscriptions" if sources[ordered[0]].kind == "subscriptions" else "mrr"
    table = book.resolved.tables[ordered[0]]
    here = book.frame["account_id"][~left_without_date(book.frame)]
    known = table.frame["account_id"].isin(here).to_numpy()
    lines = table.lines[known]

    def locate(row: int) -> Location:
        return table.facts.locate(int(lines[row]))

    facts = line_facts(table, sources[ordered[0]], anyone_left=bool(book.frame["churned_on"].notna().any()))
    return _revenue_of(kind, table.frame[known].reset_index(drop=True), book, locate, facts, said)


def _locate_accounts(book: Book, frame: pd.DataFrame) -> Callable[[int], Location]:
    """Where the account of a row of `frame` stands in its file."""
    table = book.typed["accounts"]
    lines = dict(zip(table.frame["account_id"][::-1], table.lines[::-1].tolist(), strict=True))
    ids = frame["account_id"].to_numpy(object)
    return lambda row: table.facts.locate(lines.get(ids[row]))


def _revenue_of(
    kind: Kind, frame: pd.DataFrame, book: Book, locate: Any, facts: LineFacts, said: list[Problem]
) -> _Revenue:
    history, problems = read_mrr(kind, frame, book.as_of, rates_of(book.config), locate, facts)
    found = [*said, *problems, *check_history(history)]
    if kind != "accounts":
        ids, churned = (book.frame[name].to_numpy() for name in ("account_id", "churned_on"))
        found += check_churn_dates(history, ids, churned)
    annual: frozenset[str] = frozenset()
    if kind == "subscriptions" and "period_months" in frame:
        periods = frame.groupby("account_id")["period_months"]
        annual = frozenset(periods.max().index[(periods.max() == 12) & (periods.min() == 12)])
    return _Revenue(kind, history, annual, tuple(found))


def _window(options: RevenueOptions, history: MrrHistory) -> Window | None:
    """From the end of one month to that of another. Raises UsageError for months outside of the history."""
    if options.opening is None and options.closing is None:
        return None
    labels = history.labels
    closing = _month(options.closing, "--to") if options.closing else labels[-1]
    year_before = str(np.datetime64(closing, "M") - np.timedelta64(12, "M"))
    opening = _month(options.opening, "--from") if options.opening else max(year_before, labels[0])
    if not labels[0] <= opening < closing <= labels[-1]:
        details = {"first": labels[0], "last": labels[-1]}
        raise UsageError(Problem("ltv.window_outside", value=f"{opening} – {closing}", details=details))
    return Window(f"{opening}..{closing}", opening, closing)


def _month(text: str, option: str) -> str:
    try:
        return dt.date.fromisoformat(f"{text.replace('/', '-')}-01").strftime("%Y-%m")
    except ValueError as error:
        raise UsageError(Problem("ltv.not_a_month", value=text, details={"option": option})) from error


def _terms(
    book: Book, options: RevenueOptions, revenue: _Revenue, window: Window | None, cost: float | None
) -> StudyTerms:
    settings = book.config.ltv
    since = settings.churn_known_from
    terms = LtvTerms(
        settings.horizon_months if options.horizon_months is None else options.horizon_months,
        settings.discount_rate_annual if options.discount_rate is None else options.discount_rate,
        options.gross_margin,
    )
    return StudyTerms(
        as_of=book.as_of,
        ltv=terms,
        window=window,
        fiscal_year_start=book.config.fiscal_year_start,
        cost_per_month=cost,
        mrr_of_dates=revenue.kind == "accounts",
        churn_known_from=dt.date.fromisoformat(f"{since}-01") if since else None,
    )


def _said(frame: pd.DataFrame, used: int) -> Iterator[Problem]:
    """Accounts whose lifetime is not known."""
    without = int(frame["started_on"].isna().sum())
    if without:
        yield Problem("ltv.no_start", severity=Severity.WARNING, details={"count": without, "used": used})
