"""Rules and accounts for tests of what compares runs: random ones of the score's oracle, and small ones by hand."""

import datetime as dt
from typing import Any

import pandas as pd

from cscli.analysis.past.scored_run import ScoredRun, recall, scored_run_of
from cscli.analysis.past.snapshots import StoredSnapshot, snapshot_accounts
from cscli.analysis.scoring.rescore import rescore
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config
from oracles.score_strategies import NUMBERS, TEXTS, Settings, as_yaml

AS_OF = dt.date(2026, 1, 31)


def settled(text: str) -> Config:
    headers = Headers({"accounts": frozenset({"account_id", *NUMBERS, *TEXTS})}, complete=True)
    return settle(read_draft(text, "cscli.yaml"), headers)[0]


def columns_of(rows: list[Settings]) -> pd.DataFrame:
    """The accounts before any rule; `id` is the account's, else A0, A1 ..."""
    columns: dict[str, Any] = {
        "account_id": pd.Series([row.get("id", f"A{at}") for at, row in enumerate(rows)], dtype=object)
    }
    for name in (*NUMBERS, "tenure_months", "override_score", "mrr", "arr"):
        columns[name] = pd.Series([row.get(name) for row in rows], dtype="float64")
    for name in TEXTS:
        columns[name] = pd.Series([row.get(name) for row in rows], dtype=object)
    return pd.DataFrame(columns)


def scored(rows: list[Settings], config: Config, as_of: dt.date = AS_OF) -> ScoredRun:
    columns = columns_of(rows)
    found = rescore(columns, config, as_of)
    return scored_run_of(found.frame, columns, found.scores, config, as_of)


def stored(rows: list[Settings], config: Config, as_of: dt.date = AS_OF) -> ScoredRun:
    """The same by way of what a run stores."""
    columns = columns_of(rows)
    found = rescore(columns, config, as_of)
    names = {name: None for name in (*config.segments, "team") if name not in found.frame}
    snapshot = StoredSnapshot(
        as_of=as_of, taken_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC), known_on=as_of, version="0", config_text="",
        config_digest="", metrics=tuple(config.metrics), inputs=(),
        accounts=snapshot_accounts(found.frame.assign(**names), found.scores, config),
        values=found.frame[list(config.metrics)], points=found.scores.points, columns=columns,
    )  # fmt: skip
    return recall(snapshot, config)


def config_of(settings: Settings) -> Config:
    return settled(as_yaml(settings))
