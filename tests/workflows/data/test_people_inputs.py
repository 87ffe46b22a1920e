"""The workbook of people's inputs through its life: made, filled in, extended, read by scores; with the real writers
and readers. Figures worked out by hand.
"""

import datetime as dt
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from cscli.errors import ConfigError, DataError, Problem, SourceError, UsageError
from cscli.reports.kit.model import Report
from cscli.workflows import Request, extend_inputs, score
from cscli.workflows.book.read import read_book
from cscli.workflows.data.inputs import WrittenInputs
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
timezone: Asia/Tokyo
sources: {accounts: {file: accounts.csv}}
metrics:
  nps: {value: nps, points: {kind: linear, zero: -100, full: 100}}
  mood: {value: sentiment, points: {kind: linear, zero: 1, full: 5}}
scorecards:
  - name: standard
    groups: {voice: {weight: 1, metrics: {nps: 1, mood: 1}}}
    caps: [{when: nps < 0, at_most: 30, reason: Angry}]
min_data_coverage: 0.4
"""
ACCOUNTS = "account_id,name,owner,mrr,nps,churned_on\n001,Acme,Mia,9,60,\n002,Beta,Ken,8,-20,\n003,Cora,,7,,\n004,Left,Mia,7,,2025-01-01\n"
NOW = dt.datetime(2026, 1, 31, 7, tzinfo=dt.UTC)
TYPED = ("sentiment", "sentiment_on", "override_score", "override_reason", "override_until", "hours_spent")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    return tmp_path


def request(folder: Path, **asked: Any) -> Request:
    return Request(rules=find_rules(None, folder), now=NOW, allow_future=True, **asked)


def inputs(folder: Path, **asked: Any) -> WrittenInputs:
    (written,) = extend_inputs(request(folder, **asked))
    return written


def run_score(folder: Path) -> tuple[Report, dict[str, dict[str, Any]]]:
    report = score(request(folder), folder / "o.json")
    rows = json.loads((folder / "o.json").read_text(encoding="utf-8"))["sheets"]["accounts"]
    return report, {row["account_id"]: row for row in rows}


def book_path(folder: Path) -> Path:
    return folder / "inputs" / "csm.xlsx"


def edit(folder: Path, change: Callable[[Worksheet], None]) -> None:
    """What a person does to the sheet, saved as another program would."""
    workbook = openpyxl.load_workbook(book_path(folder))
    change(workbook.worksheets[0])
    workbook.save(book_path(folder))


def rows(folder: Path) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(book_path(folder)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def add_account(folder: Path, line: str = "005,Neo,Mia,1,0,\n") -> None:
    with (folder / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write(line)


def said(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems if problem.code.startswith("people.")]


def type_all(sheet: Worksheet) -> None:
    """Something in every cell: Beta's score is set until today, the others have a sentiment."""
    day, end = dt.date(2026, 1, 20), dt.date(2026, 1, 31)
    typed: list[Any] = [
        4,
        day,
        55,
        "Renewed early",
        day,
        end,
        2.5,
        day,
        "risk",
        day,
        "Call and listen",
        day,
        "Call",
        "x = 1",
    ]
    for line in range(2, sheet.max_row + 1):
        for column, value in enumerate(typed, start=4):
            sheet.cell(line, column).value = value
    sheet["H2"].comment = Comment("why so long?", "Mia")


def test_a_new_workbook_has_every_account_once_with_dropdowns_ranges_and_protected_keys(
    workspace: Path,
) -> None:
    written = inputs(workspace)
    assert (written.added, written.total, written.backup) == (3, 3, None)
    workbook = openpyxl.load_workbook(book_path(workspace))
    sheet = workbook.worksheets[0]
    assert [[cell.value for cell in row][:4] for row in sheet.iter_rows()] == [
        ["Account ID", "Account", "Owner", "Sentiment"], ["002", "Beta", "Ken", None], ["001", "Acme", "Mia", None],
        ["003", "Cora", None, None],
    ]  # fmt: skip
    rules = {
        str(rule.sqref): (rule.type, rule.formula1, rule.formula2)
        for rule in sheet.data_validations.dataValidation
    }
    assert rules["D2:D1048576"] == ("list", '"5,4,3,2,1"', None)
    assert rules["F2:F1048576"] == ("decimal", "0", "100")
    assert {rule[0] for rule in rules.values()} == {"list", "date", "decimal"}
    assert sheet.protection.sheet
    assert not sheet.protection.insertColumns  # allowed, though the sheet is protected
    locked = {column: sheet[f"{column}2"].protection.locked for column in "ABCDEFGHIJKLMNO"}
    assert locked == {**dict.fromkeys("ABC", True), **dict.fromkeys("DEFGHIJKLMNO", False)}
    guide = " ".join(str(cell.value) for row in workbook.worksheets[1].iter_rows() for cell in row)
    assert all(word in guide for word in ("Delighted", "Alarmed", "90 days"))


def test_with_nothing_to_add_no_byte_changes(workspace: Path) -> None:
    inputs(workspace)
    before = book_path(workspace).read_bytes()
    written = inputs(workspace)
    assert (written.added, written.total, written.backup) == (0, 3, None)
    assert book_path(workspace).read_bytes() == before
    assert [path.name for path in book_path(workspace).parent.iterdir()] == ["csm.xlsx"]


def test_the_same_run_makes_the_same_workbook(workspace: Path) -> None:
    inputs(workspace)
    before = book_path(workspace).read_bytes()
    book_path(workspace).unlink()
    inputs(workspace)
    assert book_path(workspace).read_bytes() == before


def test_a_new_account_gets_a_row_and_everything_else_stays(workspace: Path) -> None:
    inputs(workspace)
    edit(workspace, type_all)
    typed, before = rows(workspace), book_path(workspace).read_bytes()
    add_account(workspace)
    written = inputs(workspace)
    assert (written.added, written.total) == (1, 4)
    assert rows(workspace) == [*typed, ["005", "Neo", "Mia", *[None] * 14]]
    sheet = openpyxl.load_workbook(book_path(workspace)).worksheets[0]
    assert sheet["H2"].comment.text == "why so long?"
    assert sheet["A5"].protection.locked
    assert not sheet["D5"].protection.locked
    assert written.backup == workspace / "inputs" / "csm.xlsx.bak"
    assert written.backup.read_bytes() == before


def test_rows_in_another_order_an_inserted_column_and_other_headers_are_read_and_kept(
    workspace: Path,
) -> None:
    inputs(workspace)

    def rearrange(sheet: Worksheet) -> None:
        sheet.insert_cols(1)
        sheet["A1"] = "My own"
        sheet.insert_cols(5)
        sheet["E1"] = "Weather"
        values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for line, row in enumerate(reversed(values), start=2):
            for column, value in enumerate(row, start=1):
                sheet.cell(line, column).value = value
        sheet["A2"], sheet["E2"], sheet["F2"], sheet["G2"] = "mine", "rain", 5, dt.date(2026, 1, 30)
        sheet["F1"] = "sentiment"
        sheet["G1"] = "温度感の記入日"

    edit(workspace, rearrange)
    typed = rows(workspace)
    assert typed[1][:7] == ["mine", "003", "Cora", None, "rain", 5, pd.Timestamp(2026, 1, 30)]
    add_account(workspace)
    inputs(workspace)
    assert rows(workspace) == [*typed, [None, "005", "Neo", "Mia", *[None] * 15]]
    report, scored = run_score(workspace)
    assert said(report.problems) == []
    assert scored["003"]["score"] == 100.0  # only the sentiment of 5 is there


def test_a_workbook_of_the_first_version_gets_its_new_columns_at_the_right_end(workspace: Path) -> None:
    """Every cell, comment and rule that was there stays; what is typed under the new headers is read."""
    inputs(workspace)
    edit(workspace, type_all)

    def as_before(sheet: Worksheet) -> None:
        for column in (15, 14, 13, 12, 11, 8):  # play_done(_on), renewal_call(_on), hours_on, override_on
            sheet.delete_cols(column)
        sheet["L1"], sheet["L2"] = "Weather", "rain"
        sheet["D2"].comment = Comment("since when?", "Mia")

    edit(workspace, as_before)
    typed, before = rows(workspace), book_path(workspace).read_bytes()
    assert typed[0][5:12] == [
        "Override score", "Override reason", "Override until", "Hours spent a month", "Next step", "Note", "Weather",
    ]  # fmt: skip
    assert said(read_book(request(workspace)).problems) == []  # an absent column is missing, no fault
    written = inputs(workspace)
    new = ("override_on", "hours_on", "renewal_call", "renewal_call_on", "play_done", "play_done_on")
    assert (written.added, written.columns) == (0, new)
    heads = [
        "Override date",
        "Hours date",
        "Renewal call",
        "Renewal call date",
        "Playbook done",
        "Playbook done on",
    ]
    assert rows(workspace)[0] == [*typed[0], *heads]
    assert [row[:12] for row in rows(workspace)] == typed
    assert written.backup is not None
    assert written.backup.read_bytes() == before
    sheet = openpyxl.load_workbook(book_path(workspace)).worksheets[0]
    assert sheet["D2"].comment.text == "since when?"
    assert sheet["M1"].font.b == sheet["L1"].font.b

    def dated(sheet: Worksheet) -> None:
        for line in (2, 3, 4):
            sheet.cell(line, 13).value = sheet.cell(line, 14).value = dt.date(2026, 2, 1)

    edit(workspace, dated)
    assert inputs(workspace).columns == ()  # a second call changes nothing
    _, scored = run_score(workspace)
    assert scored["001"]["score"] == 77.5  # not 55: the override is of the day after


def test_a_vanished_account_keeps_its_row_and_is_named(workspace: Path) -> None:
    inputs(workspace)
    edit(workspace, type_all)
    (workspace / "accounts.csv").write_text("account_id,name\n001,Acme\n", encoding="utf-8")
    before = book_path(workspace).read_bytes()
    written = inputs(workspace)
    assert book_path(workspace).read_bytes() == before
    assert said(written.problems) == ["people.unknown_account", "people.unknown_account"]
    assert [problem.value for problem in written.problems if problem.code == "people.unknown_account"] == [
        "002",
        "003",
    ]


def test_scores_take_sentiment_and_override_until_its_last_day(workspace: Path) -> None:
    inputs(workspace)
    edit(workspace, type_all)

    def only_beta(sheet: Worksheet) -> None:
        for line in (3, 4):
            for column in (6, 7, 8, 9):
                sheet.cell(line, column).value = None

    edit(workspace, only_beta)
    report, scored = run_score(workspace)
    assert said(report.problems) == []
    # 001: nps 80, mood 75; 002: 40 and 75 make 57.5, capped at 30, set to 55; 003: mood alone.
    assert {key: row["score"] for key, row in scored.items()} == {"001": 77.5, "002": 55.0, "003": 75.0}
    assert scored["002"]["capped_by"] == "Angry; override: Renewed early (until 2026-01-31)"
    assert scored["002"]["band"] == "watch"
    assert report.live is not None
    assert report.live.pinned is not None
    assert report.live.pinned.tolist() == [True, False, False]
    assert [entry.source for entry in report.inputs] == ["accounts", "inputs"]
    with sqlite3.connect(workspace / ".cscli" / "history.db") as history:
        stored = dict(history.execute("SELECT account_id, capped_by FROM accounts").fetchall())
    history.close()
    assert json.loads(stored["002"]) == ["scorecards[0].caps[0].when", "override"]
    later = score(request(workspace, as_of=dt.date(2026, 2, 1)), workspace / "o.json")
    assert said(later.problems) == ["people.override_lapsed"]
    assert later.sheets[0].column("score").tolist() == [30.0, 75.0, 77.5]


def test_without_a_workbook_the_columns_are_there_and_missing(workspace: Path) -> None:
    report, scored = run_score(workspace)
    assert said(report.problems) == []
    assert {key: row["score"] for key, row in scored.items()} == {"001": 80.0, "002": 30.0, "003": None}
    frame = read_book(request(workspace)).frame
    assert frame[[*TYPED, "next_step", "note"]].isna().all(axis=None)
    assert frame["sentiment"].dtype == "float64"


def test_a_workbook_that_the_rules_name_and_that_is_not_there_is_said(workspace: Path) -> None:
    (workspace / "cscli.yaml").write_text(
        RULES + "inputs: {file: typed/ours.xlsx, sentiment_days: 5}\n", encoding="utf-8"
    )
    report, _ = run_score(workspace)
    assert said(report.problems) == ["people.no_file"]
    written = inputs(workspace)
    assert written.path == workspace / "typed" / "ours.xlsx"
    assert written.path.exists()


def test_a_japanese_workbook_reads_back(workspace: Path) -> None:
    inputs(workspace, language="ja")
    assert rows(workspace)[0] == [
        "顧客ID", "顧客名", "担当CSM", "温度感", "温度感の記入日", "スコアの上書き", "上書きの理由", "上書きした日", "上書きの期限",
        "対応時間（月間）", "対応時間の記入日", "更新の見込み", "更新見込みの記入日", "実施したプレイブック", "プレイブックの実施日", "次のアクション", "メモ",
    ]  # fmt: skip
    edit(workspace, type_all)
    add_account(workspace)
    assert inputs(workspace).added == 1
    book = read_book(request(workspace))
    assert said(book.problems) == []
    beta = book.frame.set_index("account_id").loc["002"]
    assert (beta["sentiment"], beta["hours_spent"], beta["next_step"], beta["note"]) == (
        4,
        2.5,
        "Call",
        "x = 1",
    )
    assert rows(workspace)[4][:3] == ["005", "Neo", "Mia"]


@pytest.mark.libreoffice
def test_a_workbook_saved_by_libreoffice_is_read_and_extended(
    workspace: Path, recalculate: Callable[[Path], Path]
) -> None:
    inputs(workspace)
    edit(workspace, type_all)
    typed = rows(workspace)
    book_path(workspace).write_bytes(recalculate(book_path(workspace)).read_bytes())
    add_account(workspace)
    assert inputs(workspace).added == 1
    found = rows(workspace)
    assert [row[:17] for row in found[:4]] == typed
    assert found[4][:3] == ["005", "Neo", "Mia"]
    assert said(read_book(request(workspace)).problems) == []
    again = recalculate(book_path(workspace))  # LibreOffice opens what was written
    assert [cell.value for cell in openpyxl.load_workbook(again).worksheets[0]["A"]][:5] == [
        "Account ID",
        "002",
        "001",
        "003",
        "005",
    ]


@pytest.mark.parametrize("lock", ["~$csm.xlsx", ".~lock.csm.xlsx#"])
def test_a_workbook_that_is_open_elsewhere_is_left_alone(workspace: Path, lock: str) -> None:
    inputs(workspace)
    (workspace / "inputs" / lock).touch()
    assert inputs(workspace).added == 0  # nothing to add: nothing to refuse
    add_account(workspace)
    before = book_path(workspace).read_bytes()
    with pytest.raises(SourceError) as raised:
        inputs(workspace)
    assert [problem.code for problem in raised.value.problems] == ["people.open_elsewhere"]
    assert book_path(workspace).read_bytes() == before


def test_what_cannot_be_used_ends_the_run_and_changes_nothing(workspace: Path) -> None:
    book_path(workspace).parent.mkdir()
    book_path(workspace).write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(DataError):
        inputs(workspace)
    assert book_path(workspace).read_bytes() == b"PK\x03\x04 torn"
    book_path(workspace).unlink()
    (workspace / "typed.csv").write_text("account_id,note\n001,typed as text\n", encoding="utf-8")
    asked = ("inputs.file=typed.csv",)
    with pytest.raises(SourceError) as raised:
        inputs(workspace, overrides=asked)
    assert [problem.code for problem in raised.value.problems] == ["people.not_extendable"]
    book = read_book(request(workspace, overrides=asked))
    assert book.frame["note"].tolist() == ["typed as text", None, None]
    with pytest.raises(UsageError):
        inputs(workspace, overrides=("inputs.file=new.ods",))


def test_a_report_never_overwrites_what_people_typed(workspace: Path) -> None:
    inputs(workspace)
    with pytest.raises(SourceError) as raised:
        score(request(workspace), book_path(workspace))
    assert [problem.code for problem in raised.value.problems] == ["writing.output_is_input"]


def test_columns_of_exports_give_way_and_names_are_kept_free(workspace: Path) -> None:
    (workspace / "accounts.csv").write_text(
        "account_id,note,override_score\n001,from the CRM,10\n", encoding="utf-8"
    )
    book = read_book(request(workspace))
    assert said(book.problems) == ["people.column_taken"]  # a score is never set without a reason
    assert book.frame["note"].tolist() == ["from the CRM"]
    assert book.frame["override_score"].isna().all()
    inputs(workspace)
    book = read_book(request(workspace))
    assert said(book.problems) == ["people.column_taken"] * 2
    assert book.frame["note"].tolist() == [None]
    (workspace / "cscli.yaml").write_text(RULES + "derived: {hours_spent: mrr / 2}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        read_book(request(workspace))
    assert [problem.code for problem in raised.value.problems] == ["config.name_reserved"]
