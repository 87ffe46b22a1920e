"""A small share of the signals of `benchmarks/run_signals.py`: every run ends as its signal says, or whole."""

import importlib
from pathlib import Path

import pytest

from places import BENCHMARKS


@pytest.mark.slow
def test_a_signal_at_any_moment_ends_the_run_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    outcome = importlib.import_module("run_signals").run(6, 50_000, 7, tmp_path)
    assert outcome.lost == []
    assert outcome.codes.total() == 6
