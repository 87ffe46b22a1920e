"""Who left and when, by each thing in the exports that tells it; and whether those agree."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.revenue.mrr import MrrHistory

DIFFERING_SHARE, DIFFERING_LEAST, DIFFERING_DAYS = 0.1, 3, 31
CHURNED_ON, SUBSCRIPTION_ENDED, MRR_ZERO = "churned_on", "subscription_ended", "mrr_zero"
ANNUAL, MONTHLY = "annual", "monthly"
_YEAR = 12
KEPT = 0.9
"""Less of the MRR than this share is a contraction."""
DATED_OUTCOMES = (CHURNED_ON, SUBSCRIPTION_ENDED, MRR_ZERO)
"""In the order in which they are believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two sources of who left: of `either` that left by one of them inside the windows, `who` left by one alone, and
    `when` left by both, more than 31 days apart.
    """

    first: str
    second: str
    either: int
    who: int
    when: int

    @property
    def is_grave(self) -> bool:
        """Whether one must say which is meant."""
        apart = self.who + self.when
        return apart >= DIFFERING_LEAST and apart > DIFFERING_SHARE * self.either


def ends_of_subscriptions(lines: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """By account_id the day on which its last paid line ended, NaT while one goes on. `lines`: account_id, started_on,
    ended_on. What begins within 31 days after all before have ended goes on with them; a longer gap is an end, which the
    lines after it do not undo.
    """
    table = lines[lines["started_on"].notna()].sort_values(["account_id", "started_on"], kind="stable")
    never = pd.Timestamp.max.normalize()
    ended = table["ended_on"].fillna(never)
    until = ended.groupby(table["account_id"]).cummax()
    following = table.groupby("account_id")["started_on"].shift(-1)
    last = following.isna() | (following > until + pd.Timedelta(days=DIFFERING_DAYS)).where(
        until < never, other=False
    )
    ends = until[last].groupby(table["account_id"][last]).first()
    return ends.mask(ends >= never)


def ends_of_mrr(history: MrrHistory) -> "pd.Series[pd.Timestamp]":
    """By account_id the first month end without MRR after one with; NaT where it pays on, or comes back within two months."""
    paid = history.units > 0
    ends = ((history.months + 1).astype("datetime64[D]") - 1).astype("datetime64[us]")
    found = np.full(len(history.account_ids), np.datetime64("NaT"), dtype="datetime64[us]")
    for month in range(1, len(history.months)):
        soon = paid[:, month : month + 2].any(axis=1)
        stops = paid[:, month - 1] & ~soon & np.isnat(found)
        found[stops] = ends[month]
    return pd.Series(found, index=pd.Index(history.account_ids, name="account_id"))


def compare_outcomes(
    dates: Mapping[str, "pd.Series[pd.Timestamp]"], opens: pd.Timestamp, closes: pd.Timestamp
) -> list[Disagreement]:
    """Each two of `dates` (by account_id) where somebody left after `opens` and up to `closes`."""
    names = list(dates)
    found = []
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            both = pd.concat([dates[first].rename("a"), dates[second].rename("b")], axis=1)
            inside = (both > opens) & (both <= closes)
            either = inside.any(axis=1)
            who = int((inside["a"] & both["b"].isna() | inside["b"] & both["a"].isna()).sum())
            far = (both["a"] - both["b"]).abs() > pd.Timedelta(days=DIFFERING_DAYS)
            found.append(
                Disagreement(
                    first=first,
                    second=second,
                    either=int(either.sum()),
                    who=who,
                    when=int((either & far).sum()),
                )
            )
    return found


def terms_at(lines: pd.DataFrame, day: pd.Timestamp, lead: int) -> pd.DataFrame:
    """By account_id: term (annual: a line of 12 months or more runs on `day`, else monthly) and renews_on, the first day after
    `day` + `lead` on which such a line begins anew. `lines`: account_id, started_on, ended_on, period_months.
    """
    here = (lines["started_on"] <= day) & ~(lines["ended_on"] <= day)
    running = lines[here].assign(months=lines["period_months"].fillna(1.0))
    longest = running.sort_values("months", kind="stable").drop_duplicates("account_id", keep="last")
    opens = day + pd.Timedelta(days=lead)
    renews = [
        _next_start(start, int(months), opens) if months >= _YEAR else pd.NaT
        for start, months in zip(longest["started_on"], longest["months"], strict=True)
    ]
    term = np.where(longest["months"] >= _YEAR, ANNUAL, MONTHLY)
    index = pd.Index(longest["account_id"], name="account_id")
    return pd.DataFrame(
        {
            "term": pd.Series(term, index=index, dtype=object),
            "renews_on": pd.Series(renews, index=index, dtype="datetime64[us]"),
        }
    )


def contracted(history: MrrHistory, t0: pd.Timestamp, closes: pd.Timestamp) -> frozenset[str]:
    """The accounts whose MRR at the last month end up to `closes` is below 0.9 of that at the last one up to `t0`."""
    before, after = (_column(history, day) for day in (t0, closes))
    if before is None or after is None:
        return frozenset()
    fell = (history.units[:, before] > 0) & (history.units[:, after] < KEPT * history.units[:, before])
    return frozenset(map(str, history.account_ids[fell]))


def _column(history: MrrHistory, day: pd.Timestamp) -> int | None:
    month = np.datetime64((day + pd.Timedelta(days=1)).strftime("%Y-%m"), "M") - np.timedelta64(1, "M")
    place = int((month - history.months[0]).astype(np.int64)) if len(history.months) else -1
    return place if 0 <= place < len(history.months) else None


def _next_start(start: pd.Timestamp, months: int, after: pd.Timestamp) -> pd.Timestamp:
    times = max(1, ((after.year - start.year) * 12 + after.month - start.month) // months)
    while start + pd.DateOffset(months=months * times) <= after:
        times += 1
    return start + pd.DateOffset(months=months * times)
