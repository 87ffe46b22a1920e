"""Half a year of Saturdays over the sample company: what scoring stored, history shows, diff splits and explain adds up.

The oracle of each is the others: scores come from `score`, and every account of every week must be told alike by all.
On the way the rules change, accounts outgrow a scorecard, the survey is missing for two weeks and an override lapses.
"""

import datetime as dt
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from cscli.analysis.explaining.changes import PARTS
from cscli.history import course
from cscli.reports.kit.model import Report, Sheet
from cscli.workflows import Asked, Request, Span, diff, explain, score, score_stored
from cscli.workspace.rules import find_rules
from places import SAMPLE

WEEKS = [dt.date(2026, 10, 31) - dt.timedelta(weeks=back) for back in reversed(range(26))]
NEW_RULES, NO_SURVEY, SET, LAPSED = 8, (12, 13), 10, 18
RULES = """\
version: 1
currency: JPY
timezone: Asia/Tokyo
history: {{url: "{url}"}}
inputs: {{file: csm.xlsx}}
sources:
  accounts: {{file: accounts_ja.csv}}
  usage:
    file: usage.csv
    kind: rows
    columns: {{month: month, users: active_users}}
    rollup:
      users_now: arg_max(users, month) FILTER (WHERE month <= as_of)
  tickets:
    file: tickets.csv
    kind: rows
    columns: {{account_id: Organisation, opened: Created at, solved: Solved at, priority: Priority}}
    rollup:
      tickets_28d: count(*) FILTER (WHERE CAST(opened AS DATE) BETWEEN as_of - 27 AND as_of)
      open_p1: count(*) FILTER (WHERE priority = 'P1' AND CAST(opened AS DATE) <= as_of AND (solved IS NULL OR CAST(solved AS DATE) > as_of))
  survey:
    file: survey.csv
    kind: rows
    optional: true
    columns: {{answered: answered_on, recommend: recommend}}
    rollup: {{recommended: avg(recommend) FILTER (WHERE answered <= as_of)}}
metrics:
  seat_use: {{value: users_now / seats, points: {{kind: linear, zero: 0, full: 0.8}}}}
  calm: {{value: tickets_28d, points: {{kind: decay, half_life: 3}}}}
  recommend: {{value: recommended, points: {{kind: piecewise, at: [[0, 0], [6, 40], [10, 100]]}}}}
  rank: {{value: users_now, points: {{kind: percentile}}}}
scorecards:
  - name: young
    when: tenure_months < 18
    groups: {{use: {{weight: 1, metrics: {{seat_use: 3, calm: 1}}}}}}
  - name: standard
    groups:
      use: {{weight: {weight}, metrics: {{seat_use: 3, rank: 1}}}}
      voice: {{weight: 40, metrics: {{recommend: 1, calm: 1}}}}
    caps: [{{when: open_p1 > 0, at_most: 45, reason: Open P1}}]
"""


def request(folder: Path, day: dt.date | None = None) -> Request:
    return Request(rules=find_rules(None, folder), now=dt.datetime(2026, 11, 2, 7, tzinfo=dt.UTC), as_of=day)


def rows(sheet: Sheet) -> dict[str, dict[str, Any]]:
    """The rows of a sheet by account_id."""
    columns = {column.id: sheet.column(column.id).tolist() for column in sheet.columns}
    return {
        key: {name: values[at] for name, values in columns.items()}
        for at, key in enumerate(columns["account_id"])
    }


def sheet_of(report: Report, name: str) -> Sheet:
    return next(sheet for sheet in report.sheets if sheet.id == name)


def type_override(folder: Path, account: str, until: dt.date) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Account ID", "Override score", "Override reason", "Override until"])
    sheet.append([account, 12.5, "They told us that they leave", until])
    book.save(folder / "csm.xlsx")


@pytest.fixture
def weeks(tmp_path: Path, history_url: str) -> tuple[Path, str, list[dict[str, dict[str, Any]]], str]:
    """The workspace after 26 runs, the scores that each run reported, and the account with the override."""
    for name in ("accounts_ja.csv", "usage.csv", "tickets.csv", "survey.csv"):
        shutil.copy(SAMPLE / name, tmp_path)
    told: list[dict[str, dict[str, Any]]] = []
    chosen = ""
    for number, day in enumerate(WEEKS):
        text = RULES.format(url=history_url, weight=60 if number < NEW_RULES else 35)
        (tmp_path / "cscli.yaml").write_text(text, encoding="utf-8")
        survey = tmp_path / ("survey.csv" if number not in NO_SURVEY else "kept.csv")
        if not survey.exists():
            (tmp_path / ("kept.csv" if survey.name == "survey.csv" else "survey.csv")).rename(survey)
        if number == SET:
            chosen = max(told[-1], key=lambda account: told[-1][account]["score"] or 0)
            type_override(tmp_path, chosen, WEEKS[LAPSED] - dt.timedelta(days=1))
        report = score(request(tmp_path, day), tmp_path / "out.csv")
        told.append(rows(sheet_of(report, "accounts")))
    return tmp_path, history_url, told, chosen


@pytest.mark.slow
def test_every_week_is_told_alike(weeks: tuple[Path, str, list[dict[str, dict[str, Any]]], str]) -> None:
    folder, url, told, chosen = weeks
    moved: list[dict[str, float]] = []
    for (number, day), (_, after) in pairwise(enumerate(WEEKS)):
        report = diff(request(folder), Span(day, after), folder / "diff.json")
        found = rows(sheet_of(report, "accounts"))
        assert set(found) == set(told[number]) & set(told[number + 1])
        check_parts(found, told[number], told[number + 1])
        check_metrics(report, found)
        known = [row for row in found.values() if not np.isnan(row["change"])]
        moved.append({name: max(abs(row[name]) for row in known) for name in PARTS})
        for account in (chosen, min(found), max(found)):
            check_explained(folder, url, after, account, told[: number + 2])
    check_what_moved(moved)
    before, set_on, lapsed = (told[at][chosen]["score"] for at in (SET - 1, SET, LAPSED))
    assert (set_on, told[LAPSED - 1][chosen]["score"]) == (12.5, 12.5)
    assert min(before, lapsed) > 12.5
    check_by_today(folder, told)


def check_parts(
    found: dict[str, dict[str, Any]], before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
) -> None:
    """Each account's parts sum to the change of the score that the two runs reported."""
    for account, row in found.items():
        change = after[account]["score"] - before[account]["score"]
        assert (row["score_from"], row["score_to"]) == pytest.approx(
            (before[account]["score"], after[account]["score"]), nan_ok=True, abs=0
        )
        assert row["change"] == pytest.approx(change, abs=1e-9, nan_ok=True)
        assert sum(row[name] for name in PARTS) == pytest.approx(change, abs=1e-9, nan_ok=True)
        assert row["cause"] or not row["change"] or np.isnan(row["change"])


def check_metrics(report: Report, found: dict[str, dict[str, Any]]) -> None:
    """The parts by metric sum to what moved by values."""
    sheet = sheet_of(report, "metrics")
    sums = dict.fromkeys(found, 0.0)
    for account, part in zip(sheet.column("account_id"), sheet.column("part_points"), strict=True):
        sums[account] += part
    for account, row in found.items():
        if not np.isnan(row["change"]):
            assert sums[account] == pytest.approx(row["values_moved"], abs=1e-9)


def check_explained(
    folder: Path, url: str, day: dt.date, account: str, told: list[dict[str, dict[str, Any]]]
) -> None:
    """Contributions sum to the score before caps, and the course is that of the reports."""
    report = explain(request(folder, day), Asked(account), None)
    facts = rows(sheet_of(report, "account"))[account]
    given = sheet_of(report, "contributions").column("contribution")
    if np.isfinite(given).any():
        assert np.nansum(given) == pytest.approx(facts["score_before_caps"], abs=1e-9)
    assert facts["score"] == pytest.approx(told[-1][account]["score"], abs=0, nan_ok=True)
    expected = [week[account]["score"] for week in told if account in week]
    shown = sheet_of(report, "course").column("score").tolist()
    assert shown == pytest.approx(expected, abs=0, nan_ok=True)
    stored = course(url, folder, account)
    assert stored["score"].tolist()[: len(shown)] == pytest.approx(shown, abs=0, nan_ok=True)


def check_what_moved(moved: list[dict[str, float]]) -> None:
    """Each cause shows in the weeks in which it worked, and only there; index n is from week n to n + 1."""
    for number, parts in enumerate(moved):
        assert (parts["config_changed"] > 0.5) == (number == NEW_RULES - 1), number
    assert moved[NO_SURVEY[0] - 1]["data_vanished"] > 5
    assert moved[NO_SURVEY[1]]["data_appeared"] > 5
    assert moved[SET - 1]["cap_or_override"] > 20
    assert moved[LAPSED - 1]["cap_or_override"] > 20
    assert max(parts["scorecard_changed"] for parts in moved) > 1


def check_by_today(folder: Path, told: list[dict[str, dict[str, Any]]]) -> None:
    """Across the change of rules, today's rules for both runs leave none of it, and agree with scoring anew."""
    span = Span(WEEKS[NEW_RULES - 1], WEEKS[NEW_RULES], by_today=True)
    found = rows(sheet_of(diff(request(folder), span, None), "accounts"))
    assert max(abs(row["config_changed"]) for row in found.values() if not np.isnan(row["change"])) < 1e-9
    for day, column in ((WEEKS[NEW_RULES - 1], "score_from"), (WEEKS[NEW_RULES], "score_to")):
        again = rows(sheet_of(score_stored(request(folder, day), folder / "again.csv"), "accounts"))
        for account, row in found.items():
            assert row[column] == pytest.approx(again[account]["score"], abs=0, nan_ok=True)
    for account, row in found.items():  # judged by these rules then, too
        assert row["score_to"] == pytest.approx(told[NEW_RULES][account]["score"], abs=0, nan_ok=True)
