"""Folders of old exports into the history. Oracle: thirty weekly exports of two accounts, whose NPS tells the week."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from cscli.errors import ConfigError, ExitCode
from cscli.history import every_run, read_evidence
from cscli.workflows import Request, backfill, say_backfilled, score
from cscli.workflows.history.backfilling import Backfilled, day_of
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
timezone: Asia/Tokyo
sources:
  accounts: {file: exports/accounts*.csv}
  tickets: {file: exports/tickets.csv, kind: rows, at: opened_at, rollup: {tickets: count(*)}}
inputs: {file: inputs/csm.csv}
metrics:
  nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}
  tickets: {value: tickets, points: {kind: linear, zero: 5, full: 0}}
scorecards: [{name: s, groups: {g: {weight: 1, metrics: {nps: 1, tickets: 1}}}}]
"""
NOW = dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC)
MONDAYS = [dt.date(2026, 1, 5) + dt.timedelta(weeks=week) for week in range(30)]
URL = "sqlite:///.cscli/history.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    write(tmp_path / "exports", 99, "2026-11-29")  # of today: no old folder may read it
    (tmp_path / "exports" / "tickets.csv").write_text(
        "account_id,opened_at\n" + "A,2026-01-01\n" * 5, encoding="utf-8"
    )
    write_old(tmp_path, 3)
    return tmp_path


def write_old(folder: Path, weeks: int) -> None:
    for week, day in enumerate(MONDAYS[:weeks]):
        write(folder / "old" / day.isoformat(), week, (day - dt.timedelta(3)).isoformat())


def write(folder: Path, nps: int, login: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = f"account_id,nps,last_login_on\nA,{nps},{login}\nB,50,{login}\n"
    (folder / "accounts.csv").write_text(text, encoding="utf-8")


def run(folder: Path, *places: Path) -> list[Backfilled]:
    return [found for found, _ in backfill(asked(folder), places or (folder / "old",))]


def asked(folder: Path) -> Request:
    return Request(rules=find_rules(None, folder), now=NOW)


def history_bytes(folder: Path) -> str:
    return hashlib.sha256((folder / ".cscli" / "history.db").read_bytes()).hexdigest()


@pytest.mark.slow
def test_thirty_folders_are_thirty_runs_all_of_them_evidence_and_a_second_call_changes_nothing(
    folder: Path,
) -> None:
    write_old(folder, 30)
    found = run(folder)
    assert [(each.day, each.outcome, each.accounts) for each in found] == [
        (day, "stored", 2) for day in MONDAYS
    ]
    runs = every_run(URL, folder)
    assert [(each.as_of, each.known_on, each.is_evidence) for each in runs] == [
        (day, day, True) for day in MONDAYS
    ]
    for week, day in enumerate(MONDAYS):
        stored = read_evidence(URL, folder, day)
        assert stored is not None
        assert stored.values["nps"].tolist() == [week, 50]
        assert (
            stored.values["tickets"].isna().all()
        )  # that folder has no tickets: those of today do not count
    assert found[0].absent == ("tickets",)
    before = history_bytes(folder)
    assert {each.outcome for each in run(folder)} == {"there"}
    assert history_bytes(folder) == before


def test_what_a_run_of_that_week_knew_stays(folder: Path) -> None:
    """Its exports said 99 on the Tuesday; the archive of the Monday says 0."""
    tuesday = dt.datetime(2026, 1, 6, 3, tzinfo=dt.UTC)
    write_today = "account_id,nps,last_login_on\nA,99,2026-01-04\n"
    (folder / "exports" / "accounts.csv").write_text(write_today, encoding="utf-8")
    score(Request(rules=find_rules(None, folder), now=tuesday, as_of=MONDAYS[0]), folder / "o.csv")
    assert [each.outcome for each in run(folder, folder / "old" / "2026-01-05")] == ["there"]
    stored = read_evidence(URL, folder, MONDAYS[0])
    assert stored is not None
    assert stored.values["nps"].tolist() == [99]


def test_each_folder_that_is_refused_is_one_line_and_the_others_are_stored(folder: Path) -> None:
    old = folder / "old"
    write(old / "2026-12-07", 1, "2026-01-01")  # that day has not come
    write(old / "2025-12-01", 1, "2025-12-02")  # tells of the day after
    (old / "2025-12-08").mkdir()
    write(folder / "lately", 1, "2026-01-01")
    found = run(folder, folder / "lately", folder / "nowhere", old)
    lines = {each.folder.name: say_backfilled(each, "en") for each in found if each.outcome == "refused"}
    assert sum(each.outcome == "stored" for each in found) == 3
    assert {name: line.split("refused: ")[1][:34] for name, line in lines.items()} == {
        "lately": "The name of the folder tells no da",
        "nowhere": "There is no such folder",
        "2025-12-01": "accounts.csv · The export tells of",
        "2025-12-08": "accounts*.csv · No file matches ac",
        "2026-12-07": "2026-12-07 is after today · Correc",
    }
    assert all("\n" not in line for line in lines.values())
    assert {each.code for each in found} == {
        ExitCode.DONE, ExitCode.DATA, ExitCode.FILES, ExitCode.USAGE,
    }  # fmt: skip


def test_wrong_rules_are_told_once(folder: Path) -> None:
    (folder / "cscli.yaml").write_text(RULES.replace("version: 1", "version: 7"), encoding="utf-8")
    with pytest.raises(ConfigError):
        run(folder)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-01-05", "2026-01-05"),
        ("20260105", "2026-01-05"),
        ("export_2026.1.5_crm", "2026-01-05"),
        ("2026年1月5日", "2026-01-05"),
        ("2026-13-05", None),
        ("2026-01", None),
        ("crm 12026010", None),
    ],
)
def test_the_day_that_a_name_tells(name: str, day: str | None) -> None:
    assert day_of(Path(name)) == (dt.date.fromisoformat(day) if day else None)
