"""Tells how far a rollup is, twice a second once it takes more than one."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import duckdb

from cscli.sources.engine.model import OnProgress, Progress

_FIRST_SECONDS, _EVERY_SECONDS = 1.0, 0.5


@dataclass(kw_only=True)
class Ticker:
    """What the thread that tells looks at; the rollup sets it as it goes on."""

    connection: duckdb.DuckDBPyConnection
    files: int
    file: str = ""
    files_done: int = 0
    rows: int = 0
    rows_at_work: int = 0
    told: int = 0
    stale: float = -1.0
    begun: float = field(default_factory=time.monotonic)

    def begin(self, file: str, rows: int) -> None:
        """The file at work, of about so many rows."""
        self.file, self.rows_at_work, self.stale = file, rows, self._percent()

    def end(self, rows: int) -> None:
        """The file is done; it had so many rows."""
        self.rows, self.rows_at_work, self.files_done = self.rows + rows, 0, self.files_done + 1
        self.told = self.rows

    def progress(self) -> Progress:
        """As it stands, within a file never less than before. Rows of the file at work are taken from DuckDB's own estimate, once
        that is no longer the one of the query before.
        """
        percent = self._percent()
        share = 0.0 if percent == self.stale else max(0.0, percent) / 100
        self.told = max(self.told, self.rows + int(share * self.rows_at_work))
        seconds = max(time.monotonic() - self.begun, 1e-3)
        return Progress(
            rows=self.told,
            rows_per_second=self.told / seconds,
            files_done=self.files_done,
            files=self.files,
            file=self.file,
        )

    def _percent(self) -> float:
        with suppress(duckdb.Error):
            return self.connection.query_progress()
        return -1.0


class Tells(Protocol):
    """What knows how far a rollup is."""

    def progress(self) -> Progress:
        """As it stands."""
        ...


Teller = TypeVar("Teller", bound=Tells)


@contextmanager
def ticking(ticker: Teller, on_progress: OnProgress | None) -> Iterator[Teller]:
    """Calls `on_progress` from a thread of its own while the block runs."""
    if on_progress is None:
        yield ticker
        return
    is_over = threading.Event()

    def tell() -> None:
        wait = _FIRST_SECONDS
        while not is_over.wait(wait):
            on_progress(ticker.progress())
            wait = _EVERY_SECONDS

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield ticker
    finally:
        is_over.set()
        thread.join()
