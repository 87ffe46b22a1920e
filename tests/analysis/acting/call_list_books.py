"""Small scored books for the tests of call lists and opportunities."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cscli.analysis.acting.risk import CallList, list_calls, list_records
from cscli.analysis.acting.status import LAST_COLUMNS, SOLVED, EarlierLists
from cscli.analysis.scoring.health import assign_bands
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config

AS_OF = dt.date(2026, 10, 31)
RULES = """
version: 1
currency: JPY
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
segments: {size: [{name: large, when: arr >= 1000}, {name: small}]}
effort: {by: size, hours_per_month: {large: 1, small: 1}, owner_hours_per_month: 20}
playbooks:
  - {name: Train, when: seats < 10, hours: 3, due_days: 2, text: Train them}
  - {name: Renew, when: days_to_renewal < 30, hours: 1.5, due_days: 5, text: {en: Talk, ja: 相談する}}
opportunities:
  - {name: Seats, kind: upsell, when: seats >= 20, potential_mrr: 0.2 * mrr}
  - {name: Praise, kind: advocate, when: nps >= 70}
"""


def make_config(rules: str = RULES) -> Config:
    return settle(read_draft(rules, "cscli.yaml"), Headers())[0]


def make_book(
    config: Config, rows: Sequence[tuple[str, str | None, float, float | None, float, float]]
) -> pd.DataFrame:
    """A scored book of (id, owner, score, arr, days_to_renewal, seats)."""
    ids, owners, scores, arr, days, seats = zip(*rows, strict=True) if rows else ([],) * 6
    score = np.array(scores, dtype=np.float64)
    coverage = np.ones(len(score))
    money = pd.Series(arr, dtype="float64")
    return pd.DataFrame(
        {
            "account_id": pd.Series(ids, dtype=object),
            "name": pd.Series([f"Company {each}" for each in ids], dtype=object),
            "owner": pd.Series(owners, dtype=object),
            "score": score,
            "band": pd.Series(assign_bands(score, coverage, config.bands, 0.5), dtype=object),
            "data_coverage": coverage,
            "score_change": pd.Series(np.nan, index=range(len(score)), dtype="float64"),
            "arr": money,
            "mrr": money / 12,
            "nps": score,
            "days_to_renewal": pd.Series(days, dtype="float64"),
            "renews_on": pd.Timestamp(AS_OF) + pd.to_timedelta(pd.Series(days, dtype="float64"), unit="D"),
            "seats": pd.Series(seats, dtype="float64"),
        }
    )


def calls_of(
    config: Config, book: pd.DataFrame, earlier: EarlierLists | None = None, as_of: dt.date = AS_OF
) -> CallList:
    return list_calls(book, config, as_of, earlier)


def ids_of(book: pd.DataFrame, calls: CallList) -> list[str]:
    found: list[str] = book["account_id"].iloc[calls.rows].tolist()
    return found


class Diary:
    """Lists day after day, remembered as the history does it."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.earlier = EarlierLists()

    def run(self, as_of: dt.date, book: pd.DataFrame) -> CallList:
        calls = list_calls(book, self.config, as_of, self.earlier)
        records = list_records(book, calls, self.config)
        gone = calls.resolved.loc[calls.resolved["why"].isin(SOLVED), "account_id"]
        on = records[records["status"] != "resolved"]
        last = on[list(LAST_COLUMNS)]
        last = last.astype({"score": "float64", "arr": "float64", "arr_at_risk": "float64"})
        self.earlier = EarlierLists(
            as_of=as_of,
            last=last.assign(**{day: last[day].astype("datetime64[us]") for day in ("since", "renews_on")}),
            ever=self.earlier.ever | set(records["account_id"]),
            resolved_on={**self.earlier.resolved_on, **dict.fromkeys(gone, as_of)},
            due_from=self._due_from(on),
        )
        return calls

    def _due_from(self, on: pd.DataFrame) -> dict[tuple[str, str], dt.date]:
        staying = set(on.loc[on["status"] == "ongoing", "account_id"])
        kept = {pair: day for pair, day in self.earlier.due_from.items() if pair[0] in staying}
        acting = on[on["playbook"].notna()]
        now = zip(acting["account_id"], acting["playbook"], strict=True)
        days = acting["due_from"].astype("datetime64[us]").dt.date
        return dict(zip(now, days, strict=True)) | kept
