"""`cscli at-risk` and `cscli opportunities` as people run them: real processes on real files, every output read back."""

import csv
import datetime as dt
import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from books.opened import table_rows
from places import CONFIGS, SAMPLE

AS_OF = "2026-10-31"
PRESETS = sorted(path.stem for path in CONFIGS.glob("*.yaml"))
AT_RISK_IDS = [
    "rank", "account_id", "name", "owner", "team", "band", "score", "score_change", "trend", "trend_change", "arr", "churn_probability",
    "arr_at_risk", "renews_on", "days_to_renewal", "reasons", "playbook", "action", "playbooks", "hours", "due_on",
    "status", "since", "within_capacity", "overdue_days", "why",
]  # fmt: skip
OPPORTUNITY_IDS = [
    "rank", "account_id", "name", "owner", "play", "kind", "potential_mrr", "score", "reasons",
]  # fmt: skip
WEEKS = """version: 1
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
sources: {accounts: {file: accounts.csv}}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A folder with the exports of the sample company and rules of its own."""
    for name in ("accounts.xlsx", "accounts_ja.csv", "usage.csv", "tickets.csv", "survey.csv", "touches.csv"):
        shutil.copy(SAMPLE / name, tmp_path)
    shutil.copy(CONFIGS / "starter.yaml", tmp_path / "cscli.yaml")
    return tmp_path


def run(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == code, result.stderr
    return result


def rows_of_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sheets_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    sheets: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))["sheets"]
    return sheets


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "sheet", "ids", "titles"),
    [
        ("at-risk", "at_risk", AT_RISK_IDS, {"en": "At risk", "ja": "要対応顧客"}),
        ("opportunities", "opportunities", OPPORTUNITY_IDS, {"en": "Opportunities", "ja": "提案機会"}),
    ],
)
def test_every_form_in_both_languages_carries_the_same_rows(
    book: Path, command: str, sheet: str, ids: list[str], titles: dict[str, str]
) -> None:
    arguments = (command, "accounts.xlsx", "--as-of", AS_OF, "--no-history", "-q", "-o")
    for language, title in titles.items():
        for form in ("csv", "json", "md", "xlsx"):
            run(book, *arguments, f"out.{form}", "--lang", language)
        records = sheets_of(book / "out.json")[sheet]
        assert list(records[0]) == ids
        table = rows_of_csv(book / "out.csv")
        assert [row["account_id"] for row in table] == [record["account_id"] for record in records]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            workbook = openpyxl.load_workbook(book / "out.xlsx")
        cells = [row[1] for row in table_rows(workbook[title])[1:]]
        assert cells == [record["account_id"] for record in records]
        lines = (book / "out.md").read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line.startswith(f"| 1 | {records[0]['account_id']} |")]


@pytest.mark.slow
def test_the_same_bytes_every_time(book: Path) -> None:
    for command in ("at-risk", "opportunities"):
        for name in ("one.json", "two.json"):
            run(book, command, "accounts.xlsx", "--as-of", AS_OF, "-q", "--no-history", "-o", name)
        assert (book / "one.json").read_bytes() == (book / "two.json").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_gives_a_list_to_act_on(book: Path, preset: str) -> None:
    """Every account on the list has a next action with a due date; the totals are those of the list; nobody at
    risk is offered more.
    """
    shutil.copy(CONFIGS / f"{preset}.yaml", book / "cscli.yaml")
    for command in ("at-risk", "opportunities"):
        result = run(book, command, "accounts.xlsx", "--as-of", AS_OF, "-o", f"{command}.json")
        assert "caught by no rule" not in result.stderr
    sheets = sheets_of(book / "at-risk.json")
    listed = sheets["at_risk"]
    assert 20 <= len(listed) <= 60
    assert all(row["action"] and row["due_on"] > AS_OF and row["status"] == "new" for row in listed)
    assert {row["playbook"] for row in listed} >= {"Repeat onboarding", "Save the renewal"}
    stakes = [row["arr_at_risk"] for row in listed if row["arr_at_risk"] is not None]
    assert stakes == sorted(stakes, reverse=True)
    for name in ("owners", "teams", "renewals"):
        assert sum(row["accounts"] for row in sheets[name]) == len(listed)
        assert sum(row["arr_at_risk"] for row in sheets[name]) == pytest.approx(sum(stakes))
    offers = sheets_of(book / "opportunities.json")["opportunities"]
    assert {row["kind"] for row in offers} == {"upsell", "cross_sell", "advocate"}
    assert not {row["account_id"] for row in offers} & {row["account_id"] for row in listed}
    assert all(row["reasons"] for row in offers)


@pytest.mark.slow
def test_each_owner_has_a_line(book: Path) -> None:
    output = run(book, "at-risk", "accounts.xlsx", "--as-of", AS_OF).stdout
    assert "Mizuki Tanabe: 8 accounts, ¥" in output
    output = run(book, "at-risk", "accounts.xlsx", "--as-of", AS_OF, "--lang", "ja").stdout
    assert "Mizuki Tanabe: 8社、想定損失ARR ¥" in output


@pytest.mark.slow
def test_four_weeks_of_one_book(tmp_path: Path) -> None:
    """Oracle: the course of each account by hand: A stays, B gets better and comes back, C gets worse, D is deleted from the export."""
    (tmp_path / "cscli.yaml").write_text(WEEKS, encoding="utf-8")
    course: list[dict[str, int | None]] = [
        {"A": 10, "B": 20, "C": 90, "D": 30},
        {"A": 10, "B": 80, "C": 90, "D": 30},
        {"A": 10, "B": 80, "C": 41, "D": None},
        {"A": 10, "B": 20, "C": 39, "D": None},
    ]
    found, gone = [], []
    for week, scores in enumerate(course):
        lines = [f"{key},{score},100" for key, score in scores.items() if score is not None]
        (tmp_path / "accounts.csv").write_text("\n".join(["account_id,nps,mrr", *lines]), encoding="utf-8")
        day = (dt.date(2026, 10, 5) + dt.timedelta(weeks=week)).isoformat()
        for _ in range(2):  # a second run of the same day changes nothing
            run(tmp_path, "at-risk", "--as-of", day, "-q", "-o", "out.json")
        sheets = sheets_of(tmp_path / "out.json")
        found.append({row["account_id"]: (row["status"], row["since"][5:]) for row in sheets["at_risk"]})
        gone.append({row["account_id"]: row["why"] for row in sheets["resolved"]})
    assert found == [
        {"A": ("new", "10-05"), "B": ("new", "10-05"), "D": ("new", "10-05")},
        {"A": ("ongoing", "10-05"), "D": ("ongoing", "10-05")},
        {"A": ("ongoing", "10-05")},
        {"A": ("ongoing", "10-05"), "B": ("back", "10-26"), "C": ("new", "10-26")},
    ]
    assert gone == [{}, {"B": "band_better"}, {"D": "missing"}, {}]


@pytest.mark.slow
def test_fail_on_at_risk_ends_with_ten_where_anybody_is(tmp_path: Path) -> None:
    (tmp_path / "cscli.yaml").write_text(WEEKS, encoding="utf-8")
    for score, code in ((10, 10), (90, 0)):
        (tmp_path / "accounts.csv").write_text(f"account_id,nps,mrr\nA,{score},100", encoding="utf-8")
        for finding, expected in (("at-risk", code), ("error", 0)):
            run(tmp_path, "at-risk", "--no-history", "-q", "-o", "o.csv", "--fail-on", finding, code=expected)


@pytest.mark.slow
def test_an_account_that_rests_is_said(tmp_path: Path) -> None:
    (tmp_path / "cscli.yaml").write_text(WEEKS, encoding="utf-8")
    for day, score in ((5, 10), (6, 90), (7, 10)):
        (tmp_path / "accounts.csv").write_text(f"account_id,nps,mrr\nA,{score},100", encoding="utf-8")
        result = run(tmp_path, "at-risk", "--as-of", f"2026-10-0{day}", "-o", "out.csv")
    assert rows_of_csv(tmp_path / "out.csv") == []
    assert "went off the list less than 7 days ago; they are not listed: 1 (A)" in result.stderr
    result = run(tmp_path, "opportunities", "--as-of", "2026-10-07", "-o", "out.csv")
    assert "The rules have no `opportunities:`" in result.stdout


def test_what_people_typed_stands_beside_the_account(tmp_path: Path) -> None:
    (tmp_path / "cscli.yaml").write_text(WEEKS, encoding="utf-8")
    text = "account_id,nps,mrr,next_step,note\nA,10,100,Call Ito,=1+1\nB,20,50,,\n"
    (tmp_path / "accounts.csv").write_text(text, encoding="utf-8")
    run(tmp_path, "at-risk", "--as-of", AS_OF, "-q", "-o", "out.json")
    rows = sheets_of(tmp_path / "out.json")["at_risk"]
    assert [(row["next_step"], row["note"]) for row in rows] == [("Call Ito", "=1+1"), (None, None)]


@pytest.mark.slow
def test_a_failed_write_leaves_the_history_alone(tmp_path: Path) -> None:
    (tmp_path / "cscli.yaml").write_text(WEEKS, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("account_id,nps,mrr\nA,10,100", encoding="utf-8")
    run(tmp_path, "at-risk", "--as-of", "2026-10-05", "-o", "out.odd", code=2)
    run(tmp_path, "at-risk", "--as-of", "2026-10-06", "-q", "-o", "out.csv")
    assert [row["status"] for row in rows_of_csv(tmp_path / "out.csv")] == ["new"]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("at_risk: {when: nps + 1}", "at_risk.when"),
        ("playbooks: [{name: a, when: nps + 1, hours: 1, due_days: 1, text: x}]", "playbooks[0].when"),
        ("opportunities: [{name: a, kind: upsell, when: nps}]", "opportunities[0].when"),
        (
            "opportunities: [{name: a, kind: upsell, when: nps > 1, potential_mrr: name}]",
            "opportunities[0].potential_mrr · Expected an amount of money",
        ),
    ],
)
def test_a_rule_that_is_none_is_told_with_its_line(tmp_path: Path, rule: str, message: str) -> None:
    (tmp_path / "cscli.yaml").write_text(WEEKS + rule, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("account_id,nps,mrr,name\nA,10,100,Acme", encoding="utf-8")
    command = "opportunities" if rule.startswith("opp") else "at-risk"
    result = run(tmp_path, command, "--as-of", AS_OF, "-o", "out.csv", code=3)
    assert f"cscli.yaml:5 · {message}" in result.stderr


GUIDED = """version: 1
sources: {accounts: {file: accounts.csv}}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
playbooks:
  - {name: Talk, when: nps < 20, hours: 1, due_days: 2, text: Listen, guide: {en: wiki/talk, ja: 手引き/面談}}
  - {name: Wait, hours: 1, due_days: 9, text: Look again}
"""


@pytest.mark.slow
def test_a_guide_stands_beside_its_action_and_check_names_who_has_none(tmp_path: Path) -> None:
    (tmp_path / "cscli.yaml").write_text(GUIDED, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("account_id,mrr,nps\nA,10,5\nB,10,30\n", encoding="utf-8")
    for language, guide in (("en", "wiki/talk"), ("ja", "手引き/面談")):
        run(tmp_path, "at-risk", "-q", "--no-history", "--lang", language, "-o", "out/a.json")
        rows = sheets_of(tmp_path / "out" / "a.json")["at_risk"]
        assert {row["account_id"]: row["guide"] for row in rows} == {"A": guide, "B": None}
    checked = run(tmp_path, "check", "-v", "--as-of", AS_OF)
    assert "Playbooks without a guide: 1 (Wait)" in checked.stdout + checked.stderr


def test_notice_at_a_past_date_is_said_to_be_of_later_exports(tmp_path: Path) -> None:
    """Oracle: by hand. A leaves on 2026-09-01: at 2026-06-30 it stands as notice given, which only exports of that week can tell."""
    (tmp_path / "accounts.csv").write_text(
        "account_id,nps,mrr,churned_on\nA,10,100,2026-09-01\nB,20,100,\n", encoding="utf-8"
    )
    (tmp_path / "cscli.yaml").write_text(WEEKS + "at_risk: {when: mrr > 0}\n", encoding="utf-8")
    for language, said in (
        ("en", "Accounts with a churn date after 2026-06-30: 1 (A). They stand as notice given"),
        ("ja", "2026/06/30 より後に解約日のある顧客: 1社（A）"),
    ):
        late = run(tmp_path, "at-risk", "--as-of", "2026-06-30", "--lang", language, "--no-history", "-v")
        assert said in late.stderr
    known = run(tmp_path, "at-risk", "--as-of", "2026-06-30", "--known-on", "2026-07-03", "-v")
    assert "churn date after" not in known.stderr
