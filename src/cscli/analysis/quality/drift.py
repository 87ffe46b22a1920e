"""Profiles of this run and of the last one to what has changed between the exports without anybody saying so."""

from collections.abc import Iterator, Mapping

from cscli.analysis.quality.profile import ColumnProfile, SourceProfile
from cscli.errors import Location, Problem, Severity
from cscli.fields import FieldType

TOO_MANY = 0.5
"""A fall of rows by more than this share is said, where the rules set no other limit."""

_ALIKE = 0.6
_COMPARED_LEAST = 3
_NEAR = 0.2
_SHOWN = 5

Profiles = Mapping[str, SourceProfile]


def find_drift(
    now: Profiles, before: Profiles, limits: Mapping[str, float | None], as_of: str
) -> tuple[Problem, ...]:
    """Problems of every source that both runs have. `limits`: the largest fall of rows, as a share, by source;
    `as_of`: the day of the last run, for the messages.
    """
    problems: list[Problem] = []
    for source, profile in now.items():
        if source in before:
            last = before[source]
            problems += _compare_rows(profile, last, limits.get(source), as_of)
            problems += _compare_headers(profile, last, as_of)
            problems += _compare_values(profile, last, as_of)
    return tuple(problems)


def find_unrefreshed(now: Profiles, hashes: Mapping[str, str], as_of: str) -> tuple[Problem, ...]:
    """A warning for every file with the very bytes that it had at an earlier run, of the day `as_of`."""
    return tuple(
        Problem(
            "drift.not_refreshed", severity=Severity.WARNING, where=_place(profile), details={"as_of": as_of}
        )
        for source, profile in now.items()
        if hashes.get(source) == profile.sha256
    )


def _compare_rows(
    now: SourceProfile, last: SourceProfile, limit: float | None, as_of: str
) -> Iterator[Problem]:
    fall = 1 - now.rows / last.rows if last.rows else 0.0
    allowed = TOO_MANY if limit is None else limit
    if fall > allowed:
        details = {"rows": f"{now.rows:,}", "before": f"{last.rows:,}", "share": f"{fall:.0%}"}
        details |= {"limit": f"{allowed:.0%}", "as_of": as_of}
        yield Problem("drift.rows_fell", severity=Severity.WARNING, where=_place(now), details=details)


def _compare_headers(now: SourceProfile, last: SourceProfile, as_of: str) -> Iterator[Problem]:
    new = [column for column in now.columns if column.header not in last.headers]
    read_now = now.used
    for old in last.columns:
        if old.header in now.headers:
            continue
        same_name = read_now.get(old.name) if old.name is not None else None
        renamed = same_name or _find_renamed(old, last, new, now)
        if renamed in new:
            new.remove(renamed)
        yield _say_gone(old, renamed, now, as_of)
    for column in new:
        details = {"as_of": as_of}
        yield Problem(
            "drift.column_new",
            severity=Severity.NOTE,
            where=_place(now, column),
            value=column.header,
            details=details,
        )


def _say_gone(old: ColumnProfile, renamed: ColumnProfile | None, now: SourceProfile, as_of: str) -> Problem:
    details = {"name": old.name or "-", "as_of": as_of}
    if renamed is None:
        severity = Severity.NOTE if old.name is None else Severity.WARNING
        code = "drift.unused_column_gone" if old.name is None else "drift.column_gone"
        return Problem(code, severity=severity, where=_place(now), value=old.header, details=details)
    details |= {"header": renamed.header}
    if renamed.name == old.name:
        return Problem(
            "drift.header_changed",
            severity=Severity.NOTE,
            where=_place(now, renamed),
            value=old.header,
            details=details,
        )
    return Problem(
        "drift.column_renamed",
        severity=Severity.WARNING,
        where=_place(now, renamed),
        value=old.header,
        details=details,
    )


def _find_renamed(
    old: ColumnProfile, last: SourceProfile, new: list[ColumnProfile], now: SourceProfile
) -> ColumnProfile | None:
    """The new column whose values are those of the old one, account by account."""
    pairs = [(then, here) for then, key in enumerate(last.sample_ids) for here in _index(now.sample_ids, key)]
    shares = [(_share_alike(old, column, pairs), column) for column in new if column.type == old.type]
    best = max(shares, key=lambda entry: entry[0], default=None)
    return best[1] if best is not None and best[0] >= _ALIKE else None


def _index(keys: tuple[str, ...], key: str) -> tuple[int, ...]:
    return (keys.index(key),) if key in keys else ()


def _share_alike(old: ColumnProfile, new: ColumnProfile, pairs: list[tuple[int, int]]) -> float:
    """Of the accounts with a value then: the share whose value is the same, or nearly the same number."""
    if not old.sample or not new.sample:
        return 0.0
    values = [(old.sample[then], new.sample[here]) for then, here in pairs]
    telling = [(then, here) for then, here in values if then and not then == here == "0"]
    if len(telling) < _COMPARED_LEAST:
        return 0.0
    is_number = old.type == FieldType.NUMBER
    same = sum(_is_near(then, here) if is_number else then == here for then, here in telling)
    return same / len(telling)


def _is_near(then: str, here: str) -> bool:
    if not here:
        return False
    one, other = float(then), float(here)
    return abs(one - other) <= _NEAR * max(abs(one), abs(other))


def _compare_values(now: SourceProfile, last: SourceProfile, as_of: str) -> Iterator[Problem]:
    before = last.used
    for name, column in now.used.items():
        old = before.get(name)
        if old is None or not old.filled or not now.rows:
            continue
        details: dict[str, object] = {"name": name, "as_of": as_of, "before": f"{old.filled:,}"}
        place = _place(now, column)
        if not column.filled:
            yield Problem("drift.all_blank", severity=Severity.WARNING, where=place, details=details)
        elif column.zero_share == 1 and old.zero_share is not None and old.zero_share < 1:
            yield Problem("drift.all_zero", severity=Severity.WARNING, where=place, details=details)
        elif old.categories and (strange := _unseen(column, old)):
            shown = ", ".join(strange[:_SHOWN]) + (" …" if len(strange) > _SHOWN else "")
            details |= {"count": len(strange)}
            yield Problem(
                "drift.new_values", severity=Severity.WARNING, where=place, value=shown, details=details
            )


def _unseen(column: ColumnProfile, old: ColumnProfile) -> list[str]:
    return [value for value in column.categories if value not in old.categories]


def _place(profile: SourceProfile, column: ColumnProfile | None = None) -> Location:
    return Location(file=profile.file, sheet=profile.sheet, column=column.header if column else None)
