"""The event log among the exports of `cscli init`: recognised by its headers, and added to the new rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cscli.analysis.proposing.log_columns import LogColumns, choose_columns
from cscli.config.blocks.events import COLUMNS
from cscli.config.schema import Source
from cscli.errors import CscliError, Location

LOG_NAME = "events"
"""What its source is called in the new rules."""


@dataclass(frozen=True, slots=True)
class FoundLog:
    """An export that is an event log, and its columns."""

    path: Path
    columns: LogColumns

    def named(self) -> dict[str, str | None]:
        """The header of each column of a log; None for one that it does not have."""
        return {name: getattr(self.columns, name) for name in COLUMNS}


def split_exports(exports: Sequence[Path]) -> tuple[FoundLog | None, tuple[Path, ...]]:
    """The first export that is a log, and the others: a log has an account, a time, and who or what."""
    for path in exports if len(exports) > 1 else ():  # alone it has no accounts beside it
        log = _recognise(path)
        if log is not None:
            return log, tuple(other for other in exports if other != path)
    return None, tuple(exports)


def _recognise(path: Path) -> FoundLog | None:
    from cscli.sources.events import read_headers

    if not path.is_file() or not path.name.lower().endswith((".csv", ".csv.gz", ".tsv", ".parquet")):
        return None
    try:
        headers = read_headers(path, None, None)
        columns, _ = choose_columns(headers, Source(file=str(path), kind="events"), Location(file=path.name))
    except CscliError:
        return None
    return FoundLog(path, columns) if columns.user_id or columns.event else None
