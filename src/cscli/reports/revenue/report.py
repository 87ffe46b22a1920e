"""A study of revenue to the report `ltv`: its sheets in order, the sentence that matters most, and what figures mean."""

from dataclasses import replace

from cscli.config.blocks.revenue import Ltv
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Report
from cscli.reports.revenue.cohorts import cohort_map_sheet, cohorts_sheet
from cscli.reports.revenue.movements import bridge_sheet, movements_sheet, retention_sheet
from cscli.reports.revenue.parts import Subject
from cscli.reports.revenue.summary import definitions_sheet, summary_sheet
from cscli.reports.revenue.value import (
    accounts_sheet,
    decomposition_sheet,
    economics_sheet,
    segments_sheet,
    survival_sheet,
    unit_economics_sheet,
)
from cscli.texts import text

_SHORT = ("measure", "value", "low", "high", "n", "events")


def ltv_report(subject: Subject, settings: Ltv, context: Context) -> Report:
    """The report. Sheets of figures that cannot be said hold their heads and no rows."""
    summary = summary_sheet(subject, settings)
    definitions = definitions_sheet(subject)
    sheets = (
        summary, segments_sheet(subject), survival_sheet(subject), accounts_sheet(subject), bridge_sheet(subject),
        movements_sheet(subject), retention_sheet(subject), cohort_map_sheet(subject), cohorts_sheet(subject),
        unit_economics_sheet(subject), economics_sheet(subject), decomposition_sheet(subject), definitions,
    )  # fmt: skip
    report = context.report(name="ltv", sheets=sheets, headline=_headline(subject, context), short=_SHORT)
    said = zip(definitions.column("term"), definitions.column("definition"), strict=True)
    return replace(report, definitions=tuple(said))


def _headline(subject: Subject, context: Context) -> str:
    ltv, window = subject.whole.ltv, subject.study.window
    language = context.language
    if ltv.value is None:
        sentence = text("headline.ltv_unknown", language, why=subject.words(ltv.remarks))
    elif ltv.low is None or ltv.high is None:
        sentence = text(
            "headline.ltv_point", language, value=context.money(ltv.value), why=subject.words(ltv.remarks)
        )
    else:
        money = {
            "value": context.money(ltv.value),
            "low": context.money(ltv.low),
            "high": context.money(ltv.high),
        }
        sentence = text("headline.ltv", language, months=subject.study.terms.ltv.horizon_months, **money)
    if window is None or window.nrr.value is None or window.grr.value is None:
        return sentence
    shares = {"nrr": f"{window.nrr.value:.1%}", "grr": f"{window.grr.value:.1%}"}
    churn = f"{window.churned / window.n:.1%}"
    span = {"opening": window.window.opening, "closing": window.window.closing}
    return (
        sentence + " " + text("headline.ltv_retention", language, churn=churn, n=window.n, **span, **shares)
    )
