"""Finding files, and names that do not fit the content."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from cscli.errors import CscliError, DataError, SourceError
from cscli.sources import find_file, read_table
from cscli.sources.tabular.files import is_own_report
from cscli.texts import problem_message

CSV = b"id,mrr\n1,10\n"


def refusal(path: Path) -> CscliError:
    with pytest.raises(CscliError) as caught:
        read_table(path, "accounts")
    assert problem_message(caught.value.problems[0], "ja")
    return caught.value


def test_newest_match_is_taken_and_said(tmp_path: Path) -> None:
    for age, name in enumerate(["b.csv", "a.csv", "c.csv", "~$d.csv"]):
        (tmp_path / name).write_bytes(CSV)
        os.utime(tmp_path / name, (1000, 1000 + (age if age != 2 else 1)))
    found = find_file("*.csv", tmp_path)
    assert found.path.name == "c.csv"  # as new as a.csv, and after it by name: names bear dates
    assert [(problem.code, problem.value) for problem in found.problems] == [
        ("reading.newest_taken", "c.csv")
    ]
    assert find_file("b.csv", tmp_path).problems == ()


def test_name_with_brackets_is_a_name_first(tmp_path: Path) -> None:
    (tmp_path / "export[1].csv").write_bytes(CSV)
    assert find_file("export[1].csv", tmp_path).path.name == "export[1].csv"


@pytest.mark.parametrize("damage", ["password", "stream"])
def test_a_report_that_cannot_be_opened_is_no_report(tmp_path: Path, damage: str) -> None:
    """It stands among the exports like any other file; what is wrong with it is said when it is read."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("docProps/core.xml", "<dc:creator>cscli</dc:creator>" * 9)
    raw = bytearray(file.getvalue())
    if damage == "password":
        raw[6] |= 1
        raw[raw.index(b"PK\x01\x02") + 8] |= 1
    else:
        raw[30 + len("docProps/core.xml")] = 0xFF  # a kind of block that deflate does not have
    (tmp_path / "old.xlsx").write_bytes(raw)
    assert not is_own_report(tmp_path / "old.xlsx")
    whole = tmp_path / "new.xlsx"
    whole.write_bytes(file.getvalue())
    assert is_own_report(whole)


def test_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_bytes(CSV)
    error = refusal(find_file("acounts.csv", tmp_path).path)
    assert isinstance(error, SourceError)
    assert error.problems[0].details["nearest"] == "accounts.csv"
    with pytest.raises(SourceError) as caught:
        find_file("acc*.xlsx", tmp_path)
    assert caught.value.problems[0].code == "reading.no_match"
    assert isinstance(refusal(tmp_path), SourceError)
    assert isinstance(refusal(tmp_path / "nowhere" / "x.csv"), SourceError)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    path.chmod(0)
    assert refusal(path).problems[0].code == "reading.not_readable"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", CSV, "text_named_workbook"),
        ("a.xls", CSV, "text_named_workbook"),
        ("a.xls", b"\xef\xbb\xbf<html><table><tr><td>x</td></tr></table></html>", "markup"),
        ("a.csv", b"<!DOCTYPE html><html><body>Log in</body></html>", "markup"),
        ("a.xls", b"<?xml version='1.0'?><Workbook/>", "markup"),
        ("a.csv", b'{"error": "unauthorized"}', "other_format"),
        ("a.csv", b"%PDF-1.7", "other_format"),
        ("a.xlsx", b"PK\x03\x04 cut short", "damaged_workbook"),
        ("a.xlsx", b"", "empty_file"),
        ("a.csv", b"\n \r\n", "empty_file"),
    ],
)
def test_content_that_is_no_table_is_named(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = refusal(path)
    assert isinstance(error, DataError)
    assert error.problems[0].code == f"reading.{code}"


def test_facts_name_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    facts = read_table(path, "accounts").facts
    # printf 'id,mrr\n1,10\n' | sha256sum
    assert facts.sha256 == "0cd7e9a7496ea07f1bc05faa544ad68fc88ca78e3dac415ff24134cbaf3d53be"
    assert (facts.file, facts.size_bytes, facts.form, facts.header_row) == ("a.csv", 12, "csv", 1)
