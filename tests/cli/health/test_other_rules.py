"""`cscli plan` as people run it. Oracle: the reference tables of the proof (each set of rules scored by itself), and back-tests
of each set of rules by themselves.
"""

import datetime as dt
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from books.leaving_book import write_book
from books.small_book import cscli, make_book
from cscli.errors import ConfigError, CscliError, DataError, UsageError
from cscli.workflows import BacktestOptions, Request, backtest, plan, score
from cscli.workspace.rules import find_rules
from oracles.proof import PROOF, quantities, table

MEASURES = {
    "accounts_moved": "accounts that change band",
    "arr_moved": "their ARR",
    "newly_lowest": "newly at_risk",
    "no_longer_lowest": "no longer at_risk",
    "arr_newly_lowest": "ARR newly at_risk",
    "arr_no_longer_lowest": "ARR no longer at_risk",
    "order_kept": "kendall tau-b of the two orders",
    "mean_change": "mean change",
}


def asked(folder: Path, *overrides: str) -> Request:
    now = dt.datetime(2026, 6, 30, 7, tzinfo=dt.UTC)
    return Request(rules=find_rules(None, folder), now=now, overrides=overrides)


def planned(folder: Path, new: str | None, *overrides: str) -> dict[str, Any]:
    rules = find_rules(new, folder) if new else None
    report = plan(asked(folder, *overrides), rules, folder / "p.json").report
    found: dict[str, Any] = json.loads((folder / "p.json").read_text(encoding="utf-8"))
    return {**found, "headline": report.headline}


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    shutil.copy(PROOF / "plan_accounts.csv", tmp_path)
    shutil.copy(PROOF / "plan_old.yaml", tmp_path / "cscli.yaml")
    shutil.copy(PROOF / "plan_new.yaml", tmp_path / "new.yaml")
    return tmp_path


def test_moves_accounts_and_summary_of_the_reference(reference: Path) -> None:
    sheets = planned(reference, "new.yaml")["sheets"]
    moves = pd.DataFrame(sheets["moves"])[["band_from", "band_to", "accounts", "arr"]]
    pd.testing.assert_frame_equal(
        moves.astype({"accounts": int, "arr": float}), table("plan_moves_expected"), check_dtype=False
    )
    expected = table("plan_accounts_expected").set_index("account_id")
    accounts = pd.DataFrame(sheets["accounts"]).set_index("account_id").loc[expected.index]
    pd.testing.assert_frame_equal(accounts[list(expected)], expected, check_dtype=False, atol=1e-9)
    parts = accounts[["points", "weights", "coverage", "limits", "rounding"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(expected["change"].to_numpy(), abs=1e-8)
    figures = {row["measure"]: row["value"] for row in sheets["summary"]}
    told = quantities("plan_summary_expected")
    for measure, quantity in MEASURES.items():
        assert figures[measure] == pytest.approx(told[quantity], abs=1e-9)
    listed = pd.DataFrame(sheets["lists"])["listed"].value_counts()
    assert int(listed["added"]) == int(told["newly at_risk"])
    assert int(listed["dropped"]) == int(told["no longer at_risk"])


def test_by_metric_sums_to_the_accounts(reference: Path) -> None:
    sheets = planned(reference, "new.yaml")["sheets"]
    sums = pd.DataFrame(sheets["metrics"]).groupby("account_id")["amount"].sum()
    accounts = pd.DataFrame(sheets["accounts"]).set_index("account_id")
    whole = accounts[["points", "weights", "coverage"]].sum(axis=1)
    assert sums.reindex(whole.index).fillna(0).to_numpy() == pytest.approx(whole.to_numpy(), abs=1e-8)


@pytest.mark.slow
def test_a_share_of_arr_fails_a_pipeline(reference: Path) -> None:
    """498,240 of 1,085,280 change band: 45.9%."""
    arguments = ("plan", "new.yaml", "--as-of", "2026-06-30")
    shown = cscli(reference, *arguments, "--fail-on", "moves:45%", code=10).stdout
    assert "28 accounts (498,240 ARR) would change band." in " ".join(shown.split())
    found = plan(asked(reference), find_rules("new.yaml", reference), reference / "p.json")
    assert found.moved_share == pytest.approx(498240 / 1085280)
    cscli(reference, *arguments, "--fail-on", "move", code=2)


def test_the_same_rules_change_nothing(reference: Path) -> None:
    found = planned(
        reference,
        "plan_same.yaml" if shutil.copy(reference / "cscli.yaml", reference / "plan_same.yaml") else None,
    )
    assert found["headline"].startswith("Same scores for every account.")
    assert "config" not in found["sheets"]


def test_a_key_on_the_command_line_is_enough(tmp_path: Path) -> None:
    """A11 has 95: with a band from 96 nobody is in the best one. Nothing is stored."""
    make_book(tmp_path)
    sheets = planned(tmp_path, None, "bands=[{name: top, from: 96}, {name: low, from: 0}]")["sheets"]
    assert {row["band_to"] for row in sheets["moves"]} == {"low"}
    assert not list(tmp_path.rglob("*.db"))
    assert not list(tmp_path.rglob("*.sqlite*"))
    with pytest.raises(UsageError):
        planned(tmp_path, None)


def test_columns_that_the_exports_lack_are_named(tmp_path: Path) -> None:
    make_book(tmp_path)
    text = (tmp_path / "cscli.yaml").read_text(encoding="utf-8").replace("value: nps", "value: seats_used")
    (tmp_path / "new.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        planned(tmp_path, "new.yaml")
    assert ("new.yaml", "metrics.nps.value", "seats_used") in [
        (each.where.file, each.where.key, each.value) for each in caught.value.problems
    ]


def test_alerts_hours_and_secrets(tmp_path: Path) -> None:
    """Of the 12 accounts with 40, 45 ... 95, two are below 50. The owner has them on the list for an hour each."""
    make_book(tmp_path)
    more = (
        "alerts: [{name: low, label: {en: Low score}, when: score < 50}]\n"
        "history: {url: 'postgresql://cs:secret@db/cs'}\n"
        "at_risk: {when: score < 50}\n"
        "playbooks: [{name: call, hours: 1, due_days: 5, text: Call}]\n"
    )
    text = (tmp_path / "cscli.yaml").read_text(encoding="utf-8")
    (tmp_path / "new.yaml").write_text(text + more, encoding="utf-8")
    sheets = planned(tmp_path, "new.yaml")["sheets"]
    assert [(row["subject"], row["turns"]) for row in sheets["alerts"]] == [("A00", "on"), ("A01", "on")]
    owner = sheets["owners"][0]
    assert (owner["owner"], owner["accounts_to"], owner["hours_to"]) == ("Ito", 2, 2)
    values = {row["key"]: row["value_to"] for row in sheets["config"]}
    assert values["history.url"] == "***"


@pytest.mark.slow
def test_evidence_is_that_of_each_back_test(tmp_path: Path) -> None:
    """Usage tells who leaves; under the new rules it is turned round."""
    write_book(tmp_path, seed=2, effect=1.2)
    text = (
        (tmp_path / "cscli.yaml")
        .read_text(encoding="utf-8")
        .replace("zero: 0, full: 12", "zero: 12, full: 0")
    )
    (tmp_path / "new.yaml").write_text(text, encoding="utf-8")
    found = planned(tmp_path, "new.yaml")
    measures = {row["measure"]: row for row in found["sheets"]["backtest"]}
    for rules, end in ((None, "value_from"), ("new.yaml", "value_to")):
        request = Request(rules=find_rules(rules, tmp_path), now=dt.datetime(2026, 6, 30, 7, tzinfo=dt.UTC))
        backtest(request, BacktestOptions(), tmp_path / "b.json")
        summary = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))["sheets"]["summary"]
        auc = next(row["value"] for row in summary if row["measure"] == "auc")
        assert measures["auc"][end] == pytest.approx(auc, abs=1e-9)
    assert measures["auc"]["high"] < 0
    assert "It tells less well who leaves" in found["headline"]


def test_a_stored_run_stands_in_for_the_exports(tmp_path: Path) -> None:
    """The run of May kept 12 accounts with 40, 45 ... 95; since then all have 30. With a band from 90 on, two of May are in it."""
    make_book(tmp_path)
    may = replace(asked(tmp_path), as_of=dt.date(2026, 5, 31), known_on=dt.date(2026, 5, 31))
    score(may, tmp_path / "o.csv")
    text = (tmp_path / "accounts.csv").read_text(encoding="utf-8")
    now = re.sub(r"(?m),(\d\d)$", ",30", text)
    assert now != text
    (tmp_path / "accounts.csv").write_text(now, encoding="utf-8")
    bands = "bands=[{name: top, from: 90}, {name: low, from: 0}]"

    def tops(day: dt.date | None) -> float:
        plan(asked(tmp_path, bands), None, tmp_path / "p.json", day)
        sheets = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))["sheets"]
        return float(sum(row["accounts"] for row in sheets["moves"] if row["band_to"] == "top"))

    assert (tops(None), tops(dt.date(2026, 5, 31))) == (0, 2)
    with pytest.raises(DataError, match=r"recall\.no_such_day"):
        tops(dt.date(2026, 5, 30))
    new = tmp_path / "new.yaml"
    rules = (tmp_path / "cscli.yaml").read_text(encoding="utf-8")
    new.write_text(rules.replace("value: nps", "value: seats_used"), encoding="utf-8")
    with pytest.raises(CscliError) as caught:
        plan(asked(tmp_path), find_rules("new.yaml", tmp_path), tmp_path / "p.json", dt.date(2026, 5, 31))
    assert "seats_used" in [each.value for each in caught.value.problems]
