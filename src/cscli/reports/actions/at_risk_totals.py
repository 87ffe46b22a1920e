"""What a call list comes to: who went off it, and the totals by owner, team and month of renewal."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.acting.risk import CallList
from cscli.analysis.acting.status import BAND_BETTER, LATER_RENEWAL, LEFT, MISSING, RENEWAL_PASSED, RULE
from cscli.config.schema import Config
from cscli.reports.kit.labels import value_labels
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Sheet
from cscli.reports.kit.sheets import as_values, band_column, make_sheet, plain_column
from cscli.texts import Language, text

_REASONS = (BAND_BETTER, LATER_RENEWAL, RULE, RENEWAL_PASSED, LEFT, MISSING)
_OWN_LABELS = frozenset({"since", "hours", "hours_available"})


def risk_column(name: str, meaning: Meaning, language: Language) -> Column:
    """A column under the label that it has in a call list, where that is one of its own."""
    if name in _OWN_LABELS:
        return Column(id=name, label=text(f"label.at_risk.{name}", language), meaning=meaning)
    return plain_column(name, meaning, language)


def resolved_sheet(calls: CallList, config: Config, language: Language) -> Sheet:
    """The accounts of the last list that are not on this one, and why."""
    gone = calls.resolved
    now = band_column(config, language)
    why = {reason: text(f"why.{reason}", language) for reason in _REASONS}
    columns = [
        *_columns(
            ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT), language=language
        ),
        Column(id="why", label=text("label.why", language), meaning=Meaning.TEXT, labels=why),
        now,
        Column(
            id="band_now", label=text("label.band_now", language), meaning=Meaning.BAND, labels=now.labels
        ),
        *_columns(
            ("score", Meaning.SCORE),
            ("score_now", Meaning.SCORE),
            ("arr", Meaning.MONEY),
            ("arr_at_risk", Meaning.MONEY),
            ("since", Meaning.DATE),
            language=language,
        ),
    ]
    pairs = [(column, as_values(gone[column.id])) for column in columns]
    return make_sheet("resolved", language, pairs, np.arange(len(gone)))


def owners_sheet(frame: pd.DataFrame, calls: CallList, available: float, language: Language) -> Sheet:
    """By owner: accounts, what is at stake, the hours that the playbooks take, and those there are in a week."""
    table = _sums(frame["owner"], calls)
    known = table["owner"].notna() & ~np.isnan(available)
    table["hours_available"] = np.where(known, available, np.nan)
    table["within"] = np.where(known, table["within"], np.nan)
    return _totals("owners", table, language, ChartKind.BARS)


def teams_sheet(frame: pd.DataFrame, calls: CallList, config: Config, language: Language) -> Sheet:
    """By team."""
    team = frame["team"] if "team" in frame else pd.Series(None, index=frame.index, dtype=object)
    sums = _sums(team.rename("team"), calls).drop(columns="within")
    sheet = _totals("teams", sums, language, ChartKind.BARS)
    first = replace(sheet.columns[0], labels=value_labels(["team"], config, language))
    return replace(sheet, columns=(first, *sheet.columns[1:]))


def renewals_sheet(frame: pd.DataFrame, calls: CallList, language: Language) -> Sheet:
    """By the month of the renewal, `YYYY-MM`, in order; accounts without a date last."""
    month = frame["renews_on"].dt.strftime("%Y-%m").astype(object)
    table = _sums(month.where(frame["renews_on"].notna(), None).rename("month"), calls).drop(columns="within")
    table = table.sort_values("month", na_position="last", ignore_index=True)
    return _totals("renewals", table, language, ChartKind.COLUMNS)


def _sums(key: "pd.Series[Any]", calls: CallList) -> pd.DataFrame:
    """A row a value of `key`: accounts, sums, and how many are within capacity; most at stake first."""
    name = str(key.name)
    table = pd.DataFrame(
        {
            name: key.to_numpy(object),
            "accounts": 1.0,
            "arr_at_risk": calls.arr_at_risk,
            "hours": calls.hours,
            "within": calls.within_capacity,
        }
    )
    sums = table.groupby(name, dropna=False, sort=True).sum(min_count=1).reset_index().astype({name: object})
    return sums.sort_values("arr_at_risk", ascending=False, kind="stable", ignore_index=True)


_MEANINGS = {
    "accounts": Meaning.COUNT, "arr_at_risk": Meaning.MONEY, "hours": Meaning.NUMBER,
    "hours_available": Meaning.NUMBER, "within": Meaning.COUNT,
}  # fmt: skip
_ORDER = ("accounts", "arr_at_risk", "hours", "hours_available", "within")


def _totals(sheet_id: str, table: pd.DataFrame, language: Language, kind: ChartKind) -> Sheet:
    first = str(table.columns[0])
    ids = [first, *(name for name in _ORDER if name in table)]
    columns = [risk_column(name, _MEANINGS.get(name, Meaning.TEXT), language) for name in ids]
    pairs = [(column, as_values(table[column.id])) for column in columns]
    title = text(f"chart.arr_at_risk_by_{first}", language)
    chart = Chart(kind=kind, title=title, categories=first, values="arr_at_risk")
    return make_sheet(sheet_id, language, pairs, np.arange(len(table)), (chart,))


def _columns(*pairs: tuple[str, Meaning], language: Language) -> list[Column]:
    return [risk_column(name, meaning, language) for name, meaning in pairs]
