"""A table of many rows, opened in its engine: how its columns are stored, and how to ask it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cscli.errors import Problem
from cscli.expressions.plan import PlannedColumn
from cscli.sources.rows.storage import Physical

ROWS = "big_rows"
"""The relation of an engine: account_id as text, and the columns that are read under their aliases."""


@dataclass(frozen=True, eq=False)
class OpenTable:
    """A table in its engine. `physical`: how each column is stored; `run` takes DuckDB's SQL; `check` a rollup that
    the engine may not be able to do alike; `finish` what there is to say of so many rows, after the first query.
    """

    physical: Mapping[str, Physical]
    run: Callable[[str], list[tuple[Any, ...]]]
    check: Callable[[PlannedColumn], None]
    finish: Callable[[int], tuple[Problem, ...]]
