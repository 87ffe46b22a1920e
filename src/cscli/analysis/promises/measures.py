"""What a goal is measured by: a column or metric by its name or its label, or what people type."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.inputs.rows import SheetRows
from cscli.config.blocks.parts import Text
from cscli.config.schema import Config
from cscli.errors import Problem
from cscli.header_keys import header_key
from cscli.texts import LANGUAGES, label

OURS = frozenset({"score", "band", "scorecard", "data_coverage"})
_PERCENT = frozenset({"%", "％", "percent", "パーセント"})
_MOST_OF_A_SHARE = 1.5


def refuse_own_score(rows: SheetRows) -> None:
    """Our score is not a customer's goal: such a measure is not used, and it is said."""
    keys = {header_key(name) for name in OURS} | {
        header_key(label(name, language)) for name in OURS for language in LANGUAGES
    }
    wrong = np.array(
        [cell is not None and header_key(cell) in keys for cell in rows.frame["measure"]], dtype=bool
    )
    rows.drop(wrong, "measure", Problem("goals.own_score"))


def measured_by(measures: "pd.Series[Any]", frame: pd.DataFrame, config: Config) -> "pd.Series[Any]":
    """The column of `frame` that each of `measures` names, by id or by a label in either language; None where it names none."""
    known = dict(_names(frame.columns, config))
    columns = [None if cell is None else known.get(header_key(str(cell))) for cell in measures]
    return pd.Series(columns, index=measures.index, dtype=object)


def _names(columns: Iterable[str], config: Config) -> Iterator[tuple[str, str]]:
    """Every key of a name by which people may call one of `columns`, and the column; a later pair goes before an earlier one."""
    return ((header_key(shown), name) for shown, name in callings(columns, config))


def callings(columns: Iterable[str], config: Config) -> Iterator[tuple[str, str]]:
    """Every name by which people may call one of `columns`, and the column: usual labels, labels of the rules, then their own names."""
    there = [str(column) for column in columns]
    for name in there:
        yield from ((label(name, language), name) for language in LANGUAGES)
    rollups = {name: each for source in config.sources.values() for name, each in source.rollup.items()}
    for block in (rollups, config.derived, config.metrics):
        for name, each in block.items():
            if name in there:
                yield from ((shown, name) for shown in _texts(each.label))
    yield from ((name, name) for name in there)


def _texts(given: Text | None) -> list[str]:
    if given is None or isinstance(given, str):
        return [given] if given else []
    return [shown for shown in (given.en, given.ja) if shown]


def values_of(goals: pd.DataFrame, frame: pd.DataFrame) -> "pd.Series[float]":
    """The present value of each goal's column (`column` of `goals`) for its account; NaN where it names none, or none of numbers."""
    places = pd.Index(frame["account_id"]).get_indexer(pd.Index(goals["account_id"]))
    values = np.full(len(goals), np.nan)
    for name in goals["column"].dropna().unique():
        column = frame[name]
        if column.dtype.kind in "fi":
            mine = (goals["column"] == name).to_numpy(bool) & (places >= 0)
            values[mine] = column.to_numpy(np.float64)[places[mine]]
    return pd.Series(values, index=goals.index)


def percent_to_shares(goals: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """`goals` where 80 with the unit % means 0.8 of a column of shares, with percent: whether the goal is of such a column, and shown of 100."""
    is_percent = np.array(
        [unit is not None and unit.strip().casefold() in _PERCENT for unit in goals["unit"]], dtype=bool
    )
    shares = [name for name in goals["column"].dropna().unique() if _is_share(frame[name])]
    percent = is_percent & goals["column"].isin(shares).to_numpy(bool)
    big = goals[["baseline", "target"]].abs().max(axis=1) > _MOST_OF_A_SHARE
    factor = np.where(percent & big.to_numpy(bool), 0.01, 1.0)
    typed = {name: goals[name] * factor for name in ("baseline", "target", "actual")}
    return goals.assign(percent=percent, **typed)


def as_people_read(goals: pd.DataFrame) -> pd.DataFrame:
    """`goals` with baseline, target and value of 100 where their unit is % and cscli has a share."""
    factor = np.where(goals["percent"].to_numpy(bool), 100.0, 1.0)
    return goals.assign(**{name: goals[name] * factor for name in ("baseline", "target", "value")})


def _is_share(column: "pd.Series[Any]") -> bool:
    return (
        column.dtype.kind == "f"
        and bool(column.notna().any())
        and float(column.abs().max()) <= _MOST_OF_A_SHARE
    )
