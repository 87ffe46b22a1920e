"""The house rules, checked: layers, sizes, types, lint, and what starting up may load."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from places import ROOT, SOURCE

MODULES = sorted(SOURCE.rglob("*.py"))


def tool(name: str) -> str:
    """The program `name` of the environment that runs the tests."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert found, f"{name} is not installed: pip install -e '.[dev]'"
    return found


def functions(module: Path) -> Iterator[tuple[str, int]]:
    """Name and length in lines of every function of `module`."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{module.name}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize(
    "command",
    [
        ["lint-imports"],
        ["ruff", "check", "src", "tests", "benchmarks", "sample_data"],
        ["ruff", "format", "--check", "src", "tests", "benchmarks", "sample_data"],
        ["mypy"],
        ["mypy", "tests", "sample_data"],
    ],
    ids=["layers", "lint", "format", "types", "types of tests"],
)
def test_tools_find_nothing(command: list[str]) -> None:
    result = subprocess.run(
        [tool(command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_modules_are_short() -> None:
    lengths = {module: len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {str(module): length for module, length in lengths.items() if length > 300} == {}
    assert median(lengths.values()) <= 120


def test_functions_are_short() -> None:
    found = dict(entry for module in MODULES for entry in functions(module))
    assert {name: length for name, length in found.items() if length > 50} == {}
    assert sum(length < 25 for length in found.values()) >= 0.9 * len(found)


def test_no_module_is_named_for_nothing() -> None:
    vague = {"utils", "helpers", "common", "base", "misc"}
    assert [str(module) for module in MODULES if module.stem in vague] == []


@pytest.mark.parametrize("module", ["cscli.cli", "cscli.config.load"])
def test_starting_up_loads_nothing_heavy(module: str) -> None:
    heavy = ["pandas", "numpy", "duckdb", "openpyxl", "xlsxwriter", "sqlalchemy", "python_calamine", "scipy"]
    program = f"import sys, {module}; print(*sorted(set({heavy}) & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []


def test_only_the_command_line_reads_the_clock() -> None:
    clocks = ("datetime.now(", "date.today(", "time.time(", "utcnow(")
    readers = [m for m in MODULES if any(clock in m.read_text(encoding="utf-8") for clock in clocks)]
    assert [str(m.relative_to(SOURCE)) for m in readers if m.parent.name != "cli"] == []
