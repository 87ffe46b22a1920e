"""The rollup of event logs against the twin in pandas (`oracles.event_twin`), on real files."""

import datetime as dt
import gzip
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books.event_logs import AS_OF, ZONES, check, log_of, skewed_rows, write_csv, write_parquet
from cscli.analysis.proposing.log_columns import LogColumns
from cscli.sources.engine.model import EventEngine
from cscli.sources.events import find_log_files
from oracles.event_twin import Row

YEAR_BEFORE = dt.date(2025, 10, 20)


@pytest.mark.parametrize("zone", ZONES)
def test_a_skewed_log_with_gaps(zone: str, tmp_path: Path) -> None:
    rows = skewed_rows(4_000, YEAR_BEFORE, 380)
    found = check(rows, log_of(write_csv(tmp_path / "log.csv", rows), zone=zone, windows=(7, 28, 90)))
    assert found.rows == 4_000
    assert found.rows_without_account > 50
    assert found.rows_without_time > 50


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "Asia/Kathmandu"])
def test_every_quarter_of_an_hour_around_the_clock_changes(zone: str, tmp_path: Path) -> None:
    begins = [
        dt.datetime(2026, 3, 7, 12, tzinfo=dt.UTC),
        dt.datetime(2025, 11, 1, 12, tzinfo=dt.UTC),
        dt.datetime(2026, 4, 4, tzinfo=dt.UTC),
        dt.datetime(2026, 10, 3, tzinfo=dt.UTC),
    ]
    rows: list[Row] = [
        ("A", f"u{step}", (begin + dt.timedelta(minutes=15 * step)).isoformat(), "login")
        for begin in begins
        for step in range(4 * 48)
    ]
    check(rows, log_of(write_csv(tmp_path / "log.csv", rows), zone=zone, windows=(400,)))
    check(rows, log_of(write_parquet(tmp_path / "log.parquet", rows), zone=zone, windows=(400,)))


@pytest.mark.whole
@pytest.mark.parametrize("naive", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_times_without_a_zone(naive: str, zone: str, tmp_path: Path) -> None:
    begins = [dt.datetime(2026, 3, 7, 12), dt.datetime(2025, 11, 1, 12), dt.datetime(2026, 10, 31, 18)]  # noqa: DTZ001 - naive on purpose
    moments = [begin + dt.timedelta(minutes=15 * step) for begin in begins for step in range(4 * 36)]
    rows: list[Row] = [("A", "u", moment, "login") for moment in moments]
    texts: list[Row] = [("A", "u", str(moment), "login") for moment in moments]
    asked = {"zone": zone, "naive_times_are": naive, "windows": (1, 400)}
    check(texts, log_of(write_csv(tmp_path / "log.csv", texts), **asked))
    for kind in ("TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS"):
        path = write_parquet(tmp_path / f"{kind}.parquet", rows, f"VARCHAR, VARCHAR, {kind}, VARCHAR")
        check(rows, log_of(path, **asked))


def test_dates_alone_are_days(tmp_path: Path) -> None:
    days = [dt.date(2026, 10, 1) + dt.timedelta(days=step) for step in range(33)]
    texts: list[Row] = [("A", "u", day.isoformat(), "login") for day in days]
    rows: list[Row] = [("A", "u", day, "login") for day in days]
    check(texts, log_of(write_csv(tmp_path / "log.csv", texts), zone="America/New_York"))
    path = write_parquet(tmp_path / "log.parquet", rows, "VARCHAR, VARCHAR, DATE, VARCHAR")
    check(rows, log_of(path, zone="America/New_York"))


def test_ids_are_text_whatever_their_type(tmp_path: Path) -> None:
    rows: list[Row] = [
        (2**60 + 1, 7, "2026-10-30T00:00:00Z", "login"),
        (None, 7, "2026-10-30T00:00:00Z", "login"),
    ]
    path = write_parquet(tmp_path / "log.parquet", rows, "BIGINT, INTEGER, TIMESTAMPTZ, VARCHAR")
    found = check(rows, log_of(path))
    assert found.accounts["account_id"].tolist() == ["1152921504606846977"]
    texts: list[Row] = [("00123", "1e5", "2026-10-30T00:00:00Z", "NA")]
    assert check(texts, log_of(write_csv(tmp_path / "log.csv", texts))).accounts["account_id"].tolist() == [
        "00123"
    ]


def test_as_of_in_the_past(tmp_path: Path) -> None:
    rows = skewed_rows(2_000, YEAR_BEFORE, 380)
    log = log_of(write_csv(tmp_path / "log.csv", rows), as_of=dt.date(2026, 5, 6), zone="Asia/Tokyo")
    found = check(rows, log)
    assert found.last_day is not None
    assert found.last_day <= log.as_of
    assert "events.after_as_of" in [problem.code for problem in found.problems]


@pytest.mark.parametrize(
    ("encoding", "account"),
    [
        ("cp932", "株式会社①㈱"),
        ("euc_jp", "日本語のログです"),
        ("utf-8-sig", "顧客"),
        ("utf-16", "顧客"),
        ("cp1252", "Café"),
    ],
)
def test_encodings_roll_up_alike(encoding: str, account: str, tmp_path: Path) -> None:
    rows: list[Row] = [
        (account, f"u{step % 5}", f"2026-10-{1 + step % 31:02}T10:00:00Z", "login") for step in range(300)
    ]
    check(rows, log_of(write_csv(tmp_path / "log.csv", rows, encoding)))


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters_roll_up_alike(delimiter: str, tmp_path: Path) -> None:
    rows = skewed_rows(300, dt.date(2026, 9, 1), 60)
    check(rows, log_of(write_csv(tmp_path / "log.csv", rows, delimiter=delimiter)))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_roll_up_alike(newline: str, tmp_path: Path) -> None:
    rows = skewed_rows(300, dt.date(2026, 9, 1), 60)
    path = write_csv(tmp_path / "log.csv", rows)
    path.write_bytes(path.read_bytes().replace(b"\n", newline.encode()))
    assert check(rows, log_of(path)).files[0].rows == 300


def test_packed_files_a_glob_and_a_folder(tmp_path: Path) -> None:
    rows = skewed_rows(900, dt.date(2026, 9, 1), 60)
    write_csv(tmp_path / "a.csv", rows[:300])
    plain = write_csv(tmp_path / "b.csv", rows[300:600])
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    write_csv(tmp_path / "c.csv", rows[600:])
    (tmp_path / "~$c.csv").write_bytes(b"?")
    (tmp_path / ".hidden.csv").write_bytes(b"?")
    files = find_log_files("*.csv*", tmp_path)
    assert [path.name for path in files] == ["a.csv", "b.csv.gz", "c.csv"]
    assert find_log_files(str(tmp_path), tmp_path) == files
    found = check(rows, log_of(*files))
    assert [file.rows for file in found.files] == [300, 300, 300]


def test_a_log_without_users_or_events(tmp_path: Path) -> None:
    rows = skewed_rows(500, dt.date(2026, 9, 1), 60)
    path = write_csv(tmp_path / "log.csv", rows)
    found = check(rows, log_of(path, columns=LogColumns("org", "ts")))
    assert list(found.weeks) == ["account_id", "week", "events", "active_days"]
    check(rows, log_of(path, columns=LogColumns("org", "ts", "uid")))
    check(rows, log_of(path, columns=LogColumns("org", "ts", None, "name")))


@pytest.mark.whole
def test_the_partitioned_way_gives_the_same(tmp_path: Path) -> None:
    rows = skewed_rows(2_000, dt.date(2026, 6, 1), 150)
    log = log_of(write_csv(tmp_path / "log.csv", rows), engine=EventEngine(memory_bytes=100_000))
    check(rows, log)
    check(rows, replace(log, keep=tmp_path / "kept"))
    texts = write_parquet(tmp_path / "log.parquet", rows, "VARCHAR, VARCHAR, VARCHAR, VARCHAR")
    check(rows, replace(log, files=(texts,)))


CELLS = st.sampled_from(["A", "B", " A", "A\u3000", "\u00a0", "", "é", "a,b", 'a"b', "x\ty", "00", "NA"])
MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 11, 2))  # noqa: DTZ001 - written with an offset
OFFSETS = st.sampled_from(["Z", "+00:00", "-05:00", "+0930", "+09"])
TIMES = st.one_of(
    st.builds(lambda at, offset: at.isoformat() + offset, MOMENTS, OFFSETS),
    st.builds(lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"), MOMENTS),
    st.sampled_from(["2026-10-31", "", " ", "2026-10-31T23:59:59Z ", "2026-02-29", "soon"]),
)


@pytest.mark.whole
@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, TIMES, CELLS), max_size=25),
    zone=st.sampled_from([*ZONES, "Pacific/Apia"]),
    days=st.integers(0, 40),
)
def test_small_logs_of_any_kind(rows: list[Row], zone: str, days: int) -> None:
    with TemporaryDirectory() as folder:
        path = write_csv(Path(folder) / "log.csv", [*rows, ("A", "u", "2026-01-01T12:00:00Z", "x")])
        as_of = AS_OF - dt.timedelta(days=days)
        check(
            [*rows, ("A", "u", "2026-01-01T12:00:00Z", "x")],
            log_of(path, zone=zone, as_of=as_of, windows=(1, 30), max_bad_lines=1.0),
        )
