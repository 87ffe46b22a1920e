"""The course of accounts and of the book from a real database. The oracle is arithmetic by hand on four small runs."""

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from books.made import made, stored
from cscli.analysis.past.over_time import book_totals, by_band, step_changes, switched
from cscli.analysis.past.snapshots import Snapshot
from cscli.history import (
    account_course,
    account_ids,
    append,
    book_course,
    course,
    exported,
    prune,
    stored_runs,
)

HERE = Path()
DAYS = tuple(dt.date(2026, 1, 3) + dt.timedelta(weeks=at) for at in range(4))
# By day: account, score, band, MRR, ARR. B is not there on the second day, and C has no score until the last.
ROWS = (
    [("A", 10.0, "low", 1.0, 12.0), ("B", 70.0, "high", 3.0, 36.0), ("C", None, "unknown", None, None)],
    [("A", 20.0, "low", 1.0, 12.0), ("C", None, "unknown", None, None)],
    [("A", 90.0, "high", 1.0, 12.0), ("B", 70.0, "high", 3.0, 36.0), ("C", None, "unknown", None, None)],
    [("A", 90.5, "high", 1.0, 12.0), ("B", 30.0, "low", 3.0, 36.0), ("C", 50.0, "low", None, None)],
)


def week(at: int) -> Snapshot:
    """One run; the rules change with the third, and the third week of an event log is corrected in the fourth."""
    ids, scores, bands, mrr, arr = map(list, zip(*ROWS[at], strict=True))
    plain = made(DAYS[at], **dict.fromkeys(ids, 1.0))
    numbers = {"score": scores, "mrr": mrr, "arr": arr}
    accounts = plain.accounts.assign(band=bands, **{k: np.array(v, float) for k, v in numbers.items()})
    monday = pd.Timestamp(DAYS[at]) - pd.Timedelta(days=5)
    weeks = pd.DataFrame(
        {
            "account_id": ["A", "A", "B"], "week": [monday - pd.Timedelta(weeks=1), monday, monday],
            "events": [10 * at, 5, 7], "users": [1, 1, 2], "active_days": [3, 4, 5], "breadth": [1, 2, 3],
        }
    )  # fmt: skip
    return replace(
        plain,
        accounts=accounts,
        columns=pd.DataFrame({"account_id": ids, "name": [f"Name {key}" for key in ids]}, dtype=object),
        config_digest="old" if at < 2 else "new",
        relative=("b",) if at == 0 else (),
        event_weeks={"usage": weeks},
    )


@pytest.fixture
def url(history_url: str) -> str:
    for at in (2, 0, 3, 1):  # in no order: days count, not when they were stored
        if at in (0, 1):  # a log is only ever brought forward
            append(history_url, HERE, replace(week(at), event_weeks={}))
        else:
            append(history_url, HERE, week(at))
    return history_url


def test_an_account_over_time(url: str) -> None:
    found = account_course(url, HERE, "B")
    assert found is not None
    assert found.name == "Name B"
    assert found.course["as_of"].dt.date.tolist() == [DAYS[0], DAYS[2], DAYS[3]]
    assert found.course["score"].tolist() == [70, 70, 30]
    assert found.course["band"].tolist() == ["high", "high", "low"]
    assert found.course["config_digest"].tolist() == ["old", "new", "new"]
    assert found.course["capped_by"].tolist() == [["scorecards[0].caps[0].when"]] * 3
    assert found.relative == ("b",)
    assert switched(found.course["config_digest"]).tolist() == [False, True, False]
    changes = step_changes(found.course["score"].to_numpy(np.float64))
    assert (math.isnan(changes[0]), changes[1:].tolist()) == (True, [0, -40])


def test_an_account_without_a_score_has_a_course_all_the_same(url: str) -> None:
    found = course(url, HERE, "C")
    assert found["score"].isna().tolist() == [True, True, True, False]
    assert found["mrr"].isna().all()


def test_the_last_weeks_are_counted_from_the_newest_run(url: str) -> None:
    assert course(url, HERE, "A", last=2)["as_of"].dt.date.tolist() == list(DAYS[2:])
    assert course(url, HERE, "A", last=10**9)["as_of"].dt.date.tolist() == list(DAYS)
    book = book_course(url, HERE, 1)
    assert book is not None
    assert [run.as_of for run in book.runs] == [DAYS[3]]


def test_nobody_of_that_id(url: str) -> None:
    assert account_course(url, HERE, "Z") is None
    assert course(url, HERE, "Z").empty
    assert account_ids(url, HERE) == ("A", "B", "C")


def test_nothing_stored_is_nothing(history_url: str) -> None:
    assert (book_course(history_url, HERE), account_course(history_url, HERE, "A")) == (None, None)
    assert (stored_runs(history_url, HERE), account_ids(history_url, HERE)) == ((), ())
    assert course(history_url, HERE, "A").empty
    with exported(history_url, HERE) as tables:
        assert tables is None


def test_the_book_over_time(url: str) -> None:
    found = book_course(url, HERE)
    assert found is not None
    totals = book_totals(found.bands)
    assert totals["accounts"].tolist() == [3, 2, 3, 3]
    assert totals["mean_score"].tolist() == [40, 20, 80, (90.5 + 30 + 50) / 3]
    by_mrr = [(10 + 3 * 70) / 4, 20, (90 + 3 * 70) / 4, (90.5 + 3 * 30) / 4]
    assert totals["mean_score_by_mrr"].tolist() == by_mrr
    assert totals["arr"].tolist() == [48, 12, 48, 48]
    assert by_band(found.bands, "low", "accounts").tolist() == [1, 1, 0, 2]
    assert by_band(found.bands, "high", "arr").tolist() == [36, 0, 48, 12]
    assert by_band(found.bands, "of no run", "accounts").tolist() == [0, 0, 0, 0]
    assert [run.config_digest for run in found.runs] == ["old", "old", "new", "new"]


def test_the_heat_map_has_the_largest_first(url: str) -> None:
    found = book_course(url, HERE)
    assert found is not None
    assert found.heat[["account_id", "name"]].to_numpy().tolist() == [
        ["B", "Name B"],
        ["A", "Name A"],
        ["C", "Name C"],
    ]
    days = [day.isoformat() for day in DAYS]
    assert list(found.heat.columns[3:]) == days
    assert found.heat[days].fillna(-1).to_numpy().tolist() == [
        [70, -1, 70, 30],
        [10, 20, 90, 90.5],
        [-1, -1, -1, 50],
    ]


def test_events_of_a_later_run_replace_those_of_the_same_weeks(url: str) -> None:
    found = account_course(url, HERE, "A")
    assert found is not None
    weeks = found.weeks["usage"]
    mondays = [dt.date(2026, 1, 5), dt.date(2026, 1, 12), dt.date(2026, 1, 19)]
    assert weeks["week"].dt.date.tolist() == mondays
    assert weeks["events"].tolist() == [
        20,
        30,
        5,
    ]  # the second run brought 5 for the week, the third corrected it
    assert stored(url, "SELECT count(*) FROM event_weeks WHERE account_id = 'B'") == [(1,)]


def test_rows_of_events_that_stay_are_not_written_again(history_url: str) -> None:
    append(history_url, HERE, week(3))
    before = stored(history_url, "SELECT * FROM event_weeks ORDER BY account_id, week")
    append(history_url, HERE, week(3))
    assert stored(history_url, "SELECT * FROM event_weeks ORDER BY account_id, week") == before


def test_the_export_has_every_account_of_every_run(url: str) -> None:
    newer = week(3)
    newer = replace(
        newer, as_of=DAYS[3] + dt.timedelta(7), metrics=("c", "new"), values=pd.DataFrame({"c": ["x", "y", None], "new": [1.0, 2.0, 3.0]}),
        points=np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 6.0]]),
    )  # fmt: skip
    append(url, HERE, newer)
    with exported(url, HERE) as tables:
        assert tables is not None
        found = pd.concat(list(tables))
    assert list(found.columns) == [
        "as_of", "account_id", "name", "scorecard", "score", "score_before_caps", "band", "data_coverage", "capped_by", "mrr", "arr",
        "config_digest", "touch", "team", "c", "c_points", "new", "new_points", "a", "a_points", "b", "b_points",
    ]  # fmt: skip
    assert len(found) == 3 + 2 + 3 + 3 + 3
    last = found[found["as_of"] == pd.Timestamp(newer.as_of)]
    assert last["c_points"].tolist() == [1, 3, 5]
    assert last["new"].tolist() == [1, 2, 3]
    assert last["a"].isna().all()
    assert found["new"].isna().sum() == 11
    with exported(url, HERE, 1) as tables:
        assert tables is not None
        assert [len(table) for table in tables] == [3]


@pytest.mark.parametrize(
    ("keep", "since", "removed"),
    [(3, None, 1), (9, None, 0), (1, None, 3), (None, DAYS[2], 2), (None, dt.date(2030, 1, 1), 3)],
)
def test_pruning_keeps_the_newest(url: str, keep: int | None, since: dt.date | None, removed: int) -> None:
    newest = account_course(url, HERE, "A", 1)
    planned = prune(url, HERE, keep=keep, since=since, dry_run=True)
    assert (planned.removed, planned.kept) == (DAYS[:removed], DAYS[removed:])
    assert len(stored_runs(url, HERE)) == 4
    assert prune(url, HERE, keep=keep, since=since) == planned
    assert tuple(run.as_of for run in stored_runs(url, HERE)) == DAYS[removed:]
    for table in ("accounts", "run_bands", "run_columns"):
        assert stored(url, f"SELECT count(DISTINCT run_id) FROM {table}") == [(4 - removed,)]  # noqa: S608 - own names
    after = account_course(url, HERE, "A", 1)
    assert newest is not None
    assert after is not None
    pd.testing.assert_frame_equal(after.course, newest.course)


def test_pruning_makes_the_file_smaller(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/history.db"
    for at in range(4):
        append(url, HERE, made(DAYS[at], **{f"A{n}": float(n) for n in range(3000)}))
    before = (tmp_path / "history.db").stat().st_size
    prune(url, HERE, keep=1)
    assert (tmp_path / "history.db").stat().st_size < 0.4 * before
