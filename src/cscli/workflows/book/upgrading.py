"""The first run of a new version against the last one of another: which figures of the same exports are read otherwise."""

from collections.abc import Iterator

from cscli import __version__
from cscli.errors import Location, Problem, Severity
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book
from cscli.workflows.book.request import Request

_BUILT_IN = frozenset({"tenure_days", "tenure_months", "days_to_renewal", "notice_given", "notice_by"})


def say_other_readings(request: Request, book: Book) -> tuple[Problem, ...]:
    """A warning for each column of the accounts that an earlier version read otherwise from the very same file, and one
    for accounts that come or go by it. Nothing once a run of this version is stored.
    """
    url = history_url(request, book)
    if url is None:
        return ()
    from cscli.history import read_snapshot, stored_runs

    folder = request.rules.workspace
    runs = stored_runs(url, folder, 1)
    if not runs or runs[-1].version == __version__ or not _same_sources(book, runs[-1].inputs):
        return ()
    last = read_snapshot(url, folder)
    if last is None or list(last.columns.columns) == ["account_id"]:
        return ()
    same = _same_sources(book, last.inputs)
    names = [name for source in same for name in book.typed[source].frame.columns if name not in _BUILT_IN]
    mapped = {column.mapped.name for source in same for column in book.typed[source].columns}
    from cscli.analysis.past.other_readings import find_other_readings

    before = last.columns
    if "currency" in before:  # without one, money was in the config's
        before = before.assign(currency=before["currency"].fillna(book.config.currency))
    where = Location(file=book.typed[same[0]].facts.file)
    found = [
        Problem(
            "upgrade.read_otherwise",
            severity=Severity.WARNING,
            where=where,
            value=each.name,
            details={
                "count": each.count,
                "account": each.account_id,
                "before": each.before,
                "now": each.now,
                "pin": each.pin,
                "version": last.version,
            },
        )
        for each in find_other_readings(before, book.frame, dict.fromkeys(names), mapped)
    ]
    if "accounts" in same and last.as_of == book.as_of:
        found += _come_and_gone(
            set(last.columns["account_id"]), set(book.frame["account_id"]), where, last.version
        )
    return tuple(found)


def _same_sources(book: Book, inputs: tuple[tuple[str, str, str], ...]) -> list[str]:
    """The tables of one row an account whose file is the very same as then."""
    hashes = {source: sha256 for source, _, sha256 in inputs}
    return [
        name
        for name, table in book.typed.items()
        if name not in book.logs
        and name in book.config.sources
        and name in book.config.sources
        and book.config.sources[name].kind == "accounts"
        and hashes.get(name) == table.facts.sha256
    ]


def _come_and_gone(before: set[str], now: set[str], where: Location, version: str) -> Iterator[Problem]:
    from cscli.analysis.past.other_readings import ACCOUNTS_PIN

    for code, ids in (("upgrade.accounts_gone", before - now), ("upgrade.accounts_new", now - before)):
        if ids:
            details = {"count": len(ids), "version": version, "pin": ACCOUNTS_PIN}
            yield Problem(
                code,
                severity=Severity.WARNING,
                where=where,
                value=", ".join(sorted(ids)[:3]),
                details=details,
            )
