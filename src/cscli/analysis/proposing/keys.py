"""A table to the column that holds the account's id: known by its header, else by its values, and why."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pandas as pd

from cscli.analysis.tables.dates import parse_dates
from cscli.analysis.tables.raw import RawTable
from cscli.fields import known_field
from cscli.header_keys import header_key

_NEARLY_ALL = 0.9
_HALF = 0.5
_LIKE_ID = ("id", "key", "code", "no", "number", "コード", "番号")
_DECIMAL = re.compile(r"[-+]?\d*[.,]\d+\Z")


@dataclass(frozen=True, slots=True)
class Key:
    """The header of the id column, whether nearly every row has a value of its own, and the reason."""

    header: str
    is_unique: bool
    why: str


@dataclass(frozen=True, slots=True)
class _Facts:
    header: str
    filled: float
    unique: float

    @property
    def is_key(self) -> bool:
        return self.filled == 1 and self.unique == 1

    @property
    def is_nearly_key(self) -> bool:
        return self.filled >= _NEARLY_ALL and self.unique >= _NEARLY_ALL


def key_of_accounts(table: RawTable) -> Key | None:
    """The id column of a table of one row an account: a known header that is filled, else a column of unique
    values, best one whose header ends like an id. None if no column has values.
    """
    facts = [fact for header in table.headers if (fact := _facts(table, header)).filled > 0]
    known = [fact for fact in facts if _is_known(fact.header) and fact.is_nearly_key]
    if known:
        return Key(known[0].header, is_unique=True, why="known header")
    like_ids = sorted(
        (fact for fact in facts if _ends_like_id(fact.header)), key=lambda fact: _preference(fact.header)
    )
    unique_ids = [fact for fact in like_ids if fact.is_key]
    if unique_ids:
        alone = "the only column" if len(unique_ids) == 1 else "the first column"
        return Key(
            unique_ids[0].header,
            is_unique=True,
            why=f"proposed: {alone} with unique values and a name like an id",
        )
    unique = [fact for fact in facts if fact.is_key and _is_text(table, fact.header)]
    if unique:
        return Key(unique[0].header, is_unique=True, why="proposed: no name like an id, but unique values")
    rest = [fact for fact in [*(f for f in facts if _is_known(f.header)), *like_ids] if fact.filled >= _HALF]
    if rest:
        best = max(rest, key=lambda fact: fact.unique)
        return Key(
            best.header, is_unique=False, why="proposed: named like an id, but blanks or repeats stand in it"
        )
    return None


def key_of_rows(table: RawTable, ids: AbstractSet[str], accepted: str | Sequence[str] | None) -> Key | None:
    """The column of a further table that holds account ids: a header in `accepted`, a known one, else the one
    whose values are found most often among `ids`.
    """
    choices = [accepted] if isinstance(accepted, str) else accepted or []
    keys = {header_key(choice) for choice in choices}
    named = next((header for header in table.headers if header_key(header) in keys), None)
    known = next((header for header in table.headers if _is_known(header)), None)
    header, why = (named, "named in the preset") if named and named != known else (known, "known header")
    if header is None:
        shares = {header: _share_in(table, header, ids) for header in table.headers}
        header = max(table.headers, key=lambda header: shares[header])
        why = f"proposed: {shares[header]:.0%} of its values are ids of accounts"
        if shares[header] < _HALF:
            return None
    return Key(header, _facts(table, header).unique >= _NEARLY_ALL, why)


def _facts(table: RawTable, header: str) -> _Facts:
    cells = pd.Series(table.column(header), dtype=object)
    filled = cells.notna()
    count = int(filled.sum())
    distinct = cells[filled].astype(str).str.strip().nunique() if count else 0
    return _Facts(header, count / max(len(cells), 1), distinct / max(count, 1))


def _is_known(header: str) -> bool:
    field = known_field(header)
    return field is not None and field.name == "account_id"


def _ends_like_id(header: str) -> bool:
    field = known_field(header)
    return (field is None or field.name == "account_id") and header_key(header).endswith(_LIKE_ID)


def _preference(header: str) -> tuple[bool, bool, int]:
    """`id` alone, then what ends in id, then the shorter name."""
    key = header_key(header)
    return key != "id", not key.endswith("id"), len(key)


def _is_text(table: RawTable, header: str) -> bool:
    """Whether the column is neither dates nor fractions, which can be unique by chance."""
    cells = table.column(header)
    texts = [cell for cell in cells if isinstance(cell, str)]
    if len(texts) < len(cells) or any(_DECIMAL.match(text.strip()) for text in texts):
        return False
    parsed = parse_dates(cells)
    return bool(parsed.bad.all())


def _share_in(table: RawTable, header: str, ids: AbstractSet[str]) -> float:
    values = {str(cell).strip() for cell in table.column(header) if cell is not None}
    return len(values & ids) / len(values) if values else 0.0
