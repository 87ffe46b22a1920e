"""Resolved forecasts to how good they were: bias, calibration and skill of the model and of each owner's calls."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.revenue.ratio_interval import wilson_interval

ALL, MODEL, CSM = "all", "p_model", "p_csm"
FEW_LOST, FEWEST_OF_ONE = 10, 10
LEADS = (("0-30", 0, 30), ("31-90", 31, 90), ("90+", 91, 100_000))
BINS = 5
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairedScore:
    """On rows that have both forecasts: Brier of the owners' calls less that of the model, and its standard error."""

    rows: int
    difference: float
    error: float


def tabulate_ledger(resolved: pd.DataFrame) -> pd.DataFrame:
    """`resolved`: a row a forecast with an outcome: account_id, owner, lead_days, arr, p_model, p_csm (NaN: none), lost, arr_after (of
    those that renewed; NaN: not known).

    One row a `who` (`all`, each owner), `forecast` (p_model, p_csm) and `lead` (`all`, 0-30, 31-90, 90+ days; leads of `all`
    only): n, lost, mean_forecast, rate, rate_lo, rate_hi (Wilson), bias = mean forecast - rate, z = bias / (sqrt(sum p (1 - p))
    / n), brier, brier_skill = 1 - Brier / (r (1 - r)), arr_forecast_lost, arr_lost, arr_bias (of the ARR), contraction (of
    the ARR of those that renewed, what they pay less now), few (fewer than ten lost).
    """
    rows = [_row(*each) for each in _groups(resolved)]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def tabulate_reliability(resolved: pd.DataFrame) -> pd.DataFrame:
    """Of `all`, by forecast and five equal bins of it: bin (1 is the lowest), n, mean_forecast, rate, rate_lo, rate_hi."""
    rows = []
    for forecast in (MODEL, CSM):
        known = resolved[resolved[forecast].notna()]
        p, came = known[forecast].to_numpy(np.float64), known["lost"].to_numpy(np.float64)
        which = np.minimum((p * BINS).astype(np.intp), BINS - 1)
        for number in np.unique(which):
            here = which == number
            low, high = wilson_interval(float(came[here].sum()), int(here.sum()))
            rate = float(came[here].mean())
            rows.append(
                (forecast, float(number + 1), float(here.sum()), float(p[here].mean()), rate, low, high)
            )
    names = ["forecast", "bin", "n", "mean_forecast", "rate", "rate_lo", "rate_hi"]
    return pd.DataFrame(rows, columns=names)


def compare_forecasts(resolved: pd.DataFrame) -> PairedScore:
    """Which was nearer, on the same rows; rows of one account go together (NaN with fewer than two accounts)."""
    both = resolved[resolved[MODEL].notna() & resolved[CSM].notna()]
    if both.empty:
        return PairedScore(0, np.nan, np.nan)
    came = both["lost"].to_numpy(np.float64)
    loss = [(both[name].to_numpy(np.float64) - came) ** 2 for name in (CSM, MODEL)]
    gap = loss[0] - loss[1]
    mean, rows = float(gap.mean()), len(gap)
    sums = pd.Series(gap - mean).groupby(both["account_id"].to_numpy(object)).sum().to_numpy(np.float64)
    count = len(sums)
    error = float(np.sqrt((sums**2).sum() * count / (count - 1))) / rows if count > 1 else np.nan
    return PairedScore(rows, mean, error)


_COLUMNS = (
    "who", "forecast", "lead", "n", "lost", "mean_forecast", "rate", "rate_lo", "rate_hi", "bias", "z", "brier",
    "brier_skill", "arr_forecast_lost", "arr_lost", "arr_bias", "contraction", "few",
)  # fmt: skip


def _groups(resolved: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    owners: Sequence[str] = sorted({str(each) for each in resolved["owner"].dropna()})
    for forecast in (MODEL, CSM):
        known = resolved[resolved[forecast].notna()]
        yield ALL, forecast, ALL, known
        for lead, low, high in LEADS:
            part = known[known["lead_days"].between(low, high)]
            if len(part):
                yield ALL, forecast, lead, part
        for owner in owners:
            part = known[known["owner"] == owner]
            if len(part) >= FEWEST_OF_ONE:
                yield owner, forecast, ALL, part


def _row(who: str, forecast: str, lead: str, rows: pd.DataFrame) -> tuple[object, ...]:
    n = len(rows)
    if not n:
        return (who, forecast, lead, 0.0, 0.0, *[np.nan] * 12, True)
    p, came = rows[forecast].to_numpy(np.float64), rows["lost"].to_numpy(np.float64)
    arr = rows["arr"].fillna(0.0).to_numpy(np.float64)
    lost, rate, total = float(came.sum()), float(came.mean()), float(arr.sum())
    bias = float(p.mean()) - rate
    spread = float(np.sqrt((p * (1 - p)).sum())) / n
    brier, plain = float(((p - came) ** 2).mean()), rate * (1 - rate)
    forecast_lost, arr_lost = float((arr * p).sum()), float((arr * came).sum())
    return (
        who, forecast, lead, float(n), lost, float(p.mean()), rate, *wilson_interval(lost, n), bias,
        bias / spread if spread else np.nan, brier, 1 - brier / plain if plain else np.nan, forecast_lost, arr_lost,
        (forecast_lost - arr_lost) / total if total else np.nan, _contraction(rows), lost < FEW_LOST,
    )  # fmt: skip


def _contraction(rows: pd.DataFrame) -> float:
    known = rows[rows["arr_after"].notna() & rows["arr"].notna()]
    before = float(known["arr"].sum())
    less = (known["arr"] - known["arr_after"]).clip(lower=0.0)
    return float(less.sum()) / before if before else np.nan
