"""Turns a checked syntax tree into the SQL that runs, given the kind of every column.

Every name is replaced by an internal one, every number is a DOUBLE, every cast is safe, and what does not
fit (text compared with a number) is said in our own words before DuckDB sees it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from cscli.expressions import functions, grammar
from cscli.expressions.bare.model import AS_OF, Kind
from cscli.expressions.faults import ExpressionError, NoSuchNameError
from cscli.expressions.functions import FUNCTIONS, NAME_OF_NODE, Takes
from cscli.expressions.parse import check_date
from cscli.expressions.quoting import sql_text
from cscli.nearest import nearest_name

_TYPES = {Kind.NUMBER: "DOUBLE", Kind.TEXT: "VARCHAR", Kind.DATE: "DATE", Kind.BOOLEAN: "BOOLEAN"}
_FINITE = "CASE WHEN isfinite({0}) THEN {0} END"
# The calendar of people and of datetime64; DuckDB's own is wider.
_REAL_DATE = "CASE WHEN {0} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {0} END"


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of SQL and what its value is."""

    sql: str
    kind: Kind


MISSING = Term("NULL", Kind.MISSING)


def translate(tree: exp.Expr, names: Mapping[str, Term], as_of: date) -> Term:
    """The SQL of a checked tree over `names`. Raises ExpressionError where kinds do not fit."""
    return _Translation({**names, AS_OF: Term(_date_sql(as_of), Kind.DATE)}).term(tree)


def result_sql(term: Term, *, read_again: bool) -> str:
    """The SQL of a finished column, with a type.

    Where a later layer reads it, what is not finite is made missing; at the end the caller does that faster.
    """
    if term.kind is Kind.MISSING:
        return "CAST(NULL AS DOUBLE)"
    if term.kind is Kind.NUMBER and read_again:
        return _FINITE.format(term.sql)
    return _REAL_DATE.format(term.sql) if term.kind is Kind.DATE else term.sql


class _Translation:
    def __init__(self, names: Mapping[str, Term]) -> None:
        self.names = names

    def term(self, node: exp.Expr) -> Term:
        if type(node) in NAME_OF_NODE:
            return self.call(node)
        if type(node) in grammar.ARITHMETIC:
            return self.arithmetic(node)
        if type(node) in grammar.COMPARISONS:
            return self.comparison(node)
        return _METHODS[type(node)](self, node)

    def column(self, node: exp.Expr) -> Term:
        name = node.name
        if name in self.names:
            return self.names[name]
        nearest = nearest_name(name, self.names)
        if nearest:
            raise ExpressionError("expressions.unknown_name", name, nearest=nearest)
        raise NoSuchNameError("expressions.no_such_name", name)

    def literal(self, node: exp.Expr) -> Term:
        if isinstance(node, exp.Literal) and node.is_string:
            return Term(sql_text(node.name), Kind.TEXT)
        return Term(_number_sql(node.name), Kind.NUMBER)

    def boolean(self, node: exp.Expr) -> Term:
        return Term("TRUE" if node.this else "FALSE", Kind.BOOLEAN)

    def paren(self, node: exp.Expr) -> Term:
        return self.term(node.this)

    def negative(self, node: exp.Expr) -> Term:
        return Term(f"(-{self.of_kind(node.this, Kind.NUMBER, '-')})", Kind.NUMBER)

    def arithmetic(self, node: exp.Expr) -> Term:
        sign = grammar.ARITHMETIC[type(node)]
        left, right = self.alike_date(node.this, node.expression)
        if Kind.DATE in (left.kind, right.kind) and sign in "+-":
            return _date_arithmetic(left, sign, right)
        first, second = (_fit(side, Kind.NUMBER, sign) for side in (left, right))
        return Term(f"({first} {sign} {second})", Kind.NUMBER)

    def comparison(self, node: exp.Expr) -> Term:
        sign = grammar.COMPARISONS[type(node)]
        (left, right), _ = self.alike((node.this, node.expression), sign)
        return Term(f"({left} {sign} {right})", Kind.BOOLEAN)

    def connective(self, node: exp.Expr) -> Term:
        word = grammar.CONNECTIVES[type(node)]
        left, right = (self.of_kind(side, Kind.BOOLEAN, word) for side in (node.this, node.expression))
        return Term(f"({left} {word} {right})", Kind.BOOLEAN)

    def negation(self, node: exp.Expr) -> Term:
        return Term(f"(NOT {self.of_kind(node.this, Kind.BOOLEAN, 'NOT')})", Kind.BOOLEAN)

    def match(self, node: exp.Expr) -> Term:
        word = grammar.MATCHES[type(node)]
        left, right = (self.of_kind(side, Kind.TEXT, word) for side in (node.this, node.expression))
        negated = "NOT " if node.args.get("negate") else ""
        return Term(f"({left} {negated}{word} {right})", Kind.BOOLEAN)

    def joined(self, node: exp.Expr) -> Term:
        left, right = (_printed(self.term(side)) for side in (node.this, node.expression))
        return Term(f"left({left} || {right}, {functions.MAX_TEXT})", Kind.TEXT)

    def member(self, node: exp.Expr) -> Term:
        (value, *options), _ = self.alike((node.this, *node.expressions), "IN")
        return Term(f"({value} IN ({', '.join(options)}))", Kind.BOOLEAN)

    def between(self, node: exp.Expr) -> Term:
        (value, low, high), _ = self.alike((node.this, node.args["low"], node.args["high"]), "BETWEEN")
        return Term(f"({value} BETWEEN {low} AND {high})", Kind.BOOLEAN)

    def is_(self, node: exp.Expr) -> Term:
        if isinstance(node.expression, exp.Null):
            return Term(f"({self.term(node.this).sql} IS NULL)", Kind.BOOLEAN)
        word = self.boolean(node.expression).sql
        return Term(f"({self.of_kind(node.this, Kind.BOOLEAN, 'IS')} IS {word})", Kind.BOOLEAN)

    def case(self, node: exp.Expr) -> Term:
        branches, default = node.args["ifs"], node.args.get("default")
        values = [branch.args["true"] for branch in branches] + ([default] if default else [])
        results, kind = self.alike(values, "CASE")
        if node.this:
            (operand, *tests), _ = self.alike((node.this, *(branch.this for branch in branches)), "CASE")
        else:
            operand = ""
            tests = [self.of_kind(branch.this, Kind.BOOLEAN, "WHEN") for branch in branches]
        whens = " ".join(f"WHEN {test} THEN {result}" for test, result in zip(tests, results, strict=False))
        otherwise = f" ELSE {results[-1]}" if default else ""
        return Term(f"(CASE {operand} {whens}{otherwise} END)", kind)

    def cast(self, node: exp.Expr) -> Term:
        kind, through = grammar.CASTS[node.args["to"].this]
        if sizes := ", ".join(part.name for part in node.args["to"].expressions):
            through = f"{through}({sizes})"
        value = self.term(node.this)
        if kind is Kind.TEXT:
            return Term(_printed(value), Kind.TEXT)
        if Kind.DATE in (kind, value.kind) and value.kind not in (kind, Kind.TEXT, Kind.MISSING):
            raise ExpressionError("expressions.kind", "CAST", expected=kind.value, found=value.kind.value)
        if kind is not Kind.NUMBER:
            return Term(f"TRY_CAST({value.sql} AS {through})", kind)
        number = f"CAST(TRY_CAST({value.sql} AS {through}) AS DOUBLE)"
        return Term(f"({_FINITE.format(number)})" if value.kind is Kind.TEXT else number, kind)

    def filtered(self, node: exp.Expr) -> Term:
        condition = self.of_kind(node.expression.this, Kind.BOOLEAN, "FILTER")
        inner = node.this.this if isinstance(node.this, exp.IgnoreNulls) else node.this
        return self.call(inner, f" FILTER (WHERE {condition})")

    def call(self, node: exp.Expr, suffix: str = "") -> Term:
        name = NAME_OF_NODE[type(node)]
        function = FUNCTIONS[name]
        given: list[tuple[Takes, exp.Expr]] = []
        distinct = ""
        for key, takes in function.arguments:
            value = node.args.get(key)
            if isinstance(value, exp.Distinct):
                distinct, value = "DISTINCT ", value.expressions[0]
            values = value if isinstance(value, list) else [value] if value else []
            given += [(takes, each) for each in values]
        arguments, kind = self.arguments(given, name)
        sql = function.sql.format(*arguments, all=distinct + ", ".join(arguments)) + suffix
        gives = function.gives or kind
        if isinstance(node, functions.AGGREGATE_NODES) and gives is Kind.NUMBER:
            sql = f"CAST({sql} AS DOUBLE)"
        return Term(f"({sql})", gives)

    def arguments(self, given: list[tuple[Takes, exp.Expr]], name: str) -> tuple[list[str], Kind]:
        alike, kind = self.alike([node for takes, node in given if takes is Takes.ALIKE], name)
        waiting = iter(alike)
        return [
            next(waiting) if takes is Takes.ALIKE else self.argument(takes, node, name)
            for takes, node in given
        ], kind

    def argument(self, takes: Takes, node: exp.Expr, name: str) -> str:
        if takes is Takes.UNIT:
            return sql_text(node.name.casefold())
        if isinstance(node, exp.Star):
            return "*"
        if takes in (Takes.ANY, Takes.TEN):
            return self.term(node).sql
        if takes is Takes.PRINTED:
            return _printed(self.term(node))
        if takes is Takes.WHOLE:
            return f"TRY_CAST({self.of_kind(node, Kind.NUMBER, name)} AS INTEGER)"
        return self.of_kind(node, Kind.TEXT if takes is Takes.PATTERN else Kind(takes.value), name)

    def of_kind(self, node: exp.Expr, kind: Kind, what: str) -> str:
        """The node's SQL, which must be of this kind. A date may be written as a plain text literal."""
        if kind is Kind.DATE and (spelt := _spelt_date(node)):
            return spelt.sql
        return _fit(self.term(node), kind, what)

    def alike(self, nodes: Iterable[exp.Expr], what: str) -> tuple[list[str], Kind]:
        """The nodes' SQL, which must all be of one kind, and that kind."""
        terms = self.alike_date(*nodes)
        kinds = {term.kind: None for term in terms if term.kind is not Kind.MISSING}
        if len(kinds) > 1:
            raise ExpressionError("expressions.mixed_kinds", what, kinds=", ".join(kinds))
        kind = next(iter(kinds), Kind.MISSING)
        return [term.sql if kind is Kind.MISSING else _fit(term, kind, what) for term in terms], kind

    def alike_date(self, *nodes: exp.Expr) -> list[Term]:
        """The nodes' terms; beside a date, text literals are read as dates."""
        terms = [self.term(node) for node in nodes]
        if not any(term.kind is Kind.DATE for term in terms):
            return terms
        return [_spelt_date(node) or term for node, term in zip(nodes, terms, strict=True)]


_METHODS = {
    **dict.fromkeys(grammar.CONNECTIVES, _Translation.connective),
    **dict.fromkeys(grammar.MATCHES, _Translation.match),
    exp.Between: _Translation.between,
    exp.Boolean: _Translation.boolean,
    exp.Case: _Translation.case,
    exp.Cast: _Translation.cast,
    exp.Column: _Translation.column,
    exp.DPipe: _Translation.joined,
    exp.Filter: _Translation.filtered,
    exp.IgnoreNulls: _Translation.paren,
    exp.In: _Translation.member,
    exp.Is: _Translation.is_,
    exp.Literal: _Translation.literal,
    exp.Neg: _Translation.negative,
    exp.Not: _Translation.negation,
    exp.Null: lambda _translation, _node: MISSING,
    exp.Paren: _Translation.paren,
    exp.TryCast: _Translation.cast,
}


def _fit(term: Term, kind: Kind, what: str) -> str:
    if term.kind is Kind.MISSING:
        return f"CAST({term.sql} AS {_TYPES[kind]})"
    if term.kind is not kind:
        raise ExpressionError("expressions.kind", what, expected=kind.value, found=term.kind.value)
    return term.sql


def _date_arithmetic(left: Term, sign: str, right: Term) -> Term:
    """Date plus or minus days; the difference of two dates is days. What DuckDB lacks for DOUBLE."""
    if Kind.MISSING in (left.kind, right.kind):
        return MISSING
    if left.kind is Kind.DATE and right.kind is Kind.DATE and sign == "-":
        return Term(f"CAST(({left.sql} - {right.sql}) AS DOUBLE)", Kind.NUMBER)
    if left.kind is Kind.DATE and right.kind is not Kind.DATE:
        return Term(f"({left.sql} {sign} {_days(right, sign)})", Kind.DATE)
    if sign == "+" and left.kind is not Kind.DATE:
        return Term(f"({right.sql} + {_days(left, sign)})", Kind.DATE)
    raise ExpressionError("expressions.kind", sign, expected=Kind.NUMBER.value, found=Kind.DATE.value)


def _days(term: Term, sign: str) -> str:
    # seven digits of days are 27,000 years: wide enough, and no date overflows
    return f"CAST(TRY_CAST({_fit(term, Kind.NUMBER, sign)} AS DECIMAL(7, 0)) AS INTEGER)"


def _printed(term: Term) -> str:
    if term.kind is Kind.NUMBER:
        # every number is a double, but 30 seats read `30`
        return f"regexp_replace(CAST({term.sql} AS VARCHAR), '\\.0$', '')"
    return term.sql if term.kind is Kind.TEXT else f"CAST({term.sql} AS VARCHAR)"


def _spelt_date(node: exp.Expr) -> Term | None:
    if isinstance(node, exp.Literal) and node.is_string:
        return Term(_date_sql(check_date(node.name)), Kind.DATE)
    return None


def _number_sql(digits: str) -> str:
    # 30 is an integer and 0.5 a decimal to DuckDB; with an exponent they are doubles
    return digits if "e" in digits.casefold() else f"{digits}e0"


def _date_sql(day: date) -> str:
    return f"DATE '{day.isoformat()}'"
