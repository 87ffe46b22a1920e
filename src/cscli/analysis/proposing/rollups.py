"""A table of many rows an account to a proposal of what to add up of it, each with the reason."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.tables.date_forms import Order
from cscli.analysis.tables.dates import parse_dates
from cscli.analysis.tables.numbers import parse_numbers
from cscli.analysis.tables.raw import RawTable
from cscli.fields import is_plain_name, known_field
from cscli.header_keys import header_key

_WINDOW_DAYS = 28
_TIMES = (
    "timestamp", "createdat", "createddate", "created", "createdon", "occurredat", "eventtime", "activitydate",
    "propertycreatedate", "propertyclosedate", "startdate", "date", "日付", "日時", "作成日", "作成日時", "受付日", "発生日",
)  # fmt: skip
_PEOPLE = ("visitorid", "userid", "user", "useremail", "email", "memberid", "ユーザーid", "利用者id")
_MINUTES = ("numminutes", "minutes", "usageminutes", "durationminutes", "利用時間分")
_OVER = (
    "closed",
    "solved",
    "resolved",
    "done",
    "completed",
    "deleted",
    "完了",
    "解決済み",
    "解決",
    "対応済み",
    "クローズ",
)
_USE = frozenset(
    {"event", "events", "usage", "login", "logins", "session", "sessions", "visit", "visits", "log", "logs"}
)
_TICKETS = frozenset(
    {"ticket", "tickets", "case", "cases", "issue", "issues", "conversation", "conversations"}
)
_INVOICES = frozenset({"invoice", "invoices", "bill", "bills"})


@dataclass(frozen=True, slots=True)
class ProposedRollup:
    """Column `name` of the accounts, its SQL, and the reason. `reads`: the header of each column that it names."""

    name: str
    formula: str
    why: str
    reads: tuple[tuple[str, str], ...] = ()


def propose_rollup(
    table: RawTable, source: str, words: AbstractSet[str], taken: AbstractSet[str]
) -> tuple[ProposedRollup, ...]:
    """What to add up of `table`, which is about `words`; never under a name in `taken`. First how many rows there
    are, and the day of the last, then what a canonical column means and the columns can tell.
    """
    found = [ProposedRollup(f"{source}_rows", "count(*)", "rows of the account")]
    time = _time_column(table)
    if time:
        name = column_name(table, time)
        reads = ((name, time),)
        found.append(
            ProposedRollup(f"{source}_last_on", f"max({name})", f"the day of the last row, by {time}", reads)
        )
    if words & _USE and time:
        found += _of_use(table, time)
    if words & _TICKETS:
        found += _of_tickets(table)
    if words & _INVOICES:
        found += _of_invoices(table)
    return tuple(rollup for rollup in found if rollup.name not in taken)


def column_name(table: RawTable, header: str) -> str:
    """The name under which formulas know the column of `header`."""
    field = known_field(header)
    if field or is_plain_name(header):
        return field.name if field else header
    slug = re.sub(r"[^a-z0-9]+", "_", header.casefold()).strip("_")
    return slug if is_plain_name(slug) else f"column_{table.headers.index(header) + 1}"


def _of_use(table: RawTable, time: str) -> Iterator[ProposedRollup]:
    name = column_name(table, time)
    recent = f"FILTER (WHERE {name} >= as_of - {_WINDOW_DAYS})"
    yield ProposedRollup(
        "last_login_on", f"max({name})", "the last use stands for the last login", ((name, time),)
    )
    if person := _named(table, _PEOPLE):
        user = column_name(table, person)
        reads = ((user, person), (name, time))
        why = f"different {person} in the last {_WINDOW_DAYS} days"
        yield ProposedRollup("active_users", f"count(DISTINCT {user}) {recent}", why, reads)
    if (minutes := _named(table, _MINUTES)) and _is_number(table, minutes):
        spent = column_name(table, minutes)
        reads = ((spent, minutes), (name, time))
        yield ProposedRollup(
            "usage_minutes", f"sum({spent}) {recent}", f"{minutes} of the last {_WINDOW_DAYS} days", reads
        )


def _of_tickets(table: RawTable) -> Iterator[ProposedRollup]:
    """Open is what has a state and none that means an end."""
    status = _named(table, ("status", "state", "ステータス", "状態", "対応状況"))
    if status and _is_text(table, status):
        name = column_name(table, status)
        states = {str(cell).strip() for cell in table.column(status) if cell is not None}
        over = [state for state in sorted(states) if state.casefold() in _OVER and "'" not in state]
        if over:
            listed = ", ".join(f"'{state}'" for state in over)
            formula = f"count(*) FILTER (WHERE {name} NOT IN ({listed}))"
            yield ProposedRollup(
                "open_tickets", formula, f"those whose {status} is no end", ((name, status),)
            )


def _of_invoices(table: RawTable) -> Iterator[ProposedRollup]:
    """Overdue is what is past its day and not paid."""
    paid, due = _named(table, ("paid", "ispaid")), _named(table, ("duedate", "dueon", "支払期日", "支払期限"))
    if paid and due and _is_text(table, paid) and _is_date(table, due):
        unpaid, day = column_name(table, paid), column_name(table, due)
        formula = f"count(*) FILTER (WHERE {day} < as_of AND lower({unpaid}) IN ('false', 'no', '0'))"
        reads = ((day, due), (unpaid, paid))
        yield ProposedRollup("overdue_invoices", formula, f"past {due} and not {paid}", reads)


def _time_column(table: RawTable) -> str | None:
    """The first known name of a day, else the first column of dates whose name ends like one."""
    named = _named(table, _TIMES)
    if named and _is_date(table, named):
        return named
    ending = (
        header for header in table.headers if header_key(header).endswith(("at", "date", "on", "日", "日時"))
    )
    usable = (header for header in ending if not header.startswith("_") and _is_date(table, header))
    return next(usable, None)


def _named(table: RawTable, keys: Sequence[str]) -> str | None:
    by_key = {header_key(header): header for header in reversed(table.headers)}
    return next((by_key[key] for key in keys if key in by_key), None)


def _is_date(table: RawTable, header: str) -> bool:
    parsed = parse_dates(table.column(header))
    unclear = parsed.order in (Order.AMBIGUOUS, Order.MIXED) or parsed.bad.any()
    return bool((~np.isnat(parsed.values)).any()) and not unclear


def _is_number(table: RawTable, header: str) -> bool:
    parsed = parse_numbers(table.column(header))
    return bool((~np.isnan(parsed.values)).any()) and not parsed.bad.any()


def _is_text(table: RawTable, header: str) -> bool:
    cells = table.column(header)
    return bool(pd.notna(cells).any()) and all(isinstance(cell, str) for cell in cells if cell is not None)
