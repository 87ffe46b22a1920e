"""Exports that come as several files: a file a month or a country is one table; the same export of every week is its newest."""

import csv
import datetime as dt
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from cscli.errors import ConfigError, Severity
from cscli.sources import read_table
from cscli.workflows import Request, score
from cscli.workflows.book.read import Book, read_book
from cscli.workflows.init.alike import as_one
from cscli.workflows.init.in_memory import with_rules_for
from cscli.workflows.init.updating import plan_update
from cscli.workflows.init.write import NewRules, init
from cscli.workflows.run.replaying import replay
from cscli.workflows.run.running import RunOptions, run
from cscli.workspace.rules import find_rules

NOW = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
HEAD = ("Organisation ID", "Organisation", "Plan", "MRR (EUR)", "Licences", "Owner")
ACCOUNTS = [(f"ORG-{at}", f"Firm {at}", "Basic", 100 + at, 10, "Ana") for at in range(12)]
TICKETS = ("Ticket", "Organisation ID", "Opened", "Closed", "Severity")
MONTHS = ("2026-08", "2026-09", "2026-10")


def write(path: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def tickets_of(month: str) -> list[tuple[object, ...]]:
    """Two tickets an account and month, one of which stays open."""
    return [
        (
            f"T{month}{at}{nth}",
            f"ORG-{at}",
            f"{month}-{5 + at + nth:02}",
            f"{month}-28" if nth else "",
            "High",
        )
        for at in range(12)
        for nth in range(2)
    ]


def lay_months(folder: Path) -> None:
    write(folder / "accounts.csv", HEAD, ACCOUNTS)
    for month in MONTHS:
        write(folder / f"tickets-{month}.csv", TICKETS, tickets_of(month))


def request_in(folder: Path) -> Request:
    return Request(rules=find_rules(None, folder), now=NOW, as_of=NOW.date(), remember=False)


def init_in(folder: Path) -> dict[str, dict[str, object]]:
    init(NewRules(exports=(folder,), preset="starter", path=folder / "cscli.yaml", now=NOW))
    sources: dict[str, dict[str, object]] = yaml.safe_load(
        (folder / "cscli.yaml").read_text(encoding="utf-8")
    )["sources"]
    return sources


def book_in(folder: Path) -> Book:
    return read_book(request_in(folder))


def test_a_file_a_month_is_one_table(tmp_path: Path) -> None:
    """Oracle: the tickets counted by pandas over all three files."""
    lay_months(tmp_path)
    source = init_in(tmp_path)["tickets"]
    assert (source["file"], source["files"]) == ("tickets-*.csv", "all")
    book = book_in(tmp_path)
    rows = pd.concat([pd.read_csv(tmp_path / f"tickets-{month}.csv") for month in MONTHS])
    opened = rows[rows["Closed"].isna()].groupby("Organisation ID").size()
    assert dict(zip(book.frame["account_id"], book.frame["open_tickets"], strict=True)) == dict(opened)
    assert {path.name for path in book.files} >= {f"tickets-{month}.csv" for month in MONTHS}


def test_the_next_month_is_read_without_a_word_in_the_rules(tmp_path: Path) -> None:
    lay_months(tmp_path)
    init_in(tmp_path)
    before = book_in(tmp_path).frame["open_tickets"].sum()
    write(tmp_path / "tickets-2026-11.csv", TICKETS, [("T9", "ORG-3", "2026-10-30", "", "High")])
    assert book_in(tmp_path).frame["open_tickets"].sum() == before + 1


def test_a_bad_cell_is_told_in_its_own_file(tmp_path: Path) -> None:
    lay_months(tmp_path)
    init_in(tmp_path)
    rows = [list(row) for row in tickets_of("2026-09")]
    rows[4][2] = "the 5th"
    write(tmp_path / "tickets-2026-09.csv", TICKETS, rows)
    told = [p.where for p in book_in(tmp_path).problems if p.value == "the 5th" and p.where]
    assert [(where.file, where.line, where.column) for where in told] == [
        ("tickets-2026-09.csv", 6, "Opened")
    ]


def test_without_rules_the_scores_are_those_of_init(tmp_path: Path) -> None:
    lay_months(tmp_path)
    files = sorted(tmp_path.glob("*.csv"))
    score(with_rules_for(request_in(tmp_path), files), tmp_path / "bare.json")
    init_in(tmp_path)
    score(request_in(tmp_path), tmp_path / "ruled.json")
    bare, ruled = (
        {
            row["account_id"]: row["score"]
            for row in json.loads((tmp_path / name).read_text())["sheets"]["accounts"]
        }
        for name in ("bare.json", "ruled.json")
    )
    assert bare == ruled
    assert None not in bare.values()


def test_a_list_in_two_regions_is_one_list(tmp_path: Path) -> None:
    for name, part in (("east", ACCOUNTS[:5]), ("west", ACCOUNTS[5:])):
        write(tmp_path / f"customers_{name}.csv", HEAD, part)
    source = init_in(tmp_path)["accounts"]
    assert (source["file"], source["files"]) == ("customers_*.csv", "all")
    assert sorted(book_in(tmp_path).frame["mrr"]) == [row[3] for row in ACCOUNTS]


def test_of_the_same_list_every_week_the_newest_counts(tmp_path: Path) -> None:
    for week in range(3):
        rows = [(*row[:3], row[3] + week, *row[4:]) for row in ACCOUNTS]
        path = write(tmp_path / f"customers_2026-10-{5 + 7 * week:02}.csv", HEAD, rows)
        os.utime(path, (1000, 1000))  # as out of an archive: all of one moment
    source = init_in(tmp_path)["accounts"]
    assert (source["file"], source.get("files")) == ("customers_*.csv", None)
    assert sorted(book_in(tmp_path).frame["mrr"]) == [row[3] + 2 for row in ACCOUNTS]


def test_rows_in_two_files_count_once_and_are_told(tmp_path: Path) -> None:
    lay_months(tmp_path)
    init_in(tmp_path)
    before = book_in(tmp_path).frame["open_tickets"].sum()
    write(tmp_path / "tickets-2026-10b.csv", TICKETS, tickets_of("2026-10")[:6])
    book = book_in(tmp_path)
    assert book.frame["open_tickets"].sum() == before
    said = [p for p in book.problems if p.code == "reading.rows_in_several"]
    assert [(p.severity, p.details["count"]) for p in said] == [(Severity.WARNING, 6)]


def test_a_header_that_one_file_lacks_is_told(tmp_path: Path) -> None:
    lay_months(tmp_path)
    init_in(tmp_path)
    rows = [row[:4] for row in tickets_of("2026-09")]
    write(tmp_path / "tickets-2026-09.csv", TICKETS[:4], rows)
    said = [p for p in book_in(tmp_path).problems if p.code == "reading.not_in_all_files"]
    assert [(p.where.file, p.where.column) for p in said if p.where] == [("tickets-2026-09.csv", "Severity")]


def test_a_pattern_fits_no_other_file(tmp_path: Path) -> None:
    lay_months(tmp_path)
    write(tmp_path / "tickets-summary.csv", ("Organisation ID", "Total"), [(row[0], 4) for row in ACCOUNTS])
    files = {str(source["file"]) for source in init_in(tmp_path).values() if source.get("files") == "all"}
    assert files == {"tickets-2026-*.csv"}


def test_update_knows_the_files_of_a_pattern_and_takes_new_ones_together(tmp_path: Path) -> None:
    lay_months(tmp_path)
    init_in(tmp_path)
    write(tmp_path / "tickets-2026-11.csv", TICKETS, [("T9", "ORG-3", "2026-10-30", "", "High")])
    wanted = NewRules(exports=(tmp_path,), preset="starter", path=tmp_path / "cscli.yaml", now=NOW)
    assert plan_update(wanted).difference == ""
    for month in MONTHS:
        rows = [(f"ORG-{at}", month, at * 10) for at in range(12)]
        write(tmp_path / f"usage_{month}.csv", ("Organisation ID", "Month", "Sessions"), rows)
    added = [line for line in plan_update(wanted).difference.splitlines() if line.startswith("+    file")]
    assert [line.split("#")[0].strip() for line in added] == ['+    file: "usage_*.csv"', "+    files: all"]


def test_a_run_and_its_replay_read_every_part(tmp_path: Path) -> None:
    lay_months(tmp_path)
    init_in(tmp_path)
    options = RunOptions()
    request = replace(request_in(tmp_path), remember=True)
    run(request, options)
    inputs = json.loads((tmp_path / "out/latest/run.json").read_text(encoding="utf-8"))["inputs"]
    assert [each["file"] for each in inputs if each["source"] == "tickets"] == [
        f"tickets-{month}.csv" for month in MONTHS
    ]
    assert replay(request, NOW.date().isoformat(), options).differences == ()


def test_files_of_a_log_are_all_read_anyway(tmp_path: Path) -> None:
    text = "version: 1\nsources:\n  log: {file: 'log*.csv', kind: events, files: all}\n"
    (tmp_path / "cscli.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        book_in(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["config.files_of_engine"]


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["tickets-2026-09.csv", "tickets-2026-10.csv"], "tickets-*.csv"),
        (["6月利用状況.csv", "7月利用状況.csv"], "*月利用状況.csv"),
        (["利用2026年6月.csv", "利用2026年7月.csv"], "利用*月.csv"),
        (["2026-06-usage.csv", "2026-07-usage.csv"], "*-usage.csv"),
        (["usage.csv", "usage (1).csv"], "usage*.csv"),
        (["companies.csv", "customers.csv"], None),
    ],
)
def test_the_pattern_of_names(tmp_path: Path, names: list[str], pattern: str | None) -> None:
    """Oracle: what one would write by hand."""
    for name, ids in zip(names, (range(6), range(6, 12)), strict=True):
        write(tmp_path / name, HEAD, [ACCOUNTS[at] for at in ids])
    joined, _ = as_one([(read_table(tmp_path / name, "x"), tmp_path / name) for name in names], ())
    found = [path.name for _, path in joined]
    assert found == ([pattern] if pattern else names)
