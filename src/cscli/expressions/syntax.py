"""Turns the text of an expression into a syntax tree, or says in one line where it cannot be read."""

import logging
import re
import unicodedata
from itertools import pairwise

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from cscli.expressions import functions, grammar
from cscli.expressions.faults import ExpressionError
from cscli.expressions.functions import FUNCTIONS, NAME_OF_NODE
from cscli.expressions.names import check_spreadsheet, unknown_function

# The parser logs a warning before it falls back on an opaque node, which is refused anyway.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

DUCKDB = DuckDB()
_WORD = re.compile(r"[A-Za-z_]\w*")
_CONNECTING = frozenset({"and", "or", "not", "in", "is", "null", "like", "between", "true", "false"})
"""Words that are what they say in nearly every expression."""


def read_tree(text: str) -> exp.Expr:
    """The tree of one expression, not yet checked. Raises ExpressionError, or RecursionError if too deep."""
    _check_text(text)
    return _parse(text)


def quote_words(text: str) -> tuple[str, str]:
    """The first word of `text` that is one of SQL and could be a column, and the text with all such words in double
    quotes; two empty texts where there is none.
    """
    try:
        tokens = DUCKDB.tokenize(text)
    except SqlglotError:
        return "", ""
    words = [token for token in tokens if _may_be_column(token, text)]
    for token in reversed(words):
        text = f'{text[: token.start]}"{token.text}"{text[token.end + 1 :]}'
    return (words[0].text, text) if words else ("", "")


def _may_be_column(token: Token, text: str) -> bool:
    """Whether the token is a bare word that SQL keeps for itself and no part of an expression."""
    is_bare = text[token.start : token.end + 1] == token.text and _WORD.fullmatch(token.text) is not None
    kept = _CONNECTING | grammar.CLOCK_NAMES
    return is_bare and token.token_type is not TokenType.VAR and token.text.casefold() not in kept


def _check_text(text: str) -> None:
    if not text.strip():
        raise ExpressionError("expressions.empty")
    if len(text) > grammar.MAX_LENGTH:
        raise ExpressionError("expressions.too_long", length=len(text), limit=grammar.MAX_LENGTH)
    for at, character in enumerate(text, start=1):
        if unicodedata.category(character) in {"Cc", "Cf", "Cs"} and character not in "\t\r\n":
            raise ExpressionError("expressions.character", f"U+{ord(character):04X}", at=at)


def _parse(text: str) -> exp.Expr:
    try:
        tokens = DUCKDB.tokenize(text)
        _check_tokens(text, tokens)
        check_spreadsheet(text, tokens)
        trees = DUCKDB.parser().parse(tokens, text)
    except (ExpressionError, RecursionError):
        raise
    except ParseError as error:
        raise _syntax_error(text, error) from None
    except SqlglotError:
        raise ExpressionError("expressions.unfinished") from None
    except Exception:  # noqa: BLE001 - whatever else the parser trips over, the text is at fault
        raise ExpressionError("expressions.unreadable") from None
    if len(trees) != 1 or not isinstance(tree := trees[0], exp.Expr):
        raise ExpressionError("expressions.unreadable")
    if isinstance(tree, exp.Query) and not isinstance(tree, exp.Subquery):
        raise ExpressionError("expressions.statement", text.split(maxsplit=1)[0])
    return tree


def _check_tokens(text: str, tokens: list[Token]) -> None:
    """Nothing may hide between tokens, and no second statement behind the first."""
    ends = [-1, *(token.end for token in tokens)]
    starts = [*(token.start for token in tokens), len(text)]
    if any(text[end + 1 : start].strip() for end, start in zip(ends, starts, strict=True)):
        raise ExpressionError("expressions.comment")
    if any(token.comments for token in tokens):
        raise ExpressionError("expressions.comment")
    if any(token.token_type is TokenType.SEMICOLON for token in tokens):
        raise ExpressionError("expressions.statement", ";")
    for token, following in pairwise(tokens):
        if following.token_type is TokenType.L_PAREN and re.match(r"[^\W\d]", token.text):
            _check_called(token.text.casefold())


def _check_called(word: str) -> None:
    """A word before a bracket must be a function of the list, however it is quoted or cased."""
    if word in grammar.CLOCK_NAMES:
        raise ExpressionError("expressions.clock", word)
    if word not in FUNCTIONS and word not in functions.SYNONYMS and word not in grammar.KEYWORDS:
        raise unknown_function(word)


def _syntax_error(text: str, error: ParseError) -> ExpressionError:
    first = error.errors[0] if error.errors else {}
    description = str(first.get("description", ""))
    near = str(first.get("highlight") or "")
    lines = text.split("\n")[: int(first.get("line") or 1) - 1]
    at = sum(len(line) + 1 for line in lines) + int(first.get("col") or 1) - len(near) + 1
    if missing := re.search(r"missing for <class '[\w.]*\.(\w+)'", description):
        name = next((name for node, name in NAME_OF_NODE.items() if node.__name__ == missing[1]), None)
        if name:
            return ExpressionError("expressions.arguments", name)
        return ExpressionError("expressions.incomplete", near, at=at)
    if expected := re.match(r"(?:Expecting|Expected) ([A-Z]+|\W)(?: |$)", description):
        return ExpressionError("expressions.expected", near, at=at, expected=expected[1])
    if description.startswith("The number of provided arguments"):
        return ExpressionError("expressions.too_many_arguments", near, at=at)
    return (
        ExpressionError("expressions.syntax", near, at=at)
        if near
        else ExpressionError("expressions.unreadable")
    )
