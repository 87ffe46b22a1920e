"""The tables of a back-test to the sheets of its report."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.backtesting.measures import Judged, Measure
from cscli.analysis.backtesting.metric_table import TREND
from cscli.analysis.backtesting.outcomes import ANNUAL, MONTHLY
from cscli.analysis.backtesting.verdicts import VERDICTS
from cscli.config.schema import Config
from cscli.reports.backtesting.findings import Findings
from cscli.reports.kit.labels import band_label, column_label, default_label, value_labels
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Sheet, Values
from cscli.reports.kit.sheets import as_values
from cscli.texts import Language, text

_M = Meaning
SHEETS: Mapping[str, Mapping[str, Meaning]] = {
    "bands": {
        "band": _M.TEXT, "rows": _M.COUNT, "accounts": _M.COUNT, "churned": _M.COUNT, "churned_accounts": _M.COUNT,
        "rate": _M.RATE, "wilson_lo": _M.RATE, "wilson_hi": _M.RATE, "jeffreys_mean": _M.RATE, "jeffreys_lo": _M.RATE,
        "jeffreys_hi": _M.RATE, "arr": _M.MONEY, "arr_churned": _M.MONEY, "share_of_churned": _M.RATE, "shrunk": _M.RATE,
        "monotone": _M.RATE, "p_12_months": _M.RATE,
    },
    "deciles": {"tenth": _M.COUNT, "rows": _M.NUMBER, "churned": _M.NUMBER, "rate": _M.RATE, "lift": _M.NUMBER},
    "dates": {
        "t0": _M.DATE, "source": _M.TEXT, "eligible": _M.COUNT, "locked_in": _M.COUNT, "told_us": _M.COUNT,
        "too_late": _M.COUNT, "unknown": _M.COUNT, "unknown_arr": _M.MONEY, "unscored": _M.COUNT, "churned": _M.COUNT, "auc": _M.NUMBER,
        "low": _M.NUMBER, "high": _M.NUMBER,
    },
    "segments": {
        "kind": _M.TEXT, "segment": _M.TEXT, "rows": _M.COUNT, "churned": _M.COUNT, "auc": _M.NUMBER, "low": _M.NUMBER,
        "high": _M.NUMBER,
    },
    "metrics": {
        "metric": _M.CODE, "metric_label": _M.TEXT, "provenance": _M.TEXT, "verdict": _M.TEXT, "flag": _M.TEXT,
        "n": _M.COUNT, "churned": _M.COUNT, "coverage": _M.RATE, "missing_of_churned": _M.RATE,
        "missing_of_stayed": _M.RATE, "missing_tells": _M.TEXT, "auc": _M.NUMBER, "low": _M.NUMBER, "high": _M.NUMBER,
        "direction": _M.TEXT, "drop_one": _M.NUMBER, "drop_low": _M.NUMBER, "drop_high": _M.NUMBER,
        "fifth_1": _M.RATE, "fifth_2": _M.RATE, "fifth_3": _M.RATE, "fifth_4": _M.RATE, "fifth_5": _M.RATE,
        "largest_reversal_z": _M.NUMBER, "not_monotone": _M.TEXT, "weight": _M.RATE,
    },
    "pairs": {"first": _M.TEXT, "second": _M.TEXT, "n": _M.COUNT, "rho": _M.NUMBER, "redundant": _M.TEXT, "weight": _M.RATE},
    "capacity": {
        "calls": _M.COUNT, "called": _M.COUNT, "caught": _M.NUMBER, "by_luck": _M.NUMBER, "caught_by_arr": _M.NUMBER,
        "arr_caught": _M.MONEY, "arr_caught_by_arr": _M.MONEY, "arr_by_luck": _M.MONEY,
    },
    "lead_time": {"account_id": _M.ID, "churned_on": _M.DATE, "below_since": _M.DATE, "lead_days": _M.DAYS},
    "weekly": {"calls": _M.COUNT, "called": _M.COUNT, "caught": _M.COUNT, "arr_caught": _M.MONEY},
    "accounts": {
        "t0": _M.DATE, "account_id": _M.ID, "name": _M.TEXT, "owner": _M.TEXT, "score": _M.SCORE, "band": _M.TEXT,
        "churned_on": _M.DATE, "churned": _M.TEXT, "arr": _M.MONEY, "caught": _M.TEXT,
    },
    "weights": {
        "scorecard": _M.TEXT, "metric": _M.CODE, "metric_label": _M.TEXT, "today": _M.RATE, "suggested": _M.RATE,
        "share_low": _M.RATE, "share_high": _M.RATE, "group_weight": _M.NUMBER, "metric_weight": _M.NUMBER, "auc_today": _M.NUMBER,
        "auc_suggested": _M.NUMBER, "difference": _M.NUMBER, "difference_low": _M.NUMBER, "difference_high": _M.NUMBER,
        "outcome": _M.TEXT,
    },
}  # fmt: skip
"""The columns of each sheet and what they are."""
_ANSWERS = frozenset({"missing_tells", "not_monotone", "redundant", "churned", "caught"})
_TO_THREE = frozenset({"auc", "low", "high", "auc_today", "auc_suggested", "rho"})
_WORDS = frozenset({"source", "kind", "provenance", "verdict", "flag", "direction", "outcome"})
_MEASURES: Mapping[str, Meaning] = {
    "auc": _M.NUMBER, "auc_within_t0": _M.NUMBER, "auc_pooled": _M.NUMBER, "auc_with_flagged": _M.NUMBER,
    "caught": _M.RATE, "lift_10": _M.NUMBER, "brier_skill": _M.RATE, "accounts": _M.COUNT, "churned": _M.COUNT,
    "verdict": _M.TEXT,
}  # fmt: skip


def summary_sheet(findings: Findings, language: Language) -> Sheet:
    """measure, value (of the verdict its id), low, high, n, events, definition."""
    measures = _measures(findings)
    ids = [each.id for each in measures]
    by_row = tuple(_MEASURES[each] for each in ids)
    value: list[object] = [None if np.isnan(each.value) else each.value for each in measures[:-1]]
    labels = {
        "measure": {each: text(f"backtest.measure.{each}", language) for each in ids},
        "value": {each: text(f"backtest.verdict.{each}", language) for each in VERDICTS},
    }
    definitions = [text(f"definition.backtest.{each}", language) for each in ids]
    numbers = {
        name: np.array([getattr(each, name) for each in measures], dtype=np.float64)
        for name in ("low", "high", "n", "events")
    }
    of_ends = (*by_row[:-1], Meaning.NUMBER)
    kinds = {"measure": Meaning.TEXT, "value": Meaning.NUMBER, "low": Meaning.NUMBER, "high": Meaning.NUMBER}
    kinds |= {"n": Meaning.COUNT, "events": Meaning.COUNT, "definition": Meaning.PROSE}
    rows = {"value": by_row, "low": of_ends, "high": of_ends}
    values = {"measure": _objects(ids), "value": _objects([*value, findings.verdict]), **numbers}
    values["definition"] = _objects(definitions)
    columns = tuple(
        Column(
            id=name,
            label=_label(name, language),
            meaning=kind,
            labels=labels.get(name, {}),
            by_row=rows.get(name, ()),
        )
        for name, kind in kinds.items()
    )
    return Sheet(
        id="summary",
        title=text("sheet.backtest.summary", language),
        columns=columns,
        values=tuple(values[name] for name in kinds),
    )


def _measures(findings: Findings) -> list[Measure]:
    """Those of the score, that with flagged metrics if there are any, and the verdict."""
    measures = list(findings.judged.measures)
    first = measures[0]
    if findings.with_flagged is not None:
        auc = findings.with_flagged
        found = Measure(
            id="auc_with_flagged", value=auc.value, low=auc.low, high=auc.high, n=first.n, events=first.events
        )
        measures.insert(3, found)
    return [*measures, Measure(id="verdict", value=np.nan, n=first.n, events=findings.judged.churned)]


def definitions_sheet(language: Language) -> Sheet:
    """What the words mean: term, definition."""
    terms = [*(f"verdict.{name}" for name in VERDICTS), *(f"flag.{name}" for name in _KNOWN_WORDS["flag"])]
    columns = (
        Column(id="term", label=_label("term", language), meaning=Meaning.TEXT),
        Column(id="definition", label=_label("definition", language), meaning=Meaning.PROSE),
    )
    values = (
        _objects([text(f"backtest.{each}", language) for each in terms]),
        _objects([text(f"definition.backtest.{each}", language) for each in terms]),
    )
    return Sheet(id="definitions", title=text("sheet.definitions", language), columns=columns, values=values)


def table_sheet(name: str, table: pd.DataFrame, config: Config, language: Language) -> Sheet:
    """The sheet `name` of its table."""
    shown = _with_labels(table, config, language)
    wanted = [column for column in SHEETS[name] if column in shown]
    columns = tuple(_column(column, SHEETS[name][column], config, language) for column in wanted)
    values = tuple(_values(shown[column], SHEETS[name][column], column) for column in wanted)
    return Sheet(
        id=name,
        title=text(f"sheet.backtest.{name}", language),
        columns=columns,
        values=values,
        charts=_charts(name, language, len(shown)),
    )


def accounts_table(judged: Judged) -> pd.DataFrame:
    """The rows, with whether those that left had been caught."""
    rows = judged.accounts
    caught = rows["below"].where(rows["churned"])
    return rows.assign(churned_on=rows["left_on"], caught=caught)


def _with_labels(table: pd.DataFrame, config: Config, language: Language) -> pd.DataFrame:
    if "metric" in table:
        labels = [metric_name(each, config, language) for each in table["metric"]]
        table = table.assign(metric_label=labels)
    for side in ("first", "second"):
        if side in table and "rho" in table:
            table = table.assign(**{side: [column_label(each, config, language) for each in table[side]]})
    return table


def metric_name(name: str, config: Config, language: Language) -> str:
    """What people read for a metric, or for the trend of the score, which stands among them."""
    return default_label(TREND, language) if name == TREND else column_label(name, config, language)


def _column(name: str, meaning: Meaning, config: Config, language: Language) -> Column:
    labels: dict[str, str] = {}
    if name in _ANSWERS and meaning is Meaning.TEXT:
        labels = {answer: text(f"answer.{answer}", language) for answer in ("yes", "no")}
    elif name in _WORDS:
        labels = _words(name, language)
    elif name == "band":
        labels = {band.name: band_label(band, language) for band in config.bands} | {
            "unknown": text("label.band.unknown", language)
        }
    elif name == "segment":
        terms = {each: text(f"backtest.term.{each}", language) for each in (ANNUAL, MONTHLY)}
        labels = terms | value_labels([config.backtest.by], config, language)
    decimals = 3 if name in _TO_THREE else None
    return Column(id=name, label=_label(name, language), meaning=meaning, labels=labels, decimals=decimals)


_KNOWN_WORDS: Mapping[str, tuple[str, ...]] = {
    "source": ("exports", "history", "snapshot"),
    "kind": ("segment", "term"),
    "provenance": ("dated", "snapshot", "known_later", "runs"),
    "verdict": ("predicts", "no_signal", "cannot_tell", "wrong_way", "leak", "ok"),
    "flag": ("known_later", "too_good", "own_clock", "restated", "strong"),
    "direction": ("right", "wrong", "unclear"),
    "outcome": ("offered", "no_evidence", "too_few"),
}


def _words(name: str, language: Language) -> dict[str, str]:
    return {each: text(f"backtest.{name}.{each}", language) for each in _KNOWN_WORDS[name]}


def _values(values: "pd.Series[Any]", meaning: Meaning, name: str) -> Values:
    if meaning is Meaning.DATE:
        return pd.to_datetime(values).to_numpy("datetime64[us]")
    if name in _ANSWERS and meaning is Meaning.TEXT:
        return _objects([None if pd.isna(each) else "yes" if each else "no" for each in values.tolist()])
    if meaning in (Meaning.TEXT, Meaning.CODE, Meaning.ID):
        return as_values(values.astype(object))
    return values.to_numpy(np.float64)


_CHARTS: Mapping[str, Chart] = {
    "bands": Chart(
        kind=ChartKind.COLUMNS, title="", categories="band", values="rate", low="wilson_lo", high="wilson_hi"
    ),
    "capacity": Chart(kind=ChartKind.LINES, title="", categories="calls", values="caught", more=("by_luck",)),
    "dates": Chart(kind=ChartKind.COLUMNS, title="", categories="t0", values="auc", low="low", high="high"),
}
"""The chart of each sheet that has one; its title is in the catalogue."""


def _charts(name: str, language: Language, rows: int) -> tuple[Chart, ...]:
    chart = _CHARTS.get(name) if rows else None
    return () if chart is None else (replace(chart, title=text(f"chart.backtest.{name}", language)),)


def _label(name: str, language: Language) -> str:
    return text(f"label.backtest.{name}", language)


def _objects(values: Sequence[object]) -> Values:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
