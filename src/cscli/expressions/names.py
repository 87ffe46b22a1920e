"""Faults for functions that are not on the list: unknown ones, and those of spreadsheets with what stands in place of them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from sqlglot.tokenizer_core import Token, TokenType

from cscli.expressions.faults import ExpressionError
from cscli.expressions.functions import FUNCTIONS
from cscli.nearest import nearest_name

IN_PLACE: Mapping[str, str] = {
    "if": "CASE WHEN a THEN b ELSE c END",
    "ifs": "CASE WHEN a THEN b WHEN c THEN d END",
    "switch": "CASE x WHEN 1 THEN a WHEN 2 THEN b END",
    "iferror": "coalesce(a, b)",
    "ifna": "coalesce(a, b)",
    "isblank": "x IS NULL",
    "isna": "x IS NULL",
    "iserror": "x IS NULL",
    "isnumber": "x IS NOT NULL",
    "and": "a AND b",
    "or": "a OR b",
    "array_overlaps": "a AND b",
    "sumif": "sum(x) FILTER (WHERE a)",
    "sumifs": "sum(x) FILTER (WHERE a AND b)",
    "countif": "count(*) FILTER (WHERE a)",
    "countifs": "count(*) FILTER (WHERE a AND b)",
    "averageif": "avg(x) FILTER (WHERE a)",
    "average": "avg(x)",
    "counta": "count(x)",
    "mid": "substr(x, 1, 3)",
    "find": "contains(x, 'abc')",
    "search": "contains(lower(x), 'abc')",
    "substitute": "replace(x, 'a', 'b')",
    "int": "floor(x)",
    "roundup": "ceil(x)",
    "rounddown": "floor(x)",
    "datedif": "date_diff('day', a, b)",
    "days": "date_diff('day', a, b)",
}
"""By the name of the function, folded: an expression of ours."""
_OPENING = {TokenType.L_PAREN, TokenType.COMMA, TokenType.AND, TokenType.OR, TokenType.NOT}


def check_spreadsheet(text: str, tokens: Sequence[Token]) -> None:
    """Raises for a formula's first `=`, and for AND(...) and OR(...)."""
    if text.lstrip().startswith(("=", "＝")):
        raise ExpressionError("expressions.leading_equals")
    before: Sequence[Token | None] = [None, *tokens]
    for last, (token, following) in zip(before, pairwise(tokens), strict=False):
        is_call = (
            token.token_type in (TokenType.AND, TokenType.OR) and following.token_type is TokenType.L_PAREN
        )
        if is_call and (last is None or last.token_type in _OPENING):
            raise instead_of(token.text.casefold())


def instead_of(word: str) -> ExpressionError:
    """The fault for a function of spreadsheets. KeyError for another word."""
    return ExpressionError("expressions.of_spreadsheets", word.upper(), instead=IN_PLACE[word])


def unknown_function(name: str) -> ExpressionError:
    """The fault for a function that is not on the list, with the nearest one that is."""
    folded = name.casefold()
    if folded in IN_PLACE:
        return instead_of(folded)
    if nearest := nearest_name(folded, FUNCTIONS):
        return ExpressionError("expressions.unknown_function", folded, nearest=nearest)
    return ExpressionError("expressions.function_not_allowed", folded, allowed=", ".join(FUNCTIONS))
