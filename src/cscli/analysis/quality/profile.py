"""A typed table to its profile: what each column holds, small enough to be kept with every run."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cscli.analysis.tables.conform import TypedTable, cell_text, infer_column
from cscli.analysis.tables.raw import RawTable
from cscli.fields import FieldType

MOST_CATEGORIES = 30
"""A text column with more distinct values has no categories."""

_SAMPLED = 16
_LONGEST = 60

Record = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """What one column holds. `name` and `how`: as mapped; None where it is not used. `filled`: cells with a usable
    value. `lowest`, `highest`: as text, dates ISO. `zero_share`: of the filled cells of a number. `sample`: one mark
    for each of the table's `sample_ids`, which tells the column again under another header; "" is blank.
    """

    header: str
    name: str | None
    how: str | None
    type: str | None
    filled: int
    distinct: int
    lowest: str | None
    highest: str | None
    example: str | None
    zero_share: float | None
    categories: tuple[str, ...]
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProfile:
    """One export. `sample_ids`: marks of the accounts whose values `ColumnProfile.sample` holds."""

    file: str
    sheet: str | None
    sha256: str
    rows: int
    sample_ids: tuple[str, ...]
    columns: tuple[ColumnProfile, ...]

    @property
    def headers(self) -> frozenset[str]:
        return frozenset(column.header for column in self.columns)

    @property
    def used(self) -> dict[str, ColumnProfile]:
        """The columns that have a name, by name."""
        return {column.name: column for column in self.columns if column.name is not None}


def profile_table(
    raw: RawTable, typed: TypedTable, zone: ZoneInfo | None, known_unused: Iterable[str] = ()
) -> SourceProfile:
    """The profile of a table. Headers in `known_unused` that are not used are listed and not looked at."""
    rows, ids = _sample_rows(typed.frame)
    skipped = set(known_unused)
    columns = {}
    for column in typed.columns:
        mapped = column.mapped
        facts = _describe(typed.frame[mapped.name], column.type, rows)
        example = _example(raw, mapped.header)
        columns[mapped.header] = ColumnProfile(
            header=mapped.header, name=mapped.name, how=mapped.how, example=example, **facts
        )
    for header in typed.unused:
        if header in skipped:
            columns[header] = _unread(header)
            continue
        kind, values = infer_column(raw, header, zone)
        facts = _describe(pd.Series(values, dtype=values.dtype), kind, rows)
        columns[header] = ColumnProfile(
            header=header, name=None, how=None, example=_example(raw, header), **facts
        )
    facts_read = typed.facts
    return SourceProfile(
        file=facts_read.file,
        sheet=facts_read.sheet,
        sha256=facts_read.sha256,
        rows=len(typed.lines),
        sample_ids=ids,
        columns=tuple(columns[header] for header in raw.headers),
    )


def profile_rollup(typed: TypedTable) -> SourceProfile:
    """The profile of a log that was added up: of what resulted of it."""
    rows, ids = _sample_rows(typed.frame)
    columns = []
    for column in typed.columns:
        facts = _describe(typed.frame[column.mapped.name], column.type, rows)
        columns.append(
            ColumnProfile(
                header=column.mapped.header,
                name=column.mapped.name,
                how=column.mapped.how,
                example=None,
                **facts,
            )
        )
    return SourceProfile(
        file=typed.facts.file,
        sheet=None,
        sha256=typed.facts.sha256,
        rows=len(typed.lines),
        sample_ids=ids,
        columns=tuple(columns),
    )


def profile_records(profiles: Mapping[str, SourceProfile]) -> dict[str, Record]:
    """The profiles as plain data; of columns that are not used only the header."""
    return {name: asdict(_reduced(profile)) for name, profile in profiles.items()}


def read_profiles(records: Mapping[str, object]) -> dict[str, SourceProfile]:
    """What `profile_records` gave, after a way through JSON. Raises KeyError, TypeError for what is no such record."""
    return {name: _read_profile(record) for name, record in records.items()}


def _read_profile(record: object) -> SourceProfile:
    if not isinstance(record, Mapping):
        raise TypeError(type(record))
    columns = tuple(
        ColumnProfile(
            **{**column, "categories": tuple(column["categories"]), "sample": tuple(column["sample"])}
        )
        for column in record["columns"]
    )
    return SourceProfile(**{**record, "sample_ids": tuple(record["sample_ids"]), "columns": columns})


def _reduced(profile: SourceProfile) -> SourceProfile:
    columns = tuple(
        column if column.name is not None else _unread(column.header) for column in profile.columns
    )
    return SourceProfile(
        file=profile.file,
        sheet=profile.sheet,
        sha256=profile.sha256,
        rows=profile.rows,
        sample_ids=profile.sample_ids,
        columns=columns,
    )


def _unread(header: str) -> ColumnProfile:
    return ColumnProfile(
        header=header,
        name=None,
        how=None,
        type=None,
        filled=0,
        distinct=0,
        lowest=None,
        highest=None,
        example=None,
        zero_share=None,
        categories=(),
        sample=(),
    )


def _describe(values: "pd.Series[Any]", kind: FieldType, rows: list[int]) -> dict[str, Any]:
    known = values.dropna()
    texts = _extremes(known, kind)
    distinct = int(known.nunique())
    is_number = kind is FieldType.NUMBER
    return {
        "type": kind.value,
        "filled": len(known),
        "distinct": distinct,
        "lowest": texts[0],
        "highest": texts[1],
        "zero_share": round(float((known == 0).mean()), 4) if is_number and len(known) else None,
        "categories": _categories(known, kind, distinct),
        "sample": tuple(_mark(values.iloc[row], is_number=is_number) for row in rows),
    }


def _extremes(known: "pd.Series[Any]", kind: FieldType) -> tuple[str | None, str | None]:
    if known.empty or kind is FieldType.BOOLEAN:
        return None, None
    return _value_text(known.min()), _value_text(known.max())


def _categories(known: "pd.Series[Any]", kind: FieldType, distinct: int) -> tuple[str, ...]:
    """Only where values come again: a short list of names has no categories."""
    if kind is not FieldType.TEXT or distinct > MOST_CATEGORIES or 2 * distinct > len(known):
        return ()
    return tuple(sorted(map(_value_text, known.unique())))


def _value_text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value + 0.0:.15g}"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _example(raw: RawTable, header: str) -> str | None:
    filled = next((cell for cell in raw.column(header) if cell is not None and cell != ""), None)
    return None if filled is None else _value_text(cell_text(filled))


def _sample_rows(frame: pd.DataFrame) -> tuple[list[int], tuple[str, ...]]:
    """The first row of each of a few accounts, the same ones every time: those whose hashes are lowest."""
    if "account_id" not in frame:
        return [], ()
    ids = frame["account_id"].reset_index(drop=True).dropna().drop_duplicates()
    hashes = pd.util.hash_array(ids.to_numpy(dtype=object), categorize=False)
    lowest = np.argsort(hashes, kind="stable")[:_SAMPLED]
    return ids.index[lowest].tolist(), tuple(f"{value:016x}"[:8] for value in hashes[lowest].tolist())


def _mark(value: Any, *, is_number: bool) -> str:
    """Of a number the number, as it may move a little; else what can only be compared."""
    if pd.isna(value):
        return ""
    if is_number:
        return f"{value + 0.0:.6g}"
    return hashlib.blake2b(_value_text(value).encode("utf-8", "replace"), digest_size=4).hexdigest()
