"""The workbook in which one person answers the self-check: printed on one page's width, rows as high as their words."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from cscli.analysis.inputs.books import ABOUT, SELFCHECK, column_header
from cscli.render.excel.formats import MUTED, Styles, default_font
from cscli.render.excel.rows import cell_text
from cscli.render.text.wide import text_width
from cscli.texts import Language, text

_WIDTHS: Mapping[str, int] = {
    "question_id": 6, "axis": 16, "question": 34, "level_0": 26, "level_2": 28, "level_4": 34, "level": 9, "evidence_note": 30,
    "respondent": 14, "role": 12, "version": 9,
}  # fmt: skip
_LINE_POINTS = 15
_TOP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Respondent:
    """Who answers, which version of the questions, in which language, made on which day."""

    name: str
    role: str | None
    version: str
    language: Language
    made_on: dt.date


def create_selfcheck(path: Path, questions: Sequence[Mapping[str, str]], asked: Respondent) -> None:
    """Writes a new workbook; `questions`: texts under the key columns of the sheet."""
    packed = io.BytesIO()
    language = asked.language
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(packed, {**options, "default_format_properties": default_font(language)})
    created = dt.datetime.combine(asked.made_on, dt.time(), dt.UTC)
    workbook.set_properties(
        {"title": text("report.selfcheck", language), "created": created, "author": "cscli"}
    )
    styles = Styles(workbook, None, language)
    page = workbook.add_worksheet(text("phrase.input.sheet.selfcheck", language))
    _fill(page, questions, asked, styles)
    _set_page(page, len(questions), language)
    guide = workbook.add_worksheet(text("people.guide", language))
    _add_guide(guide, styles, language)
    workbook.close()
    path.write_bytes(packed.getbuffer())


def _fill(page: Worksheet, questions: Sequence[Mapping[str, str]], asked: Respondent, styles: Styles) -> None:
    names = (*SELFCHECK.names, *ABOUT)
    about = {"respondent": asked.name, "role": asked.role or "", "version": asked.version}
    fixed = styles.make(valign="top", text_wrap=True, locked=True)
    small = styles.make(valign="top", locked=True, font_color=MUTED)
    number = styles.make(
        valign="top", align="center", num_format="0", locked=False, border=1, border_color=MUTED
    )
    note = styles.make(valign="top", text_wrap=True, locked=False, border=1, border_color=MUTED)
    for place, name in enumerate(names):
        style = styles.head_input if name in ("level", "evidence_note") else styles.head_key
        page.write_string(0, place, column_header(name, asked.language), style)
        page.set_column(place, place, _WIDTHS[name])
    for row, question in enumerate(questions, start=1):
        for place, name in enumerate(names):
            if name == "level":
                page.write_blank(row, place, None, number)
            elif name == "evidence_note":
                page.write_blank(row, place, None, note)
            else:
                words = cell_text(about[name] if name in about else question[name])
                page.write_string(row, place, words, small if name in about else fixed)
        page.set_row(row, _height(question))
    page.set_row(0, 30)


def _height(question: Mapping[str, str]) -> float:
    """High enough for the longest text; XlsxWriter leaves that to programs, of which some cut it off."""
    lines = (
        ceil(text_width(question[name]) * 1.15 / _WIDTHS[name])
        for name in ("question", "level_0", "level_2", "level_4", "axis")
    )
    return _LINE_POINTS * max(1, *lines) + 3


def _set_page(page: Worksheet, rows: int, language: Language) -> None:
    level = SELFCHECK.names.index("level")
    rule = {
        "validate": "integer", "criteria": "between", "minimum": 0, "maximum": _TOP,
        "error_title": column_header("level", language), "error_message": text("input.wrong.level", language),
    }  # fmt: skip
    page.data_validation(1, level, rows, level, rule)
    page.freeze_panes(1, 3)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.repeat_rows(0)
    page.print_area(0, 0, rows, len(SELFCHECK.names) - 1)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    page.set_footer("&R&P / &N")
    page.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})


def _add_guide(page: Worksheet, styles: Styles, language: Language) -> None:
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 110)
    page.write_string(0, 0, text("report.selfcheck", language), styles.title)
    for row, key in enumerate(("how", "levels", "alone", "privacy"), start=2):
        said = text(f"selfcheck.guide.{key}", language)
        page.set_row(row, _LINE_POINTS * (1 + text_width(said) // 104))
        page.write_string(row, 0, said, styles.wrapped)
    said = text("selfcheck.own", language)
    page.set_row(7, _LINE_POINTS * (1 + text_width(said) // 104))
    page.write_string(7, 0, said, styles.wrapped)
