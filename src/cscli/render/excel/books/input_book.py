"""A book in which people type: made new, with dropdowns and a guide; later only extended, sheet by sheet."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from cscli.analysis.inputs.books import BookColumn, BookSheet, InputBook, choice_label, column_header
from cscli.fields import FieldType
from cscli.render.excel.books.append_rows import LAST_ROW, append_rows
from cscli.render.excel.formats import LINE, MUTED, Styles, default_font
from cscli.render.excel.rows import cell_text
from cscli.render.text.wide import text_width
from cscli.texts import Language, text

_KEY_WIDTHS: Mapping[str, int] = {"account_id": 18, "name": 30, "owner": 18, "theme": 20, "content_id": 14}
_LAST_COLUMN = 25  # Z; people may add columns of their own up to here
_FIRST_DAY, _LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
_GUIDE_WIDTH, _LINE_HEIGHT = 96, 15
_FROZEN = 2
_LONGEST_LIST = 255
"""Characters in which Excel holds a list of choices."""
_PROTECTION = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_columns": True, "insert_rows": True, "sort": True,
    "autofilter": True, "objects": True, "scenarios": True,
}  # fmt: skip

Row = Mapping[str, str | None]
"""Text under the names of a sheet's key columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstContent:
    """What a new book begins with: `rows` of each sheet by its id; `offered`: by sheet and column, names of the rules to choose from."""

    rows: Mapping[str, Sequence[Row]]
    offered: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)


def create_book(
    path: Path, book: InputBook, content: FirstContent, language: Language, made_on: dt.date
) -> None:
    """Writes a new workbook."""
    packed = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(packed, {**options, "default_format_properties": default_font(language)})
    created = dt.datetime.combine(made_on, dt.time(), dt.UTC)
    title = text(f"input.title.{book.name}", language)
    workbook.set_properties({"title": title, "created": created, "author": "cscli"})
    styles = Styles(workbook, None, language)
    for sheet in book.sheets:
        page = workbook.add_worksheet(text(f"phrase.input.sheet.{sheet.id}", language))
        _fill(page, sheet, content.rows.get(sheet.id, ()), styles, language)
        _add_rules(page, sheet, content.offered, language)
    _add_guide(workbook.add_worksheet(text("people.guide", language)), book, styles, language)
    workbook.close()
    path.write_bytes(packed.getbuffer())


def extend_sheet_rows(
    workbook: bytes,
    title: str,
    header_row: int,
    header: Mapping[int, str],
    sheet: BookSheet,
    rows: Sequence[Row],
) -> bytes:
    """`workbook` with `rows` below those that its sheet `title` has. `header`: the texts of the header row by column. Raises
    NotExtendableError.
    """
    places: dict[str, int] = {}
    for column, cell in header.items():
        name = sheet.column_of(cell)
        if name in sheet.keys:
            places.setdefault(name, column)
    filled = [{column: value for name, column in places.items() if (value := row.get(name))} for row in rows]
    return append_rows(workbook, title, header_row, filled)


def _fill(page: Worksheet, sheet: BookSheet, rows: Sequence[Row], styles: Styles, language: Language) -> None:
    typed = {column.name: column for column in sheet.typed}
    for place, name in enumerate(sheet.names):
        page.write_string(
            0,
            place,
            column_header(name, language),
            styles.head_key if name in sheet.keys else styles.head_input,
        )
        width = typed[name].width if name in typed else _KEY_WIDTHS[name]
        page.set_column(place, place, width, _format(typed.get(name), styles, language))
    page.set_column(len(sheet.names), _LAST_COLUMN, None, styles.make(locked=False))
    lines = {
        name: _format(typed.get(name), styles, language, bottom=1, bottom_color=LINE) for name in sheet.names
    }
    for number, row in enumerate(rows, start=1):
        for place, name in enumerate(sheet.names):
            value = row.get(name)
            if value:
                page.write_string(number, place, cell_text(value), lines[name])
            else:
                page.write_blank(number, place, None, lines[name])
    page.set_row(0, 30)
    page.freeze_panes(1, _FROZEN)
    page.autofilter(0, 0, LAST_ROW - 1, len(sheet.names) - 1)
    page.set_landscape()
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    if sheet.by_account:
        page.protect("", _PROTECTION)


def _format(column: BookColumn | None, styles: Styles, language: Language, **more: Any) -> Any:
    """Of the key columns text that is locked against slips; where an account may have several rows, people fill them in too."""
    look: dict[str, Any] = {"valign": "top", "align": "left", "indent": 1, **more}
    if column is None:
        return styles.make(**look, num_format="@", font_color=MUTED, locked=False)
    if column.type is FieldType.DATE:
        look["num_format"] = "yyyy/mm/dd" if language == "ja" else "yyyy-mm-dd"
    elif column.is_wrapped:
        look["text_wrap"] = True
    return styles.make(**look, locked=False)


def _add_rules(
    page: Worksheet, sheet: BookSheet, offered: Mapping[tuple[str, str], Sequence[str]], language: Language
) -> None:
    """Dropdowns, dates and numbers, down to the last row there can be."""
    for place, column in enumerate(sheet.typed, start=len(sheet.keys)):
        names = offered.get((sheet.id, column.name), ())
        rule = _offer(names) if names else _rule(sheet, column, language)
        if rule:
            letter = xl_col_to_name(place)
            wrong = {"error_title": column_header(column.name, language)}
            page.data_validation(f"{letter}2:{letter}{LAST_ROW}", {**rule, **wrong})


def _offer(names: Sequence[str]) -> dict[str, Any] | None:
    """Names to choose from; another one may be typed, for rules change. None where Excel takes no list so long."""
    fits = len(",".join(names)) <= _LONGEST_LIST and not any("," in name for name in names)
    return {"validate": "list", "source": list(names), "show_error": False} if fits else None


def _rule(sheet: BookSheet, column: BookColumn, language: Language) -> dict[str, Any] | None:
    if column.choices:
        source = [choice_label(sheet.id, column.name, choice, language) for choice in column.choices]
        return {"validate": "list", "source": source, "error_message": text("input.wrong.choice", language)}
    if column.type is FieldType.DATE:
        day = {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
        return {**day, "error_message": text("people.wrong.sentiment_on", language)}
    if column.type is FieldType.NUMBER:
        number = {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15}
        return {**number, "error_message": text("input.wrong.number", language)}
    return None


def _add_guide(page: Worksheet, book: InputBook, styles: Styles, language: Language) -> None:
    """What each column means, and what becomes of the file."""
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, _GUIDE_WIDTH)
    page.write_string(0, 0, text(f"input.title.{book.name}", language), styles.title)
    row = 1
    for sheet in book.sheets:
        row += 1
        page.write_string(row, 0, text(f"phrase.input.sheet.{sheet.id}", language), styles.section)
        for column in sheet.typed:
            row += 1
            page.write_string(row, 0, column_header(column.name, language), styles.text)
            _write_wrapped(page, row, text(f"input.help.{sheet.id}.{column.name}", language), styles)
        row += 1
    page.write_string(row + 1, 0, text("people.rules", language), styles.section)
    row += 1
    has_accounts = any("account_id" in sheet.keys for sheet in book.sheets)
    of_accounts = ("input.rule.rows", "people.rule.4") if has_accounts else ()
    for key in ("people.rule.1", "people.rule.2", *of_accounts):
        row += 1
        _write_wrapped(page, row, text(key, language), styles)


def _write_wrapped(page: Worksheet, row: int, said: str, styles: Styles) -> None:
    page.set_row(row, _LINE_HEIGHT * (1 + text_width(said) // _GUIDE_WIDTH))
    page.write_string(row, 1, said, styles.wrapped)
