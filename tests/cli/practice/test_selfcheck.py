"""`cscli selfcheck` over the worked example. Oracle: the expected tables of `tests/oracles/practice`, made by plain loops."""

import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from books.opened import header_row, table_rows
from books.practice_books import AS_OF, cscli, cscli_here, example, same, sheets_of, write_book
from cscli.analysis.practice.questionnaire import read_questionnaire

OWN = "A self-check of cscli's own making. It is not the Customer Success Performance Index™, is not comparable with its scores"
OWN_JA = (
    "cscli 独自の自己診断です。Customer Success Performance Index™ ではなく、その点数とは比較できません。"
)
RULES = """version: 1
currency: JPY
sources:
  accounts: {file: accounts.csv, columns: {purpose: purpose}}
  subscriptions: {file: subscriptions.csv, kind: subscriptions}
segments:
  touch: [{name: all}]
effort: {by: touch, hours_per_month: {all: 30}, owner_hours_per_month: 60}
records:
  - {name: purpose, by: sales, days: 5}
selfcheck: {questions: own.csv, targets: {alignment: 70}}
"""
MEASURED = ("al3", "al5", "te3")
"""The questions that the example answers by measures; te5, which the rules of this workspace would answer too, is left to people."""


def questions() -> pd.DataFrame:
    table = example("selfcheck_questions")
    return table.assign(evidence=table["evidence"].where(table["id"].isin(MEASURED)))


def answers_of(respondent: str, version: str) -> list[dict[str, object]]:
    given = example("selfcheck_answers")
    mine = given[given["respondent"] == respondent]
    return [
        {"ID": row["id"], "Question": "?", "Level (0-4)": row["level"], "Why": None, "Respondent": respondent, "Role": row["role"], "Version": version}
        for row in mine.to_dict("records")
    ]  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Of 6 accounts of the last year 2 have their handover (0.33, level 1, as 0.31 is), all are matched (level 4 as 0.993 is), and 5 of 6 owners have the
    hours they need (0.83).
    """
    accounts = [
        (f"S{number}", f"Owner {number}", 1000, "2026-03-01", "cards" if number < 2 else None)
        for number in range(6)
    ]
    accounts += [(f"T{number}", "Owner 5", 1000, "2020-01-01", "cards") for number in range(2)]
    frame = pd.DataFrame(accounts, columns=["account_id", "owner", "mrr", "started_on", "purpose"])
    frame.to_csv(tmp_path / "accounts.csv", index=False)
    lines = frame.assign(amount=1000, period_months=1).drop(columns=["owner", "mrr", "purpose"])
    lines.to_csv(tmp_path / "subscriptions.csv", index=False)
    questions().to_csv(tmp_path / "own.csv", index=False, encoding="utf-8-sig")
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    for respondent in ("r1", "r2", "r3"):
        rows = answers_of(respondent, version(tmp_path))
        write_book(tmp_path / "inputs" / "selfcheck" / "2026H2" / f"{respondent}.xlsx", {"Self-check": rows})
    return tmp_path


def version(folder: Path) -> str:
    """That of the questions in force."""
    return read_questionnaire((folder / "own.csv").read_text(encoding="utf-8-sig"), "own.csv", None).version


def test_questions_axes_and_proposals_are_those_of_the_example(workspace: Path) -> None:
    sheets = sheets_of(workspace, "selfcheck")
    right = example("selfcheck_expected_questions")
    found = sheets["selfcheck_questions"]
    same(found[found["id"].isin(right["id"])].reset_index(drop=True), right)
    same(sheets["selfcheck_axes"].iloc[:8], example("selfcheck_expected_axes"))
    same(sheets["selfcheck_proposals"], example("selfcheck_expected_proposals"))
    total = sheets["selfcheck_axes"].iloc[8]
    assert total["axis"] == "total"
    assert np.isnan(total["points"])
    assert sheets["selfcheck_axes"]["gap"].tolist()[0] == 25.0


def test_a_missing_axis_is_a_gap_and_what_this_is_not_stands_on_the_first_sheet(workspace: Path) -> None:
    """Oracle: the sentences as agreed; the cells of the axes without points, which are blank and not 0."""
    for language, sentence, about in (("en", OWN, "About"), ("ja", OWN_JA, "このレポートについて")):
        said = cscli_here(
            workspace, "selfcheck", "--as-of", AS_OF, "--lang", language, "-o", f"{language}.xlsx"
        )
        book = openpyxl.load_workbook(workspace / f"{language}.xlsx")
        first = book.worksheets[0]
        points = [row[1] for row in table_rows(first)[1:10]]
        assert points == [45, 40.625, *[None] * 7]
        with zipfile.ZipFile(workspace / f"{language}.xlsx") as archive:
            chart = archive.read("xl/charts/chart1.xml").decode()
        above = "".join(str(cell.value or "") for cell in first["A"][: header_row(first) - 1])
        assert sentence.replace(" ", "") in above.replace(" ", "")
        assert sentence in str(book[about]["A2"].value)
        assert "<c:radarChart>" in chart
        assert '<c:dispBlanksAs val="zero"/>' not in chart
        assert sentence.replace(" ", "") in "".join(said.split())
        assert language == "en" or "alignment" not in said


def test_a_new_workbook_can_be_printed_answered_and_read(workspace: Path) -> None:
    """Oracle: what was typed; heights that leave room for every text."""
    made = ("selfcheck", "--new", "2027H1", "--for", "田辺", "--role", "manager", "--lang", "ja")
    assert "記入したら" in cscli_here(workspace, *made)
    path = workspace / "inputs" / "selfcheck" / "2027H1" / f"田辺.v{version(workspace)}.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["自己診断"]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.max_row) == ("landscape", 0, 41)
    setup = sheet.sheet_properties.pageSetUpPr
    assert setup is not None
    assert setup.fitToPage
    assert min(sheet.row_dimensions[row].height for row in range(2, 42)) >= 30
    for row in range(2, 42):
        sheet.cell(row, 7).value = 3
    book.save(path)
    sheets = sheets_of(workspace, "selfcheck")
    assert set(sheets["selfcheck_questions"]["felt"]) == {3}
    axes = sheets["selfcheck_axes"]
    # people felt 3 of 4 everywhere; alignment and team before: the expected tables' felt means
    assert axes["felt"].tolist()[:8] == [75] * 8
    felt = example("selfcheck_expected_questions").astype({"felt": float}).groupby("axis")["felt"].mean()
    assert axes["before"].tolist()[:2] == pytest.approx([25 * felt["alignment"], 25 * felt["team"]])
    assert axes["pairs"].tolist()[:8] == [0] * 8
    again = cscli(workspace, "selfcheck", "--new", "2027H1", "--for", unicodedata.normalize("NFD", "田辺"))
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


def test_a_name_from_a_mac_is_the_same_person(workspace: Path) -> None:
    """Oracle: by hand. ガク answered 4 of everything first, 2 in the next round from a file whose name is in parts (NFD)."""
    first, second = unicodedata.normalize("NFC", "ガク"), unicodedata.normalize("NFD", "ガク")
    assert first != second
    for name, respondent, level in (("2027H1", first, 4), ("2027H2", second, 2)):
        rows = [{"ID": each, "Level (0-4)": level, "Version": "?"} for each in questions()["id"]]
        rows = [
            {**row, "Version": version(workspace)} if number == 0 else row for number, row in enumerate(rows)
        ]
        write_book(workspace / "inputs" / "selfcheck" / name / f"{respondent}.xlsx", {"Self-check": rows})
    axes = sheets_of(workspace, "selfcheck")["selfcheck_axes"].iloc[:8]
    assert axes["pairs"].tolist() == [1] * 8
    assert axes["change_same"].tolist() == [-50] * 8


def test_a_round_that_nobody_has_answered_yet_is_not_the_newest(workspace: Path) -> None:
    """Oracle: the report of 2026H2, which stays as it was when workbooks for the next round are handed out."""
    before = sheets_of(workspace, "selfcheck")
    for who in ("r1", "r2"):
        cscli_here(workspace, "selfcheck", "--new", "2027H1", "--for", who)
    for file in ("._r1.xlsx", ".~lock.r1.xlsx", "~$r1.xlsx"):
        (workspace / "inputs" / "selfcheck" / "2027H1" / file).write_bytes(b"\0\5\x16\7")
    after = sheets_of(workspace, "selfcheck")
    for name in ("selfcheck_axes", "selfcheck_questions"):
        pd.testing.assert_frame_equal(after[name], before[name])
    said = cscli_here(workspace, "selfcheck", "--as-of", AS_OF, "-v")
    assert "Round 2026H2, answered by 3 people" in said
    assert f"selfcheck/2027H1/r1.v{version(workspace)}.xlsx · r1 has not answered yet" in said
    assert "._r1" not in said
    for path in (workspace / "inputs" / "selfcheck" / "2026H2").iterdir():
        path.unlink()
    done = cscli(workspace, "selfcheck", "--as-of", AS_OF)
    assert (done.returncode, "Nobody's answers of this round" in done.stderr) == (4, True)


def test_the_version_in_the_name_tells_where_no_cell_does(workspace: Path) -> None:
    """Oracle: by hand. r1 has lost the column; r2's says another version than the name, r3's is of before there was one in the name."""
    folder, now = workspace / "inputs" / "selfcheck" / "2026H2", version(workspace)
    for name, who, cell in (
        ("r1.v0badc0de", "r1", None),
        ("r2.v0badc0de", "r2", now),
        (f"r4.v{now}", "r4", None),
    ):
        rows = answers_of("r3" if who == "r4" else who, now)
        kept = [
            {key: value for key, value in row.items() if key not in ("Version", "Respondent")} for row in rows
        ]
        (folder / f"{who}.xlsx").unlink(missing_ok=True)
        write_book(folder / f"{name}.xlsx", {"Self-check": rows if cell else kept})
    said = cscli_here(workspace, "selfcheck", "--as-of", AS_OF, "-v")
    for who in ("r1", "r2"):
        assert f"selfcheck/2026H2/{who}.v0badc0de.xlsx" in said
        assert said.count(" · Its questions are of version 0badc0de") == 1
    assert "answered by 2 people" in said
    own = cscli_here(workspace, "selfcheck", "--respondent", "r4", "--as-of", AS_OF)
    assert "r4 answered" in own


def test_the_personal_report_lists_nobody_else(workspace: Path) -> None:
    """Oracle: the example's answers of r1, and the mean of r2 and r3."""
    sheets = sheets_of(workspace, "selfcheck", "--respondent", "R1")
    assert list(sheets) == ["selfcheck_own"]
    own = sheets["selfcheck_own"].set_index("id")
    given = example("selfcheck_answers").astype({"level": float})
    table = given.pivot_table(index="id", columns="respondent", values="level")
    for question in table.index:
        assert own.loc[question, "own"] == table.loc[question, "r1"]
        rest = float(np.nanmean(table.loc[question, ["r2", "r3"]].to_numpy(float)))
        assert own.loc[question, "rest"] == rest
    (workspace / "inputs" / "selfcheck" / "2026H2" / "r3.xlsx").unlink()
    assert "rest" not in sheets_of(workspace, "selfcheck", "--respondent", "r1")["selfcheck_own"]
    done = cscli(workspace, "selfcheck", "--respondent", "r9", "--as-of", AS_OF)
    assert (done.returncode, "r9 has not answered in 2026H2" in done.stderr) == (4, True)


def test_what_cannot_be_used_is_said(workspace: Path) -> None:
    """Oracle: by hand. r4 answers a level 7 and half a level, an unknown question and few; r1 stands twice; r5 answered other questions."""
    folder, now = workspace / "inputs" / "selfcheck" / "2026H2", version(workspace)
    rows = [
        {"ID": "al1", "Level (0-4)": 7, "Respondent": "r4", "Version": now}, {"ID": "al2", "Level (0-4)": 2.5},
        {"ID": "zz9", "Level (0-4)": 1}, {"ID": "al4", "Level (0-4)": 1},
    ]  # fmt: skip
    write_book(folder / "r4.xlsx", {"Self-check": rows})
    write_book(folder / "r1 copy.xlsx", {"Self-check": answers_of("r1", now)})
    write_book(folder / "r5.xlsx", {"Self-check": answers_of("r3", "0badc0de")})
    said = cscli_here(workspace, "selfcheck", "--as-of", AS_OF, "-v")
    for sentence in (
        "selfcheck/2026H2/r4.xlsx · Self-check · row 2 · Level (0-4) · 7 of al1 is no whole level from 0 to 4",
        "row 3 · Level (0-4) · 2.5 of al2 is no whole level", "row 4 · ID · There is no question zz9", "r4 answered 1 of 40 questions",
        "selfcheck/2026H2/r1 copy.xlsx · r1 has answered in r1.xlsx already", "selfcheck/2026H2/r5.xlsx · Its questions are of version 0badc0de",
    ):  # fmt: skip
        assert sentence in said, said


def test_wrong_questions_and_targets_stop_it(workspace: Path) -> None:
    table = questions()
    table.loc[0, ["effort", "evidence"]] = ["XL", None]
    table.loc[1, "evidence"] = "some:0,0.5"
    table.loc[2, "needs"] = "zz1"
    table.to_csv(workspace / "own.csv", index=False)
    done = cscli(workspace, "selfcheck", "--as-of", AS_OF)
    assert done.returncode == 4
    for sentence in (
        "own.csv:2 · The effort of al1",
        "own.csv:3 · The evidence of al2",
        "own.csv:4 · al3 needs a question",
    ):
        assert sentence in done.stderr
    questions().to_csv(workspace / "own.csv", index=False)
    (workspace / "cscli.yaml").write_text(RULES.replace("alignment: 70", "aligment: 70"), encoding="utf-8")
    done = cscli(workspace, "selfcheck", "--as-of", AS_OF)
    assert (done.returncode, "There is no axis aligment. Nearest: alignment" in done.stderr) == (3, True)


def test_answers_that_were_there_are_missed(workspace: Path) -> None:
    """Oracle: the file that was removed."""
    cscli_here(workspace, "selfcheck", "--as-of", AS_OF)
    (workspace / "inputs" / "selfcheck" / "2026H2" / "r2.xlsx").unlink()
    said = " ".join(cscli_here(workspace, "selfcheck", "--as-of", AS_OF).split())
    assert f"inputs/selfcheck/2026H2/r2.xlsx, which the run of {AS_OF} read, is gone" in said
