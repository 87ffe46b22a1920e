"""Records and contacts to the report `timeline` of the whole book."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import pairs_of, table_sheet
from cscli.reports.kit.labels import chosen_label, column_label, word_labels
from cscli.reports.kit.model import Column, Meaning, Report, Sheet
from cscli.reports.practice.columns import department_column, department_label
from cscli.texts import Language, text

_FAMILY = "timeline"
_SHORT = ("account_id", "name", "record", "by", "who", "due_on", "days_late")


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class History:
    """`frame`: live accounts. `missing`, `coverage`: of what must be written down. `silent`: accounts without two-way contact for too long (account_id, last_two_way_on, department,
    days); `contacts`: by account and department; `lines`: of the last 90 days, None where texts are not asked for.
    """

    frame: pd.DataFrame
    missing: pd.DataFrame
    coverage: pd.DataFrame
    silent: pd.DataFrame
    contacts: pd.DataFrame
    lines: pd.DataFrame | None


def timeline_report(history: History, config: Config, context: Context) -> Report:
    """Sheets missing, silent, coverage, contacts; and events where their texts are asked for."""
    language = context.language
    sheets = [
        _missing(history, config, language),
        _silent(history, language),
        _coverage(history, config, language),
        _contacts(history, language),
    ]
    if history.lines is not None:
        sheets.append(
            events_sheet(
                history.lines,
                "events",
                {} if config.timeline is None else word_labels(config.timeline.labels, language),
                language,
            )
        )
    return context.report(
        name="timeline", sheets=tuple(sheets), headline=_headline(history, config, context), short=_SHORT
    )


def record_labels(config: Config, language: Language) -> dict[str, str]:
    """What people read for each record."""
    return {
        rule.name: chosen_label(rule.label, language, column_label(rule.name, config, language))
        for rule in config.records
    }


def events_sheet(lines: pd.DataFrame, sheet_id: str, words: Mapping[str, str], language: Language) -> Sheet:
    """One history: each line with the departments that wrote it. `words`: what people read for words of the exports."""
    kind, said = (
        Column(id=name, label=text(f"label.{_FAMILY}.{name}", language), meaning=meaning, labels=dict(words))
        for name, meaning in (("kind", Meaning.TEXT), ("text", Meaning.LONG_TEXT))
    )
    return table_sheet(
        sheet_id,
        language,
        pairs_of(
            lines, _FAMILY, language, ("account_id", Meaning.ID), ("at", Meaning.MOMENT), ("until", Meaning.MOMENT),
            department_column("department", lines["department"], language), kind, said,
            ("count", Meaning.COUNT),
        ),
    )  # fmt: skip


def _record_column(config: Config, language: Language) -> Column:
    label = text("label.timeline.record", language)
    return Column(id="record", label=label, meaning=Meaning.TEXT, labels=record_labels(config, language))


def _told(history: History, table: pd.DataFrame, *names: str) -> pd.DataFrame:
    accounts = history.frame.set_index("account_id")
    ids = table["account_id"]
    return table.assign(**{
        name: accounts[name].reindex(ids).to_numpy() if name in accounts else np.full(len(ids), None, dtype=object)
        for name in names
    })  # fmt: skip


def _missing(history: History, config: Config, language: Language) -> Sheet:
    """Who owes which record; most ARR first."""
    table = _told(history, history.missing, "name", "owner", "sold_by")
    who = [
        sold_by if by == "sales" else owner if by == "cs" else None
        for by, sold_by, owner in zip(table["by"], table["sold_by"], table["owner"], strict=True)
    ]
    table = table.assign(who=pd.Series(who, index=table.index, dtype=object))
    record = _record_column(config, language)
    pairs = pairs_of(
        table, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT), record,
        department_column("by", table["by"], language), ("who", Meaning.TEXT), ("due_on", Meaning.DATE), ("days_late", Meaning.DAYS),
        ("arr", Meaning.MONEY),
    )  # fmt: skip
    return table_sheet("missing", language, pairs)


def _silent(history: History, language: Language) -> Sheet:
    """Accounts without a two-way contact for too long; most ARR first."""
    table = _told(history, history.silent, "name", "owner", "renews_on", "arr")
    pairs = pairs_of(
        table, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT),
        ("last_two_way_on", Meaning.DATE), ("days", Meaning.DAYS), department_column("department", table["department"], language),
        ("renews_on", Meaning.DATE), ("arr", Meaning.MONEY),
    )  # fmt: skip
    return table_sheet("silent", language, pairs)


def _coverage(history: History, config: Config, language: Language) -> Sheet:
    """Of each record: of how many accounts it is due, and there."""
    table = history.coverage
    record = _record_column(config, language)
    pairs = pairs_of(
        table, _FAMILY, language, department_column("by", table["by"], language), record, ("accounts", Meaning.COUNT),
        ("present", Meaning.COUNT), ("share", Meaning.SHARE), ("before", Meaning.SHARE),
    )  # fmt: skip
    return table_sheet("records", language, pairs)


def _contacts(history: History, language: Language) -> Sheet:
    """By account and department: the last two-way contact."""
    table = _told(history, history.contacts, "name")
    pairs = pairs_of(
        table, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT),
        department_column("department", table["department"], language), ("last_two_way_on", Meaning.DATE), ("days", Meaning.DAYS),
    )  # fmt: skip
    return table_sheet("contacts", language, pairs)


def _headline(history: History, config: Config, context: Context) -> str:
    """Who owes how many records, and who is silent; with the money."""
    arr = history.frame.set_index("account_id")["arr"]
    said = []
    for by in dict.fromkeys(rule.by for rule in config.records):
        mine = history.missing[history.missing["by"] == by]
        if len(mine):
            ids = mine["account_id"].unique()
            said.append(
                text(
                    "headline.timeline_missing", context.language, count=len(mine), accounts=len(ids),
                    department=department_label(by, context.language), arr=context.money(float(arr.reindex(ids).sum())),
                )
            )  # fmt: skip
    if not said and config.records:
        said.append(text("headline.timeline_none_missing", context.language))
    silent = history.silent["account_id"]
    if config.timeline is not None:
        key = "headline.timeline_silent" if len(silent) else "headline.timeline_none_silent"
        money = context.money(float(arr.reindex(silent).sum()))
        days = config.timeline.silent_after_days
        said.append(text(key, context.language, count=len(silent), arr=money, days=days))
    return text("journey.join", context.language).join(said)
