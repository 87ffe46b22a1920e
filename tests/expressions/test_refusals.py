"""What an expression may not say. Oracle: each text with the code it must be refused with."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cscli.expressions import Expression, ExpressionError, parse_expression
from cscli.nearest import nearest_name
from cscli.texts import LANGUAGES, Language, catalogue, text

REFUSED = [
    # files, network, settings, however spelt
    ("read_csv('/etc/passwd')", "expressions.function_not_allowed"),
    ("\"read_csv\"('/etc/passwd')", "expressions.function_not_allowed"),
    ("ReAd_CsV('/etc/passwd')", "expressions.function_not_allowed"),
    ("main.read_csv('/etc/passwd')", "expressions.function_not_allowed"),
    ("'/etc/passwd'.read_blob()", "expressions.function_not_allowed"),
    ("a.upper()", "expressions.qualified_name"),
    ("glob('/*')", "expressions.function_not_allowed"),
    ("getenv('HOME')", "expressions.function_not_allowed"),
    ("current_setting('threads')", "expressions.function_not_allowed"),
    ("query('SELECT 1')", "expressions.unknown_function"),
    ("sniff_csv('x')", "expressions.function_not_allowed"),
    # statements
    ("SELECT 1", "expressions.statement"),
    ("FROM input", "expressions.statement"),
    ("1; DROP TABLE input", "expressions.statement"),
    ("a;", "expressions.statement"),
    ("COPY input TO '/tmp/x'", "expressions.not_allowed"),
    ("ATTACH '/tmp/x.db'", "expressions.not_allowed"),
    ("INSTALL httpfs", "expressions.not_allowed"),
    ("SET threads = 1", "expressions.not_allowed"),
    ("PRAGMA version", "expressions.not_allowed"),
    ("VALUES (1)", "expressions.not_allowed"),
    # sub-queries
    ("(SELECT 1)", "expressions.subquery"),
    ("a IN (SELECT 1)", "expressions.subquery"),
    ("EXISTS (SELECT 1)", "expressions.subquery"),
    ("a = ANY(SELECT 1)", "expressions.subquery"),
    ("a IN b", "expressions.subquery"),
    # stars, positions, parameters, windows
    ("*", "expressions.star"),
    ("COLUMNS(*)", "expressions.star"),
    ("a.*", "expressions.qualified_name"),
    ("lower(*)", "expressions.star"),
    ("#1", "expressions.not_allowed"),
    ("$1", "expressions.not_allowed"),
    ("?", "expressions.not_allowed"),
    (":name", "expressions.not_allowed"),
    ("sum(a) OVER ()", "expressions.window"),
    ("row_number() OVER ()", "expressions.function_not_allowed"),
    # what builds large values
    ("repeat('x', 2000000000)", "expressions.unknown_function"),
    ("range(1000000000)", "expressions.function_not_allowed"),
    ("list_sum(range(5))", "expressions.function_not_allowed"),
    ("lpad('x', 2000000000, 'y')", "expressions.function_not_allowed"),
    ("[1, 2]", "expressions.not_allowed"),
    ("{'a': 1}", "expressions.not_allowed"),
    ("MAP {}", "expressions.not_allowed"),
    ("(1, 2)", "expressions.not_allowed"),
    ("x -> x + 1", "expressions.not_allowed"),
    ("a[1]", "expressions.not_allowed"),
    # names, literals, comments
    ("input.a", "expressions.qualified_name"),
    ("main.input.a", "expressions.qualified_name"),
    ("rowid", "expressions.not_allowed"),
    ('"RowID"', "expressions.not_allowed"),
    ("a -- b", "expressions.comment"),
    ("a /* b */ + 1", "expressions.comment"),
    ("{# b #} a", "expressions.comment"),
    ("-- only this", "expressions.comment"),
    ("E'a'", "expressions.not_allowed"),
    ("$$a$$", "expressions.not_allowed"),
    ("1e999", "expressions.number"),
    ("a\u202e > 1", "expressions.character"),
    ("a\x00", "expressions.character"),
    ("'\ud800'", "expressions.character"),
    # syntax outside the list
    ("a COLLATE nocase", "expressions.not_allowed"),
    ("TRY(ln(a))", "expressions.function_not_allowed"),
    ("a AS b", "expressions.left_over"),
    ("INTERVAL 3 DAY", "expressions.not_allowed"),
    ("a // 2", "expressions.not_allowed"),
    ("a & 1", "expressions.not_allowed"),
    ("a LIKE 'x' ESCAPE 'y'", "expressions.not_allowed"),
    ("a AT TIME ZONE 'UTC'", "expressions.not_allowed"),
    ("if(a, 1, 2)", "expressions.of_spreadsheets"),
    ("like(a, 'b')", "expressions.function_not_allowed"),
    ("a::TIMESTAMP", "expressions.type"),
    ("a::JSON", "expressions.type"),
    ("a::INT[]", "expressions.type"),
    ("a::DECIMAL(99, 2)", "expressions.type"),
    ("log(2, a)", "expressions.unknown_function"),
    ("regexp_matches(a, b)", "expressions.pattern"),
    ("date_diff('hour', a, b)", "expressions.unit"),
    ("date_diff(a, b, as_of)", "expressions.unit"),
    ("date '2026-02-30'", "expressions.date"),
    ("CAST('soon' AS DATE)", "expressions.date"),
    ("a = 'x\ny'.b()", "expressions.function_not_allowed"),
    # the clock
    ("current_date", "expressions.clock"),
    ("CURRENT_TIMESTAMP", "expressions.clock"),
    ("now()", "expressions.clock"),
    ("today()", "expressions.clock"),
    # size
    ("", "expressions.empty"),
    (" \n ", "expressions.empty"),
    ("a + " * 200 + "a", "expressions.too_long"),
    ("(" * 200 + "a" + ")" * 200, "expressions.too_deep"),
    ("NOT " * 120 + "a", "expressions.too_deep"),
    ("- " * 200 + "a", "expressions.too_deep"),
    ("nullif(" * 20 + "a" + ", 1)" * 20, "expressions.too_deep"),
    # mistakes
    ("'open", "expressions.unfinished"),
    ("a +", "expressions.incomplete"),
    ("(a", "expressions.expected"),
    ("a b c", "expressions.syntax"),
    ("abs()", "expressions.arguments"),
    ("abs(a, b, c)", "expressions.too_many_arguments"),
    ("left(a)", "expressions.arguments"),
    ("sum(a)", "expressions.aggregate"),
    ("count(*)", "expressions.aggregate"),
    ("coalesc(a, 0)", "expressions.unknown_function"),
]

REFUSED_AGGREGATES = [
    ("a", "expressions.bare_column"),
    ("sum(a) + b", "expressions.bare_column"),
    ("sum(avg(a))", "expressions.nested_aggregate"),
    ("sum(a) FILTER (WHERE sum(b) > 1)", "expressions.nested_aggregate"),
    ("count(DISTINCT a, b)", "expressions.arguments"),
    ("count()", "expressions.arguments"),
    ("sum(a ORDER BY b)", "expressions.not_allowed"),
    ("abs(a) FILTER (WHERE b)", "expressions.not_allowed"),
    ("sum(*)", "expressions.star"),
    ("count(a.*)", "expressions.qualified_name"),
    ("list(a)", "expressions.unknown_function"),
    ("string_agg(a, ',')", "expressions.function_not_allowed"),
    ("sum(a) OVER ()", "expressions.window"),
    ("abs(DISTINCT a)", "expressions.not_allowed"),
]


def refusal(expression: str, *, aggregate: bool = False) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(expression, aggregate=aggregate)
    return caught.value


@pytest.mark.parametrize(("expression", "code"), REFUSED)
def test_expressions_are_refused_by_kind(expression: str, code: str) -> None:
    assert refusal(expression).code == code


@pytest.mark.parametrize(("expression", "code"), REFUSED_AGGREGATES)
def test_refused_in_a_rollup(expression: str, code: str) -> None:
    assert refusal(expression, aggregate=True).code == code


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("expression", "aggregate"), [(e, False) for e, _ in REFUSED] + [(e, True) for e, _ in REFUSED_AGGREGATES]
)
def test_each_refusal_reads_as_one_line(expression: str, aggregate: bool, language: Language) -> None:
    error = refusal(expression, aggregate=aggregate)
    message = error.message(language)
    assert message
    assert "\n" not in message
    assert "\x1b" not in message
    hint = f"problem.{error.code}.hint"
    if hint in catalogue(language):
        assert text(hint, language, value=error.value, **error.details)


def test_unknown_function_names_the_nearest() -> None:
    assert refusal("coalesc(a, 0)").details == {"nearest": "coalesce"}
    assert refusal("ltrim(a)").details == {"nearest": "trim"}


def test_syntax_error_says_where() -> None:
    error = refusal("mrr > 5 seats 1")
    assert (error.value, error.details) == ("1", {"at": 15})
    assert refusal("mrr > 5 seats").value == "seats"
    assert refusal("a +\n  (b").details == {"at": 8, "expected": ")"}


def test_nearest_name() -> None:
    assert nearest_name("MRR", ["arr", "mrr", "name"]) == "mrr"
    assert nearest_name("user_28d", ["users_28d", "users_7d"]) == "users_28d"
    assert nearest_name("zzz", ["users_28d"]) is None


def test_names_and_plain_column() -> None:
    parsed = parse_expression('seats * 2 > users_28d AND as_of > "開始 日"')
    assert parsed.names == ("seats", "users_28d", "開始 日")
    assert parsed.plain_column is None
    assert parse_expression(" ((nps)) ").plain_column == "nps"
    assert parse_expression("as_of").plain_column is None


FRAGMENTS = st.sampled_from(
    [
        "a",
        "b",
        "1",
        "2.5",
        "'x'",
        "(",
        ")",
        ",",
        "+",
        "-",
        "*",
        "/",
        "%",
        "=",
        "<",
        ">=",
        "AND",
        "OR",
        "NOT",
        "IN",
        "LIKE",
        "BETWEEN",
        "IS",
        "NULL",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "CAST",
        "AS",
        "::",
        "int",
        "date",
        "abs",
        "count",
        "sum",
        "FILTER",
        "WHERE",
        "DISTINCT",
        ".",
        ";",
        "--",
        "/*",
        "[",
        "]",
        "{",
        "}",
        "$",
        "?",
        "#",
        "@",
        ":",
        "->",
        "SELECT",
        "FROM",
        "OVER",
        "INTERVAL",
        "ln",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(FRAGMENTS, max_size=25).map(" ".join)), st.booleans())
def test_any_text_parses_or_is_refused(expression: str, aggregate: bool) -> None:
    try:
        outcome: Expression | str = parse_expression(expression, aggregate=aggregate)
    except ExpressionError as error:
        outcome = error.message("ja")
    assert isinstance(outcome, Expression) or not re.search(r"[\n\r\x1b]", outcome)
