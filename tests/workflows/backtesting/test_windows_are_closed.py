"""A back-test does not change for what happens after its last window. Oracle: the report before, byte by byte."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from books.leaving_book import write_book
from cscli.render.text.structured import sheet_rows
from cscli.workflows import BacktestOptions, Request, backtest
from cscli.workspace.rules import find_rules

CLOSED = dt.date(2026, 3, 29)
"""180 days after the last date."""


def judged(folder: Path) -> list[str]:
    now = dt.datetime(2026, 6, 30, 7, tzinfo=dt.UTC)
    request = Request(
        rules=find_rules(None, folder), now=now, remember=False, overrides=("backtest.to=2025-09-30",)
    )
    report, _ = backtest(request, BacktestOptions(), folder / "b.json")
    return [report.headline, *(row for sheet in report.sheets for row in sheet_rows(sheet))]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("closed")
    write_book(folder, 5, 0.8, accounts=120)
    return folder, judged(folder)


days = st.dates(CLOSED + dt.timedelta(days=1), dt.date(2026, 6, 30))
accounts = st.integers(0, 119)


@pytest.mark.slow
@given(
    logins=st.lists(st.tuples(accounts, days), min_size=3, max_size=20),
    leaving=st.lists(st.tuples(accounts, days), min_size=1, max_size=5, unique_by=lambda each: each[0]),
    new=days,
)
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_facts_after_the_last_window_change_nothing(
    book: tuple[Path, list[str]],
    logins: list[tuple[int, dt.date]],
    leaving: list[tuple[int, dt.date]],
    new: dt.date,
) -> None:
    folder, before = book
    kept = {name: (folder / name).read_text(encoding="utf-8") for name in ("accounts.csv", "logins.csv")}
    more = "".join(f"A{number:04d},u9,{day}T08:00:00,login\n" for number, day in logins)
    (folder / "logins.csv").write_text(kept["logins.csv"] + more, encoding="utf-8")
    left = {f"A{number:04d}": day for number, day in leaving}
    lines = [
        f"{line}{left[line[:5]]}" if line.endswith(",") and line[:5] in left else line
        for line in kept["accounts.csv"].splitlines()
    ]
    lines.append(f"NEW,Newcomer,Aoki,99000,7,{new},")
    (folder / "accounts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    after = judged(folder)
    for name, content in kept.items():
        (folder / name).write_text(content, encoding="utf-8")
    assert after == before


@pytest.mark.slow
def test_the_same_fact_inside_the_window_is_seen(book: tuple[Path, list[str]]) -> None:
    """So that the test above can fail."""
    folder, before = book
    kept = (folder / "accounts.csv").read_text(encoding="utf-8")
    stays = next(line for line in kept.splitlines() if line.endswith(","))
    (folder / "accounts.csv").write_text(kept.replace(stays, f"{stays}{CLOSED}"), encoding="utf-8")
    after = judged(folder)
    (folder / "accounts.csv").write_text(kept, encoding="utf-8")
    assert after != before
