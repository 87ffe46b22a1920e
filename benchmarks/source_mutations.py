"""Changes the source in small ways, one at a time, and counts how many changes the tests notice.
`python benchmarks/source_mutations.py [CHANGES] [SEED] [MODULE ...]` (200, 20261031, all): comparisons turned, numbers moved by one, `and` and
`or` exchanged, conditions negated, returned values dropped; in scoring, parsing, escaping, publishing and the outbox.
It forks: for Linux and macOS.
"""

import ast
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import duckdb  # noqa: F401 - here and below: loaded once, for every fork
import openpyxl  # noqa: F401
import pandas as pd  # noqa: F401
import pydantic  # noqa: F401
import pytest
import rich.console  # noqa: F401
import scipy.stats  # noqa: F401
import sqlalchemy  # noqa: F401
import typer  # noqa: F401

ROOT = Path(__file__).parents[1]
COUNT, SEED = 200, 20_261_031
TARGETS: dict[str, tuple[str, ...]] = {
    "analysis/scoring/health.py": ("tests/analysis/scoring", "tests/workflows/scores/test_scoring.py"),
    "normalizers.py": ("tests/test_normalizers.py",),
    "analysis/tables/numbers.py": ("tests/analysis/tables/test_numbers.py",),
    "analysis/tables/dates.py": (
        "tests/analysis/tables/test_dates.py",
        "tests/analysis/tables/test_conform.py",
    ),
    "config/secrets.py": ("tests/config/test_secrets.py", "tests/config/test_show.py"),
    "config/database_url.py": ("tests/config/test_secrets.py",),
    "render/text/delimited.py": (
        "tests/render/text/test_render_delimited.py",
        "tests/render/test_texts_in_files.py",
    ),
    "render/text/cells.py": ("tests/render/text", "tests/render/test_texts_in_files.py"),
    "workspace/publish.py": ("tests/render/test_publish.py", "tests/workspace/test_windows.py"),
    "workspace/staging.py": ("tests/workspace/test_staging.py",),
    "history/outgoing/outbox.py": ("tests/history/test_outbox.py",),
}
_SECONDS = 300
_TURNED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
           ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}  # fmt: skip
_OTHER = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


def changes(source: str) -> Iterator[tuple[int, str]]:
    """Every change of a module: its line, and the module after it."""
    total = sum(1 for _ in _places(ast.parse(source)))
    for number in range(total):
        tree = ast.parse(source)
        node, change = list(_places(tree))[number]
        line = change(node)
        yield line, ast.unparse(ast.fix_missing_locations(tree))


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, Callable[..., int]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in _TURNED:
            yield node, _turn
        elif isinstance(node, ast.BoolOp):
            yield node, _exchange
        elif isinstance(node, ast.BinOp) and type(node.op) in _OTHER:
            yield node, _compute_otherwise
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            yield node, _move
        elif isinstance(node, ast.If | ast.IfExp | ast.While):
            yield node, _negate


def _turn(node: ast.Compare) -> int:
    node.ops[0] = _TURNED[type(node.ops[0])]()
    return node.lineno


def _exchange(node: ast.BoolOp) -> int:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return node.lineno


def _compute_otherwise(node: ast.BinOp) -> int:
    node.op = _OTHER[type(node.op)]()
    return node.lineno


def _move(node: ast.Constant) -> int:
    node.value += 1
    return node.lineno


def _negate(node: ast.If) -> int:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return node.lineno


def is_noticed(copy: Path, tests: tuple[str, ...]) -> bool:
    """Whether a test fails, or does not come to an end. A fork runs them: the libraries are loaded once."""
    child = os.fork()
    if not child:
        _run_tests(copy, tests)
    begun = time.monotonic()
    while time.monotonic() < begun + _SECONDS:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _run_tests(copy: Path, tests: tuple[str, ...]) -> NoReturn:
    os.setpgid(0, 0)
    os.chdir(copy)
    os.environ |= {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    sys.path.insert(0, str(copy / "src"))
    nothing = os.open(os.devnull, os.O_RDWR)
    for handle in range(3):
        os.dup2(nothing, handle)
    code: int = 1
    try:
        options = (
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            "not postgres and not libreoffice and not spark",
        )
        code = int(pytest.main([*options, *tests]))
    finally:
        os._exit(code)


def what_changed(before: str, after: str) -> str:
    """The line before and after the change."""
    pairs = zip(ast.unparse(ast.parse(before)).splitlines(), after.splitlines(), strict=False)
    old, new = next((old, new) for old, new in pairs if old != new)
    return f"{old.strip()}  ->  {new.strip()}"


def main() -> None:
    """Prints how many changes were noticed, and those that were not."""
    given = [int(value) for value in sys.argv[1:3]]
    count, seed = (*given, *(COUNT, SEED)[len(given) :])
    only = sys.argv[3:] or list(TARGETS)
    every = [
        (name, line, changed)
        for name in only
        for line, changed in changes((ROOT / "src" / "cscli" / name).read_text(encoding="utf-8"))
    ]
    chosen = random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311 - not for secrets
    begun, survivors = time.perf_counter(), []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(
            ROOT, copy, ignore=shutil.ignore_patterns(".git", "__pycache__", ".venv*", ".*_cache")
        )
        for name in only:
            if is_noticed(copy, TARGETS[name]):
                sys.exit(f"the tests of {name} fail without a change")
        sys.dont_write_bytecode = True  # from here on modules are read as compiled, but for the changed ones
        for compiled in (copy / "src").rglob("*.pyc"):
            if any(Path(name).stem == compiled.name.split(".")[0] for name in only):
                compiled.unlink()
        for at, (name, line, changed) in enumerate(chosen, start=1):
            path = copy / "src" / "cscli" / name
            original = path.read_text(encoding="utf-8")
            path.write_text(changed, encoding="utf-8")
            if not is_noticed(copy, TARGETS[name]):
                survivors.append(f"{name}:{line}: {what_changed(original, changed)}")
            path.write_text(original, encoding="utf-8")
            print(f"{at}: {len(survivors)} not noticed", file=sys.stderr, flush=True)
    noticed = len(chosen) - len(survivors)
    print(
        f"{noticed} of {len(chosen)} changes (of {len(every)}) were noticed, in {time.perf_counter() - begun:,.0f} s"
    )
    print(*sorted(survivors), sep="\n")


if __name__ == "__main__":
    main()
