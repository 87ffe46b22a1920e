"""The tables of a plan to the sheets of its report."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cscli.analysis.acting.alerts import ACCOUNT, SOURCE
from cscli.analysis.planning.differences import ADDED, DROPPED, OFF, ON, STAYS
from cscli.analysis.planning.rule_changes import PARTS
from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.schema import Config
from cscli.reports.kit.labels import band_label, column_label, own_label, value_labels
from cscli.reports.kit.model import Column, Meaning, Sheet, Values
from cscli.reports.kit.sheets import as_values, best_first, nothing
from cscli.reports.planning.plan import Plan
from cscli.texts import Language, text

_M = Meaning
_OWN = {"account_id": _M.ID, "name": _M.TEXT, "owner": _M.TEXT}
SHEETS: Mapping[str, Mapping[str, Meaning]] = {
    "moves": {
        "band_from": _M.BAND, "band_to": _M.BAND, "accounts": _M.COUNT, "mrr": _M.MONEY, "arr": _M.MONEY,
    },
    "accounts": {
        **_OWN, "score_from": _M.SCORE, "score_to": _M.SCORE, "band_from": _M.BAND, "band_to": _M.BAND,
        "change": _M.CHANGE, **dict.fromkeys(PARTS, _M.CHANGE), "band_by": _M.TEXT, "mrr": _M.MONEY, "arr": _M.MONEY,
    },
    "metrics": {
        "account_id": _M.ID, "name": _M.TEXT, "metric": _M.CODE, "metric_label": _M.TEXT, "part": _M.TEXT,
        "amount": _M.CHANGE,
    },
    "lists": {
        **_OWN, "listed": _M.TEXT, "arr": _M.MONEY, "arr_at_risk_from": _M.MONEY, "arr_at_risk_to": _M.MONEY,
        "hours_from": _M.NUMBER, "hours_to": _M.NUMBER,
    },
    "owners": {
        "owner": _M.TEXT, "accounts_from": _M.COUNT, "accounts_to": _M.COUNT, "arr_at_risk_from": _M.MONEY,
        "arr_at_risk_to": _M.MONEY, "hours_from": _M.NUMBER, "hours_to": _M.NUMBER, "hours_change": _M.CHANGE,
        "hours_available": _M.NUMBER, "over": _M.NUMBER,
    },
    "segments": {
        "segmentation": _M.TEXT, "name_from": _M.TEXT, "name_to": _M.TEXT, "accounts": _M.COUNT, "arr": _M.MONEY,
    },
    "alerts": {
        "turns": _M.TEXT, "rule": _M.TEXT, "kind": _M.TEXT, "subject": _M.TEXT, "name": _M.TEXT, "arr": _M.MONEY,
    },
    "config": {"key": _M.TEXT, "value_from": _M.LONG_TEXT, "value_to": _M.LONG_TEXT},
    "backtest": {
        "measure": _M.TEXT, "value_from": _M.NUMBER, "value_to": _M.NUMBER, "difference": _M.NUMBER, "low": _M.NUMBER,
        "high": _M.NUMBER, "rows": _M.COUNT, "churned": _M.COUNT,
    },
    "summary": {"measure": _M.TEXT, "value": _M.NUMBER},
}  # fmt: skip
"""The columns of each sheet and what they are."""
_OF_EVIDENCE = ("auc", "caught", "below", "below_by_luck")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "listed": (ADDED, DROPPED, STAYS),
    "turns": (ON, OFF),
    "kind": (ACCOUNT, SOURCE),
    "part": PARTS[:3],
}
_SUMMARY: Mapping[str, Meaning] = {
    "accounts_moved": _M.COUNT, "arr_moved": _M.MONEY, "newly_lowest": _M.COUNT, "no_longer_lowest": _M.COUNT,
    "arr_newly_lowest": _M.MONEY, "arr_no_longer_lowest": _M.MONEY, "order_kept": _M.NUMBER, "mean_change": _M.CHANGE,
    "messages": _M.COUNT,
}  # fmt: skip


def plan_sheets(plan: Plan, language: Language) -> tuple[Sheet, ...]:
    """moves, summary, accounts, metrics, lists, owners, segments, alerts, config, backtest; without a row, without the sheet,
    apart from the first two.
    """
    tables = {
        "accounts": accounts_table(plan, language),
        "metrics": _metrics_table(plan),
        "lists": plan.lists,
        "owners": plan.owners,
        "segments": plan.segments,
        "alerts": plan.alerts,
        "config": plan.keys,
        "backtest": _evidence_table(plan),
    }
    shown = [_sheet(name, table, plan, language) for name, table in tables.items() if len(table)]
    return (_sheet("moves", plan.moves, plan, language), _summary(plan, language), *shown)


def summary_figures(plan: Plan) -> dict[str, float]:
    """By the ids of the sheet `summary`; money is missing where none is known."""
    was, now = (
        run.band[rows] == best_first(run.config.bands)[-1].name
        for run, rows in ((plan.old, plan.changes.before), (plan.new, plan.changes.after))
    )
    newly, no_longer, moved, arr = now & ~was, was & ~now, plan.moved, plan.arr
    known = plan.changes.change[~np.isnan(plan.changes.change)]
    return {
        "accounts_moved": float(moved.sum()),
        "arr_moved": _total(arr[moved]),
        "newly_lowest": float(newly.sum()),
        "no_longer_lowest": float(no_longer.sum()),
        "arr_newly_lowest": _total(arr[newly]),
        "arr_no_longer_lowest": _total(arr[no_longer]),
        "order_kept": plan.order,
        "mean_change": float(known.mean()) if len(known) else np.nan,
        "messages": float((plan.alerts["turns"] == ON).sum()),
    }


def accounts_table(plan: Plan, language: Language) -> pd.DataFrame:
    """One row an account, those whose band changes first, by ARR; then by the size of the change."""
    changes, run = plan.changes, plan.old
    facts = run.columns.reindex(columns=["account_id", "name", "owner", "mrr", "arr"]).iloc[changes.before]
    table = facts.reset_index(drop=True).assign(
        score_from=run.score[changes.before],
        score_to=plan.new.score[changes.after],
        band_from=run.band[changes.before],
        band_to=plan.new.band[changes.after],
        change=changes.change,
        band_by=_band_words(plan, language),
        stays=~plan.moved,
        stake=np.where(plan.moved, -np.nan_to_num(plan.arr), 0.0),
        size=-np.abs(np.nan_to_num(changes.change)),
        **changes.parts,
    )
    order = ["stays", "stake", "size", "account_id"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _band_words(plan: Plan, language: Language) -> Values:
    """Of each account whose band moves, by what."""
    join = text("plan.join", language)
    words = nothing(len(plan.changes.band_by))
    for row in np.flatnonzero(plan.moved):
        words[row] = join.join(text(f"plan.band_by.{step}", language) for step in plan.changes.band_by[row])
    return words


def _metrics_table(plan: Plan) -> pd.DataFrame:
    """What each metric did to each account's score, by what of the rules, where it did something."""
    changes = plan.changes
    facts = plan.old.columns.reindex(columns=["account_id", "name"]).iloc[changes.before]
    parts = []
    for part, amounts in changes.by_metric.items():
        rows, columns = np.nonzero(np.abs(amounts) > 1e-9)
        found = facts.iloc[rows].reset_index(drop=True)
        names = np.array(changes.metrics, dtype=object)[columns]
        parts.append(found.assign(metric=names, part=part, amount=amounts[rows, columns], row=rows))
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["row", "part"], kind="stable", ignore_index=True)


def _evidence_table(plan: Plan) -> pd.DataFrame:
    names = list(SHEETS["backtest"])
    found = plan.evidence
    if found is None:
        return pd.DataFrame(columns=names)
    auc = (
        found.auc_from.value,
        found.auc_to.value,
        found.difference.value,
        found.difference.low,
        found.difference.high,
    )
    caught = (found.caught_from, found.caught_to, found.caught_to - found.caught_from, np.nan, np.nan)
    below, luck = (
        (*pair, pair[1] - pair[0], np.nan, np.nan)
        for pair in (
            (found.below_from.left, found.below_to.left),
            (found.below_from.by_luck, found.below_to.by_luck),
        )
    )
    measures = {"auc": auc, "caught": caught, "below": below, "below_by_luck": luck}
    rows = [(name, *figures, found.rows, found.churned) for name, figures in measures.items()]
    return pd.DataFrame(rows, columns=names)


def _summary(plan: Plan, language: Language) -> Sheet:
    figures = summary_figures(plan)
    labels = {name: text(f"plan.measure.{name}", language) for name in _SUMMARY}
    columns = (
        Column(id="measure", label=_label("measure", language), meaning=Meaning.TEXT, labels=labels),
        Column(
            id="value",
            label=_label("value", language),
            meaning=Meaning.NUMBER,
            by_row=tuple(_SUMMARY[name] for name in figures),
        ),
    )
    names, values = np.array(list(figures), dtype=object), np.array(list(figures.values()), dtype=np.float64)
    return Sheet(
        id="summary", title=text("plan.sheet.summary", language), columns=columns, values=(names, values)
    )


def _sheet(name: str, table: pd.DataFrame, plan: Plan, language: Language) -> Sheet:
    if name == "metrics":
        labels = {each: _metric_label(each, plan, language) for each in table["metric"].unique()}
        table = table.assign(metric_label=[labels[each] for each in table["metric"]])
    kinds = SHEETS[name]
    return Sheet(
        id=name,
        title=text(f"plan.sheet.{name}", language),
        columns=tuple(_column(column, kind, plan, language) for column, kind in kinds.items()),
        values=tuple(_values(table, column, kind) for column, kind in kinds.items()),
    )


def _column(name: str, meaning: Meaning, plan: Plan, language: Language) -> Column:
    configs = (plan.new.config, plan.old.config)
    labels: dict[str, str] = {}
    if meaning is Meaning.BAND:
        labels = _band_labels(configs, language)
    elif name in _WORDS:
        labels = {each: text(f"plan.{name}.{each}", language) for each in _WORDS[name]}
    elif name == "measure":
        calls = plan.evidence.calls if plan.evidence else 0
        labels = {each: text(f"plan.measure.{each}", language, calls=calls) for each in _OF_EVIDENCE}
    elif name == "rule":
        labels = {rule.name: own_label(rule, language) for config in configs[::-1] for rule in config.alerts}
    elif name in ("name_from", "name_to"):
        for config in configs[::-1]:
            labels |= value_labels([*config.segments, "team"], config, language)
    elif name == "segmentation":
        for config in configs[::-1]:
            labels |= {each: column_label(each, config, language) for each in (*config.segments, "team")}
    decimals = 3 if name in ("value_from", "value_to", "difference", "low", "high") else None
    decimals = decimals if meaning is Meaning.NUMBER else None
    return Column(id=name, label=_label(name, language), meaning=meaning, labels=labels, decimals=decimals)


def _band_labels(configs: tuple[Config, ...], language: Language) -> dict[str, str]:
    labels: dict[str, str] = {}
    for config in configs:
        for band in best_first(config.bands):
            labels.setdefault(band.name, band_label(band, language))
    return {**labels, UNKNOWN: text("label.band.unknown", language)}


def _metric_label(name: str, plan: Plan, language: Language) -> str:
    config = plan.new.config if name in plan.new.config.metrics else plan.old.config
    return column_label(name, config, language)


def _values(table: pd.DataFrame, name: str, meaning: Meaning) -> Values:
    if meaning in (_M.TEXT, _M.CODE, _M.ID, _M.BAND, _M.LONG_TEXT):
        return as_values(table[name].astype(object))
    return table[name].to_numpy(np.float64, na_value=np.nan)


def _total(amounts: "np.typing.NDArray[np.float64]") -> float:
    return float(np.nansum(amounts)) if len(amounts) == 0 or not np.isnan(amounts).all() else np.nan


def _label(name: str, language: Language) -> str:
    return text(f"label.plan.{name}", language)
