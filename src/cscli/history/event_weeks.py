"""Weekly sums of event logs into the history."""

import pandas as pd
from sqlalchemy import Connection, bindparam, delete, select

from cscli.history.database.rows import records
from cscli.history.database.tables import event_weeks

_KEY = ("account_id", "week")
_COUNTS = ("events", "users", "active_days", "breadth")


def replace_weeks(connection: Connection, source: str, weeks: pd.DataFrame) -> None:
    """Stores `weeks` (as `Snapshot.event_weeks` has them) in the place of what is stored of `source` from their first week
    to their last: an old log says nothing of the weeks after it. Rows that stay the same are left alone: a log that goes
    back two years changes only at its end.
    """
    if weeks.empty:
        return
    brought = _keyed(weeks.assign(week=pd.to_datetime(weeks["week"]).dt.strftime("%Y-%m-%d")))
    stored = _keyed(_stored_within(connection, source, brought.index.get_level_values("week")))
    known = stored.reindex(brought.index)
    same = ((brought == known) | (brought.isna() & known.isna())).all(axis=1) & brought.index.isin(
        stored.index
    )
    changed = brought[~same]
    gone = stored.index.difference(brought.index).union(changed.index.intersection(stored.index))
    if len(gone):
        here = event_weeks.c
        condition = (
            (here.source == source) & (here.account_id == bindparam("a")) & (here.week == bindparam("w"))
        )
        connection.execute(delete(event_weeks).where(condition), [{"a": a, "w": w} for a, w in gone])
    if len(changed):
        connection.execute(event_weeks.insert(), records(changed.reset_index().assign(source=source)))


def _stored_within(connection: Connection, source: str, weeks: pd.Index) -> pd.DataFrame:
    names = (*_KEY, *_COUNTS)
    wanted = select(*(event_weeks.c[name] for name in names))
    wanted = wanted.where(
        event_weeks.c.source == source, event_weeks.c.week.between(str(weeks.min()), str(weeks.max()))
    )
    return pd.DataFrame([tuple(row) for row in connection.execute(wanted)], columns=list(names))


def _keyed(weeks: pd.DataFrame) -> pd.DataFrame:
    counts = {name: weeks[name].astype("float64") if name in weeks else float("nan") for name in _COUNTS}
    keys = [weeks[name].astype(object) for name in _KEY]
    table = pd.DataFrame(counts, index=weeks.index).set_index(pd.MultiIndex.from_arrays(keys, names=_KEY))
    return table.astype("Int64")
