"""The command line on hostile and odd files: a table, or one clear line and exit code 4; numbers and dates end to end."""

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cscli.analysis.tables.conform import conform
from cscli.config.schema import Source
from cscli.sources import read_table
from places import SHARED_DATA, needs_shared_data

HOSTILE = (
    "workbooks/poc-xmlbomb.xlsx",
    "workbooks/60284.xls",
    "workbooks/Simple.xlsb",
    "workbooks/45431.xlsm",
    "workbooks/clusterfuzz-testcase-minimized-POIHSSFFuzzer-6537773940867072.xls",
    "csv-test-data/csv/bad-header-less-fields.csv",
    "csv-test-data/csv/bad-missing-quote.csv",
    "csv-test-data/csv/all-empty.csv",
    "csv-test-data/csv/header-no-rows.csv",
)


def run(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", "score", str(path), "--as-of", "2026-10-31", "-o", "scored.csv"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120
    )


def cpu_of_children() -> float:
    """Seconds of all that have ended: what else the machine does is no fault here."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@needs_shared_data
@pytest.mark.parametrize("name", HOSTILE)
def test_command_line_refuses_in_one_line(name: str, tmp_path: Path) -> None:
    started = cpu_of_children()
    usages = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    before = max(resource.getrusage(usage).ru_maxrss for usage in usages)
    done = run(SHARED_DATA / "hostile" / name, tmp_path)
    assert cpu_of_children() - started < 10
    # A process starts with its parent's peak (Linux keeps it over exec): what an earlier test took is no fault here.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < max(500_000, before + 1)
    assert done.returncode == 4, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert not (tmp_path / "scored.csv").exists()


def test_numbers_in_every_way_people_write_them(tmp_path: Path) -> None:
    written = {
        "1,234.56": 1234.56, "(123)": -123.0, "12%": 0.12, "￥1,200": 1200.0, "¥-5": -5.0, "１２３．５": 123.5,
        "$99": 99.0, "€ 7": 7.0, "△30": -30.0, "(¥1,000)": -1000.0, "1200円": 1200.0, "-": np.nan, "N/A": np.nan,
    }  # fmt: skip
    lines = "".join(f'A{at},"{text}"\n' for at, text in enumerate(written))
    path = tmp_path / "accounts.csv"
    path.write_text("account_id,mrr\n" + lines, encoding="utf-8")
    typed = conform(read_table(path, "accounts"), Source(), None)
    np.testing.assert_allclose(typed.frame["mrr"], list(written.values()))
    assert not typed.problems


def test_decimal_commas_are_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("account_id;mrr\nA1;1.234,56\nA2;10,5\nA3;-7\n", encoding="utf-8")
    typed = conform(read_table(path, "accounts"), Source(), None)
    assert typed.frame["mrr"].tolist() == [1234.56, 10.5, -7.0]
    assert [problem.code for problem in typed.problems] == ["reading.delimiter_found", "data.decimal_comma"]


@pytest.mark.parametrize(
    ("cells", "days", "code"),
    [
        (["令和8年4月1日", "2026年4月1日", "2026/4/1", "2026-04-01", "R8.4.1"], ["2026-04-01"] * 5, None),
        (["平成31年4月30日", "令和元年5月1日"], ["2019-04-30", "2019-05-01"], None),
        (["1/31/26", "2/1/26"], ["2026-01-31", "2026-02-01"], "data.date_order_assumed"),
        (["31/1/2026", "1/2/2026"], ["2026-01-31", "2026-02-01"], "data.date_order_assumed"),
        (["31.01.2026", "２０２６年１月３１日"], ["2026-01-31", "2026-01-31"], None),
        (["46113", "2026-04-01"], ["2026-04-01", "2026-04-01"], "data.date_serials"),
    ],
)
def test_dates_in_every_way_people_write_them(
    tmp_path: Path, cells: list[str], days: list[str], code: str | None
) -> None:
    path = tmp_path / "accounts.csv"
    lines = "".join(f"A{at},{cell}\n" for at, cell in enumerate(cells))
    path.write_text("account_id,renewal_date\n" + lines, encoding="utf-8")
    source = Source(columns={"renewal_on": "renewal_date"}, types={"renewal_on": "date"})
    typed = conform(read_table(path, "accounts"), source, None)
    assert typed.frame["renewal_on"].dt.strftime("%Y-%m-%d").tolist() == days
    assert [problem.code for problem in typed.problems] == ([code] if code else [])
