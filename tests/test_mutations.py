"""A small share of the damaged files of `benchmarks/mutations.py`: no traceback, no hang, no silent loss."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_damaged_files_are_read_whole_or_refused_or_said(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import mutations  # noqa: PLC0415 - a script, not a package
    finally:
        sys.path.pop(0)
    outcome = mutations.run(150, 7, tmp_path)
    assert (outcome.tracebacks, outcome.hangs, outcome.silent) == ([], [], [])
    assert outcome.read > 20
    assert outcome.refused > 20
