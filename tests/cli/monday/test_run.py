"""`cscli run` as people and cron run it: real processes in a real workspace, every output read back.

Scores are those of a book in which the score is the NPS, so the bands follow by hand: at risk below 40.
"""

import datetime as dt
import json
import os
import pty
import select
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from books.small_book import MONDAY, NEXT_MONDAY, cscli, digests, make_book, run_here, write_accounts
from cscli import workflows
from cscli.errors import ExitCode
from cscli.workflows import Request
from cscli.workspace.rules import find_rules
from places import CONFIGS, SAMPLE

NOW = dt.datetime(2026, 2, 2, 7, tzinfo=dt.UTC)
ALL_FORMS = "run: {forms: [xlsx, csv, json]}\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_book(tmp_path / "my book")


def manifest_of(book: Path, day: str = MONDAY) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((book / "out" / day / "run.json").read_text(encoding="utf-8"))
    return found


def without_times(manifest: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in manifest.items() if key not in ("run", "started_at", "seconds")}
    return kept | {"steps": [{**step, "seconds": 0} for step in manifest["steps"]]}


def test_it_makes_what_the_rules_have_what_is_needed_for(book: Path) -> None:
    done = cscli(book, "run", "--as-of", MONDAY)
    assert (done.stdout, done.stderr) == ("", "")
    pages = {"dashboard.html", "monday.html", "monday.md"}
    names = {"at-risk.xlsx", "check.xlsx", *pages, "rules.yaml", "run.json", "scored.xlsx"}
    for folder in (MONDAY, "latest"):
        assert {path.name for path in (book / "out" / folder).iterdir()} == names
    workbook = python_calamine.load_workbook(book / "out" / "latest" / "scored.xlsx")
    assert workbook.get_sheet_by_index(0).to_python()[3][0] == "A00"


def test_the_same_reports_as_from_the_commands(book: Path) -> None:
    make_book(book, "run: {forms: [json]}\n")
    run_here(book, MONDAY)
    made = digests(book / "out" / MONDAY)
    request = Request(rules=find_rules(None, book), now=NOW, as_of=dt.date.fromisoformat(MONDAY))
    workflows.score(request, book / "scored.json")
    workflows.at_risk(request, book / "at-risk.json")
    workflows.check(request, output=book / "check.json")
    found = digests(book)
    names = ("scored.json", "at-risk.json", "check.json")
    assert [made[name] for name in names] == [found[name] for name in names]


def test_the_same_date_again_gives_the_same_bytes(book: Path) -> None:
    make_book(book, ALL_FORMS)
    run_here(book, MONDAY)
    first, manifest = digests(book / "out"), manifest_of(book)
    run_here(book, MONDAY)
    second = digests(book / "out")
    times = {f"{folder}/run.json" for folder in (MONDAY, "latest")}
    assert {name: digest for name, digest in first.items() if name not in times} == {
        name: digest for name, digest in second.items() if name not in times
    }
    assert len(first) == 2 * (3 * 3 + 3 + 2)  # the dashboard and the Monday page have their own forms
    assert without_times(manifest_of(book)) == without_times(manifest)


def test_the_manifest_tells_all_that_the_files_were_made_from(book: Path) -> None:
    run_here(book, MONDAY, "history.url=sqlite:///.cscli/h.db?password=secret")
    manifest = manifest_of(book)
    export = (book / "accounts.csv").read_bytes()
    (given, typed) = manifest["inputs"]
    assert (given["path"], given["size_bytes"]) == ("accounts.csv", len(export))
    assert given["sha256"] == sha256(export).hexdigest()
    assert (given["rows"], given["encoding"]) == (12, "utf-8")
    assert typed == {"source": "inputs", "path": "inputs/csm.xlsx", "sha256": None}
    rules = (book / "out" / MONDAY / "rules.yaml").read_bytes()
    assert rules == (book / "cscli.yaml").read_bytes()
    assert manifest["config"]["sha256"] == sha256(rules).hexdigest()
    assert manifest["zone"] == "Asia/Tokyo"
    assert "secret" not in json.dumps(manifest)
    assert manifest["counts"]["accounts"] == 12
    assert manifest["counts"]["bands"] == {"healthy": 6, "watch": 6}
    assert [step["step"] for step in manifest["steps"]] == [
        "check",
        "score",
        "at-risk",
        "dashboard",
        "monday",
    ]
    for output in manifest["outputs"]:
        content = (book / "out" / MONDAY / output["file"]).read_bytes()
        assert (output["sha256"], output["size_bytes"]) == (sha256(content).hexdigest(), len(content))


@pytest.mark.slow
def test_what_matters_is_said_once(book: Path) -> None:
    """A00 falls to 30 in the second week; the export of the third is that of the second."""
    run_here(book, MONDAY)
    write_accounts(book, lowest=30)
    second = cscli(book, "run", "--as-of", NEXT_MONDAY)
    assert (second.stdout, second.stderr) == (
        "1 new on the call list with ¥1.2K ARR: Company 0 (¥1.2K)\n",
        "",
    )
    third = cscli(book, "run", "--as-of", "2026-01-19")
    assert third.stdout == ""
    assert third.stderr.count("\n") == 1
    assert "warning" in third.stderr
    assert "accounts.csv" in third.stderr


@pytest.mark.slow
def test_a_warning_is_new_only_once(book: Path) -> None:
    """A row that stands twice; in the next week's export too. It is told once, then counted."""
    counted = "1 finding of earlier runs still holds: cscli check\n"
    for lowest, day, told in ((41, MONDAY, "stands twice"), (42, NEXT_MONDAY, counted)):
        write_accounts(book, lowest)
        with (book / "accounts.csv").open("a", encoding="utf-8") as file:
            file.write("A05,Company 5,Ito,105,65\n")
        said = cscli(book, "run", "--as-of", day).stderr
        assert told in said
        assert said.count("\n") == 1
    assert cscli(book, "run", "--as-of", NEXT_MONDAY, "--fail-on", "warning", code=10).stderr == counted
    assert manifest_of(book, NEXT_MONDAY)["problems"]["counts"]["warning"] == 1


def test_a_terminal_gets_a_summary(book: Path) -> None:
    main, side = pty.openpty()
    command = [sys.executable, "-m", "cscli", "run", "--as-of", MONDAY, "--lang", "ja"]
    process = subprocess.Popen(command, cwd=book, stdout=side, stderr=side, close_fds=True)
    process.wait()
    shown = b""
    while select.select([main], [], [], 0.2)[0]:
        shown += os.read(main, 4096)
    text = shown.decode()
    assert "顧客12社" in text
    assert "scored.xlsx" in text
    assert f"out/{MONDAY}" in text
    os.close(main)
    os.close(side)


@pytest.mark.slow
def test_json_is_one_document_also_of_an_error(book: Path) -> None:
    write_accounts(book, lowest=10)
    found = json.loads(cscli(book, "run", "--as-of", MONDAY, "--json").stdout)
    assert (found["schema_version"], found["status"], found["exit_code"]) == (1, "done", 0)
    assert found["counts"]["at_risk"]["accounts"] == 1
    assert found["new_at_risk"] == ["A00"]
    (book / "accounts.csv").unlink()
    failed = json.loads(cscli(book, "run", "--as-of", MONDAY, "--json", code=5).stdout)
    assert (failed["schema_version"], failed["status"], failed["exit_code"]) == (1, "failed", 5)
    assert failed["noteworthy"][0]["code"] == "reading.no_file"


def test_findings_end_with_10(book: Path) -> None:
    fail_on = frozenset({"at-risk"})
    assert run_here(book, MONDAY, fail_on=fail_on).code == ExitCode.DONE
    write_accounts(book, lowest=10)
    assert run_here(book, NEXT_MONDAY, fail_on=fail_on).code == ExitCode.FINDINGS
    assert manifest_of(book, NEXT_MONDAY)["exit_code"] == 10


def test_a_step_that_fails_leaves_the_others_and_its_earlier_file(book: Path) -> None:
    """The list of subscriptions is no table: the exports of the accounts are not touched by that."""
    more = "  subs: {file: subs.csv, kind: subscriptions}\n"
    rules = (book / "cscli.yaml").read_text(encoding="utf-8")
    (book / "cscli.yaml").write_text(rules.replace("metrics:", more + "metrics:", 1), encoding="utf-8")
    lines = [f"A{number:02},2024-01-01,,{100 + number}" for number in range(12)]
    (book / "subs.csv").write_text(
        "\n".join(["account_id,started_on,ended_on,amount", *lines]), encoding="utf-8"
    )
    assert run_here(book, MONDAY).code == ExitCode.DONE
    earlier = (book / "out" / "latest" / "ltv.xlsx").read_bytes()
    (book / "subs.csv").write_bytes(b"")
    done = cscli(book, "run", "--as-of", NEXT_MONDAY, code=4)
    assert "ltv-report" in done.stderr
    steps = {step["step"]: step["status"] for step in manifest_of(book, NEXT_MONDAY)["steps"]}
    assert steps == {
        "check": "done",
        "score": "done",
        "at-risk": "done",
        "ltv-report": "failed",
        "diff": "done",
        "dashboard": "done",
        "monday": "done",
    }
    assert not (book / "out" / NEXT_MONDAY / "ltv.xlsx").exists()
    assert (book / "out" / "latest" / "ltv.xlsx").read_bytes() == earlier


def test_a_config_error_touches_nothing(book: Path) -> None:
    run_here(book, MONDAY)
    before = digests(book)
    rules = (book / "cscli.yaml").read_text(encoding="utf-8")
    (book / "cscli.yaml").write_text(rules + "run: {steps: [scores]}\n", encoding="utf-8")
    done = cscli(book, "run", "--as-of", NEXT_MONDAY, code=3)
    assert "cscli.yaml:8" in done.stderr
    after = digests(book)
    assert {name for name in before | after if before.get(name) != after.get(name)} == {"cscli.yaml"}


def test_a_step_that_is_no_longer_listed_leaves_no_stale_file(book: Path) -> None:
    run_here(book, MONDAY)
    make_book(book, "run: {steps: [score], forms: [csv]}\n")
    (book / "out" / MONDAY / "mine.txt").write_text("a note of my own")
    with (book / "out" / "latest" / "check.xlsx").open("ab") as file:
        file.write(b"somebody changed it")
    run_here(book, MONDAY)
    made = {path.name for path in (book / "out" / MONDAY).iterdir()}
    assert made == {"scored.csv", "rules.yaml", "run.json", "mine.txt"}
    latest = {path.name for path in (book / "out" / "latest").iterdir()}
    assert latest == {"scored.csv", "rules.yaml", "run.json", "check.xlsx"}


def test_latest_is_that_of_the_latest_day(book: Path) -> None:
    run_here(book, NEXT_MONDAY)
    latest = digests(book / "out" / "latest")
    run_here(book, MONDAY)
    assert (book / "out" / MONDAY / "scored.xlsx").exists()
    assert digests(book / "out" / "latest") == latest


@pytest.mark.parametrize("steps", ["check", "score", "at-risk", "alerts"])
def test_findings_do_not_hang_on_the_steps_that_are_listed(book: Path, steps: str) -> None:
    """A00 has an NPS of 10: at risk, and the alert is on, whichever reports are made."""
    alerts = "alerts: [{name: low, when: score < 40}]\n"
    make_book(book, f"run: {{steps: [{steps}], forms: [csv]}}\n{alerts}")
    write_accounts(book, lowest=10)
    for finding in ("at-risk", "alert"):
        assert run_here(book, MONDAY, fail_on=frozenset({finding})).code == ExitCode.FINDINGS
    write_accounts(book, lowest=90)
    for finding in ("at-risk", "alert"):
        assert run_here(book, NEXT_MONDAY, fail_on=frozenset({finding})).code == ExitCode.DONE


def test_the_log_has_ids_and_no_names(book: Path) -> None:
    write_accounts(book, lowest=10, name="Geheim")
    with (book / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write("A05,Geheim 5,Ito,105,many\n")
    run_here(book, MONDAY)
    lines = (book / ".cscli" / "log" / "cscli.log").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    assert events[0]["event"] == "started"
    assert events[-1]["event"] == "ended"
    assert "problem" in {event["event"] for event in events}
    assert len({event["run"] for event in events}) == 1
    assert not [word for word in ("Geheim", "Ito", "many") if word in "".join(lines)]


def test_the_log_is_put_aside_when_it_grows_too_large(book: Path) -> None:
    log = book / ".cscli" / "log" / "cscli.log"
    log.parent.mkdir(parents=True)
    log.write_text("x" * 1_000_001)
    run_here(book, MONDAY)
    assert log.stat().st_size < 10_000
    assert log.with_name("cscli.log.1").stat().st_size == 1_000_001


@pytest.mark.slow
def test_the_sample_book_with_every_step(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    for name in ("accounts.xlsx", "usage.csv", "tickets.csv", "survey.csv", "subscriptions.csv"):
        shutil.copy(SAMPLE / name, tmp_path / "exports")
    shutil.copy(CONFIGS / "starter.yaml", tmp_path / "cscli.yaml")
    done = cscli(tmp_path, "run", "--as-of", "2026-10-31", "-v")
    steps = ["check", "score", "segment", "at-risk", "opportunities", "ltv-report"]
    steps += ["dashboard", "renewals", "monday", "alerts"]
    assert [step["step"] for step in manifest_of(tmp_path, "2026-10-31")["steps"]] == steps
    assert all(f"{step} " in done.stdout for step in steps)
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert cscli(tmp_path, "run", "--replay", "2026-10-31").stdout.startswith("Identical: 11 files")


def test_what_changed_is_a_report_of_the_second_run(book: Path) -> None:
    """Oracle: the command `diff` on what the run has stored."""
    rules = (book / "cscli.yaml").read_text(encoding="utf-8")
    (book / "cscli.yaml").write_text(rules + "run: {forms: [json], steps: [score, diff]}\n", encoding="utf-8")
    first = cscli(book, "run", "--as-of", MONDAY, code=4)
    assert "diff" in first.stderr
    write_accounts(book, lowest=30)
    run_here(book, NEXT_MONDAY)
    made = json.loads((book / "out" / NEXT_MONDAY / "diff.json").read_text(encoding="utf-8"))
    cscli(book, "diff", MONDAY, NEXT_MONDAY, "-o", "own.json")
    own = json.loads((book / "own.json").read_text(encoding="utf-8"))
    assert made["sheets"] == own["sheets"]
    (fell,) = [row for row in made["sheets"]["accounts"] if row["change"] < 0]
    assert (fell["account_id"], fell["score_from"], fell["score_to"]) == ("A00", 40, 30)
