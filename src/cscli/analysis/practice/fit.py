"""Whether the right customers were won: how many points of what was known at signing each account has."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.nodes import Node
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.work.practice import Fit, FitBand, FitCriterion
from cscli.errors import ConfigError, Location, Problem
from cscli.expressions import evaluate

SIGNED_WITHIN_DAYS = 60
"""A run so many days from the start at most tells what was known at signing."""
FEWEST_KNOWN = 0.5
UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False, slots=True)
class FitFacts:
    """`signed`: by account_id, whether each criterion was met (1, 0; NaN: not known) in the first run that knew the account, of the accounts whose
    start is near it.
    """

    fit: Fit
    signed: pd.DataFrame


def criteria_met(frame: pd.DataFrame, criteria: Sequence[FitCriterion], as_of: dt.date) -> pd.DataFrame:
    """One column a criterion: 1, 0, NaN where it cannot be told. Raises ConfigError for one that is no condition."""
    key = "fit"
    names = {criterion.name: f"criterion_{number}" for number, criterion in enumerate(criteria)}
    rules = {names[each.name]: each.when for each in criteria}
    with keyed({f"criterion_{number}": f"{key}.criteria[{number}].when" for number in range(len(criteria))}):
        found = evaluate(frame, [rules], as_of)
    met = {}
    for number, each in enumerate(criteria):
        values = found[names[each.name]]
        if not pd.api.types.is_bool_dtype(values.dtype) and values.notna().any():
            where = Location(key=f"{key}.criteria[{number}].when")
            raise ConfigError(Problem("config.not_a_condition", where=where))
        met[each.name] = values.astype("Float64").to_numpy(np.float64, na_value=np.nan)
    return pd.DataFrame(met, index=frame.index)


def judge_fit(frame: pd.DataFrame, facts: FitFacts, as_of: dt.date) -> pd.DataFrame:
    """One row an account, in order: fit_score (0 to 100; NaN: nothing known), fit_coverage (share of the points that is known), fit (its band),
    hindsight (1: judged by what is known today), and each criterion (1, 0, NaN). `frame`: account_id, started_on and what the criteria read.
    """
    criteria = facts.fit.criteria
    ids = frame["account_id"]
    met = criteria_met(frame, criteria, as_of)
    known_then = ids.isin(facts.signed.index).to_numpy(bool)
    if known_then.any():
        then = facts.signed.reindex(ids).set_axis(frame.index)
        values = np.where(known_then[:, None], then[list(met)].to_numpy(), met.to_numpy())
        met = pd.DataFrame(values, columns=list(met), index=frame.index)
    age = (pd.Timestamp(as_of) - frame["started_on"]).dt.days.to_numpy(np.float64)
    hindsight = ~known_then & ~(age <= SIGNED_WITHIN_DAYS)
    score, coverage = _score(
        met.to_numpy(np.float64), np.array([each.points for each in criteria], dtype=np.float64)
    )
    bands = [band_of(value, share, facts.fit.bands) for value, share in zip(score, coverage, strict=True)]
    return pd.DataFrame(
        {
            "fit_score": score, "fit_coverage": coverage, "fit": pd.Series(bands, index=frame.index, dtype=object),
            "hindsight": hindsight.astype(np.float64), **{name: met[name] for name in met},
        },
        index=frame.index,
    )  # fmt: skip


def _score(
    met: NDArray[np.float64], points: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points met of points known, to a tenth; and the share of the points that is known."""
    known = (~np.isnan(met)) @ points
    reached = np.nan_to_num(met) @ points
    share = np.divide(100 * reached, known, out=np.full(len(met), np.nan), where=known > 0)
    return np.floor(share * 10 + 0.5 + 1e-9) / 10, known / points.sum()


def band_of(score: float, coverage: float, bands: Sequence[FitBand]) -> str:
    """The band of a score; unknown where less than half of the points are known."""
    if np.isnan(score) or coverage < FEWEST_KNOWN:
        return UNKNOWN
    return next(band.name for band in bands if score >= band.from_)


def first_year(frame: pd.DataFrame, as_of: dt.date) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each account: whether its first year is over, and whether it had left by its first anniversary, which belongs to the year."""
    started, day = frame["started_on"], pd.Timestamp(as_of)
    anniversary = started + pd.DateOffset(years=1)
    over = (anniversary <= day).to_numpy(bool)
    left = over & (frame["churned_on"] <= anniversary).to_numpy(bool)
    return over, left


def fit_node(facts: FitFacts) -> Node:
    """The columns fit_score and fit."""
    reads = {name for each in facts.fit.criteria for name in each.when.names}

    def make(frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
        return judge_fit(frame, facts, as_of)[["fit_score", "fit"]]

    return Node(name="fit", gives=("fit_score", "fit"), reads=frozenset(reads), make=make)
