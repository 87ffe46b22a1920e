"""A share of the kills of `benchmarks/outreach_kills.py`, whose oracle is a mail server that counts."""

import importlib

import pytest

from places import BENCHMARKS


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_no_kill_makes_a_double_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    tally = importlib.import_module("outreach_kills").run_kills(20, 7)
    assert (tally.double, tally.opted_out, tally.unsettled, tally.lost) == ([], [], [], [])
    assert tally.kills == 20
    assert tally.too_late < 20
    assert tally.mails > 50
    assert tally.files > 20
