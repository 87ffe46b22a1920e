"""What the READMEs tell people to type, typed: in a copy of the repository, with an environment made anew."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from cscli.cli import app
from places import ROOT

READMES = ("README.md", "README.ja.md")
KEPT = ("src", "configs", "sample_data", "tests", "docs", "benchmarks")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),  # openpyxl, of data bars
]


def commands(readme: str, mark: str) -> list[str]:
    """The lines of the shell blocks that follow `<!-- mark -->`."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    blocks = re.findall(rf"<!-- {mark} -->\n```sh\n(.*?)```", text, flags=re.DOTALL)
    assert blocks, f"{readme} has no block {mark}"
    return [line for block in blocks for line in block.splitlines()]


def test_pages_name_commands_that_there_are() -> None:
    """Those of a year in both languages, those of the coverage page: each command stands on each page."""
    known = {command.name for command in app.registered_commands} | {
        group.name for group in app.registered_groups
    }
    for page in ("year.md", "year.ja.md", "coverage.md"):
        named = set(re.findall(r"`cscli ([a-z][a-z-]+)", (ROOT / "docs" / page).read_text(encoding="utf-8")))
        assert named <= known, page
        assert len(named) >= 20, page


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository without anything that was made in it."""
    folder = tmp_path_factory.mktemp("checkout") / "cscli"
    folder.mkdir()
    for name in KEPT:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file() and path.name != "cscli.yaml":
            shutil.copy(path, folder)
    return folder


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "VIRTUAL_ENV"))
    }
    result = subprocess.run(
        ["bash", "-c", command], cwd=folder, env={**variables, **environment}, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result


def test_first_command_scores_the_sample(checkout: Path) -> None:
    """Oracle: the number of live accounts that the sample data's own description gives."""
    (command,) = commands("README.md", "run")
    result = run(command, checkout)
    assert "of 166 accounts" in result.stdout
    sheet = openpyxl.load_workbook(checkout / "out" / "scored.xlsx")["Accounts"]
    assert sheet.max_row == 1 + 166


def test_the_japanese_command_scores_the_twin(checkout: Path) -> None:
    (command,) = commands("README.ja.md", "run")
    assert "166 社" in run(command, checkout).stdout


def test_tours_work_line_by_line(checkout: Path, tmp_path: Path) -> None:
    path = f"{checkout}/.venv/bin:{os.environ['PATH']}"
    for readme in READMES:
        folder = tmp_path / readme
        folder.mkdir()
        shutil.copytree(checkout / "sample_data", folder / "sample_data")
        for command in commands(readme, "tour"):
            run(command, folder, PATH=path)
    assert (tmp_path / "README.md" / "scores.json").exists()
    assert (tmp_path / "README.ja.md" / ".cscli" / "history.db").exists()


def test_every_line_of_the_coverage_page_works(checkout: Path, tmp_path: Path) -> None:
    """In the order of the page, in the workspace that it makes first."""
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    (first,) = re.findall(r"```sh\n(cscli init [^`]*)```", page)
    lines = re.findall(r"\| `(cscli [^`]+)` \|$", page, flags=re.MULTILINE)
    assert len(lines) > 20
    path = f"{checkout}/.venv/bin:{os.environ['PATH']}"
    run(first, tmp_path, PATH=path)
    for line in lines:
        run(line, tmp_path / "try", PATH=path)


def test_test_command_sets_up_and_passes(checkout: Path) -> None:
    """One quick file shows that the set-up is whole."""
    (command,) = commands("README.md", "test")
    assert commands("README.ja.md", "test") == [command]
    result = run(command, checkout, PYTEST_ADDOPTS="tests/test_normalizers.py")
    assert re.search(r"\d+ passed", result.stdout)
