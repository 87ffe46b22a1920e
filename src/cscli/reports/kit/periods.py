"""Moments, months, quarters, fiscal years and windows by their ids to what people read: 2026-10 is 2026年10月 in Japanese."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Column, Meaning, Sheet, Values
from cscli.texts import Language, text

_COLUMNS = frozenset(
    [
        "month",
        "window",
        "cohort",
        "quarter",
        "period",
        "fiscal_year",
        "from",
        "to",
        "opening_month",
        "closing_month",
        "first_month",
        "last_month",
    ]
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORMS = (
    ("month", re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})")),
    ("year", re.compile(r"FY(?P<year>\d{4})")),
    ("fiscal_quarter", re.compile(r"FY(?P<year>\d{4}) Q(?P<quarter>[1-4])")),
    ("quarter", re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])")),
    ("months", re.compile(r"(?P<months>\d+)m")),
)


def period_label(period: str, language: Language) -> str:
    """What people read for a month (2026-10), day, fiscal year (FY2026), quarter (FY2026 Q3 of a fiscal year, 2026-Q4 of the
    calendar), the last months (12m), or two months with .. between; anything else as it is.
    """
    first, between, last = period.partition("..")
    if between:
        return text(
            "period.between", language, first=period_label(first, language), last=period_label(last, language)
        )
    if _DAY.fullmatch(period):
        return show_date(dt.date.fromisoformat(period), language)
    for name, form in _FORMS:
        found = form.fullmatch(period)
        if found:
            key = f"{name}_{found['quarter']}" if name == "quarter" else name
            return text(
                f"period.{key}", language, **{part: int(digits) for part, digits in found.groupdict().items()}
            )
    return period


def name_periods(sheets: Iterable[Sheet], language: Language) -> tuple[Sheet, ...]:
    """The sheets with labels for the periods of their columns."""
    return tuple(replace(sheet, columns=_named(sheet, language)) for sheet in sheets)


def moment_label(moment: str, language: Language) -> str:
    """What people read for a day, or a day with its time: 2026-10-08T15:17 is 2026-10-08 15:17, in Japanese 2026/10/08 15:17."""
    day, _, time = moment.partition("T")
    return " ".join(filter(None, (period_label(day, language), time)))


def _named(sheet: Sheet, language: Language) -> tuple[Column, ...]:
    pairs = zip(sheet.columns, sheet.values, strict=True)
    return tuple(_with_labels(column, values, language) for column, values in pairs)


def _with_labels(column: Column, values: Values, language: Language) -> Column:
    is_moment = column.meaning is Meaning.MOMENT
    is_period = language == "ja" and column.meaning is Meaning.TEXT and column.id in _COLUMNS
    if not (is_moment or is_period):
        return column
    shown = moment_label if is_moment else period_label
    periods = {each for each in np.asarray(values, dtype=object).tolist() if isinstance(each, str)}
    named = {each: shown(each, language) for each in sorted(periods)}
    return replace(column, labels={**named, **(column.labels or {})})
