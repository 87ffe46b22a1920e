"""What runs a rollup, and how far one is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEngine:
    """What runs the rollup. `memory_bytes` bounds the whole process with DuckDB; `master` and `conf` are Spark's."""

    name: Literal["duckdb", "spark"] = "duckdb"
    memory_bytes: int = 2 * 10**9
    threads: int | None = None
    master: str | None = None
    conf: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a rollup is: rows read so far (about) and per second, files done of all, and the file at work."""

    rows: int
    rows_per_second: float
    files_done: int
    files: int
    file: str


OnProgress = Callable[[Progress], None]
