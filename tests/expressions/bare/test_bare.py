"""Expressions that need no SQL. Oracle: the parser's reading and DuckDB's values of the very same texts and frames."""

import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from sqlglot.dialects.duckdb import DuckDB

from cscli.expressions import EvaluationError, Expression, ExpressionError, evaluate
from cscli.expressions.bare.syntax import read_bare
from cscli.expressions.bare.values import evaluate_bare
from cscli.expressions.bare.words import KEPT_WORDS
from cscli.expressions.evaluation import evaluate_layers
from cscli.expressions.grammar import CLOCK_NAMES
from cscli.expressions.parse import read_expression

AS_OF = date(2026, 10, 31)
COLUMNS = (
    "mrr",
    "seats",
    "none_yet",
    "phase",
    "touch",
    "started_on",
    "never_on",
    "flag",
    "as_of",
    "first",
    "nobody",
)

_atoms = st.sampled_from(
    [
        *COLUMNS,
        *COLUMNS[:3],
        "0",
        "1",
        "2.5",
        "0.90",
        "1000000",
        "007",
        "'high'",
        "'x y'",
        "''",
        "'株'",
        "-3",
        "(mrr)",
        "( 2 )",
    ]
)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(
        parts,
        st.sampled_from(["+", "-", "*", "/", "=", "<>", "!=", "<", "<=", ">", ">=", " AND ", " or ", "%"]),
        parts,
    )
    return st.one_of(
        pairs.map(" ".join),
        pairs.map("".join),
        parts.map("({})".format),
        parts.map("NOT {}".format),
        parts.map("-{}".format),
        parts.map("{} IS NULL".format),
        parts.map("{} is not null".format),
        st.tuples(parts, parts, parts).map(lambda three: "{} BETWEEN {} AND {}".format(*three)),
    )


TEXTS = st.recursive(_atoms, _joined, max_leaves=6)
_NUMBERS = st.one_of(
    st.none(), st.sampled_from([0.0, -0.0, 1.0, -7.25, 3e5, 1e300, 5e-324]), st.floats(-1e6, 1e6)
)
_TEXT = st.one_of(st.none(), st.sampled_from(["high", "low", "x y", "", "株"]))
_DAYS = st.one_of(st.none(), st.dates(date(1000, 1, 1), date(3000, 1, 1)))


@st.composite
def frames(draw: Any) -> pd.DataFrame:
    """A few accounts, with every kind of column."""
    rows = draw(st.integers(1, 4))

    def column(values: Any) -> list[Any]:
        return list(draw(st.lists(values, min_size=rows, max_size=rows)))

    return pd.DataFrame(
        {
            "mrr": pd.Series(column(_NUMBERS), dtype="float64"),
            "seats": pd.Series(column(st.one_of(st.none(), st.integers(-3, 3))), dtype="Int64"),
            "none_yet": pd.Series([None] * rows, dtype="float64"),
            "phase": pd.Series(column(_TEXT), dtype="str"),
            "touch": pd.Series(column(_TEXT), dtype="object"),
            "started_on": pd.Series(column(_DAYS), dtype="datetime64[us]"),
            "never_on": pd.Series([None] * rows, dtype="datetime64[us]"),
            "flag": pd.Series(column(st.one_of(st.none(), st.booleans())), dtype="boolean"),
            "first": pd.Series(column(_NUMBERS), dtype="float64"),
        },
        index=pd.Index(range(10, 10 + rows)),
    )


def slow_reading(text: str) -> Expression | None:
    """The parser's; None where it refuses the text."""
    try:
        return read_expression(text, aggregate=False)
    except ExpressionError:
        return None


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_what_is_read_without_the_parser_is_read_as_the_parser_does(text: str) -> None:
    bare = read_bare(text)
    if bare is not None:
        assert bare == slow_reading(text)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, frames())
def test_values_are_those_of_the_engine(first: str, second: str, frame: pd.DataFrame) -> None:
    """The second expression reads a result of the first, under the name of a column that it hides."""
    readings = read_bare(first), read_bare(second)
    if readings[0] is None or readings[1] is None:
        return
    layers = [{"mrr": readings[0]}, {"second": readings[1]}]
    found = evaluate_bare(frame, layers, AS_OF)
    if found is None:
        return
    assert_frame_equal(found, evaluate_layers(frame, layers, AS_OF), check_exact=True)


@pytest.mark.parametrize(
    "text",
    [
        "mrr", "as_of - last_login_on", "logins / active_users", "mrr >= 300000 OR seats >= 300", "days_to_renewal BETWEEN 0 AND 90",
        "phase = 'onboarding'", "band = 'at_risk' OR notice_given OR (band = 'watch' AND days_to_renewal BETWEEN 0 AND 90)",
        "band = 'healthy' AND active_users >= 0.9 * seats", "score_change <= -10", "band <> 'healthy'", "NOT notice_given",
        "nps IS NOT NULL", "mrr + 1 - seats * 2", "(mrr + arr) / seats", "mrr - 2", "0.2 * mrr",
    ],
)  # fmt: skip
def test_what_presets_say_needs_no_parser(text: str) -> None:
    assert read_bare(text) == slow_reading(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "abs(mrr)", "sum (mrr)", "a.b", "a -- b", "a /* b */ + 1", "a; b", "a == 1", "a <=> b", "a->b", "'it''s'", "'a' 'b'", "1e5", "1_000",
        ".5", "5.", "a b", "a % 2", "a || b", "a < b < c", "a = b IS NULL", "a NOT BETWEEN 1 AND 2", "a IN (1)", "date '2026-01-01'",
        "current_date", "MRR", '"mrr"', "a\u3000+ 1", "a\n+ 1", "'a\\b'", "", " ", "(a", "a)", "case", "true", "null", "a IS TRUE",
        "users / before - 1", "2 * users / before", "1234567890123456", "a" * 501, " + ".join("a" * 40), "=a", "AND(a, b)", "rowid",
    ],
)  # fmt: skip
def test_all_else_is_left_to_the_parser(text: str) -> None:
    assert read_bare(text) is None


def test_words_are_those_that_the_parser_keeps() -> None:
    tokens = {word.lower() for key in DuckDB.tokenizer_class.KEYWORDS for word in key.split()}
    called = {kind.name.lower() for kind in DuckDB.parser_class.NO_PAREN_FUNCTIONS}
    called |= {name.lower() for name in DuckDB.parser_class.NO_PAREN_FUNCTION_PARSERS}
    words = {
        word for word in tokens | called | CLOCK_NAMES | {"rowid"} if re.fullmatch(r"[a-z_][a-z0-9_]*", word)
    }
    assert words == KEPT_WORDS


FRAME = pd.DataFrame(
    {
        "n": [1.0, np.nan],
        "big": [1e300, 1.0],
        "t": ["a", None],
        "old": pd.Series(["0001-01-01", None], dtype="M8[us]"),
    }
)


@pytest.mark.parametrize(
    "text", ["big * big", "n + t", "t < 'b'", "old < '2026-01-01'", "nn", "as_of + 1", "t = n", "old * 2"]
)
def test_what_is_not_certain_is_left_to_the_engine(text: str) -> None:
    expression = read_bare(text)
    assert expression is not None
    assert evaluate_bare(FRAME, [{"v": expression}], AS_OF) is None


def test_the_engine_says_what_is_wrong() -> None:
    wrong = read_bare("n + t")
    assert wrong is not None
    with pytest.raises(EvaluationError) as raised:
        evaluate(FRAME, [{"v": wrong}], AS_OF)
    assert raised.value.faults[0][1].code == "expressions.kind"


def test_a_column_comes_back_as_one_of_its_own() -> None:
    frame = pd.DataFrame({"n": [1.0, 2.0]})
    expression = read_bare("n")
    assert expression is not None
    found = evaluate(frame, [{"v": expression}], AS_OF)
    found.loc[0, "v"] = 9.0
    assert frame["n"].tolist() == [1.0, 2.0]
