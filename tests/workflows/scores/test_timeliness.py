"""When a run was known, and what is said of it: runs of an old day from archived exports, and from those of today."""

import datetime as dt
from pathlib import Path

import pytest

from cscli.errors import DataError, UsageError
from cscli.history import every_run
from cscli.workflows import Request, score, show_runs
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
timezone: Asia/Tokyo
sources: {accounts: {file: accounts.csv}}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: s, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
"""
DAY = dt.date(2026, 3, 31)
NOW = dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC)  # in Tokyo it is the first of December


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    write(tmp_path, 50)
    return tmp_path


def write(folder: Path, nps: int, login: str = "2026-03-30") -> None:
    text = f"account_id,nps,last_login_on\nA,{nps},{login}\n"
    (folder / "accounts.csv").write_text(text, encoding="utf-8")


def run(folder: Path, known_on: dt.date | None = None) -> list[str]:
    request = Request(rules=find_rules(None, folder), now=NOW, as_of=DAY, known_on=known_on)
    report = score(request, folder / "o.json")
    return [problem.code for problem in report.problems if problem.code.startswith("history.")]


def runs(folder: Path) -> list[tuple[str, bool, bool]]:
    found = every_run("sqlite:///.cscli/history.db", folder)
    return [(run.known_on.isoformat(), run.is_evidence, run.is_newest) for run in found]


def test_what_is_run_months_later_is_late_and_what_was_archived_is_evidence(folder: Path) -> None:
    assert run(folder) == ["history.stored_late"]
    assert runs(folder) == [("2026-12-01", False, True)]  # in the zone of the rules
    assert run(folder, DAY) == ["history.replaced"]
    assert runs(folder) == [("2026-03-31", True, True)]
    write(folder, 80)
    assert run(folder) == ["history.stored_beside"]
    assert runs(folder) == [("2026-03-31", True, False), ("2026-12-01", False, True)]
    sheet = show_runs(Request(rules=find_rules(None, folder), now=NOW), None).sheets[0]
    assert sheet.column("evidence").tolist() == ["evidence", "late"]
    assert sheet.column("known_on").astype("datetime64[D]").astype(str).tolist() == [
        "2026-03-31",
        "2026-12-01",
    ]


def test_a_day_that_the_export_itself_refutes_is_refused(folder: Path) -> None:
    write(folder, 50, "2026-04-15")
    with pytest.raises(DataError, match=r"history\.known_on_too_early") as raised:
        run(folder, dt.date(2026, 4, 14))
    assert raised.value.problems[0].details == {"latest": "2026-04-15"}
    assert not (folder / "o.json").exists()
    assert not (folder / ".cscli" / "history.db").exists()
    assert run(folder, dt.date(2026, 4, 15)) == ["history.stored_late"]
    with pytest.raises(UsageError, match=r"history\.known_on_future"):
        run(folder, dt.date(2026, 12, 2))
