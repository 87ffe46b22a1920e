"""Points and outcomes to weights that would have ranked better: a logistic fit that is drawn to today's weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.proving.intervals import Numbers
from cscli.analysis.proving.ranking import Auc, Cases, Difference, compare, rank

RIDGE = 20.0
RESAMPLES = 200
FEWEST_A_WEIGHT = 10
LEAST_AUC = 0.6
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Suggested:
    """Shares of the score, which come to 1, with the middle 90% of resamples of accounts; `rounded` is what was tested.
    `current`, `suggested`: the AUC of the test rows; `difference`: suggested less current.
    """

    today: Numbers
    shares: Numbers
    low: Numbers
    high: Numbers
    rounded: Numbers
    current: Auc
    suggested: Auc
    difference: Difference

    @property
    def is_better(self) -> bool:
        """Whether the test rows say so beyond luck."""
        return self.difference.low > 0 and self.suggested.value >= LEAST_AUC


def suggest_weights(points: Numbers, today: Numbers, cases: Cases, train: Flags, seed: int) -> Suggested:
    """`points`: rows x metrics without a gap; `today`: shares of the score. `train`: the rows that are fitted; the rest is
    the test, in which no account of them should be.
    """
    fitted = cases.at(train)
    risk = 100 - points
    shares = fit_shares(risk[train], fitted.churned, today)
    low, high = _resampled(risk[train], fitted, today, seed)
    rounded = round_to_five(shares)
    test = cases.at(~train)
    before, after = risk[~train] @ today, risk[~train] @ rounded
    return Suggested(
        today=today,
        shares=shares,
        low=low,
        high=high,
        rounded=rounded,
        current=rank(before, test),
        suggested=rank(after, test),
        difference=compare(after, before, test),
    )


def fit_shares(risk: Numbers, churned: Flags, today: Numbers, ridge: float = RIDGE) -> Numbers:
    """Shares per point of the logistic fit with slopes b >= 0 (a free intercept): minimises -logL + ridge / 2 x sum of
    (sd_j (b_j - k c_j))^2, c today's shares, k >= 0 the slope of the fit on the score of today. b / sum b, per point:
    shares of standardised slopes would be another score. Today's where all b are 0.
    """
    spread = risk.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    score = risk @ today
    pull = _fit(score[:, None], churned, np.zeros(1), np.zeros(1))[0]
    slopes = _fit(risk / scale, churned, pull * today * scale, np.full(len(today), ridge)) / scale
    total = float(slopes.sum())
    return np.asarray(slopes / total if total > 0 else today, dtype=np.float64)


def round_to_five(shares: Numbers) -> Numbers:
    """Multiples of 5%, which come to 1: what was cut most is given the rest."""
    steps = np.floor(shares * 20 + 1e-9)
    lacking = round(20 - float(steps.sum()))
    for index in np.argsort(-(shares * 20 - steps), kind="stable")[:lacking]:
        steps[index] += 1
    return np.asarray(steps / 20, dtype=np.float64)


def _resampled(risk: Numbers, cases: Cases, today: Numbers, seed: int) -> tuple[Numbers, Numbers]:
    random = np.random.default_rng(seed)
    ids, which = np.unique(cases.accounts, return_inverse=True)
    rows_of = np.split(np.argsort(which, kind="stable"), np.cumsum(np.bincount(which))[:-1])
    found = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([rows_of[each] for each in random.integers(0, len(ids), len(ids))])
        if cases.churned[rows].any() and not cases.churned[rows].all():
            found.append(fit_shares(risk[rows], cases.churned[rows], today))
    low, high = np.quantile(np.array(found), [0.05, 0.95], axis=0)
    return low, high


def _fit(inputs: Numbers, churned: Flags, centre: Numbers, ridge: Numbers) -> Numbers:
    """The slopes of a logistic fit, none below 0."""
    from scipy.optimize import minimize  # noqa: PLC0415 - loaded only where it is used

    middle = inputs.mean(axis=0)
    spread = np.maximum(inputs.std(axis=0), 1e-12)
    moved = (inputs - middle) / spread
    came = churned.astype(np.float64)

    def loss(at: Numbers) -> tuple[float, Numbers]:
        line = at[0] + moved @ at[1:]
        slopes = at[1:] / spread
        away = slopes - centre
        value = float((np.logaddexp(0, line) - came * line).sum() + (ridge * away**2).sum() / 2)
        wrong = 1 / (1 + np.exp(-line)) - came
        return value, np.append(wrong.sum(), moved.T @ wrong + ridge * away / spread)

    rate = float(np.clip(came.mean(), 1e-6, 1 - 1e-6))
    start = np.append(np.log(rate / (1 - rate)), centre * spread)
    bounds = [(None, None), *[(0.0, None)] * inputs.shape[1]]
    options = {"maxiter": 2000, "ftol": 1e-13, "gtol": 1e-8}
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.asarray(best.x[1:] / spread, dtype=np.float64)
