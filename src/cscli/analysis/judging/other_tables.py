"""Columns and tables that are not what their headers say at first: days of the last change, lists of invoices."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.dates import parse_dates
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.errors import Problem, Severity
from cscli.fields import FieldType
from cscli.header_keys import header_key

_AMBIGUOUS = frozenset(map(header_key, ("更新日", "Updated", "更新日時")))
_NEARLY_ALL = 0.95
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_INVOICE = ("invoice", "請求", "入金", "duedate", "支払期日")
_AMOUNT = ("amount", "金額", "小計", "total", "sales", "price", "売上")
_ORDER = ("orderid", "orderdate", "注文", "受注")


def drop_last_modified(table: TypedTable, raw: RawTable) -> TypedTable:
    """`table` without a renewal date that is the day of the last change: 更新日 with times of day, or with past days
    only. Where the config says that it is the renewal, it is.
    """
    column = next((each for each in table.columns if each.mapped.name == "renews_on"), None)
    if column is None or column.mapped.how == "config" or header_key(column.mapped.header) not in _AMBIGUOUS:
        return table
    cells = raw.column(column.mapped.header)
    clocks = sum(isinstance(cell, str) and _CLOCK.search(cell) is not None for cell in cells) + sum(
        isinstance(cell, dt.datetime) and cell.time() != dt.time() for cell in cells
    )
    days = table.frame["renews_on"].dropna()
    written = pd.Timestamp.fromtimestamp(raw.facts.modified)
    if not clocks and not (len(days) and days.max() < written):
        return table
    details = {"name": "renews_on"}
    said = Problem(
        "data.last_modified",
        severity=Severity.WARNING,
        where=raw.locate(header=column.mapped.header),
        value=column.mapped.header,
        details=details,
    )
    kept = tuple(each for each in table.columns if each is not column)
    return replace(
        table,
        frame=table.frame.drop(columns="renews_on"),
        columns=kept,
        problems=(*table.problems, said),
        unused=(*table.unused, column.mapped.header),
    )


def say_other_table(table: TypedTable, raw: RawTable, source: Source) -> Iterator[Problem]:
    """That what should be accounts looks like invoices or orders, by its headers."""
    if source.kind != "accounts" or "mrr" in table.frame or "started_on" in table.frame:
        return
    keys = [header_key(header) for header in raw.headers]
    has_amount = any(word in key for key in keys for word in _AMOUNT) or _has_any(table, ("arr", "amount"))
    for kind, words in (("invoices", _INVOICE), ("orders", _ORDER)):
        hits = sum(any(word in key for word in words) for key in keys)
        if hits >= 2 and has_amount:
            yield Problem(
                "data.not_accounts",
                severity=Severity.WARNING,
                where=raw.locate(),
                value=kind,
                details={"columns": _named(raw, words)},
            )
            return


def say_unread_end(table: TypedTable, raw: RawTable, source: Source) -> Iterator[Problem]:
    """That lines have no end while a column that is not read holds the days on, or before, which others begin."""
    frame = table.frame
    if source.kind != "subscriptions" or "started_on" not in frame or "account_id" not in frame:
        return
    if "ended_on" in frame and frame["ended_on"].notna().any():
        return
    starts = set(zip(frame["account_id"], frame["started_on"], strict=True))
    for header in table.unused:
        days = pd.Series(parse_dates(raw.column(header)).values, index=frame.index)
        later = (days > frame["started_on"])[days.notna()]
        if len(later) and later.mean() >= _NEARLY_ALL and _meet(frame["account_id"], days, starts):
            yield Problem(
                "revenue.end_not_read",
                severity=Severity.WARNING,
                where=raw.locate(header=header),
                value=header,
            )


def _meet(ids: "pd.Series[str]", days: "pd.Series[pd.Timestamp]", starts: set[tuple[object, object]]) -> bool:
    following = days + pd.Timedelta(days=1)
    return any(
        (account, day) in starts for each in (days, following) for account, day in zip(ids, each, strict=True)
    )


def _has_any(table: TypedTable, names: tuple[str, ...]) -> bool:
    """Whether one of the columns has an amount above 0."""
    read = {each.mapped.name for each in table.columns if each.type is FieldType.NUMBER}
    return any(np.any(table.frame[name] > 0) for name in names if name in read)


def _named(raw: RawTable, words: tuple[str, ...]) -> str:
    return ", ".join(header for header in raw.headers if any(word in header_key(header) for word in words))
