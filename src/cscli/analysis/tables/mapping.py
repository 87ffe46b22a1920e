"""Headers of a file to column names: what the config pins, then headers that are known, then plain names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.config.work.contact_fields import CONTACT_FIELD_BY_NAME, contact_field
from cscli.errors import DataError, Problem, Scope, Severity
from cscli.fields import FIELD_BY_NAME, Field, field_named, is_plain_name, known_field
from cscli.header_keys import header_key, specificity
from cscli.nearest import nearest_name

_IF_TAKEN: Mapping[tuple[str | None, str], str] = {("interval", "billingperiod"): "interval_count"}
"""What a header means beside a better one for the field it has alone: `billing_period` beside `billing_period_unit`."""
_ROWS = frozenset(
    map(
        header_key,
        (
            "Account",
            "Client",
            "Organization",
            "Organisation",
            "Tenant",
            "Workspace",
            "顧客",
            "契約先",
            "会社",
            "企業",
        ),
    )
)
_LOOKED_AT = 50
How = Literal["config", "known header", "plain name", "rolled up"]


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """Column `name` is read from `header`, and `how` that was decided."""

    name: str
    header: str
    how: How


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The columns in the order of the file, the headers that are not used, and what to say about it."""

    columns: tuple[MappedColumn, ...]
    unused: tuple[str, ...]
    problems: tuple[Problem, ...]


_OTHER_NUMBERS = (
    "電話番号",
    "fax番号",
    "ファックス番号",
    "郵便番号",
    "携帯番号",
    "phoneno",
    "telno",
    "faxno",
    "postalcode",
    "zipcode",
    "areacode",
)
"""Ends of headers of numbers that belong to no account alone."""


def map_headers(raw: RawTable, source: Source) -> ColumnMapping:
    """The mapping of `raw`, as `map_any_headers` has it. Raises DataError if no header is the account's id."""
    mapping = map_any_headers(raw, source)
    if all(column.name != "account_id" for column in mapping.columns):
        raise DataError(*(each for each in mapping.problems if each.severity is Severity.ERROR))
    return mapping


def map_any_headers(raw: RawTable, source: Source) -> ColumnMapping:
    """The mapping of `raw`. A pinned header that is not there leaves its column missing, as a problem; so does
    a table without the account's id.
    """
    found, problems = _pinned(raw, source)
    taken = {column.header for column in found}
    names = {column.name: column.header for column in found}
    left_out = set(source.columns) - set(names)
    for header in sorted(raw.headers, key=lambda header: _order(raw, header, source)):
        name = _own_name(header, source)
        name = _IF_TAKEN.get((name, header_key(header)), name) if name in names else name
        if header in taken or name is None or name in left_out:
            continue
        if name in source.columns:
            continue  # the rules say which is meant
        if name in names:
            details = {"name": name, "first": names[name]}
            problems.append(
                Problem(
                    "data.header_passed_over",
                    severity=Severity.NOTE,
                    where=raw.locate(header=header),
                    details=details,
                )
            )
            continue
        names[name] = header
        found.append(MappedColumn(name, header, "known header" if _known(header, source) else "plain name"))
    if "account_id" in names and not {"name"} & (set(names) | left_out):
        found += _name_beside_id(raw, {column.header for column in found})
    columns = tuple(sorted(found, key=lambda column: raw.places[column.header]))
    used = {column.header for column in columns}
    unused = tuple(header for header in raw.headers if header not in used)
    if "account_id" not in set(names) | left_out and not source.is_mail_log:
        problems.append(_no_account_id(raw))
    return ColumnMapping(columns, unused, (*problems, *_say_unused(raw, unused)))


def accepted_headers(source: Source) -> list[list[str]]:
    """The headers that `columns` of the source names for each column, the best first."""
    return [_choices(accepted) for accepted in source.columns.values()]


def _name_beside_id(raw: RawTable, taken: set[str]) -> list[MappedColumn]:
    """The column of names where a header says no more than what is in each row: `Account` beside `Account ID`."""
    for header in raw.headers:
        cells = [cell for cell in raw.column(header)[:_LOOKED_AT] if cell is not None]
        if header not in taken and header_key(header) in _ROWS and cells and all(map(_is_word, cells)):
            return [MappedColumn("name", header, "known header")]
    return []


def _is_word(cell: object) -> bool:
    return isinstance(cell, str) and any(letter.isalpha() for letter in cell)


def column_names(raw: RawTable, source: Source) -> frozenset[str]:
    """The names that `raw` offers to expressions, whether or not it can be used in the end."""
    there = {header_key(header) for header in raw.headers}
    choices = ([header_key(each) for each in _choices(accepted)] for accepted in source.columns.values())
    pinned = {next((key for key in keys if key in there), None) for keys in choices}
    own = {
        name
        for header in raw.headers
        if (name := _own_name(header, source)) and header_key(header) not in pinned
    }
    return frozenset(own | set(source.columns))


def _known(header: str, source: Source) -> Field | None:
    if source.kind == "contacts" and (found := contact_field(header)):
        return found
    return known_field(header, of_revenue=source.of_revenue)


def field_of(name: str, source: Source) -> Field | None:
    """The canonical field `name` in a table of this kind."""
    if source.kind == "contacts" and name in CONTACT_FIELD_BY_NAME:
        return CONTACT_FIELD_BY_NAME[name]
    return field_named(name, of_revenue=source.of_revenue)


def _own_name(header: str, source: Source) -> str | None:
    field = _known(header, source)
    if field:
        return field.name
    return header if is_plain_name(header) else None


def _order(raw: RawTable, header: str, source: Source) -> tuple[bool, bool, int]:
    """What is told apart by it: the field's own name, then columns with a cell, then the more specific header."""
    field = _known(header, source)
    if field is None:
        return True, False, 0
    is_own = field_of(header, source) is not None
    is_empty = not any(cell is not None for cell in raw.column(header))
    return not is_own, is_empty, specificity(header, field.name, of_accounts=source.kind == "accounts")


def _pinned(raw: RawTable, source: Source) -> tuple[list[MappedColumn], list[Problem]]:
    by_key: dict[str, str] = {}
    for header in raw.headers:
        by_key.setdefault(header_key(header), header)
    columns: list[MappedColumn] = []
    problems: list[Problem] = []
    for name, accepted in source.columns.items():
        choices = _choices(accepted)
        if not choices:
            continue  # `name: []`: stays missing
        there = [by_key[header_key(choice)] for choice in choices if header_key(choice) in by_key]
        if there:
            columns.append(MappedColumn(name, there[0], "config"))
        else:
            problems.append(_missing_header(raw, name, choices))
    return columns, problems


def _choices(accepted: str | list[str]) -> list[str]:
    return [accepted] if isinstance(accepted, str) else accepted


def _missing_header(raw: RawTable, name: str, choices: list[str]) -> Problem:
    nearest = nearest_name(choices[0], raw.headers)
    details = {"name": name, "nearest": nearest or "-", "headers": _listed(raw.headers)}
    scope = Scope.ACCOUNT_ID if name == "account_id" else Scope.DATA
    return Problem(
        "data.pinned_header_missing",
        where=raw.locate(),
        value=" | ".join(choices),
        details=details,
        scope=scope,
    )


def _no_account_id(raw: RawTable) -> Problem:
    accepted = FIELD_BY_NAME["account_id"].headers
    near = [header for header in raw.headers if nearest_name(header, accepted)]
    near += [header for header in raw.headers if _is_like_an_id(header_key(header))]
    details: dict[str, object] = {"headers": _listed(raw.headers)}
    if not near:
        return Problem("data.no_id_at_all", where=raw.locate(), details=details, scope=Scope.ACCOUNT_ID)
    details["nearest"] = near[0]
    return Problem("data.no_account_id", where=raw.locate(), details=details, scope=Scope.ACCOUNT_ID)


def _is_like_an_id(key: str) -> bool:
    return key.endswith(("id", "code", "no", "コード", "番号")) and not key.endswith(_OTHER_NUMBERS)


def _say_unused(raw: RawTable, unused: tuple[str, ...]) -> Iterable[Problem]:
    if unused:
        details = {"headers": _listed(unused), "count": len(unused)}
        yield Problem(
            "data.headers_not_used",
            severity=Severity.NOTE,
            where=raw.locate(),
            details=details,
            scope=Scope.MAPPING,
        )


def _listed(headers: Iterable[str]) -> str:
    shown = list(headers)
    more = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
    return ", ".join(shown[:12]) + more
