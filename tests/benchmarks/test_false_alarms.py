"""Warnings and errors on the real exports of others. Oracle: the ids counted from the cells, and `oracles/alarms.csv`, by hand."""

import importlib

import pytest

from places import BENCHMARKS, SHARED_DATA, needs_shared_data


@needs_shared_data
@pytest.mark.slow
def test_every_warning_on_a_real_export_holds_by_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    module = importlib.import_module("false_alarms")
    found = list(module.alarms(SHARED_DATA))
    assert [each for each in found if each.why is None] == []
    told = {(each.set, each.file, each.code, each.told) for each in found}
    assert set(module._reasons()) <= told, "a reason is given for what is not told any more"
