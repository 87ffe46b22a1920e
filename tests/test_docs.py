"""What the READMEs tell people to type, typed: in a copy of the repository, with an environment made anew."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from books.opened import table_rows
from cscli.cli import make_app
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
    known = {command.name for command in make_app().registered_commands} | {
        group.name for group in make_app().registered_groups
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
    assert len(table_rows(sheet)) == 1 + 166


def test_the_japanese_command_scores_the_twin(checkout: Path) -> None:
    (command,) = commands("README.ja.md", "run")
    assert "166社" in run(command, checkout).stdout


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


def blocks(page: str) -> list[tuple[str, str]]:
    """The blocks of a page, commands and what they print, in their order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"```(sh|text)\n(.*?)```", text, flags=re.DOTALL)


@pytest.fixture(scope="module")
def tour(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where the first commands of the page of the proof have taken in the exports of eighteen months, and what they printed."""
    folder = tmp_path_factory.mktemp("proof")
    shutil.copytree(checkout / "sample_data", folder / "sample_data")
    return folder, run_block(blocks("docs/proof.md")[0][1], folder)


@pytest.mark.parametrize("page", ["docs/proof.md", "docs/proof.ja.md"])
def test_a_page_of_the_proof_prints_what_it_says(tour: tuple[Path, str], page: str) -> None:
    """Each line of a block `text` stands in what the commands above it print. The exports are taken in once, for both pages."""
    folder, printed = tour
    (_, first), *rest = blocks(page)
    assert first.replace(" --lang ja", "") == blocks("docs/proof.md")[0][1]
    told = rest if page == "docs/proof.md" else rest[1:]  # what taking in prints is read in English
    lines = 0
    for kind, block in told:
        if kind == "sh":
            printed = run_block(block, folder)
            continue
        for line in block.splitlines():
            assert flat(line) in printed, line
            lines += 1
    assert lines >= 7


@pytest.mark.parametrize("name", ["first-monday", "ltv"])
@pytest.mark.parametrize("language", ["", ".ja"])
def test_a_page_by_example_prints_what_it_says(tmp_path: Path, name: str, language: str) -> None:
    """Each line of a block `text` stands in what the page's commands have printed so far."""
    printed, lines = "", 0
    for kind, block in blocks(f"docs/{name}{language}.md"):
        if kind == "sh":
            printed += run_block(block, tmp_path)
            continue
        for line in block.splitlines():
            assert flat(line) in printed, line
            lines += 1
    assert lines >= 14


@pytest.mark.parametrize("name", ["first-monday", "ltv", "proof"])
def test_a_page_in_japanese_has_the_commands_of_the_english_one(name: str) -> None:
    """Oracle: the English page, apart from the language asked for and the words that are looked for."""
    pages = (
        [re.sub(r' --lang ja|"(FY2026|2026年度)"', "", block) for kind, block in blocks(page) if kind == "sh"]
        for page in (f"docs/{name}.md", f"docs/{name}.ja.md")
    )
    english, japanese = pages
    assert english == japanese


def run_block(block: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return flat(run(f"set -e\n{block}", folder, PATH=path, COLUMNS="100").stdout)


def flat(text: str) -> str:
    """Without blanks and line ends, which the width of a terminal decides."""
    return "".join(text.split())
