"""What a configuration pins about the reading of one file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """None means: find out. `header` is the row of the headers, counted from 1; `columns` are headers that are asked for."""

    sheet: str | None = None
    header: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    columns: frozenset[str] = frozenset()
