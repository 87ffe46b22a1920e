"""`cscli run --replay`: against the bytes that the run itself has made."""

import json
import os
import shutil
from pathlib import Path

import pytest

from books.small_book import MONDAY, NEXT_MONDAY, cscli, digests, make_book, run_here, write_accounts

MORE = """\
run: {forms: [xlsx, csv, json]}
bands: [{name: good, from: 70}, {name: fair, from: 40}, {name: poor, from: 0}]
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two Mondays have been run, with one of the overrides that a command line can have."""
    folder = make_book(tmp_path / "book", MORE)
    run_here(folder, MONDAY)
    write_accounts(folder, lowest=30)
    run_here(folder, NEXT_MONDAY, "bands[0].from=80")
    return folder


def test_the_same_inputs_give_the_same_files(book: Path) -> None:
    """Also under other rules of today, with a file that was copied, and with a choice that would fall otherwise."""
    history = digests(book / ".cscli")["history.db"]
    made = digests(book / "out" / NEXT_MONDAY)
    make_book(book, MORE + "currency_note: wrong\n")
    write_accounts(book, lowest=30)
    os.utime(book / "accounts.csv", (0, 0))
    done = cscli(book, "run", "--replay", NEXT_MONDAY)
    assert done.stdout.splitlines()[0] == f"Identical: 15 files of the run of {NEXT_MONDAY}"
    again = digests(book / "out" / NEXT_MONDAY / "replay")
    assert {name for name in again if again[name] != made[name]} == {"run.json"}
    assert digests(book / ".cscli")["history.db"] == history
    assert not (book / "out" / ".staging").exists()


@pytest.mark.slow
def test_an_input_that_is_not_what_it_was_is_named(book: Path) -> None:
    before = digests(book / "out")
    (old, *_) = json.loads((book / "out" / NEXT_MONDAY / "run.json").read_text())["inputs"]
    write_accounts(book, lowest=31)
    (book / "inputs").mkdir()
    shutil.copy(book / "out" / NEXT_MONDAY / "scored.xlsx", book / "inputs" / "csm.xlsx")
    done = cscli(book, "run", "--replay", f"out/{NEXT_MONDAY}/run.json", code=4)
    assert done.stderr.count("\n") == 2
    assert old["sha256"][:12] in done.stderr
    assert "accounts.csv" in done.stderr
    assert "csm.xlsx" in done.stderr
    assert digests(book / "out") == before
    (book / "accounts.csv").unlink()
    assert "is gone" in cscli(book, "run", "--replay", NEXT_MONDAY, code=4).stderr


def test_rules_that_were_changed_beside_the_manifest_are_refused(book: Path) -> None:
    with (book / "out" / NEXT_MONDAY / "rules.yaml").open("a") as file:
        file.write("# more\n")
    done = cscli(book, "run", "--replay", NEXT_MONDAY, code=4)
    assert "rules.yaml" in done.stderr


@pytest.mark.slow
def test_what_differs_is_named_by_its_sheet(book: Path) -> None:
    """The history of the week before is gone: no change of the scores is known any more, and what changed is no report."""
    for path in (book / ".cscli").glob("history.db*"):
        path.unlink()
    done = cscli(book, "run", "--replay", NEXT_MONDAY, "--json", code=4)
    found = json.loads(done.stdout)
    assert found["status"] == "different"
    (scored,) = (line for line in found["noteworthy"] if line.startswith("scored.json"))
    assert "accounts" in scored
    (book / "out" / NEXT_MONDAY / "scored.json").write_text("{}")
    told = cscli(book, "run", "--replay", NEXT_MONDAY, code=4).stderr.splitlines()
    assert any("scored.json" in line and "changed or moved" in line for line in told)
    assert any("scored.xlsx" in line and "Accounts" in line for line in told)


def test_a_run_of_another_version_is_said(book: Path) -> None:
    path = book / "out" / NEXT_MONDAY / "run.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["versions"]["cscli"] = "0.0.1"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    done = cscli(book, "run", "--replay", NEXT_MONDAY)
    assert "0.0.1" in done.stderr


def test_what_is_no_manifest_is_refused(book: Path) -> None:
    (book / "out" / NEXT_MONDAY / "run.json").write_text("[]")
    assert "manifest" in cscli(book, "run", "--replay", NEXT_MONDAY, code=5).stderr
