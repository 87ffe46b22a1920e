"""Revenue on the page: the sheets of the report `ltv` that it shows, and the figures of its tile."""

import numpy as np
import pandas as pd

from cscli.reports.dashboard.encoding import counts, numbers
from cscli.reports.dashboard.model import Json, Material
from cscli.reports.kit.model import Meaning, Sheet

_MONTHS = 12
_SHOWN: dict[str, tuple[str, ...]] = {
    "movements": ("month", "opening", "new", "reactivation", "expansion", "contraction", "churn", "closing", "nrr", "grr"),
    "retention": ("window", "segment", "nrr", "nrr_low", "nrr_high", "grr", "grr_low", "grr_high", "logo_churn", "n"),
    "summary": ("measure", "value", "low", "high", "n", "definition"),
    "survival": ("month_number", "survival", "survival_low", "survival_high", "at_risk", "churned"),
}  # fmt: skip


def revenue_part(material: Material) -> dict[str, Json]:
    """`revenue`: sheets as columns with the meaning of each, None without a source of revenue; `kept`: NRR and GRR of
    12 months with their intervals and n; `worth`: by account, what can be expected of it yet.
    """
    report = material.revenue
    if report is None or report.name != "ltv":
        return {"revenue": None, "kept": None, "worth": None}
    sheets = {sheet.id: sheet for sheet in report.sheets}
    tables: list[Json] = [
        _table(_last(sheets[name]) if name == "movements" else sheets[name], columns)
        for name, columns in _SHOWN.items()
        if name in sheets and len(sheets[name])
    ]
    return {
        "revenue": {"headline": report.headline, "tables": tables},
        "kept": _kept(sheets.get("summary")),
        "worth": worth_part(material),
    }


def _last(sheet: Sheet) -> Sheet:
    """The last 12 months."""
    values = tuple(sheet.column(column.id)[-_MONTHS:] for column in sheet.columns)
    return Sheet(id=sheet.id, title=sheet.title, columns=sheet.columns, values=values)


def _table(sheet: Sheet, shown: tuple[str, ...]) -> Json:
    columns: list[Json] = []
    for column, values in zip(sheet.columns, sheet.values, strict=True):
        if column.id not in shown:
            continue
        told: dict[str, Json] = {"id": column.id, "label": column.label, "kind": column.meaning.value}
        if values.dtype.kind == "f":
            told["values"] = numbers(values, 2 if column.meaning is Meaning.MONEY else 4)
        else:
            told["values"] = [None if each is None else column.labels.get(each, str(each)) for each in values]
        if column.by_row:
            told["by_row"] = [meaning.value for meaning in column.by_row]
        columns.append(told)
    return {"id": sheet.id, "title": sheet.title, "columns": columns}


def _kept(summary: Sheet | None) -> Json:
    """NRR, its ends, GRR, its ends, n; None where the history of revenue is too short."""
    if summary is None:
        return None
    measures = summary.column("measure").tolist()
    if "nrr_12m" not in measures or "grr_12m" not in measures:
        return None
    found: dict[str, Json] = {}
    for name in ("nrr", "grr"):
        at = measures.index(f"{name}_12m")
        ends = np.array([summary.column(end)[at] for end in ("value", "low", "high")], dtype=np.float64)
        if np.isnan(ends[0]):
            return None
        found[name] = numbers(ends, 4)
        found["n"] = counts(np.array([summary.column("n")[at]], dtype=np.float64))[0]
    return found


def worth_part(material: Material) -> Json:
    """By account of the page, what can be expected of it yet; None where that is not known of any."""
    report = material.revenue
    sheets = (
        {sheet.id: sheet for sheet in report.sheets} if report is not None and report.name == "ltv" else {}
    )
    accounts = sheets.get("accounts")
    if accounts is None or not len(accounts):
        return None
    left = pd.Series(accounts.column("ltv_remaining").astype(np.float64), index=accounts.column("account_id"))
    left = left[~left.index.duplicated()]
    ids = material.frame["account_id"].astype(str)
    found = np.asarray(left.reindex(ids), np.float64)
    return None if np.isnan(found).all() else numbers(found, 0)
