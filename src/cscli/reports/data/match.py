"""Matches of ids to the report `match`: what joined how, what a person should decide, and accounts that look like one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.matching.match import Method
from cscli.analysis.matching.match_summary import SUGGESTED, UNMATCHED
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values
from cscli.texts import Language, label, text

_COUNTS = ("ids", "rows", "accounts")


@dataclass(frozen=True, eq=False)
class Matches:
    """`summary` as of `summarise`. `joined`: what joined and is not the same id. `suggestions`: source, source_id, source_name, account_id, account_name, method,
    score, mrr. `doubles`: account_id, name, other_id, other_name, method, mrr of both.
    """

    summary: pd.DataFrame
    joined: pd.DataFrame
    suggestions: pd.DataFrame
    doubles: pd.DataFrame


def match_report(matches: Matches, context: Context) -> Report:
    """The report: sheets summary, suggestions, duplicates and joined."""
    sheets = (
        _sheet("summary", matches.summary, context.language),
        _sheet("suggestions", matches.suggestions, context.language),
        _sheet("duplicates", matches.doubles, context.language),
        _sheet("joined", matches.joined, context.language),
    )
    short = ("source", "method", "ids", "rows", "accounts", "mrr")
    return context.report(name="match", sheets=sheets, headline=_headline(matches, context), short=short)


_MEANINGS = {
    **dict.fromkeys(_COUNTS, Meaning.COUNT),
    **dict.fromkeys(("source_id", "account_id", "other_id"), Meaning.ID),
    "mrr": Meaning.MONEY,
    "score": Meaning.COUNT,
}
_LABELS = {"name": "account_name", "score": "similarity"}


def _sheet(name: str, frame: pd.DataFrame, language: Language) -> Sheet:
    columns = tuple(_column(str(column), language) for column in frame.columns)
    values = tuple(_values(frame[column.id], column.meaning) for column in columns)
    return Sheet(id=name, title=text(f"sheet.{name}", language), columns=columns, values=values)


def _column(name: str, language: Language) -> Column:
    labels = {}
    if name == "method":
        methods = (*(str(method) for method in Method), SUGGESTED, UNMATCHED)
        labels = {method: text(f"match.method.{method}", language) for method in methods}
    shown = label(f"match.{_LABELS.get(name, name)}", language)
    shown = label(name, language) if shown.startswith("match.") else shown
    return Column(id=name, label=shown, meaning=_MEANINGS.get(name, Meaning.TEXT), labels=labels)


def _values(series: "pd.Series[Any]", meaning: Meaning) -> Values:
    if meaning in (Meaning.COUNT, Meaning.MONEY):
        return series.to_numpy(np.float64, na_value=np.nan)
    return series.astype(object).where(series.notna(), None).to_numpy(object)


def _headline(matches: Matches, context: Context) -> str:
    """One sentence a source, of its ids and of the MRR they stand for."""
    if matches.summary.empty:
        lines = [text("headline.match_nothing", context.language)]
    else:
        lines = [
            _sentence(str(source), rows, context)
            for source, rows in matches.summary.groupby("source", sort=False)
        ]
    if len(matches.doubles):
        lines.append(text("headline.match_doubles", context.language, count=len(matches.doubles)))
    return " ".join(lines)


def _sentence(source: str, rows: pd.DataFrame, context: Context) -> str:
    state = rows["method"].where(rows["method"].isin([SUGGESTED, UNMATCHED]), "matched")
    sums = rows.groupby(state)[["ids", "mrr"]].sum(min_count=1)
    values = {str(name): f"{count:,.0f}" for name, count in sums["ids"].items()}
    values |= {"source": source, "total": f"{rows['ids'].sum():,.0f}"}
    if rows["mrr"].notna().any():
        values |= {f"mrr_{name}": context.money(amount) for name, amount in sums["mrr"].items()}
        return text("headline.match_mrr", context.language, **values)
    return text("headline.match_ids", context.language, **values)
