"""Every error as its user sees it: each folder of tests/errors is an input and the expected text.

A folder holds `expected.txt`: `exit N`, then what stands on standard error. With `command.txt` (arguments, one
a line) the program runs in a copy of the folder; without, only the rules in `cscli.yaml` are judged, in this
process. `pytest --update-golden` writes the expected texts anew: read the difference before it is committed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import CscliError, ExitCode
from cscli.texts import Language, problem_line
from places import TESTS

ERRORS = TESTS / "errors"
HEADERS = frozenset({"account_id", "name", "mrr", "seats", "active_users", "nps"})


def cases() -> Iterator[object]:
    for path in sorted(path for path in ERRORS.iterdir() if path.is_dir()):
        starts = (path / "command.txt").exists()
        yield pytest.param(path, id=path.name, marks=pytest.mark.whole if starts else ())


@pytest.mark.parametrize("case", list(cases()))
def test_the_error_reads_as_expected(case: Path, tmp_path: Path, update_golden: bool) -> None:
    found = run_program(case, tmp_path) if (case / "command.txt").exists() else judge_rules(case)
    expected = case / "expected.txt"
    if update_golden:
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")
    assert found.startswith("exit ")
    assert found.splitlines()[1:], "an error says something"


def run_program(case: Path, tmp_path: Path) -> str:
    folder = tmp_path / "book"
    shutil.copytree(case, folder, ignore=shutil.ignore_patterns("expected.txt", "command.txt"))
    arguments = (case / "command.txt").read_text(encoding="utf-8").splitlines()
    environment = {
        **os.environ,
        "CSCLI_ALLOW_FUTURE": "",
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
        "COLUMNS": "200",
    }
    done = subprocess.run(
        [sys.executable, "-m", "cscli", *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    messages = done.stderr.replace(str(folder), "BOOK")
    return f"exit {done.returncode}\n" + "".join(f"{line.rstrip()}\n" for line in messages.splitlines())


def judge_rules(case: Path) -> str:
    """What stops the rules of `case`; a case in Japanese says `language: ja`."""
    text = (case / "cscli.yaml").read_text(encoding="utf-8")
    language: Language = "ja" if "\nlanguage: ja" in text else "en"
    code = int(ExitCode.DONE)
    try:
        _, problems = settle(read_draft(text, "cscli.yaml"), Headers({"accounts": HEADERS}, complete=True))
    except CscliError as error:
        code, problems = int(error.exit_code), error.problems
    lines = [f"{problem.severity.value:<8} {problem_line(problem, language)}\n" for problem in problems]
    return f"exit {code}\n" + "".join(lines)
