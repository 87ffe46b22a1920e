"""Exports that the rules read already to the columns that they did not have when the rules were written."""

from collections.abc import Iterator, Mapping

from cscli.analysis.proposing.concepts import concept_of
from cscli.analysis.proposing.names import Names
from cscli.analysis.recognising.facts import ColumnFacts, facts_of
from cscli.analysis.recognising.kinds import Why
from cscli.analysis.tables.mapping import map_any_headers
from cscli.analysis.tables.raw import RawTable
from cscli.config.load import Draft
from cscli.config.schema import Source
from cscli.rules_text.inserting import ColumnLine, source_node
from cscli.rules_text.sources import say


def new_columns(text: str, draft: Draft, tables: Mapping[str, RawTable]) -> dict[str, list[ColumnLine]]:
    """By source, columns of `tables` that its lines do not name, not even in a comment: those with a known header, and
    those whose names tell something of an account's health.
    """
    found: dict[str, list[ColumnLine]] = {}
    given = {name for source in draft.sources().values() for name in (*source.columns, *source.rollup)}
    for name, table in tables.items():
        source = draft.sources()[name]
        if source.kind != "accounts" and not source.of_revenue:
            continue
        lines = list(_lines(table, source, _lines_of(text, name), given, draft))
        if lines:
            found[name] = lines
            given |= {line.name for line in lines}
    return found


def _lines(
    table: RawTable, source: Source, shown: str, given: set[str], draft: Draft
) -> Iterator[ColumnLine]:
    facts = facts_of(table)
    names = Names(facts)
    known = {
        each.header: each.name
        for each in map_any_headers(table, source).columns
        if each.how == "known header"
    }
    for column in facts.columns:
        if column.header in shown or column.header.startswith("_") or not column.filled:
            continue
        name = known.get(column.header)
        if name is not None and name not in given:
            yield ColumnLine(name, column.header, say(Why("known_header"), draft.language))
        elif name is None and _tells(column) and source.kind == "accounts" and names.of(column) not in given:
            yield ColumnLine(names.of(column), column.header, say(Why("new_column"), draft.language))


def _tells(column: ColumnFacts) -> bool:
    return (
        column.type in ("number", "truth") and concept_of(column) is not None and not column.is_named_like_id
    )


def _lines_of(text: str, source: str) -> str:
    """The lines of a source, with its comments."""
    block = source_node(text, source)
    return text[block.start_mark.index : block.end_mark.index]
