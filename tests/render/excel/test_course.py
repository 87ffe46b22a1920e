"""Small lines of the last weeks. Oracle: what the sheet's XML must say for Excel to draw them; scores by hand."""

import datetime as dt
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from books.live_books import numbers, random_book, report_of, texts
from books.opened import table_rows
from cscli.analysis.past.trend import Course, course_of
from cscli.render import write_report
from cscli.reports.kit.model import Column, Meaning, Report, Sheet

DAYS = (dt.date(2026, 10, 3), dt.date(2026, 10, 10), dt.date(2026, 10, 17))
NAN = np.nan


pytestmark = pytest.mark.filterwarnings(
    "ignore:.*extension is not supported:UserWarning"
)  # openpyxl, of such lines


def _sheet(path: Path) -> Any:
    return load_workbook(path)["Things"]


def report_with(course: Course | None) -> Report:
    sheet = Sheet(
        id="things",
        title="Things",
        columns=(
            Column(id="name", label="Name", meaning=Meaning.TEXT),
            Column(id="score", label="Score", meaning=Meaning.SCORE),
        ),
        values=(texts(["Acme", "Bolt", "Crux"]), numbers([30.0, 50.0, 60.0])),
        first=("name", "course", "score"),
        course=course,
    )
    return replace(report_of(random_book(1, 5), live=None), sheets=(sheet,))


def test_lines_stand_where_the_sheet_wants_them_and_read_their_own_row(tmp_path: Path) -> None:
    """Crux has one score alone: a line needs two. Scores are of one scale."""
    course = Course(DAYS, np.array([[50, 40, 30], [40, NAN, 50], [NAN, NAN, 60]]))
    path = write_report(report_with(course), tmp_path / "r.xlsx")
    with zipfile.ZipFile(path) as workbook:
        xml = workbook.read("xl/worksheets/sheet1.xml").decode()
    top = 3
    for row in (top + 1, top + 2):
        assert f"<xm:f>'Things'!D{row}:F{row}</xm:f><xm:sqref>B{row}</xm:sqref>" in xml
    assert xml.count("<x14:sparkline>") == 2
    assert 'manualMax="100" manualMin="0"' in xml
    assert table_rows(_sheet(path))[1] == ("Acme", None, 30, 50, 40, 30)


def test_without_earlier_runs_there_is_no_column(tmp_path: Path) -> None:
    path = write_report(report_with(None), tmp_path / "r.xlsx")
    assert table_rows(_sheet(path))[0] == ("Name", "Score")


def test_the_course_holds_the_runs_of_nine_weeks_in_the_order_of_the_accounts() -> None:
    """63 days before 31 October is 29 August: a run of that day is too old, one of the day after is not."""
    days = ["2026-08-29", "2026-08-30", "2026-10-31", "2026-10-31"]
    scores = pd.DataFrame(
        {"account_id": ["A", "B", "A", "C"], "as_of": pd.to_datetime(days), "score": [1.0, 20.0, 30.0, NAN]}
    )
    found = course_of(scores, pd.Series(["C", "B", "A"]), dt.date(2026, 10, 31))
    assert found is not None
    assert found.days == (dt.date(2026, 8, 30), dt.date(2026, 10, 31))
    assert np.array_equal(found.scores, [[NAN, NAN], [20, NAN], [NAN, 30]], equal_nan=True)
    assert course_of(scores[:1], pd.Series(["A"]), dt.date(2026, 8, 29)) is None
