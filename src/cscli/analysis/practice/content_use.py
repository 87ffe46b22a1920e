"""What became of each piece: whom it reached for how many hours, what should become tech touch, what nobody used."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cscli.analysis.comparing.difference import Difference, Stratum, compare
from cscli.analysis.practice.content_map import ContentFacts

YEAR_DAYS = 365
OUTCOME_MONTHS = 6
"""Of a comparison: use is counted before, leaving within so many months before the day of the report."""
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


def landmark_of(as_of: dt.date) -> pd.Timestamp:
    """The day that parts use from outcome."""
    return pd.Timestamp(as_of) - pd.DateOffset(months=OUTCOME_MONTHS)


def effects(
    frame: pd.DataFrame, uses: pd.DataFrame, pieces: Sequence[str], strata: "pd.Series[str]", as_of: dt.date
) -> list[Difference]:
    """Of each piece: who had used it by the landmark against who had not, of the accounts that were there then, adjusted over `strata`; how many left
    after it. `frame`: account_id, started_on, churned_on of all accounts, those too that have left.
    """
    mark, day = landmark_of(as_of), pd.Timestamp(as_of)
    started, churned = frame["started_on"], frame["churned_on"]
    there = (~(started > mark) & ~(churned <= mark)).to_numpy(bool)
    left = ((churned > mark) & (churned <= day)).to_numpy(bool)
    before = uses[(uses["at"] <= mark).to_numpy(bool)]
    ids = frame["account_id"]
    found = []
    for piece in pieces:
        used = ids.isin(before["account_id"][before["content_id"] == piece]).to_numpy(bool)
        found.append(compare_groups(used[there], left[there], strata[there]))
    return found


def compare_groups(
    used: "np.typing.NDArray[np.bool_]", left: "np.typing.NDArray[np.bool_]", strata: "pd.Series[str]"
) -> Difference:
    """Who had something against who had not, over strata; a stratum that is missing is one of its own."""
    names = strata.astype(object).where(strata.notna(), "").to_numpy(dtype=object)
    parts = []
    for name in sorted({str(each) for each in names}):
        mine = names == name
        parts.append(
            Stratum(
                used=int((mine & used).sum()), used_left=int((mine & used & left).sum()),
                not_used=int((mine & ~used).sum()), not_used_left=int((mine & ~used & left).sum()),
            )
        )  # fmt: skip
    return compare(parts)


def difference_table(keys: pd.DataFrame, found: Sequence[Difference]) -> pd.DataFrame:
    """`keys` with used, used_left, not_used, not_used_left, difference (crude), adjusted, low, high, verdict."""
    numbers = {
        name: [float(getattr(each, name)) for each in found]
        for name in ("used", "used_left", "not_used", "not_used_left", "crude", "adjusted", "low", "high")
    }
    verdicts = pd.Series([each.verdict for each in found], dtype=object)
    table = keys.reset_index(drop=True).assign(**numbers, verdict=verdicts)
    return table.rename(columns={"crude": "difference"})
