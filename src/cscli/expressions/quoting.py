"""Texts and names as SQL: the only place that quotes them."""


def sql_text(text: str) -> str:
    """`text` as a literal."""
    return "'" + text.replace("'", "''") + "'"


def sql_name(name: str) -> str:
    """`name` as an identifier."""
    return '"' + name.replace('"', '""') + '"'
