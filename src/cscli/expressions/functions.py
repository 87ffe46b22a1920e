"""The functions of the expression language: the allow-list, and what SQL each becomes.

All numbers are DOUBLE while an expression runs, so integer overflow and decimal widths cannot end a run; `{0}`, `{1}`
in a template are the arguments, `{all}` all of them.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlglot import exp

from cscli.expressions.bare.model import Kind

MAX_TEXT = 1_000  # characters of a text that is put together, so that nothing can grow without end

DATE_UNITS = ("day", "week", "month", "quarter", "year")


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


@dataclass(frozen=True, slots=True, kw_only=True)
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
    "abs": Function(nodes=(exp.Abs,), arguments=(_X,), gives=Kind.NUMBER, sql="abs({0})"),
    "round": Function(
        nodes=(exp.Round,), arguments=(_X, ("decimals", Takes.WHOLE)), gives=Kind.NUMBER, sql="round({all})"
    ),
    "floor": Function(nodes=(exp.Floor,), arguments=(_X,), gives=Kind.NUMBER, sql="floor({0})"),
    "ceil": Function(nodes=(exp.Ceil,), arguments=(_X,), gives=Kind.NUMBER, sql="ceil({0})"),
    "least": Function(
        nodes=(exp.Least,), arguments=(_ALIKE, ("expressions", Takes.ALIKE)), gives=None, sql="least({all})"
    ),
    "greatest": Function(
        nodes=(exp.Greatest,),
        arguments=(_ALIKE, ("expressions", Takes.ALIKE)),
        gives=None,
        sql="greatest({all})",
    ),
    "ln": Function(
        nodes=(exp.Ln,),
        arguments=(_X,),
        gives=Kind.NUMBER,
        sql="CASE WHEN {0} > 0 THEN ln({0}) END",
        copies=2,
    ),
    "log10": Function(
        nodes=(exp.Log,),
        arguments=(("this", Takes.TEN), ("expression", Takes.NUMBER)),
        gives=Kind.NUMBER,
        sql="CASE WHEN {1} > 0 THEN log10({1}) END",
        required=2,
        copies=2,
    ),
    # exp of anything larger than 709.78 overflows a double
    "exp": Function(
        nodes=(exp.Exp,),
        arguments=(_X,),
        gives=Kind.NUMBER,
        sql="CASE WHEN {0} < 709.78 THEN exp({0}) END",
        copies=2,
    ),
    "sqrt": Function(
        nodes=(exp.Sqrt,),
        arguments=(_X,),
        gives=Kind.NUMBER,
        sql="CASE WHEN {0} >= 0 THEN sqrt({0}) END",
        copies=2,
    ),
    # 0 to a negative power is an error in DuckDB, a negative number to a fraction nan
    "pow": Function(
        nodes=(exp.Pow,),
        arguments=(_X, ("expression", Takes.NUMBER)),
        gives=Kind.NUMBER,
        sql="CASE WHEN isfinite(CASE WHEN {0} <> 0 OR {1} >= 0 THEN pow({0}, {1}) END) THEN pow({0}, {1}) END",
        required=2,
        copies=3,
    ),
    "coalesce": Function(
        nodes=(exp.Coalesce,),
        arguments=(_ALIKE, ("expressions", Takes.ALIKE)),
        gives=None,
        sql="coalesce({all})",
    ),
    "nullif": Function(
        nodes=(exp.Nullif,),
        arguments=(_ALIKE, ("expression", Takes.ALIKE)),
        gives=None,
        sql="nullif({0}, {1})",
        required=2,
        copies=2,
    ),
    "lower": Function(nodes=(exp.Lower,), arguments=(_TEXT,), gives=Kind.TEXT, sql="lower({0})"),
    "upper": Function(nodes=(exp.Upper,), arguments=(_TEXT,), gives=Kind.TEXT, sql="upper({0})"),
    "trim": Function(nodes=(exp.Trim,), arguments=(_TEXT, _SECOND_TEXT), gives=Kind.TEXT, sql="trim({all})"),
    "length": Function(
        nodes=(exp.Length,), arguments=(_TEXT,), gives=Kind.NUMBER, sql="CAST(length({0}) AS DOUBLE)"
    ),
    "left": Function(
        nodes=(exp.Left,), arguments=(_TEXT, _COUNT), gives=Kind.TEXT, sql="left({all})", required=2
    ),
    "right": Function(
        nodes=(exp.Right,), arguments=(_TEXT, _COUNT), gives=Kind.TEXT, sql="right({all})", required=2
    ),
    "substr": Function(
        nodes=(exp.Substring,),
        arguments=(_TEXT, ("start", Takes.WHOLE), ("length", Takes.WHOLE)),
        gives=Kind.TEXT,
        sql="substr({all})",
        required=2,
    ),
    "replace": Function(
        nodes=(exp.Replace,),
        arguments=(_TEXT, _SECOND_TEXT, ("replacement", Takes.TEXT)),
        gives=Kind.TEXT,
        sql=f"left(replace({{all}}), {MAX_TEXT})",
        required=3,
    ),
    "concat": Function(
        nodes=(exp.Concat,),
        arguments=(("expressions", Takes.PRINTED),),
        gives=Kind.TEXT,
        sql=f"left(concat({{all}}), {MAX_TEXT})",
    ),
    "contains": Function(
        nodes=(exp.Contains,),
        arguments=(_TEXT, _SECOND_TEXT),
        gives=Kind.BOOLEAN,
        sql="contains({all})",
        required=2,
    ),
    "starts_with": Function(
        nodes=(exp.StartsWith,),
        arguments=(_TEXT, _SECOND_TEXT),
        gives=Kind.BOOLEAN,
        sql="starts_with({all})",
        required=2,
    ),
    "ends_with": Function(
        nodes=(exp.EndsWith,),
        arguments=(_TEXT, _SECOND_TEXT),
        gives=Kind.BOOLEAN,
        sql="ends_with({all})",
        required=2,
    ),
    "regexp_matches": Function(
        nodes=(exp.RegexpLike,),
        arguments=(_TEXT, ("expression", Takes.PATTERN), ("flag", Takes.PATTERN)),
        gives=Kind.BOOLEAN,
        sql="regexp_matches({all})",
        required=2,
    ),
    "date_diff": Function(
        nodes=(exp.DateDiff,),
        arguments=(_UNIT, ("expression", Takes.DATE), _DATE),
        gives=Kind.NUMBER,
        sql="CAST(date_diff({all}) AS DOUBLE)",
        required=3,
    ),
    "date_trunc": Function(
        nodes=(exp.TimestampTrunc, exp.DateTrunc),
        arguments=(_UNIT, _DATE),
        gives=Kind.DATE,
        sql="CAST(date_trunc({all}) AS DATE)",
        required=2,
    ),
    "year": Function(
        nodes=(exp.Year,), arguments=(_DATE,), gives=Kind.NUMBER, sql="CAST(year({0}) AS DOUBLE)"
    ),
    "month": Function(
        nodes=(exp.Month,), arguments=(_DATE,), gives=Kind.NUMBER, sql="CAST(month({0}) AS DOUBLE)"
    ),
    "day": Function(nodes=(exp.Day,), arguments=(_DATE,), gives=Kind.NUMBER, sql="CAST(day({0}) AS DOUBLE)"),
}

_ANY = ("this", Takes.ANY)
_BY = ("expression", Takes.ANY)

# Results that are numbers are cast to DOUBLE behind their FILTER, so that count and sum are alike.
AGGREGATES: dict[str, Function] = {
    "count": Function(nodes=(exp.Count,), arguments=(_ANY,), gives=Kind.NUMBER, sql="count({all})"),
    "sum": Function(nodes=(exp.Sum,), arguments=(_X,), gives=Kind.NUMBER, sql="sum({all})"),
    "avg": Function(nodes=(exp.Avg,), arguments=(_X,), gives=Kind.NUMBER, sql="avg({all})"),
    "min": Function(nodes=(exp.Min,), arguments=(_ALIKE,), gives=None, sql="min({all})"),
    "max": Function(nodes=(exp.Max,), arguments=(_ALIKE,), gives=None, sql="max({all})"),
    "median": Function(nodes=(exp.Median,), arguments=(_X,), gives=Kind.NUMBER, sql="median({all})"),
    "stddev": Function(nodes=(exp.Stddev,), arguments=(_X,), gives=Kind.NUMBER, sql="stddev_samp({all})"),
    "any_value": Function(nodes=(exp.AnyValue,), arguments=(_ALIKE,), gives=None, sql="any_value({all})"),
    "arg_min": Function(
        nodes=(exp.ArgMin,), arguments=(_ALIKE, _BY), gives=None, sql="arg_min({all})", required=2
    ),
    "arg_max": Function(
        nodes=(exp.ArgMax,), arguments=(_ALIKE, _BY), gives=None, sql="arg_max({all})", required=2
    ),
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
