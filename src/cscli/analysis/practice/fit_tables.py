"""What became of accounts by fit: who left in the first year, which criterion goes with it, who was won when and by whom."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cscli.analysis.comparing.difference import Difference
from cscli.analysis.comparing.groups import compare_groups
from cscli.analysis.promises.overview import fiscal_quarters
from cscli.analysis.revenue.ratio_interval import wilson_interval

FEWEST_SOLD = 10
"""Accounts of a seller, below which no share is shown."""


def band_table(accounts: pd.DataFrame, bands: Sequence[str]) -> pd.DataFrame:
    """A row a band that has accounts: fit, accounts, year_over, left, share (of those whose first year is over), low, high (Wilson, 95%), arr,
    hindsight (share), hours (mean hours a month planned). `accounts`: fit, year_over, left, arr, hindsight, hours.
    """
    rows = []
    for band in bands:
        mine = accounts[(accounts["fit"] == band).to_numpy(bool)]
        if not len(mine):
            continue
        over, left = float(mine["year_over"].sum()), float(mine["left"].sum())
        low, high = wilson_interval(left, over)
        share = left / over if over else np.nan
        rows.append({
            "fit": band, "accounts": float(len(mine)), "year_over": over, "left": left, "share": share, "low": low, "high": high,
            "arr": mine["arr"].sum(min_count=1), "hours": mine["hours"].mean(), "hindsight": mine["hindsight"].mean(),
        })  # fmt: skip
    return pd.DataFrame(rows)


def criteria_effects(
    accounts: pd.DataFrame, names: Sequence[str], strata: "pd.Series[str]"
) -> list[Difference]:
    """Of each criterion: who met it against who did not, of the accounts whose first year is over and of which it is known; how many left in it."""
    found = []
    over = accounts["year_over"].to_numpy(bool)
    left = accounts["left"].to_numpy(bool)
    for name in names:
        counted = over & accounts[name].notna().to_numpy(bool)
        met = (accounts[name] == 1).to_numpy(bool)
        found.append(compare_groups(met[counted], left[counted], strata[counted]))
    return found


def quarter_table(accounts: pd.DataFrame, bands: Sequence[str], first_month: int) -> pd.DataFrame:
    """By fiscal quarter of the start: quarter, accounts, arr, and share_BAND of the ARR won in it. `accounts`: started_on, fit, arr."""
    started = accounts[accounts["started_on"].notna().to_numpy(bool)]
    quarters = fiscal_quarters(started["started_on"], first_month)
    rows = []
    for quarter in sorted(set(quarters)):
        mine = started[quarters == quarter]
        total = float(mine["arr"].sum(min_count=1))
        shares = {
            f"share_{band}": float(mine["arr"][(mine["fit"] == band).to_numpy(bool)].sum()) / total
            if total
            else np.nan
            for band in bands
        }
        rows.append({"quarter": quarter, "accounts": float(len(mine)), "arr": total, **shares})
    return pd.DataFrame(rows, columns=["quarter", "accounts", "arr", *(f"share_{band}" for band in bands)])


def sales_table(accounts: pd.DataFrame, sold_by: "pd.Series[str]", poor: str) -> pd.DataFrame:
    """By seller, in the order of their names: sold_by, accounts, poor_share (NaN below `FEWEST_SOLD` accounts)."""
    names = sold_by.astype(object).where(sold_by.notna(), None)
    rows = []
    for name in sorted({str(each) for each in names if each is not None}):
        mine = accounts[(names == name).to_numpy(bool)]
        enough = len(mine) >= FEWEST_SOLD
        share = float((mine["fit"] == poor).mean()) if enough else np.nan
        rows.append((name, float(len(mine)), share))
    return pd.DataFrame(rows, columns=["sold_by", "accounts", "poor_share"])


def won_lately(accounts: pd.DataFrame, as_of: dt.date) -> "pd.Series[bool]":
    """Whether an account started in the four quarters before the day."""
    since = pd.Timestamp(as_of) - pd.DateOffset(years=1)
    return (accounts["started_on"] > since) & (accounts["started_on"] <= pd.Timestamp(as_of))
