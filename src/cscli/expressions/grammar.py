"""The allow-list of the expression language: which syntax nodes exist, with the parts that each may have.

Whatever is named neither here nor among `functions` is refused.
"""

from sqlglot import exp

from cscli.expressions.bare.model import Kind
from cscli.expressions.functions import FUNCTIONS

MAX_LENGTH = 500  # characters
MAX_DEPTH = 100  # levels of the syntax tree, where `a OR b OR c` has three
MAX_WEIGHT = 2_000  # nodes after templates that name an argument twice are written out

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
