"""Forecasts of renewals and the book of today to what became of each: renewed, lost, or not known yet."""

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

RESOLVED_AFTER_DAYS = 45
RENEWED, LOST, OPEN, GONE = "renewed", "lost", "open", "gone"
_USUAL_LEAD, _LEAST_LEAD, _MOST_LEAD = 90, 31, 180
Flags = NDArray[np.bool_]


def resolve(forecasts: pd.DataFrame, book: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """`forecasts`: account_id, renews_on, arr; `book`: account_id, churned_on, renews_on, arr of all accounts there are,
    those that left included, whatever the day they left.

    Gives `forecasts` with outcome and arr_after (of those that renewed). Lost: left by 45 days after the renewal, or pays
    nothing then; renewed: known to run on to a later renewal (at once), or still here 45 days after; open: neither yet;
    gone: no longer in the exports, without a day on which it left.
    """
    now = book.drop_duplicates("account_id").set_index("account_id").reindex(forecasts["account_id"])
    there = forecasts["account_id"].isin(book["account_id"]).to_numpy()
    due = forecasts["renews_on"].to_numpy()
    last = due + np.timedelta64(RESOLVED_AFTER_DAYS, "D")
    day = np.datetime64(as_of)
    churned = now["churned_on"].to_numpy()
    runs_on = (now["renews_on"].to_numpy() > last) | _forecast_again(forecasts)
    left = ~np.isnat(churned) & (churned <= last) & (churned <= day)
    pays_nothing = (now["arr"].to_numpy(np.float64) == 0) & np.isnat(churned)
    is_past = last < day
    lost = left | (is_past & pays_nothing & ~runs_on)
    kept = ~left & (runs_on | (is_past & there & ~lost))
    outcome = np.select([lost, kept, ~there & is_past], [LOST, RENEWED, GONE], OPEN).astype(object)
    after = np.where((outcome == RENEWED) & np.isnat(churned), now["arr"].to_numpy(np.float64), np.nan)
    return forecasts.assign(outcome=outcome, arr_after=after)


def choose_known(known: pd.DataFrame) -> pd.DataFrame:
    """`known`: as_of, account_id, renews_on, band, arr. Of each account and renewal the row that is nearest to 90 days before
    it, 31 to 180 days: the band that a forecast would have had.
    """
    lead = (known["renews_on"] - known["as_of"]).dt.days
    near = known.assign(far=(lead - _USUAL_LEAD).abs())[lead.between(_LEAST_LEAD, _MOST_LEAD)]
    best = near.sort_values(["account_id", "renews_on", "far", "as_of"], kind="stable")
    kept = best.drop_duplicates(["account_id", "renews_on"])
    return kept.drop(columns="far").reset_index(drop=True)


def _forecast_again(forecasts: pd.DataFrame) -> Flags:
    """Whether the account has a forecast of a later renewal: it was seen to run on."""
    latest = forecasts.groupby("account_id")["renews_on"].transform("max")
    step = np.timedelta64(RESOLVED_AFTER_DAYS, "D")
    return (latest.to_numpy() > forecasts["renews_on"].to_numpy() + step).astype(np.bool_)
