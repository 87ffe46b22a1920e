"""`cscli journey` over the worked example. Oracle: the expected tables of `tests/oracles/practice`, made by plain loops."""

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from books.practice_books import cscli, example, same, sheets_of, write_book

RULES = """version: 1
currency: JPY
sources:
  accounts: {file: accounts.csv}
segments:
  touch: [{name: high, when: touch_in = 'high'}, {name: low, when: touch_in = 'low'}, {name: tech}]
journey:
  standards:
    - name: onboarding
      start: started_on
      milestones:
        - {name: kickoff, days: 14}
        - {name: cards_400, days: 62, on: cards_400_on, label: {ja: 1人400枚}}
        - {name: exec_report, days: 120, for: touch = 'high'}
      value: cards_400
goals: {}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    accounts = example("journey_accounts")
    exported = accounts.drop(columns=["kickoff_on", "exec_report_on", "waived"])
    exported.rename(columns={"touch": "touch_in"}).to_csv(tmp_path / "accounts.csv", index=False)
    milestones = [
        {"Account ID": row["account_id"], "Milestone": name, "Reached on": row[f"{name}_on"]}
        for row in accounts.to_dict("records")
        for name in ("kickoff", "exec_report")
        if isinstance(row[f"{name}_on"], str)
    ]
    milestones += [
        {
            "Account ID": row["account_id"],
            "Milestone": row["waived"],
            "Waived because": "no kickoff for tech touch",
        }
        for row in accounts.dropna(subset="waived").to_dict("records")
    ]
    goals = [{"Account ID": None, "Goal": None}]
    write_book(tmp_path / "inputs" / "journey.xlsx", {"Milestones": milestones, "Goals": goals})
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path


def test_milestones_and_the_funnel_are_those_of_the_example(workspace: Path) -> None:
    sheets = sheets_of(workspace, "journey")
    same(sheets["milestones"], example("journey_expected_milestones"))
    same(sheets["steps"], example("journey_expected_funnel"))
    right = example("journey_expected_accounts")
    live = right[right["onboarding_state"] != "left"].reset_index(drop=True)
    same(sheets["journey_accounts"], live)
    late = sheets["late"]
    assert late[["account_id", "promise", "days_late"]].to_numpy().tolist() == [
        ["O02", "exec report", 93], ["O05", "cards 400", 60], ["O10", "cards 400", 210], ["O07", "kickoff", 42],
    ]  # fmt: skip


def test_what_is_late_ends_the_command_where_it_is_asked_for(workspace: Path) -> None:
    assert cscli(workspace, "journey", "--as-of", "2026-10-31", "--fail-on", "late").returncode == 10
    assert cscli(workspace, "journey", "--as-of", "2026-02-20", "--fail-on", "late").returncode == 0


def test_japanese_reads_no_id(workspace: Path) -> None:
    done = cscli(workspace, "journey", "--as-of", "2026-10-31", "--lang", "ja")
    assert done.returncode == 0, done.stderr
    assert "期限を過ぎた、または遅れている約束が4社に4件あります" in done.stdout
    assert "1人400枚" in done.stdout
    assert "overdue" not in done.stdout


def test_only_who_should_have_a_goal_needs_one(workspace: Path) -> None:
    """`goals.when` says whom we expect to have goals. Oracle: the touch of each account in the example."""
    rules = RULES.replace("goals: {}", "goals: {when: touch <> 'tech'}")
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    needs = sheets_of(workspace, "journey")["journey_accounts"].set_index("account_id")["needs"]
    touch = example("journey_accounts").set_index("account_id")["touch"].reindex(needs.index)
    assert {"tech", "high"} <= set(touch)
    assert ((needs == "no_goal") == (touch != "tech")).all()


def test_a_share_with_the_unit_percent_is_shown_of_100(tmp_path: Path) -> None:
    """Oracle: by hand. 0.4 of the seats at a target of 80 % from 20 % is a third of the way, whether people type 80, or 0.8 as Excel's 80%."""
    accounts = "account_id,name,mrr,seats,used,started_on\nA1,Acme,100,10,4,2026-01-01\n"
    (tmp_path / "accounts.csv").write_text(accounts, encoding="utf-8")
    rules = "version: 1\nsources:\n  accounts: {file: accounts.csv}\nderived: {use: {label: Use, value: used / seats}}\ngoals: {}\n"
    (tmp_path / "cscli.yaml").write_text(rules, encoding="utf-8")
    day = {"Account ID": "A1", "Measure": "Use", "Agreed on": "2026-10-01", "Due": "2027-01-01"}
    goals: list[dict[str, Any]] = [
        {**day, "Goal": "typed 80", "Unit": "%", "Baseline": 20, "Target": 80},
        {**day, "Goal": "typed 0.8", "Unit": "％", "Baseline": 0.2, "Target": 0.8},
        {**day, "Goal": "no unit", "Unit": None, "Baseline": 0.2, "Target": 0.8},
    ]
    write_book(tmp_path / "inputs" / "journey.xlsx", {"Goals": goals})
    found = sheets_of(tmp_path, "journey")["goals"].set_index("goal")[
        ["baseline", "target", "value", "progress"]
    ]
    for goal in ("typed 80", "typed 0.8"):
        assert found.loc[goal].to_numpy().tolist() == pytest.approx([20, 80, 40, 1 / 3])
    assert found.loc["no unit"].to_numpy().tolist() == pytest.approx([0.2, 0.8, 0.4, 1 / 3])
    done = cscli(tmp_path, "journey", "--as-of", "2026-10-31", "--share", "A1")
    assert [line.split()[2:5] for line in done.stdout.splitlines() if line.startswith("typed")] == [
        ["80.00", "40.00", "33%"]
    ] * 2


def test_goals_are_those_of_the_example(tmp_path: Path) -> None:
    accounts = example("goals_accounts")
    given = example("goals_input")
    measures = ("coverage", "cards_per_person", "nps", "active_days")
    for name in measures:
        mine = given[given["measure"] == name].set_index("account_id")["value_from_data"]
        accounts[name] = accounts["account_id"].map(mine)
    accounts["mrr"] = accounts["arr"].astype(float) / 12
    accounts.drop(columns="arr").to_csv(tmp_path / "accounts.csv", index=False)
    headers = {
        "account_id": "顧客ID", "goal": "顧客の目標", "measure": "指標", "baseline": "基準値", "target": "目標値",
        "agreed_on": "合意日", "due_on": "期限", "reviewed_on": "確認日", "actual": "実績値", "actual_on": "実績の日付",
        "typed_status": "状態",
    }  # fmt: skip
    goals = given.rename(columns=headers)[list(headers.values())].to_dict("records")
    milestones = [{"顧客ID": None, "マイルストーン": None}]
    write_book(tmp_path / "inputs" / "journey.xlsx", {"顧客の目標": goals, "マイルストーン": milestones})
    rules = "version: 1\ncurrency: JPY\nsources:\n  accounts: {file: accounts.csv}\ngoals: {}\n"
    (tmp_path / "cscli.yaml").write_text(rules, encoding="utf-8")
    sheets = sheets_of(tmp_path, "journey")
    right = example("goals_expected")
    # that it was reached before, an earlier run knows, and here there was none
    right.loc[right["status"] == "fell_back", "status"] = "behind"
    found = sheets["goals"].assign(stale=sheets["goals"]["stale"].map({"yes": "true", "no": "false"}))
    same(found, right)
    columns = [
        name for name in example("goals_expected_accounts") if name not in ("current", "goals_reached")
    ]
    same(sheets["journey_accounts"], example("goals_expected_accounts"), columns)
    summary = example("goals_expected_summary").set_index("measure")["value"].astype(float)
    coverage = sheets["goal_coverage"]
    assert coverage["current"].sum() == summary["accounts_with_current_measured_goal"]
    assert coverage["accounts"].sum() == summary["accounts"]
    assert coverage["share"].tolist() == pytest.approx([summary["share_of_accounts"]], abs=1e-6)
    assert coverage["arr_share"].tolist() == pytest.approx([summary["share_of_arr"]], abs=1e-6)
    assert pd.Series(sheets["late"]["promise"]).tolist()[0] == "1人400枚を登録する"


def test_what_is_shared_holds_nothing_but_goals_and_milestones(workspace: Path) -> None:
    """Oracle: the words and figures that only we know, looked for in every part of the file."""
    rules = RULES + "inputs: {file: inputs/csm.xlsx}\n"
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    goals = [
        {"Account ID": "O02", "Goal": "Find any card in a minute", "Measure": "seconds", "Baseline": 300, "Target": 60,
         "Agreed on": "2026-05-01", "Due": "2027-03-31"},
        {"Account ID": "O01", "Goal": "Another customer's goal", "Target": 5},
    ]  # fmt: skip
    write_book(
        workspace / "inputs" / "journey.xlsx",
        {"Goals": goals, "Milestones": [{"Account ID": None, "Milestone": None}]},
    )
    csm = [
        {
            "Account ID": "O02",
            "Sentiment": 1,
            "Sentiment date": "2026-10-30",
            "Note": "secret note",
            "Next step": "secret step",
        }
    ]
    write_book(workspace / "inputs" / "csm.xlsx", {"CSM inputs": csm})
    done = cscli(workspace, "journey", "--as-of", "2026-10-31", "--share", "O02", "-o", "shared.xlsx")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(workspace / "shared.xlsx") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    assert "Find any card in a minute" in content
    book = openpyxl.load_workbook(workspace / "shared.xlsx")
    assert book.sheetnames == ["Goals", "Milestones"]
    # whoever gets it sees whose it is, and of which day
    assert book["Goals"]["A1"].value == "Goals and milestones of O02 · 2026-10-31"
    secrets = (
        "secret",
        "Another customer",
        "Tanabe",
        "4800000",
        "O01",
        "score",
        "Score",
        "band",
        "ARR",
        "MRR",
        "Sentiment",
        "cscli",
    )
    assert [word for word in secrets if word in content] == []
    assert (
        cscli(workspace, "journey", "--as-of", "2026-10-31", "--share", "O02", "-o", "shared.json").returncode
        == 2
    )
    assert cscli(workspace, "journey", "--as-of", "2026-10-31", "--share", "O0x").returncode == 4
