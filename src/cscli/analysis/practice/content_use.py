"""What became of each piece: whom it reached for how many hours, what should become tech touch, what nobody used."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cscli.analysis.comparing.difference import Difference
from cscli.analysis.comparing.groups import compare_at_landmark, landmark_of
from cscli.analysis.practice.content_map import ContentFacts

YEAR_DAYS = 365
CONVERT_ABSTRACTION, CONVERT_INFLUENCE, CONVERT_ACCOUNTS = 2, 4, 3


def piece_table(facts: ContentFacts, as_of: dt.date) -> pd.DataFrame:
    """The inventory with accounts_12m, deliveries, hours_12m, per_hour (accounts an hour of people; NaN: no hours) and stale."""
    pieces, day = facts.inventory.pieces, pd.Timestamp(as_of)
    year = _last_year(facts.uses, day)
    by_piece = year.groupby("content_id")["account_id"]
    ids = pieces["content_id"]
    accounts = by_piece.nunique().reindex(ids).fillna(0).to_numpy(np.float64)
    deliveries = by_piece.size().reindex(ids).fillna(0).to_numpy(np.float64)
    hours = deliveries * pieces["hours"].fillna(0.0).to_numpy(np.float64)
    per_hour = np.divide(accounts, hours, out=np.full(len(pieces), np.nan), where=hours > 0)
    age = (day - pieces["reviewed_on"]).dt.days
    stale = (age.isna() | (age > facts.content.review_days)).to_numpy(bool)
    table: pd.DataFrame = pieces.assign(
        accounts_12m=accounts, deliveries=deliveries, hours_12m=hours, per_hour=per_hour, stale=stale
    )
    return table


def _last_year(uses: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    age = (day - uses["at"]).dt.days
    recent: pd.DataFrame = uses[((age >= 0) & (age < YEAR_DAYS)).to_numpy(bool)]
    return recent


def to_convert(table: pd.DataFrame) -> pd.DataFrame:
    """Of a `piece_table`: what people deliver, is concrete, has influence and is wanted by several; most hours first. content_id, title,
    accounts, deliveries, hours_12m.
    """
    wanted = (
        table["delivery"].isin(["low", "high"])
        & (table["audience"] != "team")
        & (table["abstraction"] <= CONVERT_ABSTRACTION)
        & (table["influence"] >= CONVERT_INFLUENCE)
        & (table["accounts_12m"] >= CONVERT_ACCOUNTS)
    )
    found = table[wanted.to_numpy(bool)].rename(columns={"accounts_12m": "accounts"})
    ordered = found.sort_values(["hours_12m", "content_id"], ascending=[False, True], ignore_index=True)
    return ordered[["content_id", "title", "owner", "accounts", "deliveries", "hours_12m"]]


def unused(table: pd.DataFrame) -> pd.DataFrame:
    """Pieces for customers that nobody used in twelve months."""
    found = (table["deliveries"] == 0) & (table["audience"] != "team")
    return table[found.to_numpy(bool)].reset_index(drop=True)


def effects(
    frame: pd.DataFrame, uses: pd.DataFrame, pieces: Sequence[str], strata: "pd.Series[str]", as_of: dt.date
) -> list[Difference]:
    """Of each piece: who had used it by the landmark against who had not, as `compare_at_landmark` does. `frame`: account_id, started_on, churned_on of all
    accounts, those too that have left.
    """
    before = uses[(uses["at"] <= landmark_of(as_of)).to_numpy(bool)]
    had = [
        frame["account_id"].isin(before["account_id"][before["content_id"] == piece]).to_numpy(bool)
        for piece in pieces
    ]
    return compare_at_landmark(frame, had, strata, as_of)
