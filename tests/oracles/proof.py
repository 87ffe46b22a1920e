"""The reference tables of the proof (back-test, renewals, ledger, weights), as tests read them."""

import numpy as np
import pandas as pd

from cscli.analysis.proving.ranking import Cases, codes_of
from places import REFERENCE

PROOF = REFERENCE / "proof"


def table(name: str, dates: tuple[str, ...] = ()) -> pd.DataFrame:
    """The table `name`.csv."""
    return pd.read_csv(PROOF / f"{name}.csv", parse_dates=list(dates))


def quantities(name: str) -> "pd.Series[str]":
    """The values of a table of quantities, by quantity."""
    found = table(name)
    return found.set_index("quantity")["value"]


def panel() -> pd.DataFrame:
    """The rows of the back-test's panel that have a score."""
    rows = table("backtest_panel")
    return rows[rows["score"].notna()].reset_index(drop=True)


def cases_of(rows: pd.DataFrame, *strata: str) -> Cases:
    """The rows as cases, with pairs inside of equal values of `strata`."""
    columns = [rows[name].to_numpy(object) for name in strata] or [np.zeros(len(rows), dtype=object)]
    accounts = codes_of(rows["account_id"].to_numpy(object))
    return Cases(accounts, (rows["churned"] == 1).to_numpy(), codes_of(*columns))


def risk_of(rows: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Risk: minus the score."""
    return -rows["score"].to_numpy(np.float64)
