"""Histories of the first form, made with its own tables, opened today. The oracle is what was put in, by hand."""

import datetime as dt
import math
import re
from pathlib import Path

import pytest

from books.made import alter, made, stored
from cscli.errors import SourceError
from cscli.history import (
    append,
    earlier_lists,
    last_inputs,
    previous_scores,
    previous_segments,
    read_snapshot,
)
from cscli.history.database.tables import SCHEMA_VERSION

HERE = Path()
CONFIG = "version: 1\nmetrics:\n  a: {value: x, points: {kind: percentile}}\n  b: {value: y, points: {kind: linear}}\n"
TABLES = (
    "CREATE TABLE cscli_schema (version INTEGER NOT NULL)",
    """CREATE TABLE runs (run_id {key}, as_of TEXT NOT NULL, taken_at TEXT NOT NULL, version TEXT NOT NULL,
    config_digest TEXT NOT NULL, config_text TEXT NOT NULL, metrics JSON NOT NULL, inputs JSON NOT NULL,
    profiles JSON NOT NULL, UNIQUE (as_of))""",
    """CREATE TABLE accounts (run_id INTEGER NOT NULL, account_id TEXT NOT NULL, scorecard TEXT, score FLOAT,
    score_before_caps FLOAT, band TEXT NOT NULL, data_coverage FLOAT NOT NULL, capped_by JSON NOT NULL,
    segments JSON NOT NULL, mrr FLOAT, arr FLOAT, "values" JSON NOT NULL, points JSON NOT NULL,
    PRIMARY KEY (run_id, account_id), FOREIGN KEY(run_id) REFERENCES runs (run_id) ON DELETE CASCADE)""",
    "CREATE INDEX accounts_by_id ON accounts (account_id, run_id)",
    "CREATE TABLE call_lists (as_of TEXT NOT NULL, taken_at TEXT NOT NULL, PRIMARY KEY (as_of))",
    """CREATE TABLE at_risk (as_of TEXT NOT NULL, account_id TEXT NOT NULL, status TEXT NOT NULL, since TEXT NOT NULL,
    why TEXT, name TEXT, owner TEXT, band TEXT, score FLOAT, arr FLOAT, arr_at_risk FLOAT,
    PRIMARY KEY (as_of, account_id), FOREIGN KEY(as_of) REFERENCES call_lists (as_of) ON DELETE CASCADE)""",
    "CREATE INDEX at_risk_by_id ON at_risk (account_id, as_of)",
)
ROWS = (
    "INSERT INTO cscli_schema VALUES (1)",
    """INSERT INTO runs VALUES (7, '2026-01-24', '2026-01-24T06:00:00+00:00', '0.9', 'c0ffee', '[config]',
    '["a", "b", "c", "d"]', '[["accounts", "a.csv", "abab"]]', '{"accounts": {"rows": 2}}')""",
    """INSERT INTO accounts VALUES (7, 'B', 'all', 0.30000000000000004, 10.5, 'at_risk', 0.5, '["override"]',
    '{"touch": "high", "team": null}', 100, 1200, '[0.30000000000000004, null, "重要", true]', '[10.5, null, 0, 1]')""",
    """INSERT INTO accounts VALUES (7, 'A', NULL, NULL, NULL, 'unknown', 0, '[]',
    '{"touch": "low", "team": "x"}', NULL, NULL, '[2, null, null, null]', '[null, null, null, null]')""",
    "INSERT INTO call_lists VALUES ('2026-01-24', '2026-01-24T06:00:00+00:00')",
    "INSERT INTO at_risk VALUES ('2026-01-24', 'B', 'new', '2026-01-24', NULL, '会社', NULL, 'at_risk', 10, NULL, 5)",
)


@pytest.fixture
def first_form(history_url: str) -> str:
    make_first_form(history_url)
    return history_url


def make_first_form(url: str) -> None:
    is_file = url.startswith("sqlite")
    if is_file:
        Path(url.removeprefix("sqlite:///")).parent.mkdir()
    key = "INTEGER NOT NULL PRIMARY KEY" if is_file else "SERIAL PRIMARY KEY"
    alter(
        url,
        *(table.replace("{key}", key) for table in TABLES),
        *(row.replace("[config]", CONFIG) for row in ROWS),
    )
    if not is_file:
        alter(url, "SELECT setval('runs_run_id_seq', 7)")


def test_nothing_is_lost(first_form: str) -> None:
    day = dt.date(2026, 1, 24)
    found = read_snapshot(first_form, HERE, day)
    assert found is not None
    assert stored(first_form, "SELECT version FROM cscli_schema") == [(SCHEMA_VERSION,)]
    assert (found.version, found.config_digest, found.config_text) == ("0.9", "c0ffee", CONFIG)
    assert (found.metrics, found.relative, found.overrides) == (("a", "b", "c", "d"), ("a",), ())
    assert found.inputs == (("accounts", "a.csv", "abab"),)
    assert found.columns.to_dict("list") == {"account_id": ["A", "B"]}
    assert found.accounts["account_id"].tolist() == ["A", "B"]
    b = found.accounts.iloc[1]
    assert (b["score"], b["score_before_caps"], b["mrr"], b["arr"]) == (0.1 + 0.2, 10.5, 100, 1200)
    assert (b["capped_by"], b["segments"]) == (["override"], {"touch": "high", "team": None})
    assert math.isnan(found.accounts.iloc[0]["score"])
    assert found.accounts.iloc[0]["scorecard"] is None
    assert found.values["a"].tolist() == [2, 0.1 + 0.2]
    assert found.values["b"].isna().all()
    assert found.values["c"].tolist() == [None, "重要"]
    assert found.values["d"].tolist()[1] is True
    assert found.points[1].tolist()[0::2] == [10.5, 0]


def test_what_runs_compare_themselves_with_is_there(first_form: str) -> None:
    later = dt.date(2026, 1, 31)
    scores, segments = previous_scores(first_form, HERE, later), previous_segments(first_form, HERE, later)
    inputs, lists = last_inputs(first_form, HERE, later), earlier_lists(first_form, HERE, later)
    assert scores is not None
    assert scores.scores == {"B": 0.1 + 0.2}
    assert segments is not None
    assert segments.by_account == {"A": {"touch": "low", "team": "x"}, "B": {"touch": "high", "team": None}}
    assert inputs is not None
    assert (inputs.profiles, inputs.hashes) == ({"accounts": {"rows": 2}}, {"accounts": "abab"})
    assert lists.last["name"].tolist() == ["会社"]


def test_it_goes_on_from_there(first_form: str) -> None:
    append(first_form, HERE, made(dt.date(2026, 1, 31), A=1))
    assert stored(first_form, "SELECT as_of FROM runs ORDER BY as_of") == [("2026-01-24",), ("2026-01-31",)]
    sums = "SELECT band, accounts, scored, mrr FROM run_bands JOIN runs USING (run_id) WHERE as_of < '2026-01-31' ORDER BY band"
    assert stored(first_form, sums) == [("at_risk", 1, 1, 100), ("unknown", 1, 0, None)]
    assert stored(first_form, "SELECT count(*) FROM accounts") == [(3,)]


def test_a_step_that_fails_leaves_the_first_form(first_form: str) -> None:
    alter(first_form, "CREATE TABLE run_bands (strange INTEGER)")
    with pytest.raises(SourceError, match=r"history\.(not_usable|damaged_aside)") as raised:
        append(first_form, HERE, made(A=1))
    (problem,) = raised.value.problems  # a file with foreign tables is put aside, as it is
    kept = (
        re.sub(r"[^/]+$", problem.value or "history.db", first_form)
        if first_form.startswith("sqlite")
        else first_form
    )
    assert stored(kept, "SELECT version FROM cscli_schema") == [(1,)]
    found = stored(kept, "SELECT account_id, points FROM accounts ORDER BY account_id")
    assert found == [("A", [None] * 4), ("B", [10.5, None, 0, 1])]
