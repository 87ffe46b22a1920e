"""A rollup's SQL in DuckDB's dialect as Spark's, with the same values; what Spark cannot do alike is refused."""

from collections.abc import Callable

import sqlglot
from sqlglot import exp

from cscli.expressions import EvaluationError, ExpressionError
from cscli.expressions.plan import PlannedColumn
from cscli.sources.engine.spark_sql import shorten_ranges

_WHOLE = (exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT)


def check_rollup(column: PlannedColumn) -> None:
    """Raises EvaluationError with the name of what Spark would do otherwise than DuckDB."""
    for node in sqlglot.parse_one(column.sql, read="duckdb").walk():
        name = _refused(node)
        if name:
            raise EvaluationError((column.name, ExpressionError("rows.not_on_spark", name)))


def carried_rows(sql: str) -> str:
    """The SQL of a whole query for Spark, in which a division by zero is NULL."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    for node in reversed(list(tree.walk())):  # what is within first: it goes into what is around it as text
        change = shorten_ranges if isinstance(node, exp.Case) else _CHANGES.get(type(node))
        changed = change(node) if change else node
        if changed is not node:
            node.replace(changed)
    return tree.sql(dialect="spark")


def _refused(node: exp.Expr) -> str | None:
    """Which row any_value takes depends on their order; numbers are written and cut to integers differently."""
    if isinstance(node, exp.AnyValue):
        return "any_value"
    if isinstance(node, exp.RegexpLike) and node.args.get("flag"):
        return "regexp_matches(..., flags)"
    if isinstance(node, exp.RegexpReplace):
        return "concat"
    if isinstance(node, exp.TryCast) and node.args["to"].this in _WHOLE and not _is_plain(node.this):
        return "CAST AS INTEGER"
    if isinstance(node, exp.Like | exp.ILike) and "\\" in node.expression.name:
        return "LIKE '\\'"
    return None


def _is_plain(node: exp.Expr) -> bool:
    """A number written out, or one cut to whole days before."""
    bare = node.unnest()
    bare = bare.this.unnest() if isinstance(bare, exp.Neg) else bare
    return isinstance(bare, exp.Literal) or (
        isinstance(bare, exp.TryCast) and bare.args["to"].this is exp.DType.DECIMAL
    )


def _divide(node: exp.Expr) -> exp.Expr:
    by = exp.func("NULLIF", exp.Paren(this=node.expression.copy()), exp.Literal.number(0))
    return type(node)(this=node.this.copy(), expression=by)


def _decimal_logarithm(node: exp.Expr) -> exp.Expr:
    return exp.Var(this=f"LOG10({node.expression.sql(dialect='spark')})")


def _between_days(node: exp.Expr) -> exp.Expr:
    """Spark has whole months where DuckDB counts the ends of months that lie between."""
    unit = node.args["unit"].name.upper() if node.args.get("unit") else "DAY"
    later, earlier = (part.sql(dialect="spark") for part in (node.this, node.expression))
    months = f"((YEAR({later}) - YEAR({earlier})) * 12 + MONTH({later}) - MONTH({earlier}))"
    quarters = f"((YEAR({later}) - YEAR({earlier})) * 4 + QUARTER({later}) - QUARTER({earlier}))"
    weeks = f"(DATEDIFF(DATE_TRUNC('WEEK', {later}), DATE_TRUNC('WEEK', {earlier})) DIV 7)"
    years = f"(YEAR({later}) - YEAR({earlier}))"
    forms = {"MONTH": months, "QUARTER": quarters, "WEEK": weeks, "YEAR": years}
    return exp.Var(this=forms.get(unit, f"DATEDIFF({later}, {earlier})"))


def _cast(node: exp.Expr) -> exp.Expr:
    """The difference of two dates is a number of days."""
    inner = node.this.unnest()
    if type(node) is exp.Cast and isinstance(inner, exp.Sub) and isinstance(node.this, exp.Paren):
        days = f"DATEDIFF({inner.this.sql(dialect='spark')}, {inner.expression.sql(dialect='spark')})"
        return exp.Cast(this=exp.Var(this=days), to=node.args["to"].copy())
    return node


def _first_or_last(node: exp.Expr) -> exp.Expr:
    """DuckDB passes over rows without a value; of equal ones, Spark takes the largest or smallest."""
    name = "MAX_BY" if isinstance(node, exp.ArgMax) else "MIN_BY"
    value, by = (part.sql(dialect="spark") for part in (node.this, node.expression))
    known = f"{value} IS NOT NULL AND {by} IS NOT NULL"
    return exp.Var(
        this=f"{name}(CASE WHEN {known} THEN {value} END, CASE WHEN {known} THEN STRUCT({by}, {value}) END)"
    )


def _finite(node: exp.Expr) -> exp.Expr:
    value = node.this.sql(dialect="spark")
    return exp.Var(this=f"(NOT ISNAN({value}) AND ABS({value}) < DOUBLE('Infinity'))")


def _by_name(node: exp.Expr) -> exp.Expr:
    if node.name.upper() == "ISFINITE":
        return _finite(exp.Paren(this=node.expressions[0]))
    return node


_CHANGES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Div: _divide,
    exp.Mod: _divide,
    exp.DateDiff: _between_days,
    exp.Cast: _cast,
    exp.Log: _decimal_logarithm,
    exp.ArgMax: _first_or_last,
    exp.ArgMin: _first_or_last,
    exp.Anonymous: _by_name,
}
