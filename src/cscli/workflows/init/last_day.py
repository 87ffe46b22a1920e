"""Exports to the last day that they tell of: the day for which figures of this book are taken, whenever `init` runs."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

import numpy as np

from cscli.analysis.proposing.proposed import ProposedSource
from cscli.analysis.tables.dates import parse_dates

_ENDS, _BETWEEN = 1_000, 2_000
"""Rows that are looked at: so many at each end, and so many from all over the table."""
_HAPPENED = frozenset({"last_login_on", "started_on", "churned_on", "at"})
_DAY_OF_ROWS = re.compile(r"\b(\w+) <= as_of\b")


def last_day(sources: Sequence[ProposedSource], today: dt.date) -> dt.date | None:
    """The latest day in `sources` on which something happened, at most `today`; None where nothing bears a day."""
    days = [day for source in sources for header in _headers(source) for day in _days(source, header, today)]
    return max(days, default=None)


def _headers(source: ProposedSource) -> Iterator[str]:
    named = {name for rollup in source.rollup for name in _DAY_OF_ROWS.findall(rollup.formula)} | _HAPPENED
    yield from (
        column.header for column in source.columns if column.name in named and column.header is not None
    )
    if source.rollup or source.kind in ("events", "orders"):
        columns = {column.name for column in source.columns}
        yield from (header for header in source.table.headers if header in named - columns)


def _days(source: ProposedSource, header: str, today: dt.date) -> Iterator[dt.date]:
    cells = source.table.column(header)
    if len(cells) > 2 * _ENDS + _BETWEEN:
        between = cells[:: max(len(cells) // _BETWEEN, 1)]
        cells = np.concatenate([cells[:_ENDS], between, cells[-_ENDS:]])
    values = parse_dates(cells).values
    found = values[~np.isnat(values) & (values <= np.datetime64(today, "us"))]
    if len(found):
        yield found.max().astype("datetime64[D]").astype(dt.date)
