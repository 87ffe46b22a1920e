"""Who has come onto the call list, as `cscli run` says it."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.acting.risk import list_calls
from cscli.analysis.acting.status import EarlierLists
from cscli.config.load import read_draft
from cscli.reports.actions.news import say_new
from cscli.reports.kit.context import Context

AS_OF = dt.date(2026, 10, 31)
RULES = """
version: 1
sources: {accounts: {file: a.csv}}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
"""
CONTEXT = Context(language="en", as_of=AS_OF, currency="JPY", config_digest="", inputs=(), problems=())
NAMES = ("Acme", "Beta", None, "Delta", "Echo")


def said(arr: list[float], language: str = "en", accounts: int = 5) -> str | None:
    """Of that many accounts, all at risk for the first time, with these ARRs."""
    frame = pd.DataFrame(
        {
            "account_id": [f"A{at}" for at in range(accounts)],
            "name": list(NAMES[:accounts]),
            "owner": None,
            "arr": np.array(arr[:accounts], dtype=np.float64),
            "band": "at_risk",
            "score": 20.0,
            "data_coverage": 1.0,
            "days_to_renewal": np.nan,
            "renews_on": pd.NaT,
        }
    )
    config = read_draft(RULES, "cscli.yaml").config
    assert config
    calls = list_calls(frame, config, AS_OF, EarlierLists())
    return say_new(frame, calls, replace(CONTEXT, language="ja" if language == "ja" else "en"))


@pytest.mark.parametrize(
    ("arr", "language", "expected"),
    [
        ([5e6, 4e6, 3e6, 2e6, 1e6], "en", "5 new on the call list with ¥15M ARR: Acme (¥5M), Beta (¥4M), A2 (¥3M), 2 more"),
        (
            [5e6, 4e6, 3e6, 2e6, 1e6], "ja",
            "新たに要対応となった顧客: 5社、ARR 1,500万円（Acme 500万円、Beta 400万円、A2 300万円、他2社）",
        ),
        ([5e6, np.nan], "en", "2 new on the call list with ¥5M ARR: Acme (¥5M), Beta"),
        ([np.nan, np.nan], "en", "2 new on the call list: Acme, Beta"),
    ],
)  # fmt: skip
def test_it_names_accounts_and_money(arr: list[float], language: str, expected: str) -> None:
    """Oracle: by hand. One without a name is named by its id; money that is missing is not 0."""
    assert said(arr, language, len(arr)) == expected


def test_nobody_is_no_sentence() -> None:
    assert said([], accounts=0) is None
