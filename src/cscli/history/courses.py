"""Rows of many runs out of the history: the course of an account and of the book, and the runs."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Text, cast, desc, func, select

from cscli.analysis.past.over_time import AccountCourse, BookCourse, JudgedRun, ScoreCourses, StoredRun
from cscli.history.database.connection import reading
from cscli.history.database.tables import accounts, event_weeks, is_newest, run_bands, runs
from cscli.history.snapshots import read_part

HEAT_ACCOUNTS, HEAT_RUNS = 200, 52
_COURSE = ("score", "band", "data_coverage", "scorecard", "capped_by", "mrr", "arr")
_NUMBERS = ("score", "data_coverage", "mrr", "arr")
_COUNTS = ("events", "users", "active_days", "breadth")


def course(url: str, folder: Path, account_id: str, last: int | None = None) -> pd.DataFrame:
    """The rows of `AccountCourse.course`, of the `last` so many weeks up to the newest run; empty where no run had
    the account.
    """
    with reading(url, folder) as connection:
        since = runs_since(connection, last) if connection else ""
        found = _course_rows(connection, account_id, since) if connection else []
        names = ["as_of", *_COURSE, "config_digest"]
        table = pd.DataFrame(found, columns=names, dtype=object).astype(dict.fromkeys(_NUMBERS, "float64"))
        return table.assign(as_of=_days(table["as_of"]))


def account_course(url: str, folder: Path, account_id: str, last: int | None = None) -> AccountCourse | None:
    """An account over time; None where no run ever had it."""
    with reading(url, folder) as connection:
        if connection is None:
            return None
        wanted = select(runs.c.run_id).join_from(accounts, runs)
        wanted = wanted.where(is_newest, accounts.c.account_id == account_id)
        last_seen = connection.execute(wanted.order_by(desc(runs.c.as_of)).limit(1)).scalar()
        if last_seen is None:
            return None
        name = _names(connection, last_seen, [account_id]).iloc[0]
        since = runs_since(connection, last)
        relative = {metric for run in _runs(connection, since) for metric in run.relative}
        weeks = _weeks(connection, account_id, since)
    found = course(url, folder, account_id, last)
    return AccountCourse(
        account_id=account_id, name=name, course=found, relative=tuple(sorted(relative)), weeks=weeks
    )


def book_course(url: str, folder: Path, last: int | None = None) -> BookCourse | None:
    """The book over time, of the `last` so many weeks; None where nothing is stored."""
    with reading(url, folder) as connection:
        if connection is None:
            return None
        since = runs_since(connection, last)
        stored = _runs(connection, since)
        if not stored:
            return None
        sums = [column for column in run_bands.c if column.name != "run_id"]
        wanted = select(runs.c.as_of, *sums).join_from(run_bands, runs).where(is_newest, runs.c.as_of > since)
        found = connection.execute(wanted.order_by(runs.c.as_of, run_bands.c.band)).all()
        names = ["as_of", *(column.name for column in sums)]
        bands = pd.DataFrame([tuple(row) for row in found], columns=names)
        bands = bands.astype(dict.fromkeys(names[2:], "float64")).assign(as_of=_days(bands["as_of"]))
        return BookCourse(stored, bands, _heat(connection, since), stored[-1].accounts)


def score_courses(url: str, folder: Path, before: dt.date, last: int) -> ScoreCourses:
    """The scores of the `last` so many runs before a day; of none where nothing is stored."""
    names = ["run", "account_id", "score", "band", "scorecard", "capped_by"]
    kept = (runs.c.run_id, runs.c.as_of, runs.c.config_digest, runs.c.config_text, runs.c.overrides)
    wanted = (
        select(*kept)
        .where(is_newest, runs.c.as_of < before.isoformat())
        .order_by(desc(runs.c.as_of))
        .limit(last)
    )
    with reading(url, folder) as connection:
        found = connection.execute(wanted).all()[::-1] if connection and last > 0 else []
        rows: list[tuple[object, ...]] = []
        for place, run in enumerate(found if connection else []):
            here = accounts.c
            capped = cast(here.capped_by, Text)  # nearly all are the same few texts: nobody parses them here
            of_run = select(here.account_id, here.score, here.band, here.scorecard, capped)
            of_run = of_run.where(here.run_id == run.run_id).order_by(here.account_id)
            rows += [(place, *row) for row in connection.execute(of_run)]  # type: ignore[union-attr] # as above
    table = pd.DataFrame(rows, columns=names, dtype=object).astype({"run": "int64", "score": "float64"})
    judged = tuple(
        JudgedRun(
            as_of=dt.date.fromisoformat(run.as_of),
            config_digest=run.config_digest,
            config_text=run.config_text,
            overrides=tuple(run.overrides),
        )
        for run in found
    )
    return ScoreCourses(judged, table)


def value_courses(
    url: str, folder: Path, ids: Sequence[str], names: Sequence[str], before: dt.date, last: int
) -> pd.DataFrame:
    """as_of, account_id, and the metrics or else columns of these names, of some accounts in the `last` so many runs before
    a day. Of a name that is both, the metric; what a run did not keep is missing.
    """
    wanted = select(runs.c.run_id, runs.c.as_of).where(is_newest, runs.c.as_of < before.isoformat())
    found = []
    with reading(url, folder) as connection:
        newest = (
            connection.execute(wanted.order_by(desc(runs.c.as_of)).limit(last)).all() if connection else []
        )
        for run in newest[::-1] if connection else []:
            columns = read_part(connection, run.run_id, "columns", ("account_id", *names))  # type: ignore[arg-type] # there are runs
            values = read_part(connection, run.run_id, "values", names)  # type: ignore[arg-type] # as above
            table = columns.assign(**{str(name): values[name] for name in values})
            found.append(table[table["account_id"].isin(ids)].assign(as_of=dt.date.fromisoformat(run.as_of)))
    if not found:
        return pd.DataFrame({name: [] for name in ("as_of", "account_id", *names)}, dtype=object)
    return pd.concat(found, ignore_index=True).reindex(columns=["as_of", "account_id", *names])


def stored_runs(url: str, folder: Path, last: int | None = None) -> tuple[StoredRun, ...]:
    """The runs that reports use, ascending, of the `last` so many weeks."""
    with reading(url, folder) as connection:
        return _runs(connection, runs_since(connection, last)) if connection else ()


def every_run(url: str, folder: Path) -> tuple[StoredRun, ...]:
    """The runs that the history has, ascending; of a day first the evidence, where a newer one stands beside it."""
    with reading(url, folder) as connection:
        return _runs(connection, "", every=True) if connection else ()


def account_ids(url: str, folder: Path) -> tuple[str, ...]:
    """The ids of the newest run."""
    with reading(url, folder) as connection:
        newest = _newest(connection) if connection else None
        if connection is None or newest is None:
            return ()
        return tuple(read_part(connection, newest, "columns", ("account_id",))["account_id"])


def runs_since(connection: Connection, last: int | None) -> str:
    """After which day the runs of the `last` so many weeks come; before all days without a number."""
    newest = connection.execute(select(func.max(runs.c.as_of))).scalar()
    if last is None or newest is None:
        return ""
    return (dt.date.fromisoformat(newest) - dt.timedelta(weeks=min(last, 50_000))).isoformat()


def _newest(connection: Connection) -> int | None:
    return connection.execute(
        select(runs.c.run_id).where(is_newest).order_by(desc(runs.c.as_of)).limit(1)
    ).scalar()


def _runs(connection: Connection, since: str, *, every: bool = False) -> tuple[StoredRun, ...]:
    counts = select(run_bands.c.run_id, func.sum(run_bands.c.accounts).label("accounts"))
    counted = counts.group_by(run_bands.c.run_id).subquery()
    wanted = select(
        runs.c.as_of,
        runs.c.taken_at,
        runs.c.known_on,
        runs.c.is_newest,
        runs.c.is_evidence,
        runs.c.version,
        runs.c.config_digest,
        runs.c.relative,
        runs.c.inputs,
        func.coalesce(counted.c.accounts, 0).label("accounts"),
    ).outerjoin(counted, counted.c.run_id == runs.c.run_id)
    wanted = wanted.where(runs.c.as_of > since, *(() if every else (is_newest,)))
    found = connection.execute(wanted.order_by(runs.c.as_of, runs.c.run_id)).all()
    return tuple(
        StoredRun(
            as_of=dt.date.fromisoformat(run.as_of),
            taken_at=dt.datetime.fromisoformat(run.taken_at),
            known_on=dt.date.fromisoformat(run.known_on),
            is_newest=bool(run.is_newest),
            is_evidence=bool(run.is_evidence),
            version=run.version,
            config_digest=run.config_digest,
            relative=tuple(run.relative),
            inputs=tuple((source, file, sha) for source, file, sha in run.inputs),
            accounts=int(run.accounts),
        )
        for run in found
    )


def _course_rows(connection: Connection, account_id: str, since: str) -> list[tuple[object, ...]]:
    columns = [accounts.c[name] for name in _COURSE]
    wanted = select(runs.c.as_of, *columns, runs.c.config_digest).join_from(accounts, runs)
    wanted = wanted.where(is_newest, accounts.c.account_id == account_id, runs.c.as_of > since)
    return [tuple(row) for row in connection.execute(wanted.order_by(runs.c.as_of))]


def _weeks(connection: Connection, account_id: str, since: str) -> dict[str, pd.DataFrame]:
    here = event_weeks.c
    wanted = select(here.source, here.week, *(here[name] for name in _COUNTS))
    wanted = wanted.where(here.account_id == account_id, here.week > since).order_by(here.source, here.week)
    found = [tuple(row) for row in connection.execute(wanted)]
    table = pd.DataFrame(found, columns=["source", "week", *_COUNTS]).astype(
        dict.fromkeys(_COUNTS, "float64")
    )
    table["week"] = _days(table["week"])
    return {
        str(source): rows.drop(columns="source").reset_index(drop=True)
        for source, rows in table.groupby("source", sort=True)
    }


def _heat(connection: Connection, since: str) -> pd.DataFrame:
    """Accounts of the highest ARR in the newest run x scores of the newest runs."""
    newest = _newest(connection)
    largest = select(accounts.c.account_id, accounts.c.arr).where(accounts.c.run_id == newest)
    largest = largest.order_by(accounts.c.arr.is_(None), desc(accounts.c.arr), accounts.c.account_id)
    top = [tuple(row) for row in connection.execute(largest.limit(HEAT_ACCOUNTS))]
    shown = pd.DataFrame(top, columns=["account_id", "arr"]).astype({"arr": "float64"})
    ids = shown["account_id"].tolist()
    shown.insert(1, "name", _names(connection, newest or 0, ids).to_numpy(dtype=object))
    latest = select(runs.c.run_id).where(is_newest, runs.c.as_of > since)
    latest = latest.order_by(desc(runs.c.as_of)).limit(HEAT_RUNS)
    wanted = select(accounts.c.account_id, runs.c.as_of, accounts.c.score).join_from(accounts, runs)
    wanted = wanted.where(accounts.c.account_id.in_(ids), accounts.c.run_id.in_(latest))
    rows = [tuple(row) for row in connection.execute(wanted.order_by(runs.c.as_of))]
    scores = pd.DataFrame(rows, columns=["account_id", "as_of", "score"])
    wide = scores.pivot_table(index="account_id", columns="as_of", values="score", dropna=False)
    return pd.concat([shown, wide.astype("float64").reindex(ids).reset_index(drop=True)], axis=1)


def _names(connection: Connection, run_id: int, ids: Sequence[str]) -> "pd.Series[str]":
    """The names of accounts in a run, in the order of `ids`; None where the run kept none."""
    table = read_part(connection, run_id, "columns", ("account_id", "name"))
    if "name" not in table:
        return pd.Series([None] * len(ids), dtype=object)
    found = table.set_index("account_id")["name"].reindex(list(ids))
    return found.astype(object).where(found.notna(), None)


def _days(texts: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    return pd.to_datetime(texts).astype("datetime64[us]")
