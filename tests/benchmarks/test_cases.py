"""Every shared case of a real export gives what it must; see `benchmarks/case_table.py`."""

import importlib
from pathlib import Path

import pytest

from places import BENCHMARKS, needs_shared_data

OPEN: set[str] = set()
"""Cases of which it is known that they do not hold yet."""


@needs_shared_data
@pytest.mark.slow
def test_every_case_gives_what_it_must(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    cases = importlib.import_module("cases")
    failed = {}
    for number, case in enumerate(cases.CASES):
        place = tmp_path / str(number)
        place.mkdir()
        result = cases.run_case(case, place)
        if result.faults and case.folder not in OPEN:
            failed[f"{case.folder} {case.file}"] = result.faults
    assert failed == {}


@needs_shared_data
def test_the_table_knows_every_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    table = importlib.import_module("case_table")
    known = {case.folder for case in table.CASES} | set(table.ELSEWHERE)
    cases = importlib.import_module("cases")
    assert {path.name for path in cases.SHARED.iterdir() if path.is_dir()} <= known
