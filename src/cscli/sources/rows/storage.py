"""How the columns of a big table are stored, and the SQL that reads each kind, for DuckDB and for Spark."""

from collections.abc import Iterable, Mapping
from typing import Literal

from cscli.sources.rows.model import BigTable

Physical = Literal["text", "number", "date", "boolean", "aware", "naive"]

_NUMBERS: tuple[str, ...] = (
    "TINYINT",
    "SMALLINT",
    "INT",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
)
_NUMBERS += ("FLOAT", "DOUBLE", "DECIMAL")


def physical_of(type_name: str) -> Physical:
    """The kind of a column by DuckDB's name of its type; what is none of ours is read as text."""
    name = type_name.upper()
    if name.startswith("TIMESTAMP"):
        return "aware" if "ZONE" in name else "naive"
    if name in ("DATE", "BOOLEAN"):
        return "date" if name == "DATE" else "boolean"
    return "number" if name.startswith(_NUMBERS) and not name.startswith("INTERVAL") else "text"


def agreed(by_file: Iterable[Mapping[str, Physical]]) -> dict[str, Physical]:
    """The kinds of all files together: text where they differ."""
    first, *others = by_file
    return {
        name: kind if all(other[name] == kind for other in others) else "text" for name, kind in first.items()
    }


def stored_as(kind: Physical, column: str) -> str:
    """A column of a relation as its kind, in DuckDB's dialect."""
    if kind == "text":
        return f"CAST({column} AS VARCHAR)"
    if kind == "aware":
        return f"CAST(CAST({column} AS TIMESTAMPTZ) AS TIMESTAMP)"
    types = {"number": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN", "naive": "TIMESTAMP"}
    return f"CAST({column} AS {types[kind]})"


def wanted_headers(table: BigTable, aliases: Mapping[str, str]) -> dict[str, str]:
    """The header of account_id and of each alias."""
    return {
        "account_id": table.headers["account_id"],
        **{alias: table.headers[name] for name, alias in aliases.items()},
    }
