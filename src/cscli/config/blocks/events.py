"""The event log of a source: the engine that adds it up, its windows and features, and the columns that result."""

import re
from collections.abc import Collection, Iterable
from typing import Annotated, Literal

import pydantic_core
from pydantic import AfterValidator, Field

from cscli.config.blocks.parts import Model, NonEmpty
from cscli.config.document import Document

ONLY_OF_EVENTS = ("naive_times_are", "windows", "features", "max_bad_lines")
COLUMNS = ("account_id", "at", "user_id", "event")
DEFAULT_WINDOWS = (7, 28, 90)
COUNTS = ("events", "users", "active_days", "breadth")
DAYS = ("first_seen_on", "last_seen_on")
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_LEAST_BYTES = 256 * 10**6


def memory_bytes(text: str) -> int:
    """`2GB` as bytes. ValueError if it is no size."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]B)\s*", text, re.IGNORECASE)
    if match is None:
        raise ValueError(text)
    return int(float(match[1]) * _UNITS[match[2].upper()])


def _check_memory(text: str) -> str:
    try:
        enough = memory_bytes(text) >= _LEAST_BYTES
    except ValueError:
        enough = False
    if not enough:
        raise pydantic_core.PydanticCustomError("config.not_a_memory_size", "{found}", {"found": text})
    return text


MemorySize = Annotated[str, AfterValidator(_check_memory)]
WindowDays = Annotated[int, Field(ge=1, le=3660)]


class Engine(Model):
    """What adds up a log: DuckDB inside cscli, or a Spark cluster."""

    name: Literal["duckdb", "spark"] = Field("duckdb", description="`spark` needs `cscli[spark]` and Java")
    memory: MemorySize = Field("2GB", description="Of DuckDB: what it may take, at least 256MB")
    threads: Annotated[int, Field(ge=1)] | None = Field(None, description="Of DuckDB; default: all cores")
    master: NonEmpty | None = Field(None, description="Of Spark: its address, such as spark://host:7077")
    conf: dict[str, str] = Field({}, description="Of Spark: further settings, such as spark.executor.memory")


def check_events(kind: str, given: Collection[str], engine: Engine | None, file: str | None) -> None:
    """Raises where keys of an event log stand at another kind of source, or a table without Spark or beside a file."""
    for key in ONLY_OF_EVENTS:
        if key in given and kind != "events":
            raise _fault("config.only_of_events", key)
    for key in ("engine", "table"):
        if key in given and kind not in ("events", "rows"):
            raise _fault("config.only_of_events_and_rows", key)
    if "files" in given and (kind == "events" or engine is not None):
        raise _fault("config.files_of_engine", "files")
    if kind == "events" and "max_row_drop" in given:
        raise _fault("config.not_of_events", "max_row_drop")
    if "table" in given and (engine is None or engine.name != "spark"):
        raise _fault("config.table_without_spark", "table")
    if "table" in given and file is not None:
        raise _fault("config.table_and_file", "table")


def event_columns(windows: Iterable[int], features: Iterable[str]) -> tuple[str, ...]:
    """The columns that a log adds to the accounts, in their order: counts of each window, and of the one before
    (`_prev`), then the first and last day with an event.
    """
    names = (*COUNTS, *features)
    counts = (
        f"{name}_{days}d{end}" for days in sorted(set(windows)) for end in ("", "_prev") for name in names
    )
    return (*counts, *DAYS)


def event_logs(document: Document) -> list[str]:
    """The names of the sources of kind `events`."""
    kinds = {name: document.at("sources", name, "kind") for name in document.mapping("sources")}
    return [name for name, kind in kinds.items() if kind == "events"]


def columns_of_log(document: Document, source: str) -> tuple[str, ...]:
    """The columns that a log adds, as far as its settings are right."""
    windows = document.at("sources", source, "windows")
    listed = windows if isinstance(windows, list) else DEFAULT_WINDOWS
    days = [entry for entry in listed if type(entry) is int]
    return event_columns(days, document.mapping("sources", source, "features"))


def _fault(code: str, key: str) -> pydantic_core.PydanticCustomError:
    return pydantic_core.PydanticCustomError(code, "{found}", {"found": key})
