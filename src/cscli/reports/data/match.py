"""Matches of ids to the report `match`: what joined how, what a person should decide, and accounts that look like one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.matching.match import Method
from cscli.analysis.matching.match_summary import SUGGESTED, UNMATCHED
from cscli.reports.kit.context import Context
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values
from cscli.texts import Language, label, paragraph, text

_COUNTS = ("ids", "rows", "accounts")
_NAMED = 3
"""Of the sources with ids that match nothing, so many are named."""


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
    """One sentence of all ids; of one source, with the MRR that they stand for."""
    by_source = [(str(source), rows) for source, rows in matches.summary.groupby("source", sort=False)]
    if not by_source:
        lines = [text("headline.match_nothing", context.language)]
    elif len(by_source) == 1:
        lines = [_sentence(*by_source[0], context)]
    else:
        lines = [_sentence_of_all(by_source, context.language)]
    if len(matches.doubles):
        lines.append(text("headline.match_doubles", context.language, count=len(matches.doubles)))
    return paragraph(context.language, *lines)


def _sentence_of_all(by_source: Sequence[tuple[str, pd.DataFrame]], language: Language) -> str:
    """How many ids of all sources match, and where some do not, the most first."""
    counts = pd.DataFrame({source: _ids_by_state(rows) for source, rows in by_source}).fillna(0).sum(axis=1)
    without = sorted(
        ((int(_ids_by_state(rows).get(UNMATCHED, 0)), source) for source, rows in by_source),
        key=lambda each: -each[0],
    )
    named = [
        text("headline.match_source", language, source=source, count=f"{count:,}")
        for count, source in without
        if count
    ]
    return text(
        "headline.match_all" if named else "headline.match_whole",
        language,
        total=f"{counts.sum():,.0f}",
        sources=len(by_source),
        matched=f"{counts.drop([SUGGESTED, UNMATCHED], errors='ignore').sum():,.0f}",
        suggested=f"{counts.get(SUGGESTED, 0):,.0f}",
        unmatched=f"{counts.get(UNMATCHED, 0):,.0f}",
        where=text("reason.join", language).join(_first_of(named, language)),
    )


def _first_of(named: Sequence[str], language: Language) -> list[str]:
    left = len(named) - _NAMED
    more = [text("headline.match_more", language, count=left)] if left > 0 else []
    return [*named[:_NAMED], *more]


def _ids_by_state(rows: pd.DataFrame) -> "pd.Series[float]":
    state = rows["method"].where(rows["method"].isin([SUGGESTED, UNMATCHED]), "matched")
    return rows.groupby(state)["ids"].sum()


def _sentence(source: str, rows: pd.DataFrame, context: Context) -> str:
    state = rows["method"].where(rows["method"].isin([SUGGESTED, UNMATCHED]), "matched")
    sums = rows.groupby(state)[["ids", "mrr"]].sum(min_count=1)
    values = {str(name): f"{count:,.0f}" for name, count in sums["ids"].items()}
    values |= {"source": source, "total": f"{rows['ids'].sum():,.0f}"}
    if rows["mrr"].notna().any():
        values |= {f"mrr_{name}": context.money(amount) for name, amount in sums["mrr"].items()}
        return text("headline.match_mrr", context.language, **values)
    return text("headline.match_ids", context.language, **values)
