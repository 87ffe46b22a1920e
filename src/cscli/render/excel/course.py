"""Small lines in the cells of a column: the course of each row over the runs of the last weeks."""

import datetime as dt
from dataclasses import replace

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from cscli.render.excel.config_sheet import quote_sheet
from cscli.render.excel.formats import ACCENT
from cscli.render.excel.rows import TableSheet
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import COURSE, Column, Meaning, Sheet
from cscli.texts import Language, text

_MOST_LINES = 20_000
_RED = "#C8574B"


def with_course_column(sheet: Sheet, language: Language) -> Sheet:
    """The sheet with a blank column for the lines, where it has a course that can be drawn, and at its right the scores of each run, which they are
    drawn from: in the same row, so that they follow it when rows are sorted.
    """
    course = sheet.course
    if course is None or not 0 < len(sheet) <= _MOST_LINES:
        return replace(sheet, course=None)
    days = {"first": show_date(course.days[0], language), "last": show_date(course.days[-1], language)}
    line = Column(
        id=COURSE, label=text("writing.course", language), meaning=Meaning.TEXT,
        definition=text("writing.course.definition", language, **days),
    )  # fmt: skip
    scores = (
        Column(id=_of_day(day), label=show_date(day, language), meaning=Meaning.SCORE) for day in course.days
    )
    blank = np.full(len(sheet), None, dtype=object)
    return replace(
        sheet, columns=(*sheet.columns, line, *scores), values=(*sheet.values, blank, *course.scores.T)
    )


def _of_day(day: dt.date) -> str:
    return f"score_{day}"


def add_lines(worksheet: TableSheet, sheet: Sheet) -> None:
    """Draws them: one scale for all, as scores are of one."""
    course = sheet.course
    if course is None:
        return
    places = {column.id: place for place, column in enumerate(sheet.columns)}
    at = places[COURSE]
    left, right = (xl_col_to_name(places[_of_day(course.days[end])]) for end in (0, -1))
    rows = [
        worksheet.top + 1 + int(row) for row in np.flatnonzero((~np.isnan(course.scores)).sum(axis=1) > 1)
    ]
    if rows:
        name = quote_sheet(worksheet.get_name())
        worksheet.add_sparkline(
            rows[0], at,
            {
                "location": [f"{xl_col_to_name(at)}{row + 1}" for row in rows],
                "range": [f"{name}!{left}{row + 1}:{right}{row + 1}" for row in rows],
                "min": 0, "max": 100, "series_color": ACCENT, "last_point": True, "last_color": _RED,
                "weight": 1.5,
            },
        )  # fmt: skip
