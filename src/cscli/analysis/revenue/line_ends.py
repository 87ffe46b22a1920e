"""End dates of subscriptions to the first day without them: last days, contracts that go on by themselves."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.revenue.line_faults import LineFaults, days_of
from cscli.errors import Severity
from cscli.header_keys import header_key

Ends = Literal["last_day", "first_day_without"]
Days = NDArray[np.datetime64]
_DAY = np.timedelta64(1, "D")
_NEVER = np.datetime64("NaT", "D")
_MOST = 0.5
_FEWEST = 3
_CONTRACT = ("contract", "term", "契約", "満了", "満期", "期限", "expir", "periodend")
_CANCELLED = ("cancel", "churn", "解約", "退会", "endedat")


@dataclass(frozen=True, slots=True)
class EndFacts:
    """`header`: what the file calls the end; blank: ends are the first day without, by whoever made the frame. `pinned`: what the config says it is. `anyone_left`: whether any account
    is known, by a date or status, to have left.
    """

    header: str
    as_of: dt.date
    pinned: Ends | None = None
    anyone_left: bool = False


def settle_ends(
    frame: pd.DataFrame, facts: EndFacts, faults: LineFaults, left: NDArray[np.bool_] | None = None
) -> pd.DataFrame:
    """`frame` (account_id, started_on, ended_on, auto_renew where it has it) with ended_on as the first day without
    the line, missing for lines that go on; what was decided is noted. `left`: lines that say that they have ended.
    """
    is_file = bool(facts.header) or facts.pinned is not None
    if not is_file or "ended_on" not in frame.columns or frame["ended_on"].isna().all():
        return frame
    begins, ends = days_of(frame, "started_on"), days_of(frame, "ended_on")
    before, on = _followed(frame, begins, ends, 1), _followed(frame, begins, ends, 0)
    kind = facts.pinned or _decide(ends, facts.header, int(before.sum()), int(on.sum()))
    shifted = ~np.isnat(ends) if kind == "last_day" else before & (facts.pinned is None)
    if facts.pinned is None:
        details = {"share": f"{_month_ends(ends):.0%}", "next": int(before.sum())}
        faults.note("revenue.ends_on_last_day", shifted, Severity.NOTE, **details)
    ends = np.where(shifted, ends + _DAY, ends)
    goes_on = _goes_on(frame, ends, facts)
    goes_on = goes_on if left is None else goes_on & ~left
    money = frame["mrr"].to_numpy(np.float64)[goes_on].sum() if "mrr" in frame.columns else np.nan
    shown = "-" if np.isnan(money) else f"{money:,.0f}"
    faults.note("revenue.renewed_by_itself", goes_on, Severity.WARNING, money=shown)
    return frame.assign(ended_on=np.where(goes_on, _NEVER, ends).astype("datetime64[us]"))


def _decide(ends: Days, header: str, before: int, on: int) -> Ends:
    """By the lines that follow; where none does, by the header and the share of ends of months."""
    if before != on:
        return "last_day" if before > on else "first_day_without"
    of_contract = any(part in header_key(header) for part in _CONTRACT)
    enough = _month_ends(ends) >= (0.5 if of_contract else 0.8)
    return (
        "last_day"
        if enough and (of_contract or np.count_nonzero(~np.isnat(ends)) >= _FEWEST)
        else "first_day_without"
    )


def _month_ends(ends: Days) -> float:
    known = ends[~np.isnat(ends)]
    following = known + _DAY
    return (
        float(np.mean(following.astype("datetime64[M]").astype("datetime64[D]") == following))
        if len(known)
        else 0.0
    )


def _followed(frame: pd.DataFrame, begins: Days, ends: Days, days: int) -> NDArray[np.bool_]:
    """Whether another line of the account begins `days` after the end of each."""
    ids = frame["account_id"].to_numpy(dtype=object)
    starts = pd.MultiIndex.from_arrays([ids, begins])
    wanted = pd.MultiIndex.from_arrays([ids, np.asarray(ends + np.timedelta64(days, "D"))])
    return np.asarray(wanted.isin(starts) & ~np.isnat(ends), dtype=bool)


def _goes_on(frame: pd.DataFrame, ends: Days, facts: EndFacts) -> NDArray[np.bool_]:
    """The last lines that have ended and are renewed by themselves: where their column says so, or where over half
    of the accounts would have left and nobody is known to.
    """
    nobody = np.zeros(len(frame), dtype=bool)
    if any(part in header_key(facts.header) for part in _CANCELLED):
        return nobody
    ended = ~np.isnat(ends) & (ends <= np.datetime64(facts.as_of, "D"))
    latest = pd.Series(np.where(np.isnat(ends), np.datetime64("9999-01-01", "D"), ends))
    last = latest == latest.groupby(frame["account_id"].to_numpy(dtype=object)).transform("max")
    ended = ended & last.to_numpy(dtype=bool)
    if "auto_renew" in frame.columns:
        renews = frame["auto_renew"].astype("boolean").fillna(value=False).to_numpy(bool)
        return np.asarray(ended & renews, dtype=bool)
    gone = frame.loc[ended, "account_id"].nunique()
    if facts.anyone_left or gone < _FEWEST or gone <= _MOST * frame["account_id"].nunique():
        return nobody
    return np.asarray(ended, dtype=bool)
