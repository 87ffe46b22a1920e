"""A small share of the made exports of `benchmarks/made_exports.py`: no figure is wrong and quiet."""

import importlib
from pathlib import Path

import pytest

from places import BENCHMARKS


@pytest.mark.whole
def test_no_figure_of_a_made_export_is_wrong_and_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    outcome = importlib.import_module("made_exports").run(32, tmp_path)
    assert (outcome.quiet, outcome.tracebacks) == ([], [])
    assert sum(outcome.counts.values()) == 32
