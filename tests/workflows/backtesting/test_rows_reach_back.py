"""From when on rows tell anything. Oracle: a book made by hand, of two dates.

40 accounts since 2023; visits are exported from 2025-01-05 on. At 2025-03-31 everybody has 8 visits of the last 90 days and two leave
in the window; at 2025-06-30 everybody has 4 and twelve leave: within a date the score tells nothing, over both it seems to.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from cscli.texts import Language
from cscli.workflows import BacktestOptions, Request, backtest, plan
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
sources:
  accounts: {file: accounts.csv}
  visits:
    file: visits.csv
    kind: rows
    at: day
    rollup: {visits_90d: count(*) FILTER (WHERE day <= as_of AND day > as_of - 90)}
metrics:
  visits: {label: {en: Visits, ja: 訪問}, value: visits_90d, points: {kind: linear, zero: 0, full: 10}}
  nps: {label: {en: Would recommend, ja: 推奨度}, value: nps, points: {kind: linear, zero: 0, full: 100}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {visits: 3, nps: 1}}}}]
bands: [{name: good, from: 30}, {name: low, from: 0}]
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    accounts, visits = ["account_id,name,owner,mrr,nps,started_on,churned_on"], ["account_id,day"]
    for number in range(40):
        left = "2025-06-10" if number < 2 else "2025-10-10" if number < 14 else ""
        accounts.append(f"A{number:02},Name {number},Aoki,{100 + number},50,2023-01-10,{left}")
        visits += [f"A{number:02},2025-01-{day:02}" for day in range(5, 13)]
        visits += [f"A{number:02},2025-05-{day:02}" for day in (5, 6, 7, 8) if number >= 2]
    (folder / "accounts.csv").write_text("\n".join(accounts) + "\n", encoding="utf-8")
    (folder / "visits.csv").write_text("\n".join(visits) + "\n", encoding="utf-8")
    (folder / "cscli.yaml").write_text(RULES, encoding="utf-8")
    return folder


def asked(folder: Path, language: Language | None = None, *overrides: str) -> Request:
    now = dt.datetime(2025, 12, 31, 7, tzinfo=dt.UTC)
    return Request(
        rules=find_rules(None, folder), now=now, language=language, remember=False, overrides=overrides
    )


def judged(folder: Path, language: Language | None = None) -> dict[str, Any]:
    report, _ = backtest(asked(folder, language), BacktestOptions(), folder / "b.json")
    found: dict[str, Any] = json.loads((folder / "b.json").read_text(encoding="utf-8"))
    return {**found, "said": report.headline}


def test_no_date_lies_before_the_first_row(book: Path) -> None:
    """A count of rows that were not exported would be 0 points for everybody, a band of its own, and a wrong rate of all."""
    dates = judged(book)["sheets"]["dates"]
    assert [row["t0"] for row in dates] == ["2025-03-31", "2025-06-30"]
    assert [row["churned"] for row in dates] == [2, 12]


def test_dates_that_differ_are_no_segments(book: Path) -> None:
    report = judged(book)
    figures = {row["measure"]: row["value"] for row in report["sheets"]["summary"]}
    assert figures["auc"] == figures["auc_within_t0"] == pytest.approx(0.5)
    assert figures["auc_pooled"] > 0.6
    assert "Segments differ" not in report["said"]


def test_metrics_are_named_as_people_read_them(book: Path) -> None:
    told = [each["value"] for each in judged(book, "ja")["problems"] if each["value"]]
    assert "推奨度" in told


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("bands=[{name: good, from: 50}, {name: low, from: 0}]", "12 of those that left had been below it, before 0"),
        ("scorecards=[{name: all, groups: {g: {weight: 1, metrics: {visits: 3, nps: 2}}}}]", "nothing differs (AUC 0.500)"),
    ],
)  # fmt: skip
def test_a_plan_says_what_an_edge_would_have_caught(book: Path, override: str, said: str) -> None:
    """At 2025-06-30 all 38 have 40 points, the 12 that leave among them: by luck alone it would be 12 too. `nps` is of today."""
    found = plan(asked(book, None, override), None, book / "p.json").report
    assert said in found.headline
    assert "That is clearly more than luck" not in found.headline
