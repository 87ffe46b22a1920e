"""Changes the source in small ways, one at a time, and counts how many changes the tests notice.
`python benchmarks/source_mutations.py [CHANGES] [SEED]` (200, 20261031): comparisons turned, numbers moved by one, `and` and
`or` exchanged, conditions negated, returned values dropped; in scoring, parsing, escaping, publishing and the outbox.
"""

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

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
    "workspace/publish.py": ("tests/render/test_publish.py", "tests/workspace"),
    "workspace/staging.py": ("tests/workspace/test_staging.py",),
    "history/outbox.py": ("tests/history/test_outbox.py",),
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
    """Whether a test fails, or does not come to an end."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-m",
        "not postgres and not libreoffice",
        *tests,
    ]
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def main() -> None:
    """Prints how many changes were noticed, and those that were not."""
    given = [int(value) for value in sys.argv[1:3]]
    count, seed = (*given, *(COUNT, SEED)[len(given) :])
    every = [
        (name, line, changed)
        for name in TARGETS
        for line, changed in changes((ROOT / "src" / "cscli" / name).read_text(encoding="utf-8"))
    ]
    chosen = random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311 - not for secrets
    begun, survivors = time.perf_counter(), []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(
            ROOT, copy, ignore=shutil.ignore_patterns(".git", "__pycache__", ".venv*", ".*_cache")
        )
        for at, (name, line, changed) in enumerate(chosen, start=1):
            path = copy / "src" / "cscli" / name
            original = path.read_text(encoding="utf-8")
            path.write_text(changed, encoding="utf-8")
            if not is_noticed(copy, TARGETS[name]):
                survivors.append(f"{name}:{line}")
            path.write_text(original, encoding="utf-8")
            print(f"{at}: {len(survivors)} not noticed", file=sys.stderr, flush=True)
    noticed = len(chosen) - len(survivors)
    print(
        f"{noticed} of {len(chosen)} changes (of {len(every)}) were noticed, in {time.perf_counter() - begun:,.0f} s"
    )
    print(*sorted(survivors), sep="\n")


if __name__ == "__main__":
    main()
