"""Every error as its user sees it: each folder of tests/errors is an input and the expected text.

A folder holds `expected.txt`: `exit N`, then what stands on standard error. With `command.txt` (arguments, one
a line) the program runs in a copy of the folder; without, only the rules in `cscli.yaml` are judged, in this
process. With `earlier`, `cscli renewals` ran on the day of its `day.txt`, with the other files there in place of those of the same name.
`pytest --update-golden` writes the expected texts anew: read the difference before it is committed.
"""

import datetime as dt
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from books.latin import english_in, words_of
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import CscliError, ExitCode, Severity
from cscli.texts import Language, problem_line
from cscli.workflows import Request, renewals
from cscli.workspace.rules import find_rules
from places import TESTS

ERRORS = TESTS / "errors"
HEADERS = frozenset({"account_id", "name", "mrr", "seats", "active_users", "nps"})


def cases_of(*, starts: bool) -> list[Path]:
    """The folders with a command, or those without."""
    folders = sorted(path for path in ERRORS.iterdir() if path.is_dir())
    return [path for path in folders if (path / "command.txt").exists() == starts]


def cases() -> Iterator[object]:
    for path in sorted((*cases_of(starts=True), *cases_of(starts=False))):
        starts = (path / "command.txt").exists()
        yield pytest.param(path, id=path.name, marks=pytest.mark.slow if starts else ())


@pytest.mark.parametrize("case", list(cases()))
def test_the_error_reads_as_expected(case: Path, tmp_path: Path, update_golden: bool) -> None:
    found = run_program(case, tmp_path) if (case / "command.txt").exists() else judge_rules(case)
    expected = case / "expected.txt"
    if update_golden:
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")
    assert found.startswith("exit ")
    assert found.splitlines()[1:], "an error says something"


@pytest.mark.parametrize("case", cases_of(starts=False), ids=lambda path: path.name)
def test_in_japanese_no_english_is_left(case: Path) -> None:
    """Every Latin word is one of the rules that are wrong, or a name that stays."""
    said = judge_rules(case, "ja")
    assert english_in(said, inputs_of(case)) == set()


@pytest.mark.slow
@pytest.mark.parametrize("case", cases_of(starts=True), ids=lambda path: path.name)
def test_in_japanese_a_command_leaves_no_english(case: Path, tmp_path: Path) -> None:
    """The same of a whole program; words of its arguments and of every input are not ours."""
    said = run_program(case, tmp_path, "--lang=ja")
    assert english_in(said, inputs_of(case)) == set()


def inputs_of(case: Path) -> set[str]:
    """The words of everything that a case gives."""
    files = [path for path in case.rglob("*") if path.is_file() and path.name != "expected.txt"]
    names = [str(path.relative_to(case)) for path in files]
    texts = [part.decode("utf-8", errors="replace") for path in files for part in parts_of(path)]
    return words_of(*names, *texts) | {"exit", *(each.value for each in Severity)}


def parts_of(path: Path) -> list[bytes]:
    """The bytes of a file, of a workbook those of what is packed in it."""
    if not zipfile.is_zipfile(path):
        return [path.read_bytes()]
    with zipfile.ZipFile(path) as packed:
        return [packed.read(name) for name in packed.namelist()]


def run_program(case: Path, tmp_path: Path, *more: str) -> str:
    folder = tmp_path / "book"
    _copy(case, folder)
    if (case / "earlier").exists():
        _copy(case / "earlier", folder)
        _forecast(folder, dt.date.fromisoformat((case / "earlier" / "day.txt").read_text().strip()))
        _copy(case, folder)
    arguments = [*(case / "command.txt").read_text(encoding="utf-8").splitlines(), *more]
    done = _run(arguments, folder)
    messages = done.stderr.replace(str(folder), "BOOK")
    return f"exit {done.returncode}\n" + "".join(f"{line.rstrip()}\n" for line in messages.splitlines())


def _copy(case: Path, folder: Path) -> None:
    told = shutil.ignore_patterns("expected.txt", "command.txt", "earlier", "day.txt")
    shutil.copytree(case, folder, ignore=told, dirs_exist_ok=True)


def _forecast(folder: Path, day: dt.date) -> None:
    now = dt.datetime.combine(day, dt.time(1), dt.UTC)
    request = Request(rules=find_rules(None, folder), now=now, as_of=day)
    renewals(request, None, folder / "renewals.xlsx")


def _run(arguments: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "CSCLI_ALLOW_FUTURE": "",
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
        "COLUMNS": "200",
    }
    return subprocess.run(
        [sys.executable, "-m", "cscli", *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def judge_rules(case: Path, asked: Language | None = None) -> str:
    """What stops the rules of `case`; a case in Japanese says `language: ja`."""
    text = (case / "cscli.yaml").read_text(encoding="utf-8")
    language: Language = asked or ("ja" if "\nlanguage: ja" in text else "en")
    code = int(ExitCode.DONE)
    try:
        _, problems = settle(read_draft(text, "cscli.yaml"), Headers({"accounts": HEADERS}, complete=True))
    except CscliError as error:
        code, problems = int(error.exit_code), error.problems
    lines = [f"{problem.severity.value:<8} {problem_line(problem, language)}\n" for problem in problems]
    return f"exit {code}\n" + "".join(lines)
