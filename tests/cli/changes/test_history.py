"""`cscli history` as people run it: real processes over five weeks of the sample company, every output read back.

The oracle are the reports of the runs themselves.
"""

import csv
import json
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cscli.history import read_snapshot
from places import CONFIGS, SAMPLE

pytestmark = pytest.mark.slow  # each test needs the book of five weeks

DAYS = ("2026-10-03", "2026-10-10", "2026-10-17", "2026-10-24", "2026-10-31")
CONFIG = (CONFIGS / "starter.yaml").read_text(encoding="utf-8").replace("exports/accounts*", "accounts.xlsx")


def run(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == code, result.stderr
    return result


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five runs; from the fourth on seat use counts for more."""
    folder = tmp_path_factory.mktemp("book")
    shutil.copy(SAMPLE / "accounts.xlsx", folder)
    (folder / "cscli.yaml").write_text(CONFIG, encoding="utf-8")
    for at, day in enumerate(DAYS):
        more = ["--set", "scorecards[0].groups.usage.weight=80"] if at >= 3 else []
        run(folder, "score", "--as-of", day, "-o", f"{day}.json", "-q", *more)
    return folder


@pytest.fixture
def book(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "book"))


def accounts(folder: Path, day: str) -> dict[str, dict[str, Any]]:
    document = json.loads((folder / f"{day}.json").read_text(encoding="utf-8"))
    return {row["account_id"]: row for row in document["sheets"]["accounts"]}


def report(folder: Path, *arguments: str) -> dict[str, Any]:
    run(folder, "history", *arguments, "-o", "out.json", "-q")
    found: dict[str, Any] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert found["report"] == "history"
    return found


def test_the_course_of_an_account_is_that_of_its_runs(book: Path) -> None:
    runs = [accounts(book, day) for day in DAYS]
    key = next(key for key, row in runs[-1].items() if row["score"] is not None and key in runs[0])
    rows = report(book, key)["sheets"]["course"]
    assert [row["as_of"] for row in rows] == list(DAYS)
    for name in ("score", "band", "mrr", "arr", "scorecard", "data_coverage"):
        assert [row[name] for row in rows] == pytest.approx([found[key][name] for found in runs])
    assert [row["rules_changed"] for row in rows] == [None, None, None, "yes", None]
    steps = [row["score_step"] for row in rows]
    scores = [row["score"] for row in rows]
    assert steps[1:] == pytest.approx([later - earlier for earlier, later in pairwise(scores)])


def test_the_book_is_what_its_accounts_come_to(book: Path) -> None:
    sheets = report(book)["sheets"]
    for row, day in zip(sheets["bands"], DAYS, strict=True):
        found = list(accounts(book, day).values())
        assert row["accounts"] == len(found)
        for band in ("healthy", "watch", "at_risk"):
            members = [each for each in found if each["band"] == band]
            assert row[f"accounts_{band}"] == len(members)
            assert row[f"arr_{band}"] == pytest.approx(sum(each["arr"] or 0 for each in members))
        scores = [each["score"] for each in found if each["score"] is not None]
        assert row["mean_score"] == pytest.approx(sum(scores) / len(scores))
    last = accounts(book, DAYS[-1])
    arr = [last[row["account_id"]]["arr"] or 0 for row in sheets["heat"]]
    assert arr == sorted(arr, reverse=True)
    assert all(row[DAYS[-1]] == last[row["account_id"]]["score"] for row in sheets["heat"])


def test_the_terminal_has_a_line_a_table_and_a_sentence(book: Path) -> None:
    shown = run(book, "history").stdout
    assert shown.startswith("Mean score  ")
    assert all(day in shown for day in DAYS)
    assert "changed" in shown
    assert max(map(len, shown.splitlines())) <= 80
    japanese = run(book, "history", "--lang", "ja", "--last", "2").stdout
    assert "平均スコア" in japanese
    assert "2026/10/17" not in japanese
    assert run(book, "history", "-q").stdout == ""


def test_the_workbook_has_lines_and_a_heat_map(book: Path) -> None:
    (book / "out").mkdir()
    run(book, "history", "-o", "out")
    workbook = CalamineWorkbook.from_path(book / "out" / "history.xlsx")
    assert workbook.sheet_names[:2] == ["Bands by run", "Scores by run"]
    assert workbook.get_sheet_by_name("Scores by run").to_python()[0][3:] == list(DAYS)


def test_runs_are_listed_with_day_files_and_rules(book: Path) -> None:
    rows = report(book, "runs")["sheets"]["runs"]
    assert [row["as_of"] for row in rows] == list(DAYS)
    assert {row["files"] for row in rows} == {"accounts.xlsx"}
    assert len({row["config_digest"] for row in rows}) == 2


def test_the_export_has_the_same_rows_in_every_form(book: Path) -> None:
    for name in ("all.csv", "all.json", "all.xlsx"):
        assert run(book, "history", "export", "-o", name).stdout == f"{name}\n"
    with (book / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    expected = [(day, key, row["score"]) for day in DAYS for key, row in accounts(book, day).items()]
    found = [
        (row["as_of"], row["account_id"], float(row["score"]) if row["score"] else None) for row in table
    ]
    assert sorted(found, key=lambda row: row[:2]) == sorted(expected, key=lambda row: row[:2])
    rows = json.loads((book / "all.json").read_text(encoding="utf-8"))["sheets"]["snapshots"]
    assert [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in rows[:50]
    ] == table[:50]
    sheet = CalamineWorkbook.from_path(book / "all.xlsx").get_sheet_by_name("Snapshots").to_python()
    assert [row[1] for row in sheet[1:]] == [row["account_id"] for row in table]
    assert {"seat_use", "seat_use_points", "nps", "nps_points"} <= set(table[0])


def test_pruning_says_what_it_would_do_and_does_it(book: Path) -> None:
    said = run(book, "history", "prune", "--keep", "2", "--dry-run").stdout
    assert said == "3 runs from 2026-10-03 to 2026-10-17 would be removed; 2 would be left.\n"
    assert len(report(book, "runs")["sheets"]["runs"]) == 5
    said = run(book, "history", "prune", "--since", "2026/10/24").stdout
    assert said == "3 runs from 2026-10-03 to 2026-10-17 were removed; 2 are left.\n"
    assert [row["as_of"] for row in report(book, "runs")["sheets"]["runs"]] == list(DAYS[3:])
    assert "Nothing to remove" in run(book, "history", "prune", "--keep", "2").stdout
    run(book, "history", "prune", code=2)
    run(book, "history", "prune", "--keep", "0", code=2)


def test_relative_metrics_are_marked(book: Path) -> None:
    kind = "metrics.nps.points={kind: percentile}"
    run(book, "score", "--as-of", DAYS[-1], "-q", "--set", kind)
    assert "nps compares accounts with each other" in run(book, "history").stderr


def test_no_password_goes_into_the_history(book: Path) -> None:
    url = "history.url=sqlite:///.cscli/history.db?password=s3cret"
    run(book, "score", "--as-of", DAYS[-1], "-q", "--set", url)
    found = read_snapshot("sqlite:///.cscli/history.db", book)
    assert found is not None
    assert found.overrides == ("history.url=sqlite:///.cscli/history.db?password=***",)
    assert b"s3cret" not in (book / ".cscli" / "history.db").read_bytes()


def test_a_server_keeps_the_history_as_a_file_does(book: Path, tmp_path: Path, postgres_url: str) -> None:
    """The oracle is the same history in SQLite."""
    key = next(iter(accounts(book, DAYS[0])))
    kept = [report(book, *words)["sheets"] for words in ((), (key,))]
    (book / "cscli.yaml").write_text(f"{CONFIG}\nhistory: {{url: '{postgres_url}'}}\n", encoding="utf-8")
    assert "There is no history here yet" in run(book, "history", code=5).stderr
    for at, day in enumerate(DAYS):
        more = ["--set", "scorecards[0].groups.usage.weight=80"] if at >= 3 else []
        run(book, "score", "--as-of", day, "-q", *more)
    served = [report(book, *words)["sheets"] for words in ((), (key,))]
    for sheets in (*kept, *served):
        for row in next(iter(sheets.values())):
            row.pop("config_digest")
    assert served == kept


def test_an_account_may_be_called_as_a_command_is(book: Path) -> None:
    assert "No run in the history has the account runs" in run(book, "history", "show", "runs", code=4).stderr


def test_no_history_yet(tmp_path: Path) -> None:
    for arguments in ((), ("A-1",), ("runs",), ("export",), ("prune", "--keep", "1")):
        done = run(tmp_path, "history", *arguments, code=5)
        assert done.stderr.startswith("error    There is no history here yet")
        assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
