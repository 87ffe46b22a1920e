"""Texts in every form of file: nothing that turns the direction of what follows, and what a cell cannot hold is told."""

import zipfile
from pathlib import Path

import pytest

from books.live_books import random_book, report_of, texts
from cscli.render import WRITERS, write_report
from cscli.reports.kit.long_texts import MOST_CHARACTERS, say_long_texts
from cscli.reports.kit.model import Column, Meaning, Sheet

TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def sheet_of(*values: str) -> Sheet:
    return Sheet(
        id="things",
        title="Things",
        columns=(Column(id="name", label="Name", meaning=Meaning.TEXT),),
        values=(texts(list(values)),),
    )


@pytest.mark.parametrize("suffix", sorted(WRITERS))
@pytest.mark.parametrize("mark", TURNING)
def test_no_file_holds_marks_that_turn_directions(tmp_path: Path, mark: str, suffix: str) -> None:
    sheet = sheet_of(f"Acme{mark}gpj.exe", f"{mark}=1+1")
    path = write_report(report_of(random_book(1, 3), sheets=(sheet,), live=None), tmp_path / f"x{suffix}")
    parts = [path.read_bytes()]
    if suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
    assert not any(mark.encode() in part for part in parts)
    assert any(b"Acmegpj.exe" in part for part in parts)
    if suffix == ".csv":
        assert b"'=1+1" in parts[0]


def test_texts_that_a_cell_cannot_hold_are_told() -> None:
    sheet = sheet_of("x" * MOST_CHARACTERS, "x" * (MOST_CHARACTERS + 1), "y" * 99_999)
    (problem,) = say_long_texts([sheet])
    assert (problem.code, problem.value, problem.where.column) == ("writing.text_cut", "2", "Name")
    assert say_long_texts([sheet_of("x" * MOST_CHARACTERS)]) == ()
