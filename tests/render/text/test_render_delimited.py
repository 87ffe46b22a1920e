"""CSV that reads back as it was and that no spreadsheet program computes.

Oracle: the published list of what must and must not be escaped; Python's csv module; a slow inverse.
"""

import csv
import io
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from books.live_books import numbers, random_book, report_of, texts
from cscli.render import write_report
from cscli.render.text.delimited import escape_formula
from cscli.reports.kit.model import Column, Meaning, Sheet

ESCAPED = [
    "=1+1",
    "+A1",
    "-1+1",
    "+1-800-FLOWERS",
    "＝1",
    "@SUM(A1)",
    " =1",
    "\u3000=1",
    '"=1',
    "'=1",
    "\t=1",
    "-x",
]
KEPT = [
    "-5",
    "-1,000",
    "+81-3-1234-5678",
    "--",
    "-",
    "Acme",
    "",
    "a=b",
    "1e5",
    "-1.5E+3%",
    "(03) 1234-5678",
    "'",
]


@pytest.mark.parametrize("value", ESCAPED)
def test_what_a_spreadsheet_would_run_gets_a_mark(value: str) -> None:
    assert escape_formula(value) == f"'{value}"


@pytest.mark.parametrize("value", KEPT)
def test_what_no_spreadsheet_runs_is_kept(value: str) -> None:
    assert escape_formula(value) == value


@given(st.text(alphabet="=+-@\t\r\n＝＋ '\"\u3000\u200b015.,()eE%aZ", max_size=8))
def test_escaping_can_be_undone(value: str) -> None:
    escaped = escape_formula(value)
    needs_mark = escaped[:1] == "'" and escape_formula(escaped[1:]) != escaped[1:]
    assert (escaped[1:] if needs_mark else escaped) == value


def test_long_digits_take_no_time() -> None:
    started = time.perf_counter()
    assert escape_formula("-" + "1" * 30_000 + "x").startswith("'")
    assert time.perf_counter() - started < 1


def test_file_by_hand(tmp_path: Path) -> None:
    sheet = Sheet(
        id="things",
        title="Things",
        columns=(
            Column(id="name", label="Name", meaning=Meaning.TEXT),
            Column(id="band", label="Band", meaning=Meaning.BAND, labels={"a": "Shown"}),
            Column(id="score", label="Score", meaning=Meaning.SCORE),
            Column(id="day", label="Day", meaning=Meaning.DATE),
        ),
        values=(
            texts(["株式会社, A", "=x", None]),
            texts(["a", "b", None]),
            numbers([70.0, -0.5, None]),
            np.array(["2026-10-31", "NaT", "2026-01-02"], dtype="datetime64[us]"),
        ),
    )
    path = write_report(report_of(random_book(1, 5), sheets=(sheet,), live=None), tmp_path / "things.csv")
    assert path.read_bytes().decode() == (
        '\ufeffname,band,score,day\r\n"株式会社, A",a,70,2026-10-31\r\n\'=x,b,-0.5,\r\n,,,2026-01-02\r\n'
    )


def test_numbers_read_back_exactly(tmp_path: Path) -> None:
    values = np.array([0.1 + 0.2, 1 / 3, 1e-9, 1e22, 123456789.123, -0.0, 5e-324])
    sheet = Sheet(
        id="n", title="N", columns=(Column(id="n", label="N", meaning=Meaning.NUMBER),), values=(values,)
    )
    path = write_report(report_of(random_book(1, 5), sheets=(sheet,), live=None), tmp_path / "n.csv")
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))[1:]
    assert [float(row[0]) for row in rows] == values.tolist()
    assert rows[5] == ["0"]
