"""A study of revenue to the report `ltv`: its sheets in order, the sentence that matters most, and what figures mean."""

from dataclasses import replace

from cscli.analysis.orders.study import OrdersStudy
from cscli.config.blocks.revenue import Ltv
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Report, Sheet
from cscli.reports.kit.periods import period_label
from cscli.reports.revenue.cohorts import cohort_map_sheet, cohorts_sheet
from cscli.reports.revenue.movements import bridge_sheet, by_band_sheet, movements_sheet, retention_sheet
from cscli.reports.revenue.orders import orders_definitions, orders_headline, orders_sheets
from cscli.reports.revenue.parts import Subject
from cscli.reports.revenue.summary import definitions_sheet, summary_sheet
from cscli.reports.revenue.value import (
    accounts_sheet,
    decomposition_sheet,
    economics_sheet,
    products_sheet,
    segments_sheet,
    survival_sheet,
    unit_economics_sheet,
)
from cscli.texts import paragraph, text

_AFTER_RETENTION = 7
_MUCH_BEYOND = 1 / 3
_SHORT = ("measure", "value", "low", "high", "n", "events")


def ltv_report(
    subject: Subject, settings: Ltv, context: Context, of_orders: OrdersStudy | None = None
) -> Report:
    """The report; orders are a section of their own, added to nothing. Sheets of figures that cannot be said hold their heads and no rows."""
    summary = summary_sheet(subject, settings)
    more = orders_definitions(subject) if of_orders is not None else []
    definitions = definitions_sheet(subject, more)
    sheets: tuple[Sheet, ...] = (
        summary,
        segments_sheet(subject),
        survival_sheet(subject),
        accounts_sheet(subject),
        bridge_sheet(subject),
        movements_sheet(subject),
        retention_sheet(subject),
        cohort_map_sheet(subject),
        cohorts_sheet(subject),
        unit_economics_sheet(subject),
        economics_sheet(subject),
        decomposition_sheet(subject),
        definitions,
    )
    by_band = by_band_sheet(subject)
    if by_band is not None:
        sheets = (*sheets[:_AFTER_RETENTION], by_band, *sheets[_AFTER_RETENTION:])
    products = products_sheet(subject)
    if products is not None:
        sheets = (*sheets[:-1], products, sheets[-1])
    if of_orders is not None:
        sheets = (*sheets[:-1], *orders_sheets(subject, of_orders, subject.names), definitions)
    headline = _headline(subject, context)
    if of_orders is not None:
        headline = paragraph(context.language, headline, orders_headline(of_orders, context))
    report = context.report(name="ltv", sheets=sheets, headline=headline, short=_SHORT)
    said = zip(definitions.column("term"), definitions.column("definition"), strict=True)
    return replace(report, definitions=tuple(said))


def _headline(subject: Subject, context: Context) -> str:
    worth, window, language = _worth(subject, context), subject.study.window, context.language
    if window is None or window.nrr.value is None or window.grr.value is None:
        return worth
    shares = {"nrr": f"{window.nrr.value:.1%}", "grr": f"{window.grr.value:.1%}"}
    churn = f"{window.churned / window.n:.1%}"
    span = {name: period_label(getattr(window.window, name), language) for name in ("opening", "closing")}
    kept = text(
        "headline.ltv_retention", language, churn=churn, left=window.churned, n=window.n, **span, **shares
    )
    return paragraph(language, worth, kept)


def _worth(subject: Subject, context: Context) -> str:
    """LTV, or revenue where no margin is known; with what it rests on, where that is not the data."""
    whole, language = subject.whole, context.language
    named = "ltv" if whole.ltv.value is not None or whole.revenue.value is None else "ltv_revenue"
    found = whole.ltv if named == "ltv" else whole.revenue
    if found.value is None:
        return text("headline.ltv_unknown", language, why=subject.words(found.remarks))
    terms = {"months": subject.study.terms.ltv.horizon_months, "value": context.money(found.value)}
    if found.low is None:
        why = subject.words(found.remarks)
        sentence = text(f"headline.{named}_point", language, value=terms["value"], why=why)
    elif found.high is None:
        bound = {"seen": f"{whole.account_months:,}", "churn": f"{whole.churn_bound or 0:.2%}"}
        low = context.money(found.low)
        sentence = text(f"headline.{named}_bound", language, low=low, **terms, **bound)
    else:
        ends = {"low": context.money(found.low), "high": context.money(found.high)}
        sentence = text(f"headline.{named}", language, **terms, **ends)
    if whole.beyond is None or whole.beyond <= _MUCH_BEYOND:
        return sentence
    return paragraph(language, sentence, text("headline.ltv_beyond", language, share=f"{whole.beyond:.0%}"))
