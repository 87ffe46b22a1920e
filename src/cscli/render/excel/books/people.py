"""The workbook that people fill in: made new, with a written scale, dropdowns and ranges; later only extended."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from cscli.analysis.tables.people import KEYS, TYPED, people_column
from cscli.render.excel.books.append_rows import LAST_ROW, append_headers, append_rows
from cscli.render.excel.formats import LINE, MUTED, Styles, default_font
from cscli.render.excel.rows import cell_text
from cscli.render.text.wide import text_width
from cscli.renewal_calls import CALLS
from cscli.texts import Language, label, text

_WIDTHS: Mapping[str, int] = {
    "account_id": 18, "name": 34, "owner": 18, "sentiment": 12, "sentiment_on": 16, "override_score": 16,
    "override_reason": 32, "override_on": 16, "override_until": 16, "hours_spent": 17, "hours_on": 16,
    "renewal_call": 18, "renewal_call_on": 16, "play_done": 24, "play_done_on": 16, "next_step": 40, "note": 48,
}  # fmt: skip
_WRAPPED = frozenset({"override_reason", "next_step", "note"})
_DATES = frozenset(
    {"sentiment_on", "override_on", "override_until", "hours_on", "renewal_call_on", "play_done_on"}
)
_NEEDED = {
    "sentiment_on": "sentiment",
    "override_reason": "override_score",
    "override_on": "override_score",
    "override_until": "override_score",
    "renewal_call_on": "renewal_call",
    "play_done_on": "play_done",
}
"""What has to stand beside what."""
_LAST_COLUMN = 25  # Z; XlsxWriter looks at every cell of a row up to here
_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
_MOST_HOURS = 744  # a month of 31 days
_GUIDE_WIDTH, _LINE_HEIGHT = 96, 15
_SCALE = (5, 4, 3, 2, 1)
_PROTECTION = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_columns": True, "sort": True,
    "autofilter": True, "objects": True, "scenarios": True,
}  # fmt: skip

Account = Mapping[str, str | None]
"""Text under the names of `KEYS`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a new workbook says: in which language, made on which day, and for how long a sentiment counts."""

    language: Language
    as_of: dt.date
    sentiment_days: int


def create_people(path: Path, accounts: Sequence[Account], setting: Setting) -> None:
    """Writes a new workbook with a row for each account."""
    packed = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(
        packed, {**options, "default_format_properties": default_font(setting.language)}
    )
    created = dt.datetime.combine(setting.as_of, dt.time(), dt.UTC)
    workbook.set_properties(
        {"title": text("people.title", setting.language), "created": created, "author": "cscli"}
    )
    styles = Styles(workbook, None, setting.language)
    sheet = workbook.add_worksheet(text("people.sheet", setting.language))
    _fill(sheet, accounts, styles, setting.language)
    _add_rules(sheet, styles, setting.language)
    _add_guide(workbook.add_worksheet(text("people.guide", setting.language)), styles, setting)
    workbook.close()
    path.write_bytes(packed.getbuffer())


@dataclass(frozen=True, slots=True)
class Addition:
    """What a workbook gets: a row for each of `accounts` below those it has, and a header for each of `columns` at the
    right end, in `language`.
    """

    accounts: Sequence[Account]
    columns: Sequence[str]
    language: Language


def extend_people(
    workbook: bytes, sheet: str, header_row: int, header: Mapping[int, str], addition: Addition
) -> bytes:
    """`workbook` with what it gets. `header`: the texts of the header row by column. Raises NotExtendableError."""
    places: dict[str, int] = {}
    for column, cell in header.items():
        name = people_column(cell)
        if name in KEYS:
            places.setdefault(name, column)
    rows = [
        {column: value for name, column in places.items() if (value := account.get(name))}
        for account in addition.accounts
    ]
    if addition.columns:
        titles = [_header(name, addition.language) for name in addition.columns]
        workbook = append_headers(workbook, sheet, header_row, titles)
    return append_rows(workbook, sheet, header_row, rows) if rows else workbook


def _fill(sheet: Worksheet, accounts: Sequence[Account], styles: Styles, language: Language) -> None:
    """Header and rows. Only what people type, and whatever they add at the right, is open to typing."""
    heads = {True: styles.head_key, False: styles.head_input}
    for column, name in enumerate((*KEYS, *TYPED)):
        sheet.write_string(0, column, _header(name, language), heads[name in KEYS])
        sheet.set_column(column, column, _WIDTHS[name], _format(name, styles, language))
    sheet.set_column(len(KEYS) + len(TYPED), _LAST_COLUMN, None, styles.make(locked=False))
    lines = {name: _format(name, styles, language, bottom=1, bottom_color=LINE) for name in (*KEYS, *TYPED)}
    for row, account in enumerate(accounts, start=1):
        for column, name in enumerate(KEYS):
            value = account.get(name)
            if value:
                sheet.write_string(row, column, cell_text(value), lines[name])
            else:
                sheet.write_blank(row, column, None, lines[name])
        for column, name in enumerate(TYPED, start=len(KEYS)):
            sheet.write_blank(row, column, None, lines[name])
    sheet.set_row(0, 30)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, LAST_ROW - 1, len(KEYS) + len(TYPED) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", _PROTECTION)


def _header(name: str, language: Language) -> str:
    return label(name, language) if name in KEYS else text(f"people.header.{name}", language)


def _format(name: str, styles: Styles, language: Language, **more: Any) -> Any:
    shown: dict[str, Any] = {"valign": "top", "align": "left", "indent": 1, **more}
    if name in KEYS:
        return styles.make(**shown, num_format="@", font_color=MUTED)
    if name in _DATES:
        shown["num_format"] = "yyyy/mm/dd" if language == "ja" else "yyyy-mm-dd"
    elif name in _WRAPPED:
        shown["text_wrap"] = True
    return styles.make(**shown, locked=False)


def _add_rules(sheet: Worksheet, styles: Styles, language: Language) -> None:
    """Dropdown, ranges, and a mark on what is incomplete, down to the last row there can be."""
    scale = "\n".join(f"{step} {text(f'people.scale.{step}', language)}" for step in _SCALE)
    day = {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
    number = {"validate": "decimal", "criteria": "between", "minimum": 0}
    rules: Mapping[str, Mapping[str, Any]] = {
        "sentiment": {"validate": "list", "source": list(_SCALE), "input_message": scale},
        "sentiment_on": day,
        "override_score": {**number, "maximum": 100, "input_message": text("people.override_help", language)},
        "override_on": day,
        "override_until": day,
        "hours_spent": {**number, "maximum": _MOST_HOURS},
        "hours_on": day,
        "renewal_call": _call_rule(language),
        "renewal_call_on": day,
        "play_done_on": day,
    }
    for name, rule in rules.items():
        column = (*KEYS, *TYPED).index(name)
        wrong = {
            "error_title": _header(name, language),
            "error_message": text(f"people.wrong.{name}", language),
        }
        if "input_message" in rule:
            wrong["input_title"] = _header(name, language)
        sheet.data_validation(1, column, LAST_ROW - 1, column, {**rule, **wrong})
    lacking = styles.make(bg_color="#FBD9D3")
    letters = {name: xl_col_to_name(at) for at, name in enumerate((*KEYS, *TYPED))}
    for name, of in _NEEDED.items():
        wanted, given = letters[name], letters[of]
        formula = f'=AND(${given}2<>"",{wanted}2="")'
        rule = {"type": "formula", "criteria": formula, "format": lacking}
        sheet.conditional_format(f"{wanted}2:{wanted}{LAST_ROW}", rule)


def _call_rule(language: Language) -> Mapping[str, Any]:
    """A list to choose from, beside which a percentage may be typed."""
    words = [text(f"people.call.{call}", language) for call in CALLS]
    help_text = text("people.call_help", language)
    return {"validate": "list", "source": words, "error_type": "information", "input_message": help_text}


def _add_guide(sheet: Worksheet, styles: Styles, setting: Setting) -> None:
    """The scale in words, what each column means, and what becomes of the file."""
    language = setting.language
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, _GUIDE_WIDTH)
    sheet.write_string(0, 0, text("people.title", language), styles.title)
    sheet.write_string(2, 0, text("people.scale", language), styles.section)
    row = 3
    for step in _SCALE:
        sheet.write_number(row, 0, step, styles.text)
        meaning = f"{text(f'people.scale.{step}', language)}: {text(f'people.scale.{step}.means', language)}"
        sheet.write_string(row, 1, meaning, styles.wrapped)
        row += 1
    sheet.write_string(row + 1, 0, text("people.columns", language), styles.section)
    row += 2
    for name in TYPED:
        meaning = text(f"people.help.{name}", language, days=setting.sentiment_days)
        sheet.write_string(row, 0, _header(name, language), styles.text)
        sheet.write_string(row, 1, meaning, styles.wrapped)
        row += 1
    sheet.write_string(row + 1, 0, text("people.rules", language), styles.section)
    for number in (1, 2, 3, 4):
        row += 1
        rule = text(f"people.rule.{number}", language)
        sheet.set_row(row + 1, _LINE_HEIGHT * (1 + text_width(rule) // _GUIDE_WIDTH))
        sheet.write_string(row + 1, 1, rule, styles.wrapped)
