"""`cscli timeline` over the worked example. Oracle: the expected tables of `tests/oracles/practice`, made by plain loops."""

from pathlib import Path

import pandas as pd
import pytest

from books.practice_books import cscli, example, same, sheets_of, write_book

RULES = """version: 1
currency: JPY
timezone: Asia/Tokyo
sources:
  accounts: {file: accounts.csv}
"""
EVENTS = """    - {{source: done_{0}, department: {0}, at: at, kind: kind, text: text, two_way: "two_way = 'yes'", fold: [mail]}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    events = example("timeline_events")
    ids = sorted(set(events["account_id"]))
    accounts = pd.DataFrame({"account_id": ids, "started_on": "2025-01-01", "mrr": 100_000})
    accounts.to_csv(tmp_path / "accounts.csv", index=False)
    rules = RULES
    uses = "timeline:\n  events:\n"
    for department, rows in events.groupby("department"):
        rows.drop(columns="department").to_csv(tmp_path / f"{department}.csv", index=False)
        rules += f"  done_{department}: {{file: {department}.csv, kind: rows, rollup: {{n_{department}: count(*)}}, types: {{two_way: text}}}}\n"
        uses += EVENTS.format(department)
    (tmp_path / "cscli.yaml").write_text(rules + uses, encoding="utf-8")
    return tmp_path


def test_one_history_and_its_contacts_are_those_of_the_example(workspace: Path) -> None:
    write_book(workspace / "inputs" / "handover.xlsx", {"Handover": [{"Account ID": None, "Purpose": None}]})
    sheets = sheets_of(workspace, "timeline", "--texts")
    same(sheets["contacts"], example("timeline_expected_contacts"))
    events = sheets["events"].assign(until=sheets["events"]["until"].str[:10])
    same(events, example("timeline_expected"))


def test_what_nobody_wrote_down_is_that_of_the_example(tmp_path: Path) -> None:
    given = example("handover_input")
    accounts = given[["account_id", "started_on"]].assign(mrr=given["arr"].astype(float) / 12)
    accounts["goal"] = given["goal"]
    accounts.to_csv(tmp_path / "accounts.csv", index=False)
    headers = {
        "account_id": "顧客ID",
        "purpose": "導入目的",
        "promised_outcome": "約束した成果",
        "sponsor": "役員スポンサー",
    }
    rows = given.rename(columns=headers)[list(headers.values())].to_dict("records")
    write_book(tmp_path / "inputs" / "handover.xlsx", {"営業からの引き継ぎ": rows})
    (tmp_path / "cscli.yaml").write_text(
        "version: 1\nsources:\n  accounts: {file: accounts.csv}\nrecords:\n"
        "  - {name: purpose, by: sales, days: 5}\n  - {name: promised_outcome, by: sales, days: 5}\n"
        "  - {name: sponsor, by: sales, days: 5}\n  - {name: goal, by: cs, days: 45}\n",
        encoding="utf-8",
    )
    same(sheets_of(tmp_path, "timeline")["missing"], example("timeline_expected_missing"))
    done = cscli(tmp_path, "timeline", "--as-of", "2026-10-31", "--lang", "ja")
    assert "営業の未記入は" in done.stdout
    assert "promised_outcome" not in done.stdout
