"""The first run of a new version says what it reads otherwise from the same file, once; worked out by hand."""

from pathlib import Path

import pytest

from books.small_book import MONDAY, NEXT_MONDAY, make_book, run_here, write_accounts
from cscli.errors import Problem

OLD = "0.1.0"


def said(problems: tuple[Problem, ...]) -> list[tuple[str | None, object, object]]:
    return [
        (each.value, each.details["count"], each.details.get("before"))
        for each in problems
        if each.code.startswith("upgrade.")
    ]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stored by an earlier version, which took ten times the money."""
    folder = make_book(tmp_path)
    with monkeypatch.context() as then:
        then.setattr("cscli.workflows.scores.scoring.__version__", OLD)
        run_here(folder, MONDAY, "sources.accounts.unit={mrr: 10}")
    return folder


def test_what_differs_is_said_once_with_the_key_that_pins_it(book: Path) -> None:
    assert said(run_here(book, NEXT_MONDAY).problems) == [("mrr", 12, "1000")]
    assert said(run_here(book, NEXT_MONDAY).problems) == []


def test_another_file_is_no_other_reading(book: Path) -> None:
    write_accounts(book, lowest=41)
    assert said(run_here(book, NEXT_MONDAY).problems) == []


def test_a_column_that_was_not_read_before_is_left_out_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_book(tmp_path)
    with monkeypatch.context() as then:
        then.setattr("cscli.workflows.scores.scoring.__version__", OLD)
        run_here(folder, MONDAY, "sources.accounts.columns.mrr=[]")
    (told,) = [
        each for each in run_here(folder, NEXT_MONDAY).problems if each.code == "upgrade.read_otherwise"
    ]
    assert (told.value, told.details["before"], told.details["pin"]) == ("mrr", "-", "columns: {mrr: []}")
