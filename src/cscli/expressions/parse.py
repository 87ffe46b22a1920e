"""Checks the syntax tree of an expression against the allow-list, node by node; what is not on it is refused."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from sqlglot import exp

from cscli.expressions import functions, grammar
from cscli.expressions.bare.model import AS_OF, Expression, Way
from cscli.expressions.faults import ExpressionError
from cscli.expressions.functions import AGGREGATE_NODES, FUNCTIONS, NAME_OF_NODE, Takes
from cscli.expressions.names import unknown_function
from cscli.expressions.shape import literals_of, shape_of
from cscli.expressions.syntax import DUCKDB, quote_words, read_tree

_UNIT_NODES = (exp.DateDiff, exp.TimestampTrunc, exp.DateTrunc)
_ONLY_UNDER: Mapping[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
    exp.Star: (exp.Count,),
    exp.Distinct: AGGREGATE_NODES,
    exp.Where: (exp.Filter,),
    exp.If: (exp.Case,),
    exp.Var: _UNIT_NODES,
    exp.DataType: (exp.Cast, exp.TryCast),
    exp.DataTypeParam: (exp.DataType,),
}


def read_expression(text: str, *, aggregate: bool) -> Expression:
    """See `cscli.expressions.parse_expression`."""
    tree = checked_tree(text, aggregate=aggregate)
    names = {column.name for column in tree.find_all(exp.Column)} - {AS_OF}
    shape = shape_of(tree)
    return Expression(
        text=text,
        names=tuple(sorted(names)),
        plain_column=shape.column if shape.way is Way.PLAIN else None,
        literals=literals_of(tree),
        shape=shape,
        texts=tuple(_compared_texts(tree)),
    )


def is_count(expression: Expression) -> bool:
    """See `cscli.expressions.is_count`."""
    tree = checked_tree(expression.text, aggregate=True)
    while isinstance(tree, exp.Filter | exp.Paren):
        tree = tree.this
    return isinstance(tree, exp.Count)


def _compared_texts(tree: exp.Expr) -> Iterator[tuple[str, str]]:
    """Each column and text that the expression compares by = or IN."""
    for node in tree.find_all(exp.EQ, exp.In):
        sides = [node.this, *(node.expressions if isinstance(node, exp.In) else [node.expression])]
        columns = [side.unnest().name for side in sides if isinstance(side.unnest(), exp.Column)]
        texts = [side.name for side in sides if isinstance(side, exp.Literal) and side.is_string]
        if len(columns) == 1:
            yield from ((columns[0], text) for text in texts)


@lru_cache(maxsize=4096)
def checked_tree(text: str, *, aggregate: bool) -> exp.Expr:
    """The syntax tree, every node of which is on the allow-list. Treat it as frozen: it is cached."""
    try:
        return _checked(text, aggregate=aggregate)
    except ExpressionError as error:
        word, mended = quote_words(text)
        if word and _is_readable(mended, aggregate=aggregate):
            if text.strip() == word:  # nothing but the name of a column
                return _checked(mended, aggregate=aggregate)
            raise ExpressionError("expressions.sql_word", word, mended=mended) from error
        raise


def _is_readable(text: str, *, aggregate: bool) -> bool:
    try:
        _checked(text, aggregate=aggregate)
    except ExpressionError:
        return False
    return True


def _checked(text: str, *, aggregate: bool) -> exp.Expr:
    try:
        tree = read_tree(text)
        for node in tree.walk():
            _check_node(node)
        _check_size(tree)
    except RecursionError:
        raise ExpressionError("expressions.too_deep", limit=grammar.MAX_DEPTH) from None
    _check_aggregation(tree, aggregate=aggregate)
    return tree


def _check_node(node: exp.Expr) -> None:
    if type(node) not in grammar.SYNTAX:
        raise _refusal(node)
    for key, value in node.args.items():
        if value not in (None, False, []) and key not in grammar.SYNTAX[type(node)] | grammar.FLAGS:
            raise _part_refusal(node)
    parents = _ONLY_UNDER.get(type(node))
    if parents and not isinstance(node.parent, parents):
        raise _refusal(node)
    if type(node) in NAME_OF_NODE:
        _check_call(node)
    for kind, check in _CHECKS:
        if isinstance(node, kind):
            check(node)


def _refusal(node: exp.Expr) -> ExpressionError:
    for nodes, code in grammar.REFUSALS:
        if isinstance(node, nodes):
            return ExpressionError(code, _shown(node))
    if isinstance(node, exp.Alias):  # `a b` reads as `a AS b`
        return ExpressionError("expressions.left_over", node.alias)
    if isinstance(node, exp.Func):
        return unknown_function(node.name if isinstance(node, exp.Anonymous) else node.sql_name())
    return ExpressionError("expressions.not_allowed", _shown(node))


def _part_refusal(node: exp.Expr) -> ExpressionError:
    codes: dict[type[exp.Expr], str] = {
        exp.Column: "expressions.qualified_name",
        exp.In: "expressions.subquery",
    }
    return ExpressionError(codes.get(type(node), "expressions.not_allowed"), _shown(node))


def _shown(node: exp.Expr) -> str:
    try:
        return node.sql(dialect=DUCKDB, comments=False)[:60]
    except Exception:  # noqa: BLE001 - only for show, and the generator was not made for stray nodes
        return node.key


def _check_call(node: exp.Expr) -> None:
    name = NAME_OF_NODE[type(node)]
    function = FUNCTIONS[name]
    if name == "log10" and not (node.expression and node.this == exp.Literal.number(10)):
        raise unknown_function("log")  # log10(x) reaches us as log(10, x); no other base is allowed
    given = [(takes, node.args[key]) for key, takes in function.arguments if node.args.get(key)]
    if len(given) < function.required:
        raise ExpressionError("expressions.arguments", name)
    for takes, value in given:
        if takes is Takes.PATTERN and not (isinstance(value, exp.Literal) and value.is_string):
            raise ExpressionError("expressions.pattern", name)
        if takes is Takes.UNIT and value.name.casefold() not in functions.DATE_UNITS:
            raise ExpressionError(
                "expressions.unit", value.name.casefold(), allowed=", ".join(functions.DATE_UNITS)
            )


def _check_column(node: exp.Column) -> None:
    if not isinstance(node.this, exp.Identifier):
        raise ExpressionError("expressions.star", _shown(node))
    if node.name.casefold() == "rowid":
        raise ExpressionError("expressions.not_allowed", node.name)


def _check_literal(node: exp.Literal) -> None:
    if node.is_string:
        return
    if not re.fullmatch(r"\d*\.?\d*(?:[eE][+-]?\d+)?", node.name) or not math.isfinite(float(node.name)):
        raise ExpressionError("expressions.number", node.name)


def _check_cast(node: exp.Cast) -> None:
    target = node.to
    allowed = target.this in grammar.CASTS
    if not allowed or (target.expressions and target.this is not exp.DType.DECIMAL):
        raise ExpressionError("expressions.type", _shown(target))
    sizes = [part.name for part in target.expressions]
    if not all(size.isascii() and size.isdigit() for size in sizes) or len(sizes) > 2:
        raise ExpressionError("expressions.type", _shown(target))
    width, scale = [*map(int, sizes), 18, 0][:2] if sizes else (18, 3)
    if not 0 <= (scale if len(sizes) != 1 else 0) <= width <= 38 or width == 0:
        raise ExpressionError("expressions.type", _shown(target))
    literal = node.this
    if target.this is exp.DType.DATE and isinstance(literal, exp.Literal) and literal.is_string:
        check_date(literal.name)


def check_date(text: str) -> date:
    """The date that an expression spells out; ISO only. Raises ExpressionError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ExpressionError("expressions.date", text) from None


def _check_is(node: exp.Is) -> None:
    if not isinstance(node.expression, exp.Null | exp.Boolean):
        raise ExpressionError("expressions.not_allowed", _shown(node))


def _check_modifier(node: exp.Expr) -> None:
    """FILTER belongs to an aggregate; sqlglot itself puts IgnoreNulls around any_value."""
    inner = node.this
    if isinstance(node, exp.Filter) and isinstance(inner, exp.IgnoreNulls):
        inner = inner.this
    wanted = AGGREGATE_NODES if isinstance(node, exp.Filter) else exp.AnyValue
    if not isinstance(inner, wanted):
        raise ExpressionError("expressions.not_allowed", _shown(node))


_CHECKS: tuple[tuple[type[exp.Expr], Callable[..., None]], ...] = (
    (exp.Column, _check_column),
    (exp.Literal, _check_literal),
    (exp.Cast, _check_cast),
    (exp.Is, _check_is),
    (exp.Filter, _check_modifier),
    (exp.IgnoreNulls, _check_modifier),
)


def _check_size(tree: exp.Expr) -> None:
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [child for node in level for child in node.iter_expressions()]
    if depth > grammar.MAX_DEPTH or _weight(tree) > grammar.MAX_WEIGHT:
        raise ExpressionError("expressions.too_deep", limit=grammar.MAX_DEPTH)


def _weight(node: exp.Expr) -> int:
    """How many nodes DuckDB gets, where templates repeat an argument."""
    copies = 1
    if type(node) in NAME_OF_NODE:
        copies = FUNCTIONS[NAME_OF_NODE[type(node)]].copies
    elif isinstance(node, exp.Cast):
        copies = 2
    elif isinstance(node, exp.Case) and node.this:
        copies = len(node.args["ifs"])
    return 1 + copies * sum(map(_weight, node.iter_expressions()))


def _check_aggregation(tree: exp.Expr, *, aggregate: bool) -> None:
    for node in tree.find_all(*AGGREGATE_NODES):
        if not aggregate:
            raise ExpressionError("expressions.aggregate", NAME_OF_NODE[type(node)])
        if node.find_ancestor(exp.Where, *AGGREGATE_NODES):
            raise ExpressionError("expressions.nested_aggregate", NAME_OF_NODE[type(node)])
        distinct = node.this
        if isinstance(distinct, exp.Distinct) and len(distinct.expressions) != 1:
            raise ExpressionError("expressions.arguments", NAME_OF_NODE[type(node)])
    for column in _bare_columns(tree) if aggregate else ():
        raise ExpressionError("expressions.bare_column", column)


def _bare_columns(tree: exp.Expr) -> Iterator[str]:
    for column in tree.find_all(exp.Column):
        if column.name != AS_OF and not column.find_ancestor(exp.Filter, *AGGREGATE_NODES):
            yield column.name
