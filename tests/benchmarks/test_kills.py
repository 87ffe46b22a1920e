"""A small share of the kills of `benchmarks/kills.py`: nothing that people typed is ever lost."""

import importlib
from pathlib import Path

import pytest

from places import BENCHMARKS


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_every_typed_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    outcome = importlib.import_module("kills").run(10, 7, tmp_path)
    assert outcome.lost == []
    assert outcome.before + outcome.after == 10
