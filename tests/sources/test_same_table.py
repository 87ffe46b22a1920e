"""One table in every form gives one report, byte for byte; real Japanese files and encodings that resemble each other."""

import codecs
import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from cscli.errors import Severity
from cscli.sources import ReadOptions, read_table
from places import SAMPLE, SHARED_DATA, needs_shared_data

ACCOUNTS = SAMPLE / "accounts_ja.csv"
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)

FORMS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16 little": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16 big": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "cp932": lambda text: text.encode("cp932"),
    "euc-jp": lambda text: text.encode("euc_jp"),
    "semicolon": lambda text: _divided(text, ";").encode(),
    "tab": lambda text: _divided(text, "\t").encode(),
}


def _divided(text: str, delimiter: str) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(csv.reader(io.StringIO(text)))
    return target.getvalue()


@pytest.fixture(scope="module")
def text() -> str:
    """The sample's accounts, without those whose names EUC-JP does not have."""
    lines = ACCOUNTS.read_bytes().decode("cp932").splitlines(keepends=True)
    kept = [line for line in lines if line.encode("euc_jp", "ignore").decode("euc_jp") == line]
    assert len(kept) > 200
    return "".join(kept)


def score(folder: Path, name: str) -> bytes:
    command = [
        sys.executable,
        "-m",
        "cscli",
        "score",
        name,
        "--as-of",
        "2026-10-31",
        "-q",
        "-o",
        "scored.csv",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return (folder / "scored.csv").read_bytes()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, text: str) -> bytes:
    folder = tmp_path_factory.mktemp("plain")
    (folder / "accounts.csv").write_bytes(text.encode())
    scored = score(folder, "accounts.csv")
    assert scored.count(b"\n") > 100
    return scored


@pytest.mark.slow
@pytest.mark.whole
@pytest.mark.parametrize("form", FORMS)
def test_text_forms_give_the_same_report(tmp_path: Path, form: str, text: str, expected: bytes) -> None:
    (tmp_path / "accounts.csv").write_bytes(FORMS[form](text))
    assert score(tmp_path, "accounts.csv") == expected


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory, text: str) -> Path:
    """The same rows as a workbook with real numbers."""
    path = tmp_path_factory.mktemp("book") / "accounts.xlsx"
    header, *rows = list(csv.reader(io.StringIO(text)))
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, header)
        for line, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                if at > 0 and NUMBER.fullmatch(cell):
                    sheet.write_number(line, at, float(cell))
                else:
                    sheet.write_string(line, at, cell)
    return path


@pytest.mark.whole
def test_workbook_gives_the_same_report(workbook: Path, expected: bytes) -> None:
    assert score(workbook.parent, "accounts.xlsx") == expected


@pytest.mark.slow
@pytest.mark.libreoffice
@pytest.mark.parametrize("form", ["xls", "ods", "xlsx"])
def test_workbooks_of_another_program_give_the_same_report(
    tmp_path: Path, form: str, workbook: Path, expected: bytes
) -> None:
    if shutil.which("soffice") is None and "CI" not in os.environ:
        pytest.skip("LibreOffice is not installed")
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", form]
    folder = tmp_path / "converted"
    subprocess.run(
        [*command, "--outdir", str(folder), str(workbook)], check=True, capture_output=True, timeout=120
    )
    assert score(folder, f"accounts.{form}") == expected


@needs_shared_data
def test_public_holidays_read_right() -> None:
    # Counted in the file: the first line is the header, 1955-01-01 the first holiday.
    path = SHARED_DATA / "japanese" / "syukujitsu.csv"
    lines = path.read_bytes().decode("cp932").splitlines()
    table = read_table(path, "accounts")
    assert list(table.headers) == lines[0].split(",")
    assert [",".join(map(str, row)) for row in zip(*table.columns, strict=True)] == lines[1:]
    assert table.columns[0][0] == "1955/1/1"


@needs_shared_data
@pytest.mark.parametrize("name", ["222127_nouen.csv", "yohairyosya.csv"])
def test_municipal_files_equal_the_standard_library(name: str) -> None:
    path = SHARED_DATA / "japanese" / "yaizu" / name
    decoded = path.read_bytes().decode("cp932")
    header, *rows = [row for row in csv.reader(io.StringIO(decoded, newline="")) if any(map(str.strip, row))]
    table = read_table(path, "accounts")
    assert table.headers == tuple(map(str.strip, header))
    cells = [[cell or "" for cell in row] for row in zip(*table.columns, strict=True)]
    assert cells == [[cell if cell.strip() else "" for cell in row] for row in rows]


@needs_shared_data
def test_western_accents_are_not_taken_for_japanese_unsaid(tmp_path: Path) -> None:
    content = (SHARED_DATA / "crm-exports" / "opportunityData.csv").read_text("utf-8-sig")
    header, first, *rest = content.splitlines(keepends=True)
    at = next(
        index for index, cell in enumerate(next(csv.reader([header]))) if cell.strip('"').upper() == "NAME"
    )
    cells = next(csv.reader([first]))
    cells[at] = "Crédito Ángel Niño"
    target = io.StringIO()
    csv.writer(target).writerow(cells)
    path = tmp_path / "opportunityData.csv"
    path.write_bytes((header + target.getvalue() + "".join(rest)).encode("cp1252"))
    table = read_table(path, "accounts")
    assert table.columns[at][0] == "Crédito Ángel Niño"
    said = [problem for problem in table.problems if problem.code.startswith("reading.encoding_")]
    assert [problem.severity >= Severity.NOTE for problem in said] == [True]
    pinned = read_table(path, "accounts", ReadOptions(encoding="cp1252"))
    assert pinned.columns[at][0] == "Crédito Ángel Niño"
    assert not [problem for problem in pinned.problems if problem.code.startswith("reading.encoding_")]
