"""Two ids of one account in a log: by hand from the events of both."""

import numpy as np
import pandas as pd

from books.raw_tables import codes, raw_table
from cscli.analysis.matching.merging import merge_ids, merge_weeks
from cscli.analysis.tables.conform import TypedTable, conform_any
from cscli.config.schema import Source


def log(*ids: str) -> TypedTable:
    table = conform_any(raw_table(("account_id",), *((each,) for each in ids)), Source(), None)
    count = np.arange(1.0, len(ids) + 1)
    frame = table.frame.assign(
        events_7d=count, active_days_7d=count, events_28d=np.nan,
        first_seen_on=pd.to_datetime(["2026-10-01", "2026-09-01", "2026-08-01"]),
    )  # fmt: skip
    return TypedTable(
        source=table.source, frame=frame, lines=table.lines, columns=table.columns, unused=(), facts=table.facts, problems=(),
        row_counts=np.array([5, 6, 7]),
    )  # fmt: skip


def test_counts_are_added_and_days_are_not() -> None:
    merged, said = merge_ids(log("A1", "A2", "A1"))
    assert merged.frame["account_id"].tolist() == ["A1", "A2"]
    assert merged.frame["events_7d"].tolist() == [4.0, 2.0]
    assert merged.frame["active_days_7d"].tolist() == [3.0, 2.0]
    assert merged.frame["events_28d"].isna().all()
    assert merged.frame["first_seen_on"].tolist() == [pd.Timestamp("2026-08-01"), pd.Timestamp("2026-09-01")]
    assert merged.row_counts is not None
    assert merged.row_counts.tolist() == [12, 6]
    assert codes(said) == ["events.ids_added_up"]


def test_a_log_of_one_id_each_stays_as_it_is() -> None:
    table = log("A1", "A2", "A3")
    assert merge_ids(table) == (table, ())


def test_weeks_are_added_up_under_the_accounts_id() -> None:
    week = pd.Timestamp("2026-10-19")
    weeks = pd.DataFrame(
        {"account_id": ["W1", "W2", "A2"], "week": [week] * 3, "events": [2, 3, 1], "active_days": [2, 1, 1]}
    )
    found = merge_weeks(weeks, {"W1": "A1", "W2": "A1"})
    assert found.to_numpy().tolist() == [["A1", week, 5, 2], ["A2", week, 1, 1]]
