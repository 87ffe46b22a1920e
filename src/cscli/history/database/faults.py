"""What a database refuses, told in one line without any password."""

import sqlite3
from contextlib import suppress

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from cscli.config.database_url import parse_database_url
from cscli.config.secrets import hide_password
from cscli.errors import Location, Problem, Scope

_BY_SQLITE = {
    sqlite3.SQLITE_BUSY: "history.locked",
    sqlite3.SQLITE_LOCKED: "history.locked",
    sqlite3.SQLITE_CORRUPT: "history.damaged",
    sqlite3.SQLITE_NOTADB: "history.damaged",
    sqlite3.SQLITE_READONLY: "history.read_only",
    sqlite3.SQLITE_FULL: "history.no_space",
}
_LOCK_NOT_AVAILABLE = "55P03"


def told(error: Exception, url: str, waited_seconds: int) -> Problem:
    """The problem that `error` of the database at `url` is."""
    cause = getattr(error, "orig", None) or error
    reason = _without_secrets(
        hide_password(str(cause).splitlines()[0] if str(cause) else type(cause).__name__), url
    )
    details = {"reason": reason, "seconds": waited_seconds}
    code, place = _code(error, cause, url), Location(file=shown(url))
    return Problem(code, where=place, details=details, scope=Scope.WORKSPACE)


def shown(url: str) -> str:
    """Which history, for people: the file, or the URL without its password."""
    if url.startswith("sqlite"):
        with suppress(ArgumentError):
            return make_url(url).database or "history"
        return "history"
    found = parse_database_url(url)
    if found is None:
        return "history"
    port = f":{found.port}" if found.port else ""
    return f"{found.kind}://{found.host or ''}{port}/{found.name or ''}"


def _without_secrets(reason: str, url: str) -> str:
    """A driver may repeat what it was given."""
    found = None if url.startswith("sqlite") else parse_database_url(url)
    secrets = [found.password, *(value for name, value in found.query if "pass" in name)] if found else []
    for secret in filter(None, secrets):
        reason = reason.replace(secret, "***")
    return reason


def _code(error: Exception, cause: BaseException, url: str) -> str:
    if isinstance(error, ImportError | NoSuchModuleError):
        return "history.no_driver" if url.startswith("postgres") else "history.unknown_kind"
    if isinstance(cause, sqlite3.Error):
        number = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return _BY_SQLITE.get(number, "history.not_usable")
    if getattr(cause, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
        return "history.locked"
    return "history.not_usable"
