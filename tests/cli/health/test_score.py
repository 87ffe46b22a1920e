"""`cscli score` as people run it: a real process on real files, every output read back."""

import csv
import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from books.opened import header_row, table_rows
from places import CONFIGS, SAMPLE

AS_OF = "2026-10-31"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A folder with the accounts of the sample company."""
    shutil.copy(SAMPLE / "accounts.xlsx", tmp_path)
    shutil.copy(SAMPLE / "accounts_ja.csv", tmp_path)
    return tmp_path


def run(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    return result


def score(folder: Path, output: str, *arguments: str) -> Path:
    run(folder, "score", "accounts.xlsx", "--as-of", AS_OF, "-o", output, *arguments)
    return folder / output


def rows_of_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def load(path: Path) -> openpyxl.Workbook:
    """The workbook as it will be shown: cached values. openpyxl warns that it drops data bars."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(path, data_only=True)


def sheet_rows(path: Path, name: str) -> list[tuple[Any, ...]]:
    workbook = load(path)
    return table_rows(workbook[name])


def test_needs_no_config_and_says_what_it_assumed(book: Path) -> None:
    result = run(book, "score", "accounts.xlsx", "--as-of", AS_OF)
    assert (book / "out" / "scored.xlsx").exists()
    for assumption in ("headers were found in row 3", "a total", "Hidden sheets were not read: Lists"):
        assert assumption in result.stderr
    assert "of 166 accounts" in result.stdout
    assert not (book / ".cscli").exists(), "without rules of one's own nothing is stored"


@pytest.mark.slow
def test_csv_and_json_are_the_same_bytes_every_time(book: Path) -> None:
    for suffix in ("csv", "json", "md"):
        first, second = score(book, f"one.{suffix}"), score(book, f"two.{suffix}")
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.slow
def test_every_form_carries_the_same_data(book: Path) -> None:
    table = rows_of_csv(score(book, "out.csv"))
    document = json.loads(score(book, "out.json").read_text(encoding="utf-8"))
    assert document["report"] == "score"
    assert document["as_of"] == AS_OF
    accounts = document["sheets"]["accounts"]
    assert list(accounts[0]) == list(table[0])
    for row, record in zip(table, accounts, strict=True):
        assert row["account_id"] == record["account_id"]
        assert float(row["score"]) == record["score"]
        assert row["reasons"] == (record["reasons"] or "")
    lines = score(book, "out.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith(f"| {table[0]['account_id']} |")]
    header, *cells = sheet_rows(score(book, "out.xlsx", "--plain"), "Accounts")
    assert len(header) == len(table[0])
    places = [header.index(label) for label in ("Account ID", "Score", "Band")]
    shown = [tuple(row[place] for place in places) for row in cells]
    assert shown == [(r["account_id"], r["score"], r["band"].replace("_", " ")) for r in accounts], (
        "no raw code"
    )


@pytest.mark.slow
def test_the_japanese_twin_in_cp932_scores_the_same(book: Path) -> None:
    english = rows_of_csv(score(book, "en.csv"))
    result = run(book, "score", "accounts_ja.csv", "--as-of", AS_OF, "-o", "ja.csv")
    assert "CP932" in result.stderr.upper()
    japanese = rows_of_csv(book / "ja.csv")
    keys = ("account_id", "score", "band", "data_coverage", "touch", "phase", "mrr", "renews_on")
    assert [[row[key] for key in keys] for row in japanese] == [[row[key] for key in keys] for row in english]


def test_a_report_in_japanese_has_japanese_labels(book: Path) -> None:
    header, first, *_ = sheet_rows(score(book, "ja.xlsx", "--lang", "ja", "--plain"), "顧客一覧")
    assert header[:2] == ("顧客ID", "顧客名")
    assert "危険" in first


def test_columns_of_the_report_are_public(book: Path) -> None:
    assert list(rows_of_csv(score(book, "out.csv"))[0]) == [
        "account_id", "name", "owner", "touch", "phase", "team", "scorecard", "score", "band", "data_coverage",
        "score_change", "trend", "trend_change", "capped_by", "group_usage", "group_satisfaction", "group_support", "group_commercial",
        "reasons", "mrr", "arr", "renews_on", "days_to_renewal",
    ]  # fmt: skip


def test_worst_come_first_and_unknown_last(book: Path) -> None:
    rows = rows_of_csv(score(book, "out.csv", "--set", "min_data_coverage=0.9"))
    known = [row for row in rows if row["band"] != "unknown"]
    assert rows[: len(known)] == known
    assert len(known) < len(rows)
    keys = [(float(row["score"]), -float(row["mrr"] or 0), row["account_id"]) for row in known]
    assert keys == sorted(keys)


@pytest.mark.slow
def test_history_gives_the_change_since_last_week(book: Path) -> None:
    shutil.copy(CONFIGS / "starter.yaml", book / "cscli.yaml")
    arguments = ("score", "accounts.xlsx", "-o", "out.csv", "--as-of")
    run(book, *arguments, "2026-10-24")
    run(book, *arguments, "2026-10-27")
    assert "2026-10-24" in run(book, "history").stdout
    run(book, *arguments, "2026-10-31", "--set", "metrics.seat_use.points.full=0.6")
    now = {row["account_id"]: row for row in rows_of_csv(book / "out.csv")}
    assert "replaced" in run(book, *arguments, "2026-10-24", "-v").stderr
    before = {row["account_id"]: row for row in rows_of_csv(book / "out.csv")}
    assert all(row["score_change"] == "" for row in before.values())
    changes = {
        key: float(now[key]["score"]) - float(before[key]["score"]) for key in now if before[key]["score"]
    }
    assert {key: round(change, 1) for key, change in changes.items()} == {
        key: float(now[key]["score_change"]) for key in changes
    }
    assert any(changes.values())


def test_no_history_leaves_none(book: Path) -> None:
    shutil.copy(CONFIGS / "starter.yaml", book / "cscli.yaml")
    score(book, "out.csv", "--no-history")
    assert not (book / ".cscli").exists()


@pytest.mark.slow
def test_names_never_become_formulas_or_markup(tmp_path: Path) -> None:
    names = ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "[/red]bold", "\x1b[31mred", "|pipe|", "<img src=x>"]
    lines = ["account_id,name,active_users,seats", *(f'A{i},"{name}",5,10' for i, name in enumerate(names))]
    (tmp_path / "accounts.csv").write_text("\n".join(lines), encoding="utf-8")
    result = run(tmp_path, "score", "accounts.csv", "--as-of", AS_OF, "-o", "out.xlsx")
    assert "\x1b" not in result.stdout + result.stderr
    sheet = load(tmp_path / "out.xlsx")["Accounts"]
    assert {str(cell.value)[0] for cell in sheet["B"][header_row(sheet) :] if cell.data_type != "s"} == set()
    run(tmp_path, "score", "accounts.csv", "--as-of", AS_OF, "-o", "out.csv")
    assert not [r for r in rows_of_csv(tmp_path / "out.csv") if r["name"][:1] in set("=+-@")]


@pytest.mark.slow
def test_a_failed_run_leaves_earlier_output_alone(book: Path) -> None:
    earlier = score(book, "out.csv").read_bytes()
    (book / "bad.csv").write_text("name\nAcme\n", encoding="utf-8")
    run(book, "score", "bad.csv", "--as-of", AS_OF, "-o", "out.csv", code=4)
    assert (book / "out.csv").read_bytes() == earlier
    assert [path.name for path in book.iterdir() if "tmp" in path.name] == []


def test_a_closed_pipe_is_no_error(book: Path) -> None:
    command = f"{sys.executable} -m cscli score accounts.xlsx --as-of {AS_OF} 2>/dev/null | head -1; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], cwd=book, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "0"


def test_a_full_disk_under_the_output_is_said(book: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "cscli", "score", "accounts.xlsx", "--as-of", AS_OF]
        result = subprocess.run(
            command, cwd=book, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert result.returncode == 5
    assert "Traceback" not in result.stderr


def test_a_folder_that_is_not_there_yet_is_made_and_gets_the_default_name(book: Path) -> None:
    run(book, "score", "accounts.xlsx", "--as-of", AS_OF, "-q", "-o", "reports/october/")
    assert (book / "reports" / "october" / "scored.xlsx").exists()
