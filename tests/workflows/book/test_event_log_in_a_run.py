"""The event log of the sample company in a run: oracle is pandas on the file itself, written here once more."""

import datetime as dt
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cscli import workflows
from cscli.config.blocks.events import event_columns
from cscli.errors import Severity
from cscli.history import read_snapshot
from cscli.workflows import Request
from cscli.workflows.book.events import keeping_logs
from cscli.workflows.book.read import read_book
from cscli.workflows.book.reading import SourceReader
from cscli.workflows.scores.scoring import score_book
from cscli.workspace.rules import find_rules
from places import SAMPLE

AS_OF = dt.date(2026, 10, 31)
NOW = dt.datetime(2026, 11, 2, 7, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    for path in SAMPLE.iterdir():
        if path.suffix in (".csv", ".xlsx", ".gz", ".yaml"):
            shutil.copy(path, folder)
    return folder


def _request(workspace: Path, *overrides: str, as_of: dt.date = AS_OF) -> Request:
    return Request(rules=find_rules("cscli.yaml", workspace), now=NOW, as_of=as_of, overrides=overrides)


@pytest.fixture(scope="module")
def log(workspace: Path) -> pd.DataFrame:
    events = pd.read_csv(workspace / "events.csv.gz", dtype=str)
    at = pd.to_datetime(events["at"], utc=True).dt.tz_convert("Asia/Tokyo")
    return events.assign(day=at.dt.tz_localize(None).dt.normalize())


def _users(log: pd.DataFrame, first: str, last: str) -> "pd.Series[int]":
    within = log[log["day"].between(first, last)]
    return within.groupby("account_id")["user_id"].nunique()


@pytest.mark.whole
def test_scores_rest_on_users_by_seat_growth_and_days_idle(workspace: Path, log: pd.DataFrame) -> None:
    book = read_book(_request(workspace))
    _, scored, _ = score_book(_request(workspace), book)
    frame = scored.frame.set_index("account_id")
    ids = frame.index
    users = _users(log, "2026-10-04", "2026-10-31").reindex(ids).fillna(0)
    before = _users(log, "2026-09-06", "2026-10-03").reindex(ids).fillna(0)
    last = log[log["day"] <= "2026-10-31"].groupby("account_id")["day"].max().reindex(ids)
    growth = (users / before - 1).where(before > 0)
    idle = (pd.Timestamp(AS_OF) - last).dt.days.astype(float)
    pd.testing.assert_series_equal(frame["coverage"], users / frame["seats"], check_names=False)
    pd.testing.assert_series_equal(frame["growth_28d"], growth, check_names=False)
    pd.testing.assert_series_equal(frame["idle"], idle, check_names=False)
    assert (frame["coverage"] > 0).sum() > 100
    assert frame.loc["A0017", "users_28d"] == 0  # has no row in the log
    assert np.isnan(frame["idle"]["A0017"])


def test_earlier_days_of_one_reader_read_the_log_once(workspace: Path) -> None:
    """Oracle: the book of each day by a reader of its own."""
    request, reader = replace(_request(workspace), remember=False), SourceReader()
    days = [dt.date(2026, 7, 31), dt.date(2026, 9, 30)]
    with keeping_logs(reader, request):
        read_book(request, reader=reader)
        for day in days:
            asked, other = replace(request, as_of=day), reader.at_day(day)
            found, alone = read_book(asked, reader=other), read_book(asked)
            pd.testing.assert_frame_equal(found.frame, alone.frame)
            assert [file.reused for file in found.logs["events"].files] == [True]
            assert found.logs["events"].weeks.empty
            assert list(found.logs["events"].weeks.dtypes) == list(alone.logs["events"].weeks.dtypes)
            assert reader.at_day(day) is other
    assert reader.scratch is None


def test_a_window_that_the_log_does_not_cover_is_missing_for_everybody_and_said(workspace: Path) -> None:
    book = read_book(_request(workspace, "sources.events.windows=[28, 90, 150]"))
    assert book.frame["users_28d"].notna().all()
    assert book.frame["users_150d"].notna().all()
    assert book.frame["users_150d_prev"].isna().all()  # 300 days back; the log has 200
    about = [problem for problem in book.problems if problem.code.startswith("events.")]
    assert [problem.severity for problem in about] == [Severity.WARNING]
    assert about[0].value == "150d_prev"


@pytest.mark.whole
def test_the_weekly_table_goes_to_the_history(workspace: Path, log: pd.DataFrame) -> None:
    workflows.score(_request(workspace), workspace / "out" / "scores.json")
    report = json.loads((workspace / "out" / "scores.json").read_text())
    assert {entry["source"]: entry["rows"] for entry in report["inputs"]}["events"] == len(log)
    stored = read_snapshot("sqlite:///.cscli/history.db", workspace, AS_OF)
    assert stored is not None
    assert set(event_columns((7, 28, 90), ("scan",))) <= set(stored.columns.columns)
    known = set(stored.columns["account_id"])
    monday = (log["day"] - pd.to_timedelta(log["day"].dt.day_of_week, unit="D")).dt.strftime("%Y-%m-%d")
    by_week = log[log["account_id"].isin(known)].groupby([monday, "account_id"])
    with closing(sqlite3.connect(workspace / ".cscli" / "history.db")) as database:
        query = "SELECT week, account_id, events, users FROM event_weeks"
        kept = {
            (week, account): counts for week, account, *counts in database.execute(query) if account in known
        }
    assert kept == {
        (week, account): [len(rows), rows["user_id"].nunique()] for (week, account), rows in by_week
    }


@pytest.mark.whole
def test_check_describes_the_log(workspace: Path) -> None:
    checked = workflows.check(_request(workspace))
    sources, columns = checked.report.sheets[0], checked.report.sheets[1]
    row = sources.column("source").tolist().index("events")
    assert sources.column("rows")[row] == 50_040
    assert sources.column("file")[row] == "events.csv.gz"
    of_log = [
        name
        for source, name in zip(columns.column("source"), columns.column("column"), strict=True)
        if source == "events"
    ]
    assert of_log == ["account_id", *event_columns((7, 28, 90), ("scan",))]


def test_an_optional_log_without_files_leaves_its_columns_missing(workspace: Path, tmp_path: Path) -> None:
    for name in (
        "accounts.xlsx",
        "usage.csv",
        "tickets.csv",
        "survey.csv",
        "subscriptions.csv",
        "touches.csv",
        "cancellations.csv",
        "content_views.csv",
        "contacts.csv",
        "mail_log.csv",
        "cscli.yaml",
    ):
        shutil.copy(workspace / name, tmp_path)
    book = read_book(_request(tmp_path, "sources.events.optional=true"))
    assert book.frame["users_28d"].isna().all()
    assert "reading.optional_absent" in {problem.code for problem in book.problems}
