"""Columns of the user's own to metrics: their direction from the name, their corners from the field's scale or this book."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.proposing.concepts import Concept, concept_of
from cscli.analysis.proposing.names import Names
from cscli.analysis.proposing.rollup_work import ProposedRollup
from cscli.analysis.proposing.twins import ACTIVITY_COLUMN
from cscli.analysis.recognising.facts import ColumnFacts, TableFacts
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.tables.numbers import parse_numbers
from cscli.analysis.tables.word_cells import TRUE_WORDS

MOST = 8
_LEAST_FILLED = 0.3
_ALIKE = 0.95
_LOW, _TYPICAL, _HIGH = 20, 65, 95
"""Points at this book's 10th, 50th and 90th percentile: who is typical is to be watched, not called."""
_YES, _NO = 100, 45
"""Of a flag: its better answer costs nothing, as there is no better one."""
_SCALES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "satisfaction": ((1, 5), (0, 10), (0, 100)), "rating": ((1, 5), (0, 10), (0, 100)), "recommend": ((0, 10), (-100, 100)),
    "answers": ((0, 1), (0, 100)),
}  # fmt: skip
_ACTIVITY = Concept(name="activity", better=-1, group="commercial")
_TELLING = frozenset({"satisfaction", "rating", "recommend"})
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMetric:
    """A metric over one column. `at`: value and points of each corner. `reads`: name and header of a column that needs a
    line under `columns:`. `scaled`: the corners are the field's own scale, not this book's percentiles. `label`: of what is added up, the
    key of its text `init.label.CODE`; else people read the header.
    """

    name: str
    value: str
    at: tuple[tuple[float, float], ...]
    concept: Concept
    why: Why
    header: str
    reads: tuple[str, str] | None
    scaled: bool
    source: str = "accounts"
    label: Why | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class _Candidate:
    name: str
    header: str
    value: str
    numbers: Floats
    concept: Concept
    reads: tuple[str, str] | None = None
    is_truth: bool = False
    source: str = "accounts"
    label: Why | None = None

    @property
    def filled(self) -> float:
        return float((~np.isnan(self.numbers)).mean()) if len(self.numbers) else 0.0


def propose_metrics(
    tables: Mapping[str, TableFacts],
    used: frozenset[str],
    rollups: Sequence[ProposedRollup],
    frame: pd.DataFrame,
    taken: frozenset[str],
    as_of: dt.date,
) -> list[OwnMetric]:
    """At most eight, the best filled and least alike. `tables`: those of one row an account, by source. `used`: columns that other metrics read; `frame`: the joined accounts;
    `taken`: names that metrics cannot have.
    """
    own = [each for name, facts in tables.items() for each in _of_columns(name, facts, used, frame)]
    found = [*_of_rollups(rollups, frame, used), *own]
    if not found and not used:
        found = list(_of_activity(frame, as_of))
    ordered = sorted(found, key=lambda c: (-round(c.filled, 1), c.is_truth))
    chosen: list[_Candidate] = []
    for candidate in ordered:
        varied = len(np.unique(candidate.numbers[~np.isnan(candidate.numbers)])) > 1
        if (
            varied
            and candidate.filled >= _LEAST_FILLED
            and not any(_are_alike(candidate, other) for other in chosen)
        ):
            chosen.append(candidate)
    metrics = [metric for candidate in chosen if (metric := _as_metric(candidate, taken)) is not None]
    return metrics[:MOST]


def _of_rollups(
    rollups: Sequence[ProposedRollup], frame: pd.DataFrame, used: frozenset[str]
) -> Iterator[_Candidate]:
    for rollup in rollups:
        if rollup.concept is not None and rollup.name in frame.columns and rollup.name not in used:
            numbers = pd.to_numeric(frame[rollup.name], errors="coerce").to_numpy(np.float64)
            label = replace(rollup.why, what=rollup.what)
            yield _Candidate(
                name=rollup.name,
                header=rollup.why.value or rollup.name,
                value=rollup.name,
                numbers=numbers,
                concept=rollup.concept,
                label=label,
            )


def _of_activity(frame: pd.DataFrame, as_of: dt.date) -> Iterator[_Candidate]:
    """How long a CRM knows of no activity, ours or theirs: no use, so only where nothing else tells anything."""
    if ACTIVITY_COLUMN not in frame.columns or frame[ACTIVITY_COLUMN].dtype.kind != "M":
        return
    days = (pd.Timestamp(as_of) - frame[ACTIVITY_COLUMN]).dt.days.to_numpy(np.float64)
    value = f"date_diff('day', {ACTIVITY_COLUMN}, as_of)"
    label = Why("activity", ACTIVITY_COLUMN)
    yield _Candidate(
        name="days_without_activity",
        header=ACTIVITY_COLUMN,
        value=value,
        numbers=days,
        concept=_ACTIVITY,
        label=label,
    )


def _of_columns(
    source: str, facts: TableFacts, used: frozenset[str], frame: pd.DataFrame
) -> Iterator[_Candidate]:
    names = Names(facts)
    for column in facts.columns:
        concept = concept_of(column)
        if (
            concept is None
            or column.type not in ("number", "truth")
            or column.header.startswith("_")
            or column.is_named_like_id
        ):
            continue
        name = names.of(column)
        if name in used or (column.field is not None and column.field in _NOT_OWN):
            continue
        reads = None if name in (column.header, column.field) else (name, column.header)
        if column.type == "truth":
            if concept.name in _AS_TRUTH:
                yield _truth(source, column, name, concept, reads)
            continue
        cells = facts.table.column(column.header)
        numbers = (
            frame[name].to_numpy(np.float64)
            if name in frame.columns and frame[name].dtype.kind == "f"
            else _numbers(cells)
        )
        yield _Candidate(
            name=name,
            header=column.header,
            value=name,
            numbers=numbers,
            concept=concept,
            reads=reads,
            source=source,
        )


_AS_TRUTH = frozenset({"features", "training", "overdue", "complaints"})
"""What yes and no say something of: a setting such as shared tickets does not."""
_NOT_OWN = frozenset(
    {
        "mrr",
        "arr",
        "seats",
        "cac",
        "gross_margin",
        "status",
        "currency",
        "plan",
        "region",
        "industry",
        "name",
        "owner",
    }
)


def _numbers(cells: NDArray[np.object_]) -> Floats:
    return parse_numbers(cells).values  # noqa: PD011 - not pandas


def _truth(
    source: str, column: ColumnFacts, name: str, concept: Concept, reads: tuple[str, str] | None
) -> _Candidate:
    cells = column.table.column(column.header)
    values = [
        np.nan if cell is None else float(str(cell).strip().casefold() in TRUE_WORDS | {"1.0"})
        for cell in cells
    ]
    listed = "'true', 'yes', 'y', '1', '1.0', 't', 'はい', '有', 'あり', '○'"
    value = f"CASE WHEN {name} IS NULL THEN NULL WHEN lower(CAST({name} AS VARCHAR)) IN ({listed}) THEN 1 ELSE 0 END"
    return _Candidate(
        name=name,
        header=column.header,
        value=value,
        numbers=np.array(values),
        concept=concept,
        reads=reads,
        is_truth=True,
        source=source,
    )


def _are_alike(one: _Candidate, other: _Candidate) -> bool:
    if len(one.numbers) != len(other.numbers):
        return False
    both = ~np.isnan(one.numbers) & ~np.isnan(other.numbers)
    if both.sum() < 3 or np.ptp(one.numbers[both]) == 0 or np.ptp(other.numbers[both]) == 0:
        return False
    return bool(abs(np.corrcoef(one.numbers[both], other.numbers[both])[0, 1]) > _ALIKE)


def _as_metric(candidate: _Candidate, taken: frozenset[str]) -> OwnMetric | None:
    corners, scaled = _corners(candidate)
    if len(corners) < 2:
        return None
    name = (
        candidate.name
        if candidate.value == candidate.name and candidate.name not in taken
        else f"{candidate.name}_level"
    )
    why = Why("more_is_better" if candidate.concept.better > 0 else "less_is_better", candidate.header)
    return OwnMetric(
        name=name,
        value=candidate.value,
        at=corners,
        concept=candidate.concept,
        why=why,
        header=candidate.header,
        reads=candidate.reads,
        scaled=scaled,
        source=candidate.source,
        label=candidate.label,
    )


def _corners(candidate: _Candidate) -> tuple[tuple[tuple[float, float], ...], bool]:
    values = candidate.numbers[~np.isnan(candidate.numbers)]
    better = candidate.concept.better
    if candidate.is_truth:
        return (((0, _NO), (1, _YES)) if better > 0 else ((0, _YES), (1, _NO))), True
    for low, high in _SCALES.get(candidate.concept.name, ()):
        if values.min() >= low and values.max() <= high and (candidate.concept.name in _TELLING or high == 1):
            worst = low + 0.25 * (high - low)
            return ((round(worst, 4), 0), (float(high), 100)), True
    figures = [_rounded(float(q)) for q in np.quantile(values, [0.1, 0.5, 0.9])]
    points = (_LOW, _TYPICAL, _HIGH) if better > 0 else (_HIGH, _TYPICAL, _LOW)
    distinct: dict[float, float] = {}
    for figure, point in zip(figures, points, strict=True):
        distinct[figure] = _TYPICAL if figure in distinct and figure == figures[1] else point
    if len(distinct) == 1:
        return _around(values, better), False
    return tuple(sorted(distinct.items())), False


def _around(values: Floats, better: int) -> tuple[tuple[float, float], ...]:
    """Nearly everybody has one value: who differs stands out."""
    low, typical, high = (
        _rounded(float(values.min())),
        _rounded(float(np.median(values))),
        _rounded(float(values.max())),
    )
    points = {low: _LOW, high: _HIGH} if better > 0 else {low: _HIGH, high: _LOW}
    return tuple(sorted({**points, typical: _TYPICAL}.items()))


def _rounded(value: float) -> float:
    """Three figures that count."""
    return float(f"{value:.3g}")
