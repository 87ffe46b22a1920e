"""How well the ids of an export match the accounts: ids without an account, accounts without a row."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from cscli.analysis.tables.conform import TypedTable


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Counts of distinct ids, their rows, and accounts that have not left; MRR as exported, None if not known."""

    ids_without_account: int
    rows_without_account: int
    accounts_without_rows: int
    mrr_without_rows: float | None


def count_unmatched(table: TypedTable, accounts: TypedTable, as_of: dt.date) -> Unmatched | None:
    """What of `table` and `accounts` does not match; None where one of them has no ids."""
    if "account_id" not in table.frame or "account_id" not in accounts.frame:
        return None
    ids = table.frame["account_id"].dropna()
    known = accounts.frame.dropna(subset="account_id").drop_duplicates("account_id")
    strange = ids[~ids.isin(known["account_id"])]
    staying = known
    if "churned_on" in known:
        staying = known[~(known["churned_on"] <= pd.Timestamp(as_of))]
    absent = staying[~staying["account_id"].isin(ids)]
    mrr = float(absent["mrr"].sum()) if "mrr" in absent else None
    return Unmatched(int(strange.nunique()), len(strange), len(absent), mrr)
