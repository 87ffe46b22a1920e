"""A small share of the damaged files of `benchmarks/mutations.py`: no traceback, no hang, no silent loss."""

import importlib
from pathlib import Path

import pytest

from places import BENCHMARKS


@pytest.mark.slow
def test_damaged_files_are_read_whole_or_refused_or_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    outcome = importlib.import_module("mutations").run(150, 7, tmp_path)
    assert (outcome.tracebacks, outcome.hangs, outcome.silent) == ([], [], [])
    assert outcome.read > 20
    assert outcome.refused > 20
