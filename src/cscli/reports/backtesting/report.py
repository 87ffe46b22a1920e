"""Findings of a back-test to its report, and to the sentence that says them."""

import pandas as pd

from cscli.config.schema import Config
from cscli.reports.backtesting.findings import Findings
from cscli.reports.backtesting.tables import (
    accounts_table,
    definitions_sheet,
    summary_sheet,
    table_sheet,
)
from cscli.reports.backtesting.words import headline_parts
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Report, Sheet
from cscli.texts import paragraph

_SHORT = ("measure", "value", "low", "high", "n", "events")
_SEGMENTS_MORE = 0.05
_SHOWN = 5


def backtest_report(findings: Findings, config: Config, context: Context) -> Report:
    """The report: summary, bands, deciles, dates, segments, metrics, pairs, capacity, lead_time, accounts, weights,
    definitions; what was not asked for or is not known is left out.
    """
    language = context.language
    judged = findings.judged
    sheets: list[Sheet] = [summary_sheet(findings, language)]
    tables = {
        "bands": judged.bands,
        "deciles": judged.deciles,
        "dates": judged.dates,
        "segments": judged.segments,
        "metrics": findings.metrics.table if findings.own_score else None,
        "pairs": findings.metrics.pairs if findings.own_score else None,
        "capacity": judged.capacity,
        "lead_time": findings.lead.accounts if findings.lead else None,
        "weekly": pd.DataFrame(
            [(each.size, each.calls, each.caught, each.arr_caught) for each in findings.weekly],
            columns=["calls", "called", "caught", "arr_caught"],
        )
        if findings.weekly
        else None,
        "accounts": accounts_table(judged),
        "weights": findings.weights,
    }
    sheets += [
        table_sheet(name, table, config, language)
        for name, table in tables.items()
        if table is not None and len(table)
    ]
    sheets.append(definitions_sheet(language))
    headline = paragraph(context.language, *headline_parts(findings, config, context.language))
    return context.report(name="backtest", sheets=tuple(sheets), headline=headline, short=_SHORT)
