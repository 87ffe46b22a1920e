"""A stored run of about a year ago, and the MRR since, to what was kept of the accounts in each band of the score."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.past.snapshots import StoredSnapshot
from cscli.analysis.revenue.mrr import MrrHistory
from cscli.analysis.revenue.retention import Window, tabulate_retention
from cscli.workflows.book.contract import history_of
from cscli.workflows.book.read import Book
from cscli.workflows.book.request import Request

_FEWEST_MONTHS, _YEAR_MONTHS = 3, 12


@dataclass(frozen=True, eq=False, kw_only=True)
class BandRetention:
    """`table`: as `tabulate_retention`, a row a band as of `judged_on`, from the end of that month on."""

    judged_on: dt.date
    table: pd.DataFrame


def retain_by_band(request: Request, book: Book, history: MrrHistory) -> BandRetention | None:
    """By the bands of the run that is nearest to a year before the last month of MRR, three months at least; None where
    nothing was known of then in time.
    """
    url = history_of(request, book.config)
    if url is None or len(history.months) <= _FEWEST_MONTHS:
        return None
    from cscli.history import evidence_days, read_evidence

    folder, closing = request.rules.workspace, history.months[-1]
    days = [day for day in evidence_days(url, folder) if _months_before(day, closing) >= _FEWEST_MONTHS]
    days = [day for day in days if np.datetime64(day, "M") >= history.months[0]]
    for day in sorted(days, key=lambda day: abs(_months_before(day, closing) - _YEAR_MONTHS)):
        stored = read_evidence(url, folder, day)
        if stored is not None:
            return _retain(stored, history)
    return None


def _retain(stored: StoredSnapshot, history: MrrHistory) -> BandRetention:
    window = Window("band", str(np.datetime64(stored.as_of, "M")), history.labels[-1])
    bands = pd.Series(stored.accounts["band"].to_numpy(object), index=stored.accounts["account_id"])
    held = bands.reindex(history.account_ids).to_numpy(dtype=object)
    names = sorted({str(name) for name in held[~pd.isna(held)]})
    table = tabulate_retention(history, [window], {name: held == name for name in names})
    return BandRetention(judged_on=stored.as_of, table=table)


def _months_before(day: dt.date, closing: "np.datetime64") -> int:
    return int((closing - np.datetime64(day, "M")).astype(np.int64))
