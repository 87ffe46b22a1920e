"""The house rules, checked: layers, sizes, types, lint, and what starting up may load."""

import ast
import importlib
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from places import ROOT, SOURCE, TESTS

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
        pytest.param(["mypy"], marks=pytest.mark.slow),
        pytest.param(["mypy", "tests", "sample_data"], marks=pytest.mark.slow),
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


def records(module: Path) -> Iterator[tuple[str, int, str]]:
    """Name, number of fields and decorator of every dataclass of `module`, with KW_ONLY where the body says so."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            fields = [ast.unparse(part.annotation) for part in node.body if isinstance(part, ast.AnnAssign)]
            marks = [ast.unparse(mark) for mark in node.decorator_list if "dataclass" in ast.unparse(mark)]
            if marks:
                size = sum("ClassVar" not in field and field != "KW_ONLY" for field in fields)
                yield f"{module.name}:{node.lineno} {node.name}", size, " ".join(marks + fields)


def test_large_records_are_made_by_keyword() -> None:
    """What stands fifth is not seen at the call; only the code of a problem is, which says what it is."""
    found = [record for module in MODULES for record in records(module)]
    assert len(found) > 200
    assert [
        name
        for name, size, said in found
        if size > 4 and "kw_only=True" not in said and "KW_ONLY" not in said
    ] == []


LOOSE = re.compile(r"\b(?:dict|Mapping|MutableMapping)\[[^\[\]]*\bAny\b")


def public_annotations(module: Path) -> Iterator[tuple[str, str]]:
    """What is open to other modules, and its annotation: parameters, results, fields, names for types."""
    waiting: list[ast.stmt] = ast.parse(module.read_text(encoding="utf-8")).body.copy()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            waiting += node.body
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            arguments = (each for each in ast.walk(node.args) if isinstance(each, ast.arg))
            for each in (*(argument.annotation for argument in arguments), node.returns):
                yield node.name, ast.unparse(each) if each else ""
        elif isinstance(node, ast.AnnAssign) and not ast.unparse(node.target).startswith("_"):
            yield ast.unparse(node.target), ast.unparse(node.annotation)
        elif isinstance(node, ast.Assign) and not ast.unparse(node.targets[0]).startswith("_"):
            yield ast.unparse(node.targets[0]), ast.unparse(node.value)


def test_no_loose_mapping_crosses_a_module() -> None:
    """Facts are fields: what comes from JSON is an `object` until its one reader has looked at it."""
    every = [(module, *entry) for module in MODULES for entry in public_annotations(module)]
    assert len(every) > 3_000
    assert [f"{module.name} {name}: {said}" for module, name, said in every if LOOSE.search(said)] == []


TOLD = {"text", "problem_message", "problem_hint", "place_text", "problem_line"}


def readings_of_texts(module: Path) -> Iterator[str]:
    """Calls that turn words for people back into numbers or parts of them."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and re.fullmatch(
            r"int|float|re\.\w+|.*\.(?:split|match|search)", ast.unparse(node.func)
        ):
            inside = [
                call
                for part in (node.func, *node.args)
                for call in ast.walk(part)
                if isinstance(call, ast.Call)
            ]
            if any(ast.unparse(call.func) in TOLD for call in inside):
                yield f"{module.name}:{node.lineno}"


def test_nothing_is_read_out_of_words_for_people() -> None:
    assert [place for module in MODULES for place in readings_of_texts(module)] == []


def test_workbooks_of_others_are_read_in_the_bounded_process_alone() -> None:
    """A foreign reader may end its process, or never end; what a run compares is its own, by its hash."""
    reader = re.compile(r"^\s*(?:from|import) (?:python_calamine|openpyxl)\b", re.MULTILINE)
    found = {
        module.relative_to(SOURCE).as_posix()
        for module in MODULES
        if reader.search(module.read_text("utf-8"))
    }
    assert {name for name in found if not name.startswith("sources/workbooks/")} == {"render/compare.py"}
    assert found >= {"sources/workbooks/grid.py", "sources/workbooks/openpyxl_reader.py"}


def test_functions_are_short() -> None:
    found = dict(entry for module in MODULES for entry in functions(module))
    assert {name: length for name, length in found.items() if length > 50} == {}
    assert sum(length < 25 for length in found.values()) >= 0.9 * len(found)
    assert median(found.values()) <= 8


def test_folders_hold_what_one_sees_at_a_glance() -> None:
    """Modules beside `__init__`. A language's catalogue has one for each topic, however many there are."""
    counts = Counter(module.parent.relative_to(SOURCE) for module in MODULES if module.stem != "__init__")
    assert {
        str(folder): count
        for folder, count in counts.items()
        if count > 14 and folder.parts[:1] != ("texts",)
    } == {}


def test_every_test_asserts() -> None:
    """In its own body, or in a function of the tests that it calls."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(TESTS.rglob("*.py"))]
    found = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    asserting = {"raises", "fail"}
    for _ in range(3):  # a test may call a function that calls one that asserts
        asserting |= {
            node.name for node in found if not node.name.startswith("test_") and asserts(node, asserting)
        }
    assert [
        node.name for node in found if node.name.startswith("test_") and not asserts(node, asserting)
    ] == []


def asserts(function: ast.FunctionDef, asserting: set[str]) -> bool:
    """Whether the function asserts, or calls one of those that do."""
    calls = (ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call))
    called = {call.split(".")[-1] for call in calls}
    return (
        any(isinstance(node, ast.Assert) for node in ast.walk(function))
        or not called.isdisjoint(asserting)
        or any(name.startswith("assert_") for name in called)
    )


def test_no_module_is_named_for_nothing() -> None:
    vague = {"utils", "helpers", "common", "base", "misc"}
    assert [str(module) for module in MODULES if module.stem in vague] == []


@pytest.mark.parametrize("module", ["cscli.cli", "cscli.config.load"])
def test_starting_up_loads_nothing_heavy(module: str) -> None:
    heavy = ["pandas", "numpy", "duckdb", "openpyxl", "xlsxwriter", "sqlalchemy", "python_calamine", "scipy"]
    program = f"import sys, {module}; print(*sorted(set({heavy}) & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []


@pytest.mark.parametrize("package", ["cscli.sources", "cscli.workflows"])
def test_no_module_has_the_name_of_what_its_package_loads_when_asked(package: str) -> None:
    """Whoever imports such a module first would get it instead of the function."""
    loaded = importlib.import_module(package)
    modules = {module.name for module in pkgutil.iter_modules(loaded.__path__)}
    assert modules & set(loaded.__all__) == set()


def test_only_the_command_line_reads_the_clock() -> None:
    clocks = ("datetime.now(", "date.today(", "time.time(", "utcnow(")
    readers = [m for m in MODULES if any(clock in m.read_text(encoding="utf-8") for clock in clocks)]
    assert [str(m.relative_to(SOURCE)) for m in readers if m.relative_to(SOURCE).parts[0] != "cli"] == []
