"""A panel of scored accounts and who left afterwards to everything a back-test says of the score."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.backtesting.outcomes import ANNUAL, MONTHLY
from cscli.analysis.backtesting.panel import Panel
from cscli.analysis.backtesting.verdicts import FEWEST, interval_of
from cscli.analysis.proving.intervals import Numbers, jeffreys, jeffreys_mean
from cscli.analysis.proving.ranking import Auc, Cases, rank
from cscli.analysis.proving.rates import brier_skill, rate_bands, within_a_year
from cscli.analysis.proving.reach import TENTHS, expected_below, reach, tenths
from cscli.analysis.revenue.ratio_interval import wilson_interval
from cscli.analysis.scoring.health import UNKNOWN

_SHOWN_OF_DATE = 5
_SIZES = (1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`bands`: their names, the worst first (empty: none fit the score); `edge`: the score below which the worst ends;
    `window_days`: how long the window is open (None: one snapshot, without any); `calls`: how many a date are looked at.
    """

    bands: tuple[str, ...]
    edge: float
    window_days: int | None
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure with its interval; `n`: rows, `events`: accounts that left."""

    id: str
    value: float
    low: float = np.nan
    high: float = np.nan
    n: int = 0
    events: int = 0


@dataclass(frozen=True, eq=False, kw_only=True)
class Judged:
    """`auc`: the headline. Tables as the sheets of the report have them; `luck`: how many of those that left would have
    been below the edge by luck alone.
    """

    auc: Auc
    churned: int
    measures: tuple[Measure, ...]
    bands: pd.DataFrame
    deciles: pd.DataFrame
    dates: pd.DataFrame
    segments: pd.DataFrame
    capacity: pd.DataFrame
    accounts: pd.DataFrame
    luck: float

    def measure(self, name: str) -> Measure:
        """The measure of that id."""
        return next(each for each in self.measures if each.id == name)


def judge_panel(panel: Panel, terms: Terms) -> Judged:
    """Every figure of the score of `panel`. With fewer than 10 accounts that left no AUC, only counts."""
    cases = panel.headline_cases
    events = cases.churned_accounts
    headline = _auc(panel.risk, cases, events)
    below = panel.rows["score"].to_numpy(np.float64) < terms.edge
    measures = [
        _measure("auc", headline, cases),
        _measure("auc_within_t0", _auc(panel.risk, panel.cases("t0"), events), cases),
        _measure("auc_pooled", _auc(panel.risk, panel.cases(), events), cases),
        _caught(panel, below, terms),
        _lift(panel, events),
        Measure(id="brier_skill", value=_skill(panel, terms), n=len(panel.rows), events=events),
        Measure(
            id="accounts", value=float(panel.rows["account_id"].nunique()), n=len(panel.rows), events=events
        ),
        Measure(id="churned", value=float(events), n=len(panel.rows), events=events),
    ]
    return Judged(
        auc=headline,
        churned=events,
        measures=tuple(measures),
        bands=_bands(panel, terms),
        deciles=_deciles(panel),
        dates=_dates(panel),
        segments=_segments(panel),
        capacity=_capacity(panel, terms),
        accounts=_accounts(panel, below, terms),
        luck=expected_below(below, panel.churned, panel.t0) if terms.bands else np.nan,
    )


def _auc(risk: Numbers, cases: Cases, events: int) -> Auc:
    if events < FEWEST:
        return Auc(value=np.nan, error=np.nan, low=np.nan, high=np.nan, pairs=0)
    return rank(risk, cases)


def _measure(name: str, auc: Auc, cases: Cases) -> Measure:
    low, high = interval_of(auc, cases.churned_accounts)
    return Measure(
        id=name, value=auc.value, low=low, high=high, n=len(cases.churned), events=cases.churned_accounts
    )


def _caught(panel: Panel, below: "np.typing.NDArray[np.bool_]", terms: Terms) -> Measure:
    churned = panel.churned
    caught, left = int((below & churned).sum()), int(churned.sum())
    if not terms.bands:
        return Measure(id="caught", value=np.nan, n=left)
    low, high = wilson_interval(caught, left)
    return Measure(
        id="caught", value=caught / left if left else np.nan, low=low, high=high, n=left, events=caught
    )


def _lift(panel: Panel, events: int) -> Measure:
    churned = panel.churned.astype(np.float64)
    rows, reached = tenths(panel.risk, churned, panel.t0)
    overall = churned.mean() if len(churned) else np.nan
    value = reached[0] / rows[0] / overall if events >= FEWEST and rows[0] and overall else np.nan
    return Measure(id="lift_10", value=float(value), n=len(churned), events=events)


def _skill(panel: Panel, terms: Terms) -> float:
    place = pd.Index(terms.bands).get_indexer(pd.Index(panel.rows["band"]))
    known = place >= 0
    if not terms.bands or panel.rows["t0"].nunique() < 2 or not known.any():
        return np.nan
    return brier_skill(place[known], panel.churned[known], panel.t0[known], len(terms.bands))


def _bands(panel: Panel, terms: Terms) -> pd.DataFrame:
    """A row a band; one of those whose band is unknown, where there are any, without the chances that only bands have."""
    rows, events = np.zeros(len(terms.bands)), np.zeros(len(terms.bands))
    of_band = [(panel.rows["band"] == name).to_numpy() for name in terms.bands]
    for place, here in enumerate(of_band):
        rows[place], events[place] = here.sum(), (here & panel.churned).sum()
    everyone, left = (
        float(panel.dates[name].sum()) for name in ("eligible", "churned")
    )  # without a score too
    found = rate_bands(rows, events, left / everyone if everyone else np.nan)
    arr = panel.rows["arr"].fillna(0.0).to_numpy(np.float64)
    shrunk, monotone = found.shrunk, found.monotone
    names, nobody = terms.bands, (panel.rows["band"] == UNKNOWN).to_numpy()
    if names and nobody.any():
        names, of_band = (*names, UNKNOWN), [*of_band, nobody]
        rows, events = np.append(rows, nobody.sum()), np.append(events, (nobody & panel.churned).sum())
        shrunk, monotone = np.append(shrunk, np.nan), np.append(monotone, np.nan)
    table = []
    for place, (name, here) in enumerate(zip(names, of_band, strict=True)):
        n, k = rows[place], events[place]
        lost = here & panel.churned
        table.append(
            {
                "band": name, "rows": n, "accounts": panel.rows["account_id"][here].nunique(),
                "churned": k, "churned_accounts": panel.rows["account_id"][lost].nunique(), "rate": k / n if n else np.nan,
                **_ends("wilson", wilson_interval(k, n)), "jeffreys_mean": jeffreys_mean(k, n), **_ends("jeffreys", jeffreys(k, n)),
                "arr": arr[here].sum(), "arr_churned": arr[lost].sum(),
                "share_of_churned": k / left if left else np.nan,
                "shrunk": shrunk[place], "monotone": monotone[place],
                "p_12_months": _within_a_year(panel, here, monotone[place], terms),
            }
        )  # fmt: skip
    return pd.DataFrame(table)


def _ends(name: str, interval: tuple[float, float]) -> dict[str, float]:
    return {f"{name}_lo": interval[0], f"{name}_hi": interval[1]}


def _within_a_year(panel: Panel, here: "np.typing.NDArray[np.bool_]", rate: float, terms: Terms) -> float:
    """Of month-to-month accounts by the length of the window; of annual contracts the rate of the one renewal; weighted by
    accounts.
    """
    if terms.window_days is None:
        return np.nan
    counted = panel.rows[here].groupby("term")["account_id"].nunique()
    annual, monthly = int(counted.get(ANNUAL, 0)), int(counted.get(MONTHLY, 0))
    by_month = float(within_a_year(np.array([rate]), terms.window_days)[0])
    if not annual + monthly:
        return by_month
    return (annual * rate + monthly * by_month) / (annual + monthly)


def _deciles(panel: Panel) -> pd.DataFrame:
    churned = panel.churned.astype(np.float64)
    rows, reached = tenths(panel.risk, churned, panel.t0)
    overall = churned.mean() if len(churned) else np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(rows > 0, reached / rows, np.nan)
        lift = rate / overall if overall else np.full(TENTHS, np.nan)
    tenth = np.arange(1, TENTHS + 1, dtype=np.float64)
    return pd.DataFrame({"tenth": tenth, "rows": rows, "churned": reached, "rate": rate, "lift": lift})


def _dates(panel: Panel) -> pd.DataFrame:
    """The counts of each date, with the AUC of those with five that left."""
    found = []
    for t0 in panel.dates["t0"]:
        here = (panel.rows["t0"] == t0).to_numpy()
        cases = panel.cases("t0").at(here)
        enough = cases.churned_accounts >= _SHOWN_OF_DATE
        auc = rank(panel.risk[here], cases) if enough else None
        low, high = interval_of(auc, cases.churned_accounts) if auc else (np.nan, np.nan)
        found.append((auc.value if auc else np.nan, low, high))
    return panel.dates.assign(**pd.DataFrame(found, columns=["auc", "low", "high"], dtype=np.float64))


def _segments(panel: Panel) -> pd.DataFrame:
    """By segment and contract term; no AUC with fewer than 10 that left."""
    rows = []
    for kind in ("segment", "term"):
        for name in sorted(panel.rows[kind].dropna().unique()):
            here = (panel.rows[kind] == name).to_numpy()
            cases = panel.headline_cases.at(here)
            auc = _auc(panel.risk[here], cases, cases.churned_accounts)
            low, high = interval_of(auc, cases.churned_accounts)
            rows.append((kind, name, int(here.sum()), cases.churned_accounts, auc.value, low, high))
    return pd.DataFrame(rows, columns=["kind", "segment", "rows", "churned", "auc", "low", "high"])


def _capacity(panel: Panel, terms: Terms) -> pd.DataFrame:
    """The worst N of each date by score, and by ARR x (100 - score): who is reached, and what luck would reach."""
    churned = panel.churned.astype(np.float64)
    arr = panel.rows["arr"].fillna(0.0).to_numpy(np.float64)
    at_stake = arr * np.clip(100 + panel.risk, 0, None) / 100
    largest = max((int(count) for count in panel.dates["eligible"]), default=0)
    rows = []
    for size in sorted({*(each for each in _SIZES if each <= largest), min(terms.calls, max(largest, 1))}):
        by_score = reach(panel.risk, churned, panel.t0, size)
        money = reach(panel.risk, churned * arr, panel.t0, size)
        stake = reach(at_stake, churned, panel.t0, size)
        stake_money = reach(at_stake, churned * arr, panel.t0, size)
        rows.append(
            (size, by_score.called, by_score.reached, by_score.by_luck, stake.reached, money.reached, stake_money.reached,
             money.by_luck)
        )  # fmt: skip
    columns = [
        "calls",
        "called",
        "caught",
        "by_luck",
        "caught_by_arr",
        "arr_caught",
        "arr_caught_by_arr",
        "arr_by_luck",
    ]
    return pd.DataFrame(rows, columns=columns)


def _accounts(panel: Panel, below: "np.typing.NDArray[np.bool_]", terms: Terms) -> pd.DataFrame:
    """The rows: those that left first, the missed before the caught, then by ARR."""
    rows = panel.rows.assign(below=below & bool(terms.bands))
    rows = rows.assign(missed=rows["churned"] & ~rows["below"], arr_first=-rows["arr"].fillna(0.0))
    ordered = rows.sort_values(
        ["missed", "churned", "arr_first", "account_id", "t0"],
        ascending=[False, False, True, True, True],
        kind="stable",
    )
    return ordered.reset_index(drop=True)
