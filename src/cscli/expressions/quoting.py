"""Texts and names as SQL: the only place that quotes them."""


def sql_text(text: str) -> str:
    """`text` as a literal."""
    return "'" + text.replace("'", "''") + "'"


def sql_file(path: str) -> str:
    """The file of this name, and no other, as a literal: where DuckDB reads files it takes some signs for patterns."""
    return sql_text("".join(f"[{sign}]" if sign in "*?[" else sign for sign in path))


def sql_name(name: str) -> str:
    """`name` as an identifier."""
    return '"' + name.replace('"', '""') + '"'
