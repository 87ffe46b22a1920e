"""Books that earlier runs read and that are gone. Oracle: which files were removed, by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from books.outreach_workspace import AS_OF, COUNT, asked, issued, lay
from books.practice_books import cscli_here, write_book
from cscli.errors import CscliError, DataError, Severity
from cscli.reports.kit.looks import show_date
from cscli.texts import LANGUAGES, problem_line
from cscli.workflows.book.read import read_book
from cscli.workflows.outreach.previewing import planned_of

RULES = """version: 1
sources: {accounts: {file: accounts.csv}, tickets: {file: tickets.csv, kind: rows, at: at, types: {at: date, words: text}, rollup: {n: count(*)}}}
goals: {}
timeline: {departments: [cs], events: [{source: tickets, department: cs, at: at, kind: "'ticket'"}]}
voice: {texts: [{source: tickets, at: at, text: words}], themes: [{name: price, any: [price]}]}
segments: {touch: [{name: tech}]}
content: {maturity: "1", delivery: {tech: [tech]}}
metrics: {use: {value: seats, points: {kind: linear, zero: 0, full: 10}}}
scorecards: [{name: all, groups: {use: {weight: 1, metrics: {use: 1}}}}]
"""
BOOKS: dict[str, dict[str, list[dict[str, str | None]]]] = {
    "csm.xlsx": {"Inputs": [{"Account ID": "A1", "Note": "calls on Monday"}]},
    "journey.xlsx": {"Goals": [{"Account ID": "A1", "Goal": "sell more"}], "Milestones": [{"Account ID": None, "Milestone": None}]},
    "handover.xlsx": {"Handover": [{"Account ID": "A1", "Purpose": "sell more"}]},
    "voice.xlsx": {"Themes": [{"Theme": "price", "Status": "open"}], "Tell": [{"Theme": None, "Account ID": None}]},
    "content.xlsx": {"Content": [{"Content ID": "C1", "Title": "First steps"}]},
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("Account ID,MRR,Seats\nA1,100,5\n", encoding="utf-8")
    (tmp_path / "tickets.csv").write_text("Account ID,at,words\nA1,2026-10-01,price\n", encoding="utf-8")
    for name, sheets in BOOKS.items():
        write_book(tmp_path / "inputs" / name, sheets)
    crosswalk = "source,source_id,account_id,accepted\ntickets,Y1,A1,yes\n"
    (tmp_path / "inputs" / "crosswalk.csv").write_text(crosswalk, encoding="utf-8")
    return tmp_path


def lost(folder: Path, *, days: int = 0, remember: bool = True) -> dict[str | None, Severity]:
    request = replace(asked(folder, days=days), remember=remember)
    return {
        each.value: each.severity
        for each in read_book(request).problems
        if each.code in ("inputs.gone", "inputs.no_book", "people.no_file", "outreach.optout_gone")
    }


@pytest.mark.parametrize("name", [*BOOKS, "crosswalk.csv"])
def test_a_book_that_an_earlier_run_read_is_missed(workspace: Path, name: str) -> None:
    book = workspace / "inputs" / name
    assert lost(workspace) == {}
    content = book.read_bytes()
    book.unlink()
    gone = {f"inputs/{name}": Severity.WARNING}
    assert lost(workspace, days=7, remember=False) == gone
    assert lost(workspace, days=7) == gone
    assert lost(workspace, days=14) == gone
    book.write_bytes(content)
    assert lost(workspace, days=21) == {}


def test_it_is_told_with_the_day_and_what_stood_in_it(workspace: Path) -> None:
    lost(workspace)
    (workspace / "inputs" / "journey.xlsx").unlink()
    days = ("--as-of", "2026-11-06")
    said = " ".join(cscli_here(workspace, "journey", *days).split())
    assert "inputs/journey.xlsx, which the run of 2026-10-30 read, is gone" in said
    assert "goals and milestones" in said
    said = "".join(cscli_here(workspace, "check", *days, "--lang", "ja").split())
    assert "2026/10/30の実行で読んだinputs/journey.xlsxがありません" in said
    assert "目標とマイルストーン" in said


def test_a_book_that_never_was_is_not_missed(workspace: Path) -> None:
    (workspace / "inputs" / "journey.xlsx").unlink()
    assert lost(workspace) == {"inputs/journey.xlsx": Severity.NOTE}


def test_a_new_book_after_the_loss_is_said(workspace: Path) -> None:
    lost(workspace)
    (workspace / "inputs" / "journey.xlsx").unlink()
    said = " ".join(cscli_here(workspace, "inputs", "journey", "--as-of", "2026-11-06").split())
    assert "inputs/journey.xlsx, which the run of 2026-10-30 read, is gone" in said
    assert lost(workspace, days=8) == {}


def out(folder: Path, text: str | None) -> None:
    path = folder / "inputs" / "optout.csv"
    path.parent.mkdir(exist_ok=True)
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("left", [None, "", "\ufeff\n"])
def test_while_the_opt_outs_are_gone_nobody_is_written_to(tmp_path: Path, left: str | None) -> None:
    """A1 opted out by the file, A8 in the contacts: six of eight may be written to, and nobody once the file is lost."""
    folder = lay(tmp_path)
    listed = "address\np@a1.example\n"
    out(folder, listed)
    assert len(planned_of(asked(folder)).going) == COUNT - 1
    out(folder, left)
    for _ in range(2):
        with pytest.raises(DataError) as raised:
            issued(folder, expect=COUNT, days=1)
        assert [each.code for each in raised.value.problems] == ["outreach.optout_gone"]
    assert not (folder / "mails").exists()
    assert lost(folder, days=1) == {"inputs/optout.csv": Severity.ERROR}
    for language in LANGUAGES:
        said = problem_line(raised.value.problems[0], language)
        assert show_date(AS_OF, language) in said
    out(folder, "address\n")
    assert len(planned_of(asked(folder, days=1)).going) == COUNT
    out(folder, listed)
    assert len(planned_of(asked(folder, days=1)).going) == COUNT - 1


def test_an_earlier_score_knows_of_the_opt_outs_too(tmp_path: Path) -> None:
    folder = lay(tmp_path)
    out(folder, "address\np@a1.example\n")
    cscli_here(folder, "score", "--as-of", AS_OF.isoformat())
    out(folder, None)
    with pytest.raises(CscliError, match="optout_gone"):
        planned_of(asked(folder))
