"""`cscli explain` and `cscli diff` as people run them: real processes, at 80 columns, in both languages, quiet, piped."""

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from places import SAMPLE

pytestmark = pytest.mark.slow  # nearly each test needs the book of two weeks


def run(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", *arguments]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1"}
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert result.returncode == code, result.stderr
    return result


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company under rules of its own, with two runs."""
    folder = tmp_path_factory.mktemp("book")
    shutil.copy(SAMPLE / "accounts_ja.csv", folder)
    run(folder, "init", "accounts_ja.csv")
    for day in ("2026-10-24", "2026-10-31"):
        run(folder, "score", "--as-of", day, "-q")
    return folder


def test_needs_no_config(tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "accounts_ja.csv", tmp_path)
    told = run(tmp_path, "explain", "A0012", "accounts_ja.csv", "--as-of", "2026-10-31").stdout
    assert "A0012" in told
    assert "Course" not in told
    assert not (tmp_path / ".cscli").exists()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_everything_fits_eighty_columns(book: Path, language: str) -> None:
    for command in (["explain", "A0012"], ["explain", "A0216"], ["diff"]):
        told = run(book, *command, "--lang", language).stdout
        assert told
        assert max(map(width, told.splitlines())) <= 80


def test_quiet_is_quiet_and_files_are_written(book: Path) -> None:
    for command, name in ((["explain", "A0012"], "explained"), (["diff"], "diff")):
        for suffix in ("json", "md", "xlsx", "csv"):
            done = run(book, *command, "-q", "-o", f"out/{name}.{suffix}")
            assert (done.stdout, done.stderr) == ("", "")
            assert (book / "out" / f"{name}.{suffix}").exists()
    explained = json.loads((book / "out" / "explained.json").read_text(encoding="utf-8"))["sheets"]
    (account,) = explained["account"]
    given = [row["contribution"] for row in explained["contributions"] if row["contribution"] is not None]
    assert sum(given) == pytest.approx(account["score_before_caps"], abs=1e-9)
    changed = json.loads((book / "out" / "diff.json").read_text(encoding="utf-8"))["sheets"]
    assert sum(row["accounts"] for row in changed["movements"]) >= len(changed["accounts"])


def test_a_stored_run_scored_again_gives_the_same_file(book: Path) -> None:
    """Under the rules of then, what is stored gives the scores that the exports gave."""
    run(book, "score", "--as-of", "2026-10-31", "-q", "-o", "one.json")
    run(book, "score", "--from-history", "-q", "-o", "other.json")
    one, other = (
        json.loads((book / name).read_text(encoding="utf-8"))["sheets"] for name in ("one.json", "other.json")
    )
    assert one == other


def test_an_account_is_explained_by_the_exports_as_by_what_was_stored(book: Path) -> None:
    """A metric that waits for its column counts in neither."""
    shown = []
    for source in ((), ("accounts_ja.csv",)):
        run(book, "explain", "A0176", *source, "--as-of", "2026-10-31", "-q", "-o", "e.json")
        (account,) = json.loads((book / "e.json").read_text(encoding="utf-8"))["sheets"]["account"]
        shown.append((account["score"], account["data_coverage"]))
    assert shown[0] == shown[1]
    run(book, "score", "--as-of", "2026-10-31", "-q", "-o", "s.json")
    accounts = json.loads((book / "s.json").read_text(encoding="utf-8"))["sheets"]["accounts"]
    assert [
        (row["score"], row["data_coverage"]) for row in accounts if row["account_id"] == "A0176"
    ] == shown[:1]
