"""Prints how often the 95% interval of the LTV holds the truth, in simulated markets whose truth is known.

`python benchmarks/coverage_of_ltv.py [BOOKS]` (600). A book: 40 months of a company that wins about six customers a month, MRR
lognormal, 2% leave each month; its export knows of those that left only from month 16 on, so that who left before is
not there. Each book goes the way of `cscli ltv-report`: when churn began to be known is found, not given.
"""

import datetime as dt
import sys
import time

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.lifetime.late_entry import find_churn_known
from cscli.analysis.lifetime.ltv import LtvEstimate, LtvTerms, estimate_ltv
from cscli.analysis.lifetime.tenures import tenures_of

CHURN = 0.02
MEAN_LOG, SD_LOG = 10.0, 1.0
MARGIN = 0.75
MONTHS, KNOWN_FROM, NEW_A_MONTH = 40, 16, 6
TERMS = LtvTerms(horizon_months=60, discount_rate_annual=0.10, gross_margin=MARGIN)
_FIRST = np.datetime64("2023-01", "M")


def truth() -> float:
    """Mean MRR x margin x the discounted months of a customer who leaves with 2% each month after the first."""
    months = np.arange(TERMS.horizon_months)
    lived = ((1 - CHURN) ** months * (1 + TERMS.discount_rate_annual) ** (-months / 12)).sum()
    return float(np.exp(MEAN_LOG + SD_LOG**2 / 2) * MARGIN * lived)


def make_book(random: np.random.Generator) -> tuple[pd.DataFrame, dt.date]:
    """Accounts as an export has them, and its day: the first of month 40."""
    start = np.repeat(np.arange(MONTHS), random.poisson(NEW_A_MONTH, MONTHS))
    end = start + random.geometric(CHURN, len(start))
    kept = end >= KNOWN_FROM
    start, end = start[kept], end[kept]
    churned = np.where(end <= MONTHS, _days(end), np.datetime64("NaT", "us"))
    frame = pd.DataFrame(
        {
            "account_id": [f"E{at}" for at in range(len(start))],
            "started_on": _days(start),
            "churned_on": churned,
            "mrr": random.lognormal(MEAN_LOG, SD_LOG, len(start)),
        }
    )
    return frame, pd.Timestamp(_days(np.array([MONTHS]))[0]).date()


def estimate(accounts: pd.DataFrame, as_of: dt.date) -> LtvEstimate:
    """The headline of a book."""
    known = find_churn_known(accounts["started_on"], accounts["churned_on"], as_of, None)
    return estimate_ltv(tenures_of(accounts, as_of, churn_known_from=known.since), TERMS)


def coverage(books: int, seed: int = 16) -> tuple[float, float]:
    """The share of the intervals that hold the truth, and the mean of the estimates by the truth."""
    random = np.random.default_rng(seed)
    value = truth()
    held, ratios = 0, []
    for _ in range(books):
        found = estimate(*make_book(random)).ltv
        low, high = found.low or 0.0, found.high or np.inf
        held += low <= value <= high
        ratios.append((found.value or 0.0) / value)
    return held / books, float(np.mean(ratios))


def _days(months: NDArray[np.int64]) -> "NDArray[np.datetime64]":
    return (_FIRST + months).astype("datetime64[D]").astype("datetime64[us]")


def main() -> None:
    """Prints the coverage."""
    books = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    start = time.process_time()
    share, mean = coverage(books)
    print(f"{books} books: 95% intervals hold the truth in {share:.1%} (92 to 97% are wanted)")
    print(f"mean estimate / truth {mean:.3f}; {time.process_time() - start:.1f} s of CPU")
    raise SystemExit(0 if 0.92 <= share <= 0.97 else 1)


if __name__ == "__main__":
    main()
