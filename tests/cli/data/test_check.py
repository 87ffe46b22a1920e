"""`cscli check` as people run it: on sample_data, whose README lists the dirt that was planted, and on small wrong files."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import pytest

from places import SAMPLE

PRESET = ("-c", "coverage-database-activity")
Rows = list[dict[str, Any]]
Checked = Callable[[str], dict[str, Any]]


def run(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", "check", "--as-of", "2026-10-31", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == code, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """The report on an accounts file of the sample company with the other exports beside it."""
    folder = tmp_path_factory.mktemp("checked")
    found: dict[str, dict[str, Any]] = {}

    def check(name: str) -> dict[str, Any]:
        if name not in found:
            output = folder / f"{name}.json"
            run(SAMPLE, name, *PRESET, "-o", str(output), "-q")
            found[name] = json.loads(output.read_text(encoding="utf-8"))
        return found[name]

    return check


def column(report: dict[str, Any], source: str, name: str) -> dict[str, Any]:
    (found,) = [
        row for row in report["sheets"]["columns"] if row["source"] == source and row["column"] == name
    ]
    return dict(found)


def source_row(report: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [row for row in report["sheets"]["sources"] if row["source"] == name]
    return dict(found)


def messages(report: dict[str, Any], file: str) -> list[str]:
    return [each["message"] for each in report["problems"] if each["file"] == file]


# Each test below is one line of the table "Planted dirt" in sample_data/README.md, with the counts that it gives.


@pytest.mark.parametrize("name", ["accounts.xlsx", "accounts_ja.csv"])
def test_shows_the_duplicate_and_the_total(checked: Checked, name: str) -> None:
    report = checked(name)
    accounts = source_row(report, "accounts")
    assert (accounts["rows"], accounts["rows_dropped"]) == (241, 2)
    assert accounts["dropped_why"] == "1 total, 1 duplicate"
    said = messages(report, name)
    assert any(message.startswith("The account A0012 stands twice") for message in said)
    assert "The last row is a total; it was left out" in said


@pytest.mark.parametrize("name", ["accounts.xlsx", "accounts_ja.csv"])
def test_shows_the_mrr_that_reads_n_a_and_the_full_width_ones(checked: Checked, name: str) -> None:
    mrr = column(checked(name), "accounts", "mrr")
    assert mrr["filled"] == 240
    assert "Cells read as missing: 1 (n/a)" in mrr["assumed"]
    assert "Numbers in full-width digits: 2 (４０，８００)" in mrr["assumed"]


def test_shows_text_among_excel_values(checked: Checked) -> None:
    report = checked("accounts.xlsx")
    assert "Numbers that stand as text: 2" in column(report, "accounts", "mrr")["assumed"]
    started = column(report, "accounts", "started_on")
    assert started["assumed"] == "Dates that stand as text among real dates: 1 (2021/12/01)"
    assert started["filled"] == 241


@pytest.mark.parametrize("name", ["accounts.xlsx", "accounts_ja.csv"])
def test_shows_the_account_without_usage(checked: Checked, name: str) -> None:
    report = checked(name)
    for field in ("active_users", "logins", "last_login_on", "usage_minutes"):
        assert column(report, "accounts", field)["filled"] == 240
    usage = source_row(report, "usage")
    assert (usage["accounts_without_rows"], usage["mrr_without_rows"]) == (1, 88_200)
    assert any("(A0017)" in message for message in messages(report, "usage.csv"))


@pytest.mark.parametrize("name", ["accounts.xlsx", "accounts_ja.csv"])
def test_shows_how_much_of_nps_and_csat_is_blank(checked: Checked, name: str) -> None:
    nps, csat = (column(checked(name), "accounts", field) for field in ("nps", "csat"))
    assert nps["filled_share"] == pytest.approx(0.57, abs=0.01)  # "about 43 % blank"
    assert csat["filled_share"] == pytest.approx(0.53, abs=0.01)


def test_shows_the_forms_of_the_japanese_file(checked: Checked) -> None:
    report = checked("accounts_ja.csv")
    assert source_row(report, "accounts")["encoding"] == "cp932"
    assert "Numbers in full-width digits: 3" in column(report, "accounts", "seats")["assumed"]
    assert "Numbers with a currency sign: 238 (￥37,600)" in column(report, "accounts", "mrr")["assumed"]
    started = column(report, "accounts", "started_on")["assumed"]
    assert started == "Dates stand in 2 forms: 2021/5/21 (207 times), 2021年6月1日 (34 times); all were read"


@pytest.mark.parametrize(
    ("file", "source", "ids", "rows"), [("usage.csv", "usage", 3, 4), ("tickets.csv", "tickets", 2, 2)]
)
def test_shows_ids_without_an_account(checked: Checked, file: str, source: str, ids: int, rows: int) -> None:
    report = checked("accounts.xlsx")
    found = source_row(report, source)
    assert (found["ids_without_account"], found["rows_without_account"]) == (ids, rows)
    assert any(f"Ids that match no account: {ids}, in {rows} rows" in m for m in messages(report, file))


def test_shows_the_ids_with_a_trailing_space(checked: Checked) -> None:
    assumed = column(checked("accounts.xlsx"), "usage", "account_id")["assumed"]
    assert assumed == "36 ids had spaces or full-width characters, which were normalised"


def test_says_how_each_column_was_mapped(checked: Checked) -> None:
    report = checked("accounts.xlsx")
    how = {row["header"]: row["how"] for row in report["sheets"]["columns"] if row["source"] == "tickets"}
    assert (how["Organisation"], how["Topic"]) == ("config", "not_used")
    assert column(report, "accounts", "mrr")["how"] == "known_header"
    assert column(report, "usage", "month")["how"] == "config"
    seats = column(report, "accounts", "seats")
    assert (seats["type"], seats["min"], seats["max"], seats["example"]) == ("number", "5", "928", "16")


def cells(line: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line)


@pytest.mark.parametrize(("name", "language"), [("accounts.xlsx", "en"), ("accounts_ja.csv", "ja")])
def test_fits_80_columns(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = run(SAMPLE, name, *PRESET, "--lang", language).stdout
    assert max(cells(line) for line in shown.splitlines()) <= 80
    for header in ("Distinct", "Max") if language == "en" else ("種類", "最大"):
        assert header in shown
    assert ("指摘事項" in shown) == (language == "ja")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xlsx", "md", "csv"])
def test_writes_every_form(tmp_path: Path, suffix: str) -> None:
    output = tmp_path / f"check.{suffix}"
    run(SAMPLE, "accounts.xlsx", "-c", "starter", "-o", str(output))
    assert output.stat().st_size > 100


@pytest.mark.slow
def test_further_exports_are_looked_at_on_their_own(tmp_path: Path) -> None:
    output = tmp_path / "check.json"
    run(SAMPLE, "usage.csv", "survey.csv", "accounts.xlsx", "-c", "starter", "-o", str(output), "-q")
    report = json.loads(output.read_text(encoding="utf-8"))
    read = {row["source"]: (row["file"], row["read"]) for row in report["sheets"]["sources"]}
    named = {name: read[name] for name in ("accounts", "usage", "survey")}
    assert named == {
        "accounts": ("accounts.xlsx", "yes"),
        "usage": ("usage.csv", "yes"),
        "survey": ("survey.csv", "yes"),
    }


RULES = """\
version: 1
sources:
  accounts: {file: accounts.csv}
  tickets: {file: tickets.csv, kind: rows, rollup: {tickets: count(*)}}
metrics:
  nps: {value: nps, points: {kind: linear, zero: 0, full: 10}}
scorecards:
  - {name: all, groups: {one: {weight: 1, metrics: {nps: 1}}}}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("account_id,nps\nA1,9\nA2,4\n", encoding="utf-8")
    (tmp_path / "tickets.csv").write_text("account_id,kind\nA1,x\nA2,y\n", encoding="utf-8")
    return tmp_path


def test_ends_0_without_findings(small: Path) -> None:
    run(small, "--fail-on", "warning")
    assert not (small / ".cscli").exists(), "a check stores nothing"
    assert not (small / "out").exists()


@pytest.mark.slow
def test_ends_10_for_findings_of_that_severity(small: Path) -> None:
    (small / "accounts.csv").write_text("account_id,nps\nA1,9\nA1,9\nA2,4\n", encoding="utf-8")
    run(small)
    run(small, "--fail-on", "error")  # the same row twice is a warning
    run(small, "--fail-on", "warning", code=10)
    run(small, "--fail-on", "error", "--fail-on", "warning", code=10)
    (small / "accounts.csv").write_text("account_id,nps\nA1,9\nA1,8\nA2,4\n", encoding="utf-8")
    run(small, code=0)
    run(small, "--fail-on", "error", code=10)


def test_a_wrong_config_ends_3_and_the_exports_are_still_shown(small: Path) -> None:
    (small / "cscli.yaml").write_text(RULES.replace("value: nps", "value: nsp"), encoding="utf-8")
    shown = run(small, code=3).stdout
    assert "cscli.yaml:6" in shown
    assert "accounts.csv" in shown
    (small / "cscli.yaml").write_text(RULES.replace("weight: 1,", "wieght: 1,"), encoding="utf-8")
    assert "accounts.csv" in run(small, "--fail-on", "warning", code=3).stdout


@pytest.mark.slow
def test_an_export_that_cannot_be_read_ends_as_a_score_would_and_the_others_are_checked(small: Path) -> None:
    (small / "accounts.csv").write_text("account_id,nps\nA1,9\nA1,8\n", encoding="utf-8")
    (small / "tickets.csv").write_bytes(b"")
    shown = run(small, code=4).stdout
    assert "The file is empty" in shown
    assert "The account A1 stands twice" in shown
    (small / "tickets.csv").unlink()
    assert "There is no file" in run(small, "--fail-on", "error", code=5).stdout


@pytest.mark.slow
def test_an_export_without_ids_or_with_undecided_dates_ends_4_and_is_shown(small: Path) -> None:
    (small / "tickets.csv").write_text("who,kind\nA1,x\n", encoding="utf-8")
    shown = run(small, code=4).stdout
    assert "No column is the account's id" in shown
    assert "kind" in shown
    (small / "tickets.csv").write_text("account_id,at\nA1,1/2/2026\nA2,3/4/2026\n", encoding="utf-8")
    assert "fit both orders" in run(small, code=4).stdout


def test_score_ends_10_with_its_output_written(small: Path) -> None:
    (small / "accounts.csv").write_text("account_id,nps\nA1,9\nA1,8\nA2,4\n", encoding="utf-8")
    command = [sys.executable, "-m", "cscli", "score", "--as-of", "2026-10-31", "--fail-on", "error"]
    result = subprocess.run(command, cwd=small, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 10, result.stderr
    assert (small / "out" / "scored.xlsx").exists()
