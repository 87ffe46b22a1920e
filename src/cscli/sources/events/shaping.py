"""What an engine gave for the queries of a rollup into the frames of `EventRollup`."""

from collections.abc import Iterable

import pandas as pd


def shape_accounts(found: pd.DataFrame) -> pd.DataFrame:
    """What an engine gave for `rollup_sql.accounts`, as `EventRollup.accounts`."""
    days = dict.fromkeys(("first_seen_on", "last_seen_on"), "datetime64[us]")
    return found.astype(days).sort_values("account_id", ignore_index=True)


def shape_weeks(found: pd.DataFrame) -> pd.DataFrame:
    """What an engine gave for `rollup_sql.weeks`, as `EventRollup.weeks`."""
    return found.astype({"week": "datetime64[us]"}).sort_values(["account_id", "week"], ignore_index=True)


def no_weeks(counted: Iterable[str]) -> pd.DataFrame:
    """`EventRollup.weeks` without a row."""
    columns = {"account_id": "str", "week": "datetime64[us]", **dict.fromkeys(counted, "float64")}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
