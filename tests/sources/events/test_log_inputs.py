"""What a log's files may hold: bad lines, broken quotes, wrong columns; what is said, and that no row goes missing.

The expected counts are worked out by hand on small files.
"""

import datetime as dt
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from books.event_logs import AS_OF, HEADER, log_of, skewed_rows, write_csv, write_parquet
from cscli.analysis.proposing.log_columns import LogColumns
from cscli.errors import CscliError, DataError, Severity, SourceError
from cscli.sources.engine.model import Progress
from cscli.sources.events import (
    EventLog,
    EventRollup,
    find_log_files,
    read_headers,
    roll_up_events,
    uncovered_columns,
)
from cscli.workspace.scratch import scratch_folder
from oracles.event_twin import Row

LINE = "A,u1,2026-10-30T10:00:00Z,login"


def text_log(folder: Path, *lines: str, **changes: object) -> EventLog:
    path = folder / "log.csv"
    path.write_text("\n".join([",".join(HEADER), *lines]) + "\n", encoding="utf-8")
    return log_of(path, **changes)


def codes(found: EventRollup | CscliError) -> list[tuple[str, int | None]]:
    return [
        (each.code.removeprefix("events."), each.where.line)
        for each in found.problems
        if "uncovered" not in each.code
    ]


def refused(log: EventLog) -> DataError:
    with pytest.raises(DataError) as caught:
        roll_up_events(log)
    return caught.value


def test_bad_lines_are_counted_and_the_first_shown(tmp_path: Path) -> None:
    bad = (
        "A,u1,2026-10-30T10:00:00Z",
        "A,u1,2026-10-30T10:00:00Z,login,more",
        'A,u1,2026-10-30T10:00:00Z,"log"in',
        "A,u1,20261030,login",
        "A,u1,17618184,login",
    )
    found = roll_up_events(text_log(tmp_path, LINE, *bad, LINE, max_bad_lines=0.9))
    assert (found.rows, found.files[0].bad_lines) == (2, 5)
    assert found.accounts["events_7d"].tolist() == [2.0]
    assert codes(found) == [("bad_lines", None), ("line_short", 3), ("line_long", 4), ("line_quote", 5)]


def test_times_that_are_none_are_bad_lines(tmp_path: Path) -> None:
    bad = [
        "2026-02-30T10:00:00Z",
        "2026-10-30T24:00:00Z",
        "2026-10-30T10:00:61Z",
        "2026/10/30",
        "now",
        "infinity",
        "2026-1-5",
        "2026-10-30T10Z",
        "2026-13-01",
        "45000.5",
    ]
    found = roll_up_events(text_log(tmp_path, LINE, *(f"A,u,{at},login" for at in bad), max_bad_lines=0.99))
    assert (found.rows, found.files[0].bad_lines) == (1, len(bad))
    assert codes(found)[1:] == [("line_time", 3), ("line_time", 4), ("line_time", 5)]
    assert [each.value for each in found.problems][1:4] == bad[:3]


def test_more_bad_lines_than_allowed_end_the_run(tmp_path: Path) -> None:
    log = text_log(tmp_path, *[LINE] * 98, "A,u", "A,u")
    error = refused(replace(log, keep=tmp_path / "kept"))
    assert codes(error) == [("too_many_bad_lines", None), ("line_short", 100), ("line_short", 101)]
    assert codes(roll_up_events(replace(log, max_bad_lines=0.02)))[0] == ("bad_lines", None)
    assert refused(replace(log, keep=tmp_path / "kept")).problems == error.problems


def test_fields_over_several_lines_are_one_row(tmp_path: Path) -> None:
    lines = ['A,u1,2026-10-30T10:00:00Z,"log\nin"', "", 'A,"u,1",2026-10-30T10:00:00Z,"a ""b"""', LINE]
    found = roll_up_events(text_log(tmp_path, *lines))
    assert (found.rows, found.files[0].bad_lines) == (3, 0)
    assert found.accounts[["events_7d", "users_7d", "breadth_7d"]].iloc[0].tolist() == [3.0, 2.0, 3.0]


def test_an_open_quote_is_refused(tmp_path: Path) -> None:
    error = refused(
        text_log(tmp_path, *[LINE] * 50, 'A,u1,2026-10-30T10:00:00Z,"login', *[LINE] * 50, max_bad_lines=0.9)
    )
    assert codes(error) in ([("reading.broken_quote", None)], [("rows_lost", None)])


def test_times_without_a_zone_ask_what_they_are(tmp_path: Path) -> None:
    for moment in ("2026-10-30 10:00:00", "2026-10-30T10:00:00.5"):
        log = text_log(tmp_path, LINE, f"A,u,{moment},login")
        assert codes(refused(log)) == [("naive_times", None)]
        assert roll_up_events(replace(log, naive_times_are="UTC")).rows == 2
    rows: list[Row] = [("A", "u", dt.datetime(2026, 10, 30, 10), "login")]  # noqa: DTZ001 - naive on purpose
    path = write_parquet(tmp_path / "log.parquet", rows, "VARCHAR, VARCHAR, TIMESTAMP, VARCHAR")
    assert codes(refused(log_of(path))) == [("naive_times", None)]


def test_numbers_are_no_times(tmp_path: Path) -> None:
    path = write_parquet(
        tmp_path / "log.parquet", [("A", "u", 1_761_818_400, "x")], "VARCHAR, VARCHAR, BIGINT, VARCHAR"
    )
    assert codes(refused(log_of(path))) == [("time_type", None)]


def test_times_at_the_edges_of_time_do_not_stop_the_rest(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("A", "u", at, "x") for at in ("infinity", "-infinity", "294246-01-01", "0001-01-01", "2026-10-30")
    ]
    path = write_parquet(tmp_path / "log.parquet", rows, "VARCHAR, VARCHAR, TIMESTAMPTZ, VARCHAR")
    found = roll_up_events(log_of(path, max_bad_lines=0.9))
    assert (found.rows, found.rows_without_time, found.files[0].bad_lines) == (3, 2, 2)
    assert found.accounts["events_7d"].tolist() == [1.0]


def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    good, other = write_csv(tmp_path / "a.csv", skewed_rows(9, AS_OF, 1)), tmp_path / "b.csv"
    other.write_text("org,user,ts,name\n" + LINE + "\n", encoding="utf-8")
    error = refused(log_of(good, other))
    assert [(each.code, each.where.file, each.value) for each in error.problems] == [
        ("events.column_missing", "b.csv", "uid")
    ]
    other.write_text("org,uid,ts,name,uid\n" + LINE + ",u\n", encoding="utf-8")
    assert codes(refused(log_of(other))) == [("column_repeated", None)]
    parquet = write_parquet(tmp_path / "c.parquet", [])
    error = refused(log_of(parquet, columns=LogColumns("orgs", "ts")))
    assert [(each.value, each.details["nearest"]) for each in error.problems] == [("orgs", "org")]


def test_headers_of_every_form(tmp_path: Path) -> None:
    assert read_headers(write_csv(tmp_path / "a.csv", [], "utf-8-sig", "\t")) == HEADER
    assert read_headers(write_csv(tmp_path / "b.csv", [("株", "①", "x", "y")], "cp932")) == HEADER
    assert read_headers(write_parquet(tmp_path / "c.parquet", [])) == HEADER


def test_files_that_are_no_logs(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no_match"):
        find_log_files("nothing/*.csv", tmp_path)
    with pytest.raises(SourceError, match="no_file"):
        read_headers(tmp_path / "nothing.csv")
    (tmp_path / "cut.csv.gz").write_bytes(b"\x1f\x8b\x08\x00\x00")
    with pytest.raises(SourceError, match="not_readable"):
        roll_up_events(log_of(tmp_path / "cut.csv.gz"))
    (tmp_path / "cut.parquet").write_bytes(b"PAR1\0\0\0\0")
    assert codes(refused(log_of(tmp_path / "cut.parquet"))) == [("damaged_parquet", None)]
    (tmp_path / "empty.csv").write_bytes(b"")
    assert codes(refused(log_of(tmp_path / "empty.csv"))) == [("reading.empty_file", None)]


def test_a_log_with_a_header_alone(tmp_path: Path) -> None:
    found = roll_up_events(text_log(tmp_path))
    assert (len(found.accounts), len(found.weeks), found.rows, found.first_day) == (0, 0, 0, None)
    assert codes(found) == [("no_events", None)]
    assert found.accounts["last_seen_on"].dtype == "datetime64[us]"


def test_windows_that_the_log_does_not_reach_back_to(tmp_path: Path) -> None:
    """The log begins 13 days before as_of: 7 days and the 7 before are covered, of 10 days those before are not."""
    log = text_log(tmp_path, LINE, "A,u,2026-10-18T00:00:00Z,x", windows=(7, 10, 28))
    found = roll_up_events(log)
    assert [(each.code, each.severity, each.value) for each in found.problems] == [
        ("events.window_prev_uncovered", Severity.WARNING, "10d_prev"),
        ("events.window_uncovered", Severity.ERROR, "28d"),
        ("events.window_prev_uncovered", Severity.WARNING, "28d_prev"),
    ]
    missing = uncovered_columns(found, log.windows, log.as_of)
    assert {name.split("_", 1)[1] for name in missing if name.startswith("events_")} == {
        "10d_prev",
        "28d",
        "28d_prev",
    }


def test_control_characters_are_taken_out_and_told(tmp_path: Path) -> None:
    found = roll_up_events(text_log(tmp_path, "A\0,u,2026-10-30T10:00:00Z,x", LINE))
    assert found.accounts["account_id"].tolist() == ["A"]
    assert codes(found) == [("reading.controls_removed", None)]


def test_names_with_quotes_are_names(tmp_path: Path) -> None:
    path = tmp_path / "it's.csv"
    path.write_text('"o\'r""g",ts\nA\'; DROP TABLE x,2026-10-30T10:00:00Z\n', encoding="utf-8")
    features = {'a"b': ("it's", "--")}
    found = roll_up_events(log_of(path, columns=LogColumns("o'r\"g", "ts", None, "ts"), features=features))
    assert found.accounts["account_id"].tolist() == ["A'; DROP TABLE x"]
    assert 'a"b_7d' in found.accounts


def test_scratch_is_private_and_gone(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as outer:
        assert outer.stat().st_mode & 0o777 == 0o700
        with scratch_folder(tmp_path) as inner:
            assert outer.exists(), "a folder in use is not swept"
            assert inner != outer
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - hidden ones too


def test_progress_comes_from_another_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cscli.sources.engine.ticking._FIRST_SECONDS", 0.001)
    monkeypatch.setattr("cscli.sources.engine.ticking._EVERY_SECONDS", 0.001)
    told: list[tuple[Progress, int]] = []
    rows = skewed_rows(2_000, dt.date(2026, 9, 1), 60)
    log = log_of(write_csv(tmp_path / "log.csv", rows))
    found = roll_up_events(log, lambda progress: told.append((progress, threading.get_ident())))
    assert found.rows == 2_000
    assert told[-1][0].rows == 2_000
    assert told[-1][0].files_done == 1
    assert threading.get_ident() not in {thread for _, thread in told}


def test_a_large_file_in_a_legacy_encoding_is_judged_as_a_whole(tmp_path: Path) -> None:
    """The first Japanese character stands beyond two megabytes of ASCII."""
    rows: list[Row] = [
        *[("A", "u", "2026-10-30T10:00:00Z", "login")] * 70_000,
        ("株式会社", "u", "2026-10-30T10:00:00Z", "ログイン"),
    ]
    found = roll_up_events(log_of(write_csv(tmp_path / "log.csv", rows, "cp932")))
    assert found.accounts["account_id"].tolist() == ["A", "株式会社"]
    assert found.accounts["events_7d"].tolist() == [70_000.0, 1.0]
    assert [(each.code, each.value) for each in found.problems if each.code.startswith("reading")] == [
        ("reading.encoding_assumed", "CP932 (Shift-JIS)")
    ]


@pytest.mark.parametrize(
    ("days", "severity", "missing"),
    [
        (7, None, set()),  # such as over holidays
        (8, Severity.ERROR, {"7d"}),
        (13, Severity.ERROR, {"7d"}),
        (14, Severity.ERROR, {"7d", "7d_prev"}),
        (30, Severity.ERROR, {"7d", "7d_prev", "28d"}),
    ],
)
def test_a_log_that_ends_before_its_windows_begin(
    days: int, severity: Severity | None, missing: set[str], tmp_path: Path
) -> None:
    """Worked out by hand: of `days` days before as_of is the last event, and 7 days begin on the sixth day before it."""
    last = AS_OF - dt.timedelta(days=days)
    first = AS_OF - dt.timedelta(days=300)
    lines = [f"A,u1,{day}T10:00:00Z,login" for day in (first, last)]
    log = text_log(tmp_path, *lines, windows=(7, 28))
    found = roll_up_events(log)
    said = [(each.code, each.severity, each.value, each.details["days"]) for each in found.problems]
    assert said == ([("events.ends_early", severity, str(last), days)] if severity else [])
    columns = uncovered_columns(found, log.windows, log.as_of)
    assert {each.split("_", 1)[1] for each in columns if each.startswith("events_")} == missing


def test_a_log_that_ends_within_its_window_counts_too_little(tmp_path: Path) -> None:
    last = AS_OF - dt.timedelta(days=10)
    lines = [f"A,u1,{day}T10:00:00Z,login" for day in (AS_OF - dt.timedelta(days=300), last)]
    log = text_log(tmp_path, *lines, windows=(28,))
    found = roll_up_events(log)
    assert [(each.code, each.severity) for each in found.problems] == [
        ("events.ends_early", Severity.WARNING)
    ]
    assert uncovered_columns(found, log.windows, log.as_of) == ()
