"""MRR by account and month end to cohort triangles: of those that began in one month, who and how much stays."""

import numpy as np
import pandas as pd

from cscli.analysis.revenue.mrr import UNITS_PER_MONEY, Integers, MrrHistory


def tabulate_cohorts(history: MrrHistory) -> pd.DataFrame:
    """One row a cohort (the month, YYYY-MM, of an account's first MRR) and month since: cohort, month_number (0 is
    the cohort's month), accounts (in the cohort), active (with MRR in that month), mrr (money at constant rates),
    logo_retention, mrr_retention (shares of month 0). Accounts that return count again.
    """
    paid = history.units > 0
    ever = paid.any(axis=1)
    first = np.argmax(paid[ever], axis=1)
    units, active = history.units[ever], paid[ever].astype(np.int64)
    order = np.argsort(first, kind="stable")
    cohorts, starts, sizes = np.unique(first[order], return_index=True, return_counts=True)
    if not len(cohorts):
        starts = starts.astype(np.int64)
    mrr, logos = _sum_groups(units[order], starts), _sum_groups(active[order], starts)
    row, column = np.nonzero(np.arange(len(history.months)) >= cohorts[:, np.newaxis])
    labels = np.array(history.labels, dtype=object)
    at_start = mrr[np.arange(len(cohorts)), cohorts]
    return pd.DataFrame(
        {
            "cohort": labels[cohorts[row]],
            "month_number": column - cohorts[row],
            "accounts": sizes[row],
            "active": logos[row, column],
            "mrr": mrr[row, column] / UNITS_PER_MONEY,
            "logo_retention": logos[row, column] / sizes[row],
            "mrr_retention": mrr[row, column] / at_start[row],
        }
    )


def _sum_groups(rows: Integers, starts: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> Integers:
    if not len(starts):
        return np.zeros((0, rows.shape[1]), dtype=np.int64)
    return np.asarray(np.add.reduceat(rows, starts, axis=0), dtype=np.int64)
