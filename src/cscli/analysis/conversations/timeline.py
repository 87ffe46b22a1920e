"""Events of all departments to one history: what two departments wrote down is one line, mails of one week are one."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd

from cscli.analysis.conversations.folding import fold_texts

COLUMNS = ("account_id", "at", "clock", "department", "kind", "text", "two_way")
"""Of an event: at (datetime64, the day), clock (HH:MM or ''), two_way (bool)."""
LINES = ("account_id", "at", "until", "department", "kind", "text", "count")
_FOLDED_DAYS = 7


def no_events() -> pd.DataFrame:
    """Where there is nothing."""
    texts = {name: pd.Series([], dtype=object) for name in COLUMNS}
    return pd.DataFrame(texts | {"at": pd.to_datetime(texts["at"]), "two_way": pd.Series([], dtype=bool)})


def one_history(events: pd.DataFrame, folded: Mapping[str, AbstractSet[str]]) -> pd.DataFrame:
    """`LINES`, of each account in order of time (untimed first), then department. at: day, or day and time (ISO); until: the last day.

    The same account, day, kind and text (NFKC, case and blanks aside) of several departments are one line with all of them and the earliest time.
    Neighbours of a department and a kind that `folded` has for it, nothing between them, within seven days of the first, are one line with their count.
    """
    merged = _merge(events)
    ordered = merged.sort_values(
        ["account_id", "day", "clock", "department"], kind="stable", ignore_index=True
    )
    return _fold(ordered, folded)


def _merge(events: pd.DataFrame) -> pd.DataFrame:
    table = events.assign(day=events["at"].dt.strftime("%Y-%m-%d"), folded=fold_texts(events["text"]))
    same = table.groupby(["account_id", "day", "kind", "folded"], sort=False, dropna=False)
    first = same.first()
    departments = same["department"].agg(lambda names: "+".join(dict.fromkeys(names)))
    merged = first.assign(department=departments, clock=same["clock"].min(), two_way=same["two_way"].any())
    return merged.reset_index()


def _fold(rows: pd.DataFrame, folded: Mapping[str, AbstractSet[str]]) -> pd.DataFrame:
    """A pass over the lines in order; only kinds that may be folded cost more than a look."""
    account, day, department, kind = (
        rows[name].to_numpy(dtype=object) for name in ("account_id", "day", "department", "kind")
    )
    days = rows["at"].to_numpy("datetime64[D]").astype(np.int64)
    kept: list[int] = []
    count: list[int] = []
    until: list[str] = []
    for row in range(len(rows)):
        last = kept[-1] if kept else -1
        follows = (
            last >= 0
            and account[last] == account[row]
            and department[last] == department[row]
            and kind[last] == kind[row]
            and kind[row] in folded.get(str(department[row]), ())
            and days[row] - days[last] <= _FOLDED_DAYS
        )
        if follows:
            count[-1] += 1
            until[-1] = day[row]
        else:
            kept.append(row)
            count.append(1)
            until.append(day[row])
    lines = rows.iloc[kept].reset_index(drop=True)
    at = [f"{on}T{clock}" if clock else on for on, clock in zip(lines["day"], lines["clock"], strict=True)]
    shown = lines.assign(
        at=pd.Series(at, dtype=object),
        until=pd.Series(until, dtype=object),
        count=np.array(count, dtype=np.float64),
    )
    return shown[list(LINES)]


def last_contacts(events: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """By account and department: last_two_way_on, days since. Of events up to `as_of` in which the customer took part."""
    two_way = events[events["two_way"].to_numpy(bool) & (events["at"] <= as_of).to_numpy(bool)]
    last = two_way.groupby(["account_id", "department"])["at"].max().reset_index(name="last_two_way_on")
    return last.assign(days=(as_of - last["last_two_way_on"]).dt.days.astype(np.float64))


def silence(events: pd.DataFrame, accounts: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row for each of `accounts` (account_id, started_on): last_two_way_on, department, days_silent. Who never took part has been silent since the
    start, or since the first event that anybody has, whichever came later; NaN where neither is known.
    """
    last = last_contacts(events, as_of).sort_values(
        ["last_two_way_on", "department"], ascending=[True, False], kind="stable"
    )
    newest = (
        last.drop_duplicates("account_id", keep="last")
        .set_index("account_id")
        .reindex(accounts["account_id"])
    )
    begin = events["at"].min() if len(events) else pd.NaT
    never = np.full(len(accounts), np.nan)
    if pd.notna(begin):
        since = accounts["started_on"].clip(lower=begin)
        never = np.asarray((as_of - since).dt.days, dtype=np.float64)
    days = newest["days"].to_numpy(np.float64)
    return pd.DataFrame({
        "last_two_way_on": newest["last_two_way_on"].to_numpy("datetime64[us]"),
        "department": newest["department"].to_numpy(dtype=object),
        "days_silent": np.where(np.isnan(days), never, days),
    }, index=accounts.index)  # fmt: skip
