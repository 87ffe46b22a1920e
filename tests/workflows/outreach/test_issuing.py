"""Messages booked and written, on SQLite and PostgreSQL. The oracle is the small book: seven would get it, A8 opted out."""

import csv
import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from books.outreach_workspace import AS_OF, COUNT, asked, issued, lay
from cscli.analysis.outreach.sent import State
from cscli.delivery.letters import letter_bytes
from cscli.errors import CscliError, DataError, Severity, SourceError, UsageError
from cscli.history import LedgerEntry, entries_of, forget_account, prune
from cscli.workflows.outreach import issued_files, issuing
from cscli.workflows.outreach.issuing import IssueOptions, issue, issue_again
from cscli.workflows.outreach.previewing import planned_of
from cscli.workflows.outreach.settling import cancel, confirm, forget, resolve

SQLITE = "sqlite:///.cscli/history.db"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return lay(tmp_path / "book")


def ledger(folder: Path, url: str = SQLITE) -> list[LedgerEntry]:
    return entries_of(url, folder)


def codes(error: pytest.ExceptionInfo[CscliError]) -> list[str]:
    return [each.code for each in error.value.problems]


def test_each_is_booked_once_and_its_file_says_what_the_preview_said(workspace: Path) -> None:
    previewed = [letter_bytes(each.draft) for each in planned_of(asked(workspace)).going if each.draft]
    done = issued(workspace)
    assert (done.count, len(done.paths)) == (COUNT, COUNT + 1)
    files = sorted((workspace / "mails").glob("*.eml"))
    assert [each.read_bytes() for each in files] == previewed
    assert files[0].name == "0001-A7-hello.eml"
    assert {each.stat().st_mode & 0o077 for each in files} == {0}
    with (workspace / "mails" / "0000-keys.csv").open(encoding="utf-8-sig") as file:
        keys = {row["account_id"]: row["key"] for row in csv.DictReader(file)}
    rows = ledger(workspace)
    assert {each.account_id: each.key for each in rows} == keys
    assert {each.state for each in rows} == {State.ISSUED}
    assert all("@" not in each.address_hmac and each.text_digest for each in rows)
    first = next(each for each in rows if each.account_id == "A7")
    assert (first.touch, first.score, first.goal, first.band) == ("high", 40.0, 0.4, "watch")


def test_nobody_gets_it_twice(workspace: Path) -> None:
    issued(workspace)
    assert issued(workspace, "again", expect=0).count == 0
    assert issued(workspace, "later", expect=0, days=400).count == 0
    assert issued(workspace, "earlier", expect=0, days=-1).count == 0, "the clock was set back"
    assert not (workspace / "again").exists()


def test_a_count_that_is_not_the_expected_one_does_nothing(workspace: Path) -> None:
    with pytest.raises(UsageError) as error:
        issued(workspace, expect=COUNT + 1)
    assert codes(error) == ["outreach.not_expected"]
    with pytest.raises(UsageError) as error:
        issue(asked(workspace), IssueOptions(folder=workspace / "mails"), planned_of)
    assert codes(error) == ["outreach.needs_expect"]
    assert ledger(workspace) == []
    assert not (workspace / "mails").exists()
    assert (
        issue(asked(workspace), IssueOptions(folder=workspace / "m", ask=lambda _: False), planned_of).count
        == 0
    )
    assert ledger(workspace) == []


def test_a_sudden_flood_needs_to_be_expected(workspace: Path) -> None:
    """One went last time; seven are more than three times as many, even where a person would say yes."""
    lay(workspace, accounts=1)
    issued(workspace, expect=1)
    lay(workspace, accounts=7)
    options = IssueOptions(folder=workspace / "m", ask=lambda _: True)
    with pytest.raises(UsageError) as error:
        issue(asked(workspace), options, planned_of)
    assert codes(error) == ["outreach.many_more"]
    assert issued(workspace, "m", expect=6).count == 6


def test_what_was_cancelled_may_be_made_again(workspace: Path) -> None:
    issued(workspace)
    first, second, *_ = ledger(workspace)
    assert cancel(asked(workspace), [first.key[:8], second.key]).count == 2
    with pytest.raises(DataError) as error:
        cancel(asked(workspace), [first.key])
    assert codes(error) == ["outreach.other_state"]
    with pytest.raises(DataError) as error:
        cancel(asked(workspace), ["0000", "f" * 32])
    assert codes(error) == ["outreach.unknown_key", "outreach.unknown_key"]
    assert issued(workspace, "again", expect=2).count == 2
    assert {each.state for each in ledger(workspace)} == {State.ISSUED}


def test_confirmed_by_keys_or_message_ids(workspace: Path) -> None:
    issued(workspace)
    rows = ledger(workspace)
    table = workspace / "sent.csv"
    table.write_text(
        f"Message-ID\n<{rows[0].key}@example.com>\n{rows[1].key}\n{'0' * 32}\n", encoding="utf-8"
    )
    found = confirm(asked(workspace), table)
    assert (found.count, [each.code for each in found.problems]) == (2, ["outreach.not_confirmed"])
    assert confirm(asked(workspace), workspace / "mails" / "0000-keys.csv").count == COUNT - 2
    again = confirm(asked(workspace), workspace / "mails" / "0000-keys.csv")
    assert (again.count, [each.code for each in again.problems]) == (0, ["outreach.confirmed_already"])
    assert (again.problems[0].severity, again.problems[0].details) == (Severity.NOTE, {"count": COUNT})
    with pytest.raises(DataError):
        cancel(asked(workspace), [rows[0].key])


def test_what_was_taken_back_is_noted_and_not_confirmed(workspace: Path) -> None:
    issued(workspace)
    first, *_ = ledger(workspace)
    cancel(asked(workspace), [first.key])
    done = confirm(asked(workspace), workspace / "mails" / "0000-keys.csv")
    assert (done.count, [each.code for each in done.problems]) == (COUNT - 1, ["outreach.confirm_cancelled"])
    assert done.problems[0].severity is Severity.NOTE
    assert {each.key for each in ledger(workspace) if each.state is State.CANCELLED} == {first.key}


def test_only_what_is_unknown_can_be_resolved(workspace: Path) -> None:
    issued(workspace)
    with pytest.raises(DataError) as error:
        resolve(asked(workspace), [ledger(workspace)[0].key], was_sent=True)
    assert codes(error) == ["outreach.other_state"]


def test_who_is_forgotten_leaves_no_row_and_never_gets_anything(workspace: Path) -> None:
    issued(workspace)
    assert forget(asked(workspace), "P@A1.example").count == 1
    assert {each.account_id for each in ledger(workspace)} == {f"A{n}" for n in range(2, 8)}
    found = planned_of(asked(workspace, days=400))
    assert [each.stop for each in found.decisions if each.account == 0] == ["suppressed"]


def test_an_account_that_is_forgotten_leaves_no_row(workspace: Path) -> None:
    issued(workspace)
    found = forget_account(SQLITE, workspace, "A1", asked(workspace).now)
    assert found.outreach == 1
    assert "A1" not in {each.account_id for each in ledger(workspace)}
    assert "A1" not in [
        each.draft.account_id for each in planned_of(asked(workspace, days=40)).going if each.draft
    ]


def test_pruning_keeps_the_ledger(workspace: Path) -> None:
    issued(workspace)
    prune(SQLITE, workspace, keep=1)
    assert len(ledger(workspace)) == COUNT


def test_who_is_held_out_is_booked_and_gets_no_file(workspace: Path) -> None:
    """Seven accounts at 0.5, drawn by hash; each is either written to or held out, and stays so when the share is 0."""
    lay(workspace, holdout=0.5)
    found = planned_of(asked(workspace))
    done = issued(workspace, expect=len(found.going))
    states = [each.state for each in ledger(workspace)]
    assert done.held_out == states.count(State.HELD_OUT) == COUNT - done.count > 0
    assert all(each.address_hmac == "" for each in ledger(workspace) if each.state is State.HELD_OUT)
    lay(workspace, holdout=0)
    assert issued(workspace, "later", expect=0, days=40).count == 0


@pytest.mark.parametrize("form", ["xlsx", "csv", "crm", "salesforce_tasks", "hubspot_notes"])
def test_forms(workspace: Path, form: str) -> None:
    (path,) = issued(workspace, form=form).paths
    rows: list[list[Any]]
    if form == "xlsx":
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(path)["messages"].iter_rows()]
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    head, first = rows[0], dict(zip(rows[0], rows[1], strict=True))
    assert len(rows) == COUNT + 1
    match form:
        case "crm":
            assert first == {"Id": "A7", "What": "hello About Company 7", "Day": "2026-10-30"}
        case "salesforce_tasks":
            assert head == ["WhatId", "Subject", "Description", "ActivityDate", "Status"]
            assert (first["WhatId"], first["Status"]) == ("A7", "Not Started")
        case "hubspot_notes":
            assert first["Record ID - Company"] == "A7"
        case _:
            assert head == [
                "key",
                "account_id",
                "name",
                "contact_name",
                "email",
                "language",
                "message",
                "kind",
                "subject",
                "body",
                "seats",
            ]
            assert (first["email"], first["subject"], first["seats"]) == (
                "p@a7.example",
                "About Company 7",
                "70",
            )


def test_a_form_that_there_is_not(workspace: Path) -> None:
    with pytest.raises(UsageError) as error:
        issued(workspace, form="emll")
    assert codes(error) == ["outreach.unknown_form"]


def test_a_folder_with_such_a_file_is_refused_before_anything_is_booked(workspace: Path) -> None:
    (workspace / "mails").mkdir()
    (workspace / "mails" / "0001-A7-hello.eml").write_text("mine", encoding="utf-8")
    with pytest.raises(SourceError) as error:
        issued(workspace)
    assert codes(error) == ["outreach.file_taken"]
    assert ledger(workspace) == []


def test_killed_between_booking_and_writing_the_run_is_finished_with_the_same_bytes(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    previewed = [letter_bytes(each.draft) for each in planned_of(asked(workspace)).going if each.draft]

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(issuing, "publish_staged", killed)
        with pytest.raises(KeyboardInterrupt):
            issued(workspace)
    assert not list((workspace / "mails").glob("*")) if (workspace / "mails").exists() else True
    with pytest.raises(DataError) as error:
        issued(workspace, "other", expect=0)
    assert codes(error) == ["outreach.unfinished"]
    (run,) = {each.run_id for each in ledger(workspace)}
    done = issue_again(asked(workspace), run)
    assert [each.read_bytes() for each in done.paths[1:]] == previewed
    assert issue_again(asked(workspace), run).paths == done.paths, "finished already: the same"
    done.paths[1].unlink()
    with pytest.raises(SourceError) as gone:
        issue_again(asked(workspace), run)
    assert codes(gone) == ["outreach.file_gone"]


def test_killed_before_booking_nothing_is_left(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(issuing, "book_messages", killed)
        with pytest.raises(KeyboardInterrupt):
            issued(workspace)
    assert ledger(workspace) == []
    assert issued_files.unfinished_runs(workspace) == []
    assert issued(workspace).count == COUNT


def test_a_ledger_of_another_key_is_refused(workspace: Path) -> None:
    issued(workspace)
    key = workspace / ".cscli" / "address-hashes.key"
    kept = key.read_text(encoding="ascii")
    for change in ("ab" * 32, "nonsense", None):
        key.unlink(missing_ok=True)
        if change is not None:
            key.write_text(change, encoding="ascii")
        with pytest.raises(SourceError):
            planned_of(asked(workspace))
    key.write_text(kept, encoding="ascii")
    assert planned_of(asked(workspace)).going == []


def test_two_machines_on_one_database_share_the_ledger_only_with_one_key(
    tmp_path: Path, history_url: str
) -> None:
    one, two = lay(tmp_path / "one", url=history_url), lay(tmp_path / "two", url=history_url)
    issued(one)
    with pytest.raises(SourceError) as error:
        issued(two)
    assert codes(error) == ["outreach.other_key"]
    key = (one / ".cscli" / "address-hashes.key").read_text(encoding="ascii")
    (two / ".cscli").mkdir(exist_ok=True)
    (two / ".cscli" / "address-hashes.key").write_text(key, encoding="ascii")
    assert issued(two, expect=0).count == 0


def of_one_key(tmp_path: Path, url: str) -> tuple[Path, Path]:
    one, two = lay(tmp_path / "one", url=url), lay(tmp_path / "two", url=url)
    for folder in (one, two):
        (folder / ".cscli").mkdir(exist_ok=True)
        (folder / ".cscli" / "address-hashes.key").write_text("ab" * 32, encoding="ascii")
    return one, two


def test_what_was_decided_from_an_older_ledger_is_not_booked(tmp_path: Path, history_url: str) -> None:
    """Two workspaces with one key and one database decide at the same moment; the slower finds the ledger changed."""
    one, two = of_one_key(tmp_path, history_url)
    decided = planned_of(asked(one)), planned_of(asked(two))
    options = IssueOptions(folder=one / "mails", expect=COUNT)
    assert issue(asked(one), options, lambda _: decided[0]).count == COUNT
    with pytest.raises(SourceError) as error:
        issue(asked(two), replace(options, folder=two / "mails"), lambda _: decided[1])
    assert codes(error) == ["outreach.ledger_changed"]
    assert len(entries_of(history_url, one)) == COUNT
    assert not (two / "mails").exists()
    assert issued_files.unfinished_runs(two) == []


@pytest.mark.slow
def test_two_processes_at_once_book_each_message_once(tmp_path: Path, history_url: str) -> None:
    command = [sys.executable, "-m", "cscli", "outreach", "issue", "-o", "mails", f"--expect={COUNT}", "-q"]
    command.append(f"--as-of={AS_OF}")
    folders = of_one_key(tmp_path, history_url)
    started = [subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE) for folder in folders]
    ended = [(each.communicate()[1], each.returncode) for each in started]
    assert sorted(code for _, code in ended) in ([0, 2], [0, 5]), ended
    assert len(entries_of(history_url, folders[0])) == COUNT
    assert sorted(len(list((folder / "mails").glob("*.eml"))) for folder in folders) == [0, COUNT]


def test_figures_of_another_day_and_a_clock_of_another_day_both_count(workspace: Path) -> None:
    """A message issued today on figures of a month ago counts in the limits of today."""
    old = replace(asked(workspace), as_of=AS_OF - dt.timedelta(days=30))
    issue(old, IssueOptions(folder=workspace / "old", expect=COUNT), planned_of)
    text = (workspace / "cscli.yaml").read_text(encoding="utf-8").replace("name: hello", "name: other")
    (workspace / "cscli.yaml").write_text(text, encoding="utf-8")
    found = planned_of(asked(workspace, days=1))
    assert {each.stop for each in found.decisions} == {"account_limit", "opted_out"}
    assert {each.until for each in found.decisions if each.until} == {AS_OF + dt.timedelta(days=7)}


@pytest.mark.libreoffice
def test_another_program_reads_the_table_for_mail_merge(
    workspace: Path, recalculate: Callable[[Path], Path]
) -> None:
    """As LibreOffice saves it, every cell is the text that was written."""
    text = (workspace / "accounts.csv").read_text(encoding="utf-8").replace("Company 7", "=HYPERLINK(1)㈱")
    (workspace / "accounts.csv").write_text(text, encoding="utf-8")
    (path,) = issued(workspace, form="xlsx").paths
    sheets = [openpyxl.load_workbook(each).worksheets[0] for each in (path, recalculate(path))]
    written, read = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in sheets)
    assert read == written
    assert read[1][2] == "=HYPERLINK(1)㈱"
