"""Values that stored runs kept against the same values read from today's exports: what has been restated since."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cscli.analysis.scoring.provenance import Provenance, find_provenances
from cscli.analysis.scoring.rescore import rescore
from cscli.config.load import Draft
from cscli.errors import CscliError
from cscli.workflows.backtesting.scored import read_then
from cscli.workflows.backtesting.stored import read_stored
from cscli.workflows.book.read import Book
from cscli.workflows.book.reading import SourceReader
from cscli.workflows.book.request import Request

if TYPE_CHECKING:
    import pandas as pd

_LEAST_SHARE, _FEWEST = 0.1, 3
_TOLERANCE = 1e-6


def find_restated(
    request: Request, book: Book, draft: Draft, reader: SourceReader, days: Sequence[dt.date]
) -> frozenset[str]:
    """The metrics that claim to be the same from later exports, and are not: of the accounts that have a value both in the run of
    one of `days` and in today's exports as of that day, more than a tenth (and three at least) differ. The first and the last
    day are looked at.
    """
    known = find_provenances(book.config, book.typed, book.of_lines).metrics
    dated = [name for name, each in known.items() if each is Provenance.DATED]
    found: set[str] = set()
    for day in sorted({*days[:1], *days[-1:]}):
        before, now = _kept(request, book, day), _read_today(request, draft, reader, day)
        if before is not None and now is not None:
            found |= {name for name in dated if _differs(before, now, name)}
    return frozenset(found)


def _kept(request: Request, book: Book, day: dt.date) -> "pd.DataFrame | None":
    stored = read_stored(request, book, day)
    if stored is None:
        return None
    try:
        return rescore(stored.columns.reset_index(drop=True), book.config, day).frame
    except CscliError:
        return None


def _read_today(request: Request, draft: Draft, reader: SourceReader, day: dt.date) -> "pd.DataFrame | None":
    try:
        then = read_then(request, day, draft, reader, 0)
        return rescore(then.columns, then.config, day).frame
    except CscliError:
        return None


def _differs(before: "pd.DataFrame", now: "pd.DataFrame", name: str) -> bool:
    if (
        name not in before
        or name not in now
        or before[name].dtype != np.float64
        or now[name].dtype != np.float64
    ):
        return False
    old, new = (
        frame.drop_duplicates("account_id").set_index("account_id")[name].dropna() for frame in (before, now)
    )
    both = old.index.intersection(new.index)
    apart = ~np.isclose(old.loc[both].to_numpy(), new.loc[both].to_numpy(), rtol=_TOLERANCE, atol=_TOLERANCE)
    return int(apart.sum()) >= _FEWEST and float(apart.mean()) > _LEAST_SHARE
