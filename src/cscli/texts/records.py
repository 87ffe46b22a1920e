"""Problems to plain records and back, the same everywhere: in manifests and in what is kept of a log."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cscli.errors import Location, Problem, Scope, Severity
from cscli.texts import Phrase

_PHRASE = "phrase"


def problem_record(problem: Problem) -> dict[str, object]:
    """`problem` as JSON has it: code, severity, its place flat, value, details."""
    details = {name: _plain(value) for name, value in problem.details.items()}
    place = asdict(problem.where)
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        **place,
        "value": problem.value,
        "details": details,
        "scope": problem.scope.value,
        "count": problem.count,
    }


def problem_of(record: object) -> Problem:
    """What `problem_record` gave, as a problem again. Raises KeyError, TypeError, ValueError for what is no such record."""
    if not isinstance(record, Mapping):
        raise TypeError(type(record))
    place = Location(**{key: record[key] for key in ("file", "sheet", "line", "column", "key")})
    details = {name: _value(value) for name, value in record["details"].items()}
    scope, count = Scope(record.get("scope", Scope.DATA)), int(record.get("count", 0))
    return Problem(
        record["code"],
        severity=Severity(record["severity"]),
        where=place,
        value=record["value"],
        details=details,
        scope=scope,
        count=count,
    )


def _plain(value: object) -> object:
    if isinstance(value, Phrase):
        return {_PHRASE: value.key, "value": _plain(value.value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _value(value: Any) -> object:
    if isinstance(value, Mapping):
        return Phrase(value[_PHRASE], _value(value.get("value")))
    if isinstance(value, list):
        return tuple(map(_value, value))
    return value
