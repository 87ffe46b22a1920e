"""Folders of many files: a log of a file a day is one thing to look at. Oracle: counted by hand."""

import datetime as dt
from pathlib import Path

import pytest

from cscli.errors import SourceError
from cscli.workflows.init.reading import find_exports, read_exports


def test_a_hundred_days_of_a_log_are_one_table(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("Customer ID,Name\nc1,One\nc2,Two\n", encoding="utf-8")
    for day in range(100):
        date = dt.date(2026, 7, 1) + dt.timedelta(day)
        (tmp_path / f"events_{date:%Y%m%d}.csv").write_text(
            f"customer_id,user,event,timestamp\nc{1 + day % 2},u{day},login,{date} 09:10:00\n",
            encoding="utf-8",
        )
    tables = read_exports(find_exports([tmp_path], tmp_path)).tables
    assert [(path.name, table.facts.rows) for table, path in tables] == [
        ("customers.csv", 2), ("events_*.csv", 100),
    ]  # fmt: skip


def test_too_many_different_names_are_told_with_both_counts(tmp_path: Path) -> None:
    """61 names, of which one with two years."""
    for first in "abcdefghij":
        for second in "uvwxyz":
            (tmp_path / f"{first}{second}.csv").write_text("id,name\n1,One\n", encoding="utf-8")
    for year in (2025, 2026):
        (tmp_path / f"plan_{year}.csv").write_text("id,name\n1,One\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        find_exports([tmp_path], tmp_path)
    details = caught.value.problems[0].details
    assert (details["count"], details["names"], details["most_names"]) == (62, 61, 60)
