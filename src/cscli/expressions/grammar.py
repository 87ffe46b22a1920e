"""The allow-list of the expression language: which syntax nodes and functions exist, and what SQL each becomes.

Whatever is not named here is refused. All numbers are DOUBLE while an expression runs, so integer overflow
and decimal widths cannot end a run; `{0}`, `{1}` in a template are the arguments, `{all}` all of them.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlglot import exp

MAX_LENGTH = 500  # characters
MAX_DEPTH = 100  # levels of the syntax tree, where `a OR b OR c` has three
MAX_WEIGHT = 2_000  # nodes after templates that name an argument twice are written out
MAX_TEXT = 1_000  # characters of a text that is put together, so that nothing can grow without end

DATE_UNITS = ("day", "week", "month", "quarter", "year")


class Kind(StrEnum):
    """What a value is. MISSING is NULL, or a column without any value: it fits everywhere."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"
    MISSING = "missing"


class Takes(StrEnum):
    """What an argument must be: a kind, or one of the special cases."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"
    ANY = "any"
    ALIKE = "alike"  # all such arguments have one kind, which is the result's
    WHOLE = "whole"  # a number that DuckDB wants as an integer
    PRINTED = "printed"  # anything, turned into text
    PATTERN = "pattern"  # a text written out in the expression
    UNIT = "unit"  # one of DATE_UNITS, written out
    TEN = "ten"  # sqlglot reads log10(x) as log(10, x)


@dataclass(frozen=True, slots=True)
class Function:
    """`arguments`: the node's argument keys in the order of SQL. `gives` None: the kind of its arguments."""

    nodes: tuple[type[exp.Expr], ...]
    arguments: tuple[tuple[str, Takes], ...]
    gives: Kind | None
    sql: str
    required: int = 1
    copies: int = 1


_X = ("this", Takes.NUMBER)
_TEXT = ("this", Takes.TEXT)
_DATE = ("this", Takes.DATE)
_ALIKE = ("this", Takes.ALIKE)
_SECOND_TEXT = ("expression", Takes.TEXT)
_COUNT = ("expression", Takes.WHOLE)
_UNIT = ("unit", Takes.UNIT)

SCALARS: dict[str, Function] = {
    "abs": Function((exp.Abs,), (_X,), Kind.NUMBER, "abs({0})"),
    "round": Function((exp.Round,), (_X, ("decimals", Takes.WHOLE)), Kind.NUMBER, "round({all})"),
    "floor": Function((exp.Floor,), (_X,), Kind.NUMBER, "floor({0})"),
    "ceil": Function((exp.Ceil,), (_X,), Kind.NUMBER, "ceil({0})"),
    "least": Function((exp.Least,), (_ALIKE, ("expressions", Takes.ALIKE)), None, "least({all})"),
    "greatest": Function((exp.Greatest,), (_ALIKE, ("expressions", Takes.ALIKE)), None, "greatest({all})"),
    "ln": Function((exp.Ln,), (_X,), Kind.NUMBER, "CASE WHEN {0} > 0 THEN ln({0}) END", copies=2),
    "log10": Function(
        (exp.Log,),
        (("this", Takes.TEN), ("expression", Takes.NUMBER)),
        Kind.NUMBER,
        "CASE WHEN {1} > 0 THEN log10({1}) END",
        required=2,
        copies=2,
    ),
    # exp of anything larger than 709.78 overflows a double
    "exp": Function((exp.Exp,), (_X,), Kind.NUMBER, "CASE WHEN {0} < 709.78 THEN exp({0}) END", copies=2),
    "sqrt": Function((exp.Sqrt,), (_X,), Kind.NUMBER, "CASE WHEN {0} >= 0 THEN sqrt({0}) END", copies=2),
    # 0 to a negative power is an error in DuckDB, a negative number to a fraction nan
    "pow": Function(
        (exp.Pow,),
        (_X, ("expression", Takes.NUMBER)),
        Kind.NUMBER,
        "CASE WHEN isfinite(CASE WHEN {0} <> 0 OR {1} >= 0 THEN pow({0}, {1}) END) THEN pow({0}, {1}) END",
        required=2,
        copies=3,
    ),
    "coalesce": Function((exp.Coalesce,), (_ALIKE, ("expressions", Takes.ALIKE)), None, "coalesce({all})"),
    "nullif": Function(
        (exp.Nullif,), (_ALIKE, ("expression", Takes.ALIKE)), None, "nullif({0}, {1})", required=2, copies=2
    ),
    "lower": Function((exp.Lower,), (_TEXT,), Kind.TEXT, "lower({0})"),
    "upper": Function((exp.Upper,), (_TEXT,), Kind.TEXT, "upper({0})"),
    "trim": Function((exp.Trim,), (_TEXT, _SECOND_TEXT), Kind.TEXT, "trim({all})"),
    "length": Function((exp.Length,), (_TEXT,), Kind.NUMBER, "CAST(length({0}) AS DOUBLE)"),
    "left": Function((exp.Left,), (_TEXT, _COUNT), Kind.TEXT, "left({all})", required=2),
    "right": Function((exp.Right,), (_TEXT, _COUNT), Kind.TEXT, "right({all})", required=2),
    "substr": Function(
        (exp.Substring,),
        (_TEXT, ("start", Takes.WHOLE), ("length", Takes.WHOLE)),
        Kind.TEXT,
        "substr({all})",
        required=2,
    ),
    "replace": Function(
        (exp.Replace,),
        (_TEXT, _SECOND_TEXT, ("replacement", Takes.TEXT)),
        Kind.TEXT,
        f"left(replace({{all}}), {MAX_TEXT})",
        required=3,
    ),
    "concat": Function(
        (exp.Concat,), (("expressions", Takes.PRINTED),), Kind.TEXT, f"left(concat({{all}}), {MAX_TEXT})"
    ),
    "contains": Function((exp.Contains,), (_TEXT, _SECOND_TEXT), Kind.BOOLEAN, "contains({all})", required=2),
    "starts_with": Function(
        (exp.StartsWith,), (_TEXT, _SECOND_TEXT), Kind.BOOLEAN, "starts_with({all})", required=2
    ),
    "ends_with": Function(
        (exp.EndsWith,), (_TEXT, _SECOND_TEXT), Kind.BOOLEAN, "ends_with({all})", required=2
    ),
    "regexp_matches": Function(
        (exp.RegexpLike,),
        (_TEXT, ("expression", Takes.PATTERN), ("flag", Takes.PATTERN)),
        Kind.BOOLEAN,
        "regexp_matches({all})",
        required=2,
    ),
    "date_diff": Function(
        (exp.DateDiff,),
        (_UNIT, ("expression", Takes.DATE), _DATE),
        Kind.NUMBER,
        "CAST(date_diff({all}) AS DOUBLE)",
        required=3,
    ),
    "date_trunc": Function(
        (exp.TimestampTrunc, exp.DateTrunc),
        (_UNIT, _DATE),
        Kind.DATE,
        "CAST(date_trunc({all}) AS DATE)",
        required=2,
    ),
    "year": Function((exp.Year,), (_DATE,), Kind.NUMBER, "CAST(year({0}) AS DOUBLE)"),
    "month": Function((exp.Month,), (_DATE,), Kind.NUMBER, "CAST(month({0}) AS DOUBLE)"),
    "day": Function((exp.Day,), (_DATE,), Kind.NUMBER, "CAST(day({0}) AS DOUBLE)"),
}

_ANY = ("this", Takes.ANY)
_BY = ("expression", Takes.ANY)

# Results that are numbers are cast to DOUBLE behind their FILTER, so that count and sum are alike.
AGGREGATES: dict[str, Function] = {
    "count": Function((exp.Count,), (_ANY,), Kind.NUMBER, "count({all})"),
    "sum": Function((exp.Sum,), (_X,), Kind.NUMBER, "sum({all})"),
    "avg": Function((exp.Avg,), (_X,), Kind.NUMBER, "avg({all})"),
    "min": Function((exp.Min,), (_ALIKE,), None, "min({all})"),
    "max": Function((exp.Max,), (_ALIKE,), None, "max({all})"),
    "median": Function((exp.Median,), (_X,), Kind.NUMBER, "median({all})"),
    "stddev": Function((exp.Stddev,), (_X,), Kind.NUMBER, "stddev_samp({all})"),
    "any_value": Function((exp.AnyValue,), (_ALIKE,), None, "any_value({all})"),
    "arg_min": Function((exp.ArgMin,), (_ALIKE, _BY), None, "arg_min({all})", required=2),
    "arg_max": Function((exp.ArgMax,), (_ALIKE, _BY), None, "arg_max({all})", required=2),
}

FUNCTIONS = SCALARS | AGGREGATES
NAME_OF_NODE = {node: name for name, function in FUNCTIONS.items() for node in function.nodes}
AGGREGATE_NODES = tuple(node for function in AGGREGATES.values() for node in function.nodes)

# Other spellings that DuckDB knows and the parser turns into the same nodes.
SYNONYMS: dict[str, str] = {
    "ceiling": "ceil",
    "datediff": "date_diff",
    "ifnull": "coalesce",
    "len": "length",
    "max_by": "arg_max",
    "min_by": "arg_min",
    "power": "pow",
    "substring": "substr",
}
# Words that may stand before a bracket without being functions; what they lead to is checked in the tree.
KEYWORDS = frozenset(
    {
        *("all", "and", "any", "between", "case", "else", "exists", "in", "is", "not", "or", "then", "when"),
        *("cast", "columns", "decimal", "numeric", "try_cast", "varchar"),
        *("distinct", "filter", "over", "select", "values", "where", "with"),
    }
)

_PAIR = frozenset({"this", "expression"})
_ONE = frozenset({"this"})

ARITHMETIC: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
}
COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
CONNECTIVES: dict[type[exp.Expr], str] = {exp.And: "AND", exp.Or: "OR"}
MATCHES: dict[type[exp.Expr], str] = {exp.Like: "LIKE", exp.ILike: "ILIKE"}

# Each syntax node with the parts it may have.
SYNTAX: dict[type[exp.Expr], frozenset[str]] = {
    **dict.fromkeys((*ARITHMETIC, *COMPARISONS, *CONNECTIVES, exp.DPipe), _PAIR),
    **dict.fromkeys(MATCHES, _PAIR | {"negate"}),
    **dict.fromkeys((exp.Not, exp.Neg, exp.Paren, exp.Column, exp.Boolean), _ONE),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Null: frozenset(),
    exp.In: frozenset({"this", "expressions"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Is: _PAIR,
    exp.Case: frozenset({"this", "ifs", "default"}),
    exp.If: frozenset({"this", "true"}),  # a branch of CASE
    exp.Cast: frozenset({"this", "to"}),
    exp.TryCast: frozenset({"this", "to"}),
    exp.DataType: frozenset({"this", "expressions"}),
    exp.DataTypeParam: _ONE,
    exp.Var: _ONE,  # the unit of date_diff
    # of aggregates
    exp.Star: frozenset(),
    exp.Distinct: frozenset({"expressions"}),
    exp.Filter: _PAIR,
    exp.Where: _ONE,
    exp.IgnoreNulls: _ONE,
    **{
        node: frozenset(key for key, _ in function.arguments)
        for function in FUNCTIONS.values()
        for node in function.nodes
    },
}

# Marks that the parser sets by itself and that change nothing.
FLAGS = frozenset(
    {"big_int", "coalesce", "date_part_boundary", "ignore_nulls", "nested", "safe", "typed", "unabbreviate"}
)

# What a value may be cast to, and the DuckDB type it passes through.
CASTS: dict[exp.DType, tuple[Kind, str]] = {
    exp.DType.DOUBLE: (Kind.NUMBER, "DOUBLE"),
    exp.DType.FLOAT: (Kind.NUMBER, "DOUBLE"),  # 0.1 as a single is not 0.1
    exp.DType.DECIMAL: (Kind.NUMBER, "DECIMAL"),
    exp.DType.SMALLINT: (Kind.NUMBER, "SMALLINT"),
    exp.DType.INT: (Kind.NUMBER, "INTEGER"),
    exp.DType.BIGINT: (Kind.NUMBER, "BIGINT"),
    exp.DType.TEXT: (Kind.TEXT, "VARCHAR"),
    exp.DType.VARCHAR: (Kind.TEXT, "VARCHAR"),
    exp.DType.DATE: (Kind.DATE, "DATE"),
    exp.DType.BOOLEAN: (Kind.BOOLEAN, "BOOLEAN"),
}

CLOCK_NAMES = frozenset(
    {"now", "today", "current_date", "current_time", "current_timestamp", "get_current_timestamp", "age"}
)
CLOCK_NODES = (
    exp.CurrentDate,
    exp.CurrentDatetime,
    exp.CurrentTime,
    exp.CurrentTimestamp,
    exp.Localtime,
    exp.Localtimestamp,
)

# Refused nodes that deserve a message of their own.
REFUSALS: tuple[tuple[tuple[type[exp.Expr], ...], str], ...] = (
    (CLOCK_NODES, "expressions.clock"),
    ((exp.Query, exp.Exists, exp.SubqueryPredicate), "expressions.subquery"),
    ((exp.Window,), "expressions.window"),
    ((exp.Star, exp.Columns), "expressions.star"),
    ((exp.Dot,), "expressions.qualified_name"),
    # functions to the parser, but written as signs
    ((exp.Array, exp.Struct, exp.ToMap, exp.JSONExtract, exp.Collate, exp.If), "expressions.not_allowed"),
)
