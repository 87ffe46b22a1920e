"""New rules for exports with an event log among them: what is written runs; zones worked out by hand."""

import datetime as dt
from pathlib import Path

import pytest

from cscli.workflows import Request
from cscli.workflows.book.read import read_book
from cscli.workflows.init.write import NewRules, init
from cscli.workspace.rules import find_rules

pytestmark = pytest.mark.whole  # each reads a log twice

ACCOUNTS = "account_id,name,seats,active_users\nA1,Acme,10,4\nA2,Beta,5,2\nA3,Cora,5,1\n"
NOW = dt.datetime(2026, 11, 2, 7, tzinfo=dt.UTC)


def _write(folder: Path, times: list[str]) -> tuple[Path, ...]:
    rows = "".join(f"A1,u{number},{time},login\n" for number, time in enumerate(times))
    (folder / "accounts.csv").write_text(ACCOUNTS)
    (folder / "clicks.csv").write_text("account_id,user_id,timestamp,action\n" + rows)
    return folder / "clicks.csv", folder / "accounts.csv"


def _asked(folder: Path, times: list[str]) -> NewRules:
    return NewRules(path=folder / "cscli.yaml", preset="starter", exports=_write(folder, times), now=NOW)


@pytest.mark.parametrize(
    ("times", "line"),
    [
        (["2026-07-01T23:30:00+00:00", "2026-10-30T16:00:00Z"], None),
        (["2026-07-01 08:30:00", "2026-10-31 01:00:00"], "naive_times_are: "),
    ],
)
def test_a_log_among_the_exports_becomes_a_source_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: list[str], line: str | None
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    written = init(_asked(tmp_path, times))
    assert {name: file for name, (file, _) in written.used.items()} == {
        "accounts": "accounts.csv",
        "clicks": "clicks.csv",
    }
    assert ("naive_times_are" in written.path.read_text()) == (line is not None)
    assert line is None or line in written.path.read_text()
    rules = find_rules("cscli.yaml", tmp_path)
    book = read_book(Request(rules=rules, now=NOW, as_of=dt.date(2026, 10, 31), remember=False))
    frame = book.frame.set_index("account_id")
    # The first is early on 2 July or 1 July in Tokyo, the second on 31 October, the last day of every window.
    assert frame["users_7d"].tolist() == [1, 0, 0]
    assert str(frame["last_seen_on"]["A1"].date()) == "2026-10-31"
    first = "2026-07-02" if line is None else "2026-07-01"
    assert str(frame["first_seen_on"]["A1"].date()) == first


def test_a_log_without_times_does_no_harm(tmp_path: Path) -> None:
    written = init(_asked(tmp_path, ["soon", "later"]))
    assert written.used["accounts"][0] == "accounts.csv"
    assert written.accounts == 3
