"""A table of many rows an account that an engine rolls up, because it does not fit into memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from cscli.errors import Problem
from cscli.sources.engine.model import EventEngine

ValueType = Literal["number", "date", "text", "boolean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BigTable:
    """Files (CSV, also packed by gzip, or parquet) or a table of Spark's, and how its columns are understood.

    `headers`: the header of each column by its name, of account_id at least. `types`: what is known of them; other
    texts are numbers or dates if 95% of those filled read so. `zone` says what day a time with an offset was (None:
    the day as written). `absent`: names that are missing everywhere if they have no header. More than the share `max_bad_lines` of lines that do not fit the header is refused. `at`: the column with the day of a row;
    rows of after `as_of`, and rows without a day, do not count.
    """

    source: str
    files: tuple[Path, ...]
    headers: Mapping[str, str]
    as_of: date
    types: Mapping[str, ValueType] = field(default_factory=dict)
    table: str | None = None
    zone: str | None = None
    engine: EventEngine = field(default_factory=EventEngine)
    encoding: str | None = None
    delimiter: str | None = None
    max_bad_lines: float = 0.01
    absent: frozenset[str] = frozenset()
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledRows:
    """`accounts`: account_id and the rollups, as `cscli.expressions.roll_up` gives them. `of_no_rows`: what each
    rollup says where an account has no row. `types`: what the columns that were read turned out to be. `newest_day`: of
    all rows, where their day is known.
    """

    accounts: pd.DataFrame
    of_no_rows: "pd.Series[float]"
    types: Mapping[str, ValueType]
    rows: int
    rows_without_account: int
    newest_day: date | None
    problems: tuple[Problem, ...]
