"""What expressions give. Oracles: each value worked by hand; DuckDB itself for precedence of operators."""

import math
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from cscli.expressions import EvaluationError, Expression, evaluate, parse_expression, roll_up

AS_OF = date(2026, 1, 31)

ACCOUNT = pd.DataFrame(
    {
        "n": [7.0],
        "zero": [0.0],
        "gone": [np.nan],
        "t": pd.array(["Acme 株式会社"], dtype="str"),
        "blank": pd.array([None], dtype="str"),
        "started_on": pd.Series(["2025-03-31"], dtype="datetime64[us]"),
        "flag": pd.array([True], dtype="boolean"),
    }
)


def value(expression: str, frame: pd.DataFrame = ACCOUNT) -> object:
    found = evaluate(frame, [{"v": parse_expression(expression)}], AS_OF)["v"].iloc[0]
    if found is None or found is pd.NA or found is pd.NaT or (isinstance(found, float) and math.isnan(found)):
        return None
    return found.date() if isinstance(found, pd.Timestamp) else found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("7 / 2", 3.5),
        ("7 % 4 * 2", 6.0),
        ("-n + 10 - 2 - 1", 0.0),
        ("2 ^ 3", 8.0),
        ("1000000 * 1000000 * 1000000 * 1000000", 1e24),
        ("9223372036854775807 + 1", 9223372036854775808.0),
        ("abs(-2.5)", 2.5),
        ("round(2.5)", 3.0),
        ("round(2.345, 1)", 2.3),
        ("round(1234, -2)", 1200.0),
        ("floor(-2.5)", -3.0),
        ("ceil(2.1)", 3.0),
        ("least(3, n, 2)", 2.0),
        ("greatest(3, n, gone)", 7.0),
        ("ln(1)", 0.0),
        ("log10(1000)", 3.0),
        ("exp(0)", 1.0),
        ("sqrt(16)", 4.0),
        ("pow(2, 10)", 1024.0),
        ("pow(-2, 3)", -8.0),
        ("coalesce(gone, zero, 1)", 0.0),
        ("nullif(n, 7)", None),
        ("nullif(n, 8)", 7.0),
        ("lower('ABC')", "abc"),
        ("upper('abc')", "ABC"),
        ("trim('  a ')", "a"),
        ("trim('xxaxx', 'x')", "a"),
        ("length(t)", 9.0),
        ("left(t, 4)", "Acme"),
        ("right(t, 4)", "株式会社"),
        ("substr(t, 6, 2)", "株式"),
        ("substr('abc', 2)", "bc"),
        ("replace('a-b-c', '-', '')", "abc"),
        ("concat('a', gone, 3, 'b')", "a3b"),
        ("'a' || n || 'b'", "a7b"),
        ("'a' || blank", None),
        ("contains(t, '株')", True),
        ("starts_with(t, 'Acme')", True),
        ("ends_with(t, 'Acme')", False),
        ("regexp_matches(t, '^A.*社$')", True),
        ("regexp_matches('ABC', 'b', 'i')", True),
        ("date_diff('day', started_on, as_of)", 306.0),
        ("date_diff('month', started_on, as_of)", 10.0),
        ("date_trunc('month', started_on)", date(2025, 3, 1)),
        ("date_trunc('quarter', date '2026-05-07')", date(2026, 4, 1)),
        ("year(as_of)", 2026.0),
        ("month(as_of)", 1.0),
        ("day(as_of)", 31.0),
        ("as_of - started_on", 306.0),
        ("started_on + 30", date(2025, 4, 30)),
        ("30 + started_on", date(2025, 4, 30)),
        ("started_on + n", date(2025, 4, 7)),
        ("as_of - n * 2", date(2026, 1, 17)),
        ("as_of + 1e300", None),
        ("as_of + 3000000", None),
        ("(as_of - started_on) / 2", 153.0),
        ("started_on >= '2025-03-31'", True),
        ("started_on BETWEEN '2025-01-01' AND as_of", True),
        ("started_on < date '2025-03-31'", False),
        ("t LIKE 'acme%'", False),
        ("t ILIKE 'acme%'", True),
        ("t NOT LIKE 'x%'", True),
        ("n IN (1, 7)", True),
        ("n NOT IN (1, 7)", False),
        ("n BETWEEN 7 AND 8", True),
        ("gone IS NULL AND n IS NOT NULL", True),
        ("flag IS TRUE", True),
        ("NOT flag OR n > 5", True),
        ("CASE WHEN n > 8 THEN 'x' WHEN n > 6 THEN 'y' ELSE 'z' END", "y"),
        ("CASE n WHEN 7 THEN 1 END", 1.0),
        ("CASE WHEN n > 8 THEN 1 END", None),
        ("CAST('12.5' AS DOUBLE)", 12.5),
        ("'12' :: INTEGER + 1", 13.0),
        ("CAST(2.6 AS INT)", 3.0),
        ("CAST(1.2345 AS DECIMAL(10, 2))", 1.23),
        ("CAST(n AS VARCHAR)", "7"),
        ("CAST(2.5 AS VARCHAR)", "2.5"),
        ("CAST('2026-01-05' AS DATE) + 1", date(2026, 1, 6)),
        ("TRY_CAST('yes' AS BOOLEAN)", True),
        ("'it''s; -- fine'", "it's; -- fine"),
        ("TRUE", True),
        ("as_of", AS_OF),
    ],
)
def test_value_worked_by_hand(expression: str, expected: object) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        *("1 / 0", "0 / 0", "n / zero", "n % zero", "n / zero > 1", "0 / 0 > 1", "NOT (n / zero > 1)"),
        *("ln(0)", "ln(-1)", "ln(0) < 1", "log10(zero) < 1", "sqrt(-1)", "sqrt(-1) > 0 OR FALSE"),
        *("pow(10, 400)", "pow(10, 400) > 1", "pow(-8, 0.5) > 1", "pow(0, -1)", "exp(1000)", "exp(1000) > 1"),
        *(
            "1e308 * 10",
            "-1e308 * 10",
            "CAST('x' AS DOUBLE)",
            "CAST('inf' AS DOUBLE)",
            "CAST('nan' AS DOUBLE) > 1",
        ),
        *(
            "CAST(t AS DATE)",
            "CAST(1e30 AS INTEGER)",
            "gone > 1",
            "gone = gone",
            "blank = 'x'",
            "blank LIKE '%'",
        ),
        *("NULL", "gone + 1", "lower(blank)", "NULL > 1", "n IN (1, NULL)", "date_diff('day', NULL, as_of)"),
    ],
)
def test_what_cannot_be_computed_is_missing(expression: str) -> None:
    assert value(expression) is None


def test_missing_is_replaced_inside() -> None:
    assert value("coalesce(ln(0), 5)") == 5.0
    assert value("coalesce(1 / 0, 5)") == 5.0
    assert value("CASE WHEN n / zero > 1 THEN 'much' ELSE 'else' END") == "else"


def test_infinite_input_is_missing() -> None:
    frame = pd.DataFrame({"x": [np.inf, -np.inf, 1.0]})
    found = evaluate(frame, [{"v": parse_expression("x > 0"), "w": parse_expression("x")}], AS_OF)
    assert found["v"].tolist() == [pd.NA, pd.NA, True]
    assert found["w"].isna().tolist() == [True, True, False]


def test_not_finite_is_missing_for_the_next_layer() -> None:
    layers = [{"big": parse_expression("n * 1e308")}, {"v": parse_expression("coalesce(big, 1)")}]
    assert evaluate(ACCOUNT, layers, AS_OF)["v"].tolist() == [1.0]


@pytest.mark.parametrize(
    "expression",
    [
        *(
            "NOT 1 = 2",
            "NOT TRUE OR TRUE",
            "TRUE OR FALSE AND FALSE",
            "1 + 2 * 3",
            "10 - 4 - 3",
            "20 / 4 / 5",
        ),
        *(
            "-2 ^ 2",
            "2 ^ 3 ^ 2",
            "7 % 4 * 2",
            "2 * 7 % 4",
            "1 < 2 AND 2 < 1 OR 3 = 3",
            "1 + 1 IN (2)",
            "NOT 1 IN (2)",
        ),
        *("1 BETWEEN 0 AND 2 AND FALSE", "1 + 1 BETWEEN 0 AND 1 + 1", "NOT 'a' LIKE 'b'", "1 = 1 IS NULL"),
        *(
            "'1'::INTEGER + 1",
            "-'2'::INTEGER",
            "'a' || 'b' = 'ab'",
            "'a' || 'b' LIKE 'a%'",
            "3 - -2",
        ),
        *("CASE WHEN 1 = 1 THEN 2 END + 1", "NOT NULL IS NULL", "5 - 2 % 3"),
    ],
)
def test_operators_bind_as_in_duckdb(expression: str) -> None:
    reference = duckdb.connect().execute(f"SELECT {expression}").fetchall()[0][0]
    assert value(expression) == reference


def test_layers_see_earlier_layers_and_shadow_columns() -> None:
    frame = pd.DataFrame({"users": [8.0, 3.0], "seats": [10.0, 0.0], "nps": [20.0, np.nan]})
    layers = [
        {"coverage": parse_expression("users / seats"), "nps": parse_expression("nps + 1")},
        {"good": parse_expression("coverage > 0.5 AND nps = 21"), "seats": parse_expression("seats")},
        {"text": parse_expression("CASE WHEN good THEN 'good' END")},
    ]
    found = evaluate(frame, layers, AS_OF)
    assert list(found) == ["coverage", "nps", "good", "seats", "text"]
    assert found["coverage"].iloc[0] == 0.8
    assert found["nps"].iloc[0] == 21.0
    assert found["good"].tolist() == [True, pd.NA]
    assert found["text"].tolist() == ["good", None]


def test_dtypes_and_index_of_the_result() -> None:
    frame = pd.concat([ACCOUNT, ACCOUNT]).set_axis(["b", "a"])
    layers = [{name: parse_expression(name) for name in ("n", "t", "blank", "started_on", "flag", "gone")}]
    found = evaluate(frame, layers, AS_OF)
    assert found.index.tolist() == ["b", "a"]
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == {
        "n": "float64",
        "t": "object",
        "blank": "float64",  # without any value, and so without a kind
        "started_on": "datetime64[us]",
        "flag": "boolean",
        "gone": "float64",
    }


def test_no_rows_and_no_expressions() -> None:
    assert evaluate(ACCOUNT.iloc[:0], [{"v": parse_expression("n + 1")}], AS_OF).shape == (0, 1)
    assert evaluate(ACCOUNT, [], AS_OF).shape == (1, 0)
    assert evaluate(ACCOUNT, [{}, {"v": parse_expression("n")}], AS_OF)["v"].tolist() == [7.0]


def test_row_order_is_kept_on_many_rows() -> None:
    rows = 300_000
    numbers = np.random.default_rng(7).permutation(rows).astype(float)
    texts = pd.array([None, *(f"t{number:.0f}" for number in numbers[1:])], dtype="str")
    frame = pd.DataFrame({"x": numbers, "t": texts}, index=numbers)
    layers = [{"double": parse_expression("x * 2"), "u": parse_expression("upper(t)")}]
    found = evaluate(frame, layers, AS_OF)
    assert (found["double"].to_numpy() == numbers * 2).all()
    assert found["u"].iloc[0] is None
    assert (found["u"].iloc[1:].to_numpy() == np.char.upper(frame["t"].iloc[1:].to_numpy(dtype=str))).all()


def test_object_and_seconds_columns_with_a_late_value() -> None:
    texts = np.full(50_000, None, dtype=object)
    texts[40_000] = "late"
    days = np.full(50_000, np.datetime64("NaT"), dtype="datetime64[s]")
    days[40_000] = np.datetime64("2026-01-01")
    frame = pd.DataFrame({"t": pd.Series(texts, dtype=object), "d": days})
    layers = [{"v": parse_expression("t = 'late' AND as_of - d = 30")}]
    found = evaluate(frame, layers, AS_OF)["v"]
    assert found.sum() == 1
    assert bool(found.iloc[40_000])


def test_every_misfit_is_reported_at_once() -> None:
    layer = {
        "a": parse_expression("t > 5"),
        "b": parse_expression("n + 1"),
        "c": parse_expression("upper(n)"),
        "d": parse_expression("zro + 1"),
        "e": parse_expression("unheard_of"),
        "f": parse_expression("CASE WHEN flag THEN 1 ELSE 'x' END"),
        "g": parse_expression("flag AND n"),
        "h": parse_expression("started_on > 'soon'"),
        "i": parse_expression("n - started_on"),
        "j": parse_expression("regexp_matches(t, '(')"),
    }
    with pytest.raises(EvaluationError) as caught:
        evaluate(ACCOUNT, [layer, {"k": parse_expression("a AND e > 1")}], AS_OF)
    assert {name: fault.code.removeprefix("expressions.") for name, fault in caught.value.faults} == {
        "a": "mixed_kinds",
        "c": "kind",
        "d": "unknown_name",
        "e": "no_such_name",
        "f": "mixed_kinds",
        "g": "kind",
        "h": "date",
        "i": "kind",
    }
    assert caught.value.name == "a"
    assert dict(caught.value.failures)["c"] == "upper needs a text, and this is a number."
    assert dict(caught.value.faults)["d"].details == {"nearest": "zero"}


def test_what_only_the_engine_finds_is_named_too() -> None:
    layers: list[dict[str, Expression]] = [
        {"bad": parse_expression("regexp_matches(t, '(')"), "good": parse_expression("n")},
        {"on_bad": parse_expression("bad OR n > 1"), "worse": parse_expression("regexp_matches(t, '[')")},
    ]
    with pytest.raises(EvaluationError) as caught:
        evaluate(ACCOUNT, layers, AS_OF)
    assert [name for name, _ in caught.value.failures] == ["bad", "worse"]
    assert "missing )" in caught.value.reason


EVENTS = pd.DataFrame(
    {
        "account": pd.array(["b", "a", None, "a", "b", "a"], dtype="str"),
        "amount": [1.0, 2.0, 99.0, 3.0, np.nan, 7.0],
        "kind": pd.array(["x", "x", "x", "y", None, "x"], dtype="str"),
        "at": pd.to_datetime(
            ["2026-01-01", "2026-01-05", "2026-01-01", "2026-01-02", "2026-01-09", "2026-01-03"]
        ),
    }
)


@pytest.mark.parametrize(
    ("expression", "expected_a", "expected_b"),
    [
        ("count(*)", 3.0, 2.0),
        ("count(amount)", 3.0, 1.0),
        ("count(DISTINCT kind)", 2.0, 1.0),
        ("sum(amount)", 12.0, 1.0),
        ("sum(amount) FILTER (WHERE kind = 'y')", 3.0, None),
        ("count(*) FILTER (WHERE kind = 'y') / count(*)", 1 / 3, 0.0),
        ("avg(amount)", 4.0, 1.0),
        ("min(amount) + max(amount)", 9.0, 2.0),
        ("median(amount)", 3.0, 1.0),
        ("stddev(amount)", math.sqrt(7), None),
        ("any_value(kind)", "x", "x"),
        ("any_value(kind) FILTER (WHERE amount > 2)", "y", None),
        ("arg_max(kind, amount)", "x", "x"),
        ("arg_min(amount, at)", 3.0, 1.0),
        ("as_of - max(at)", 26.0, 22.0),
        ("max(at)", pd.Timestamp("2026-01-05"), pd.Timestamp("2026-01-09")),
        ("sum(amount) / 0", None, None),
        ("coalesce(stddev(amount), 0) > 1", True, False),
        ("1 + 1", 2.0, 2.0),
    ],
)
def test_roll_up_worked_by_hand(expression: str, expected_a: object, expected_b: object) -> None:
    found = roll_up(EVENTS, "account", {"v": parse_expression(expression, aggregate=True)}, AS_OF)
    assert list(found) == ["account", "v"]
    assert found["account"].tolist() == ["a", "b"]
    for got, expected in zip(found["v"], (expected_a, expected_b), strict=True):
        exact = not isinstance(expected, float)
        assert pd.isna(got) if expected is None else got == (expected if exact else pytest.approx(expected))


def test_roll_up_faults_and_no_rows() -> None:
    expressions = {
        "s": parse_expression("sum(kind)", aggregate=True),
        "r": parse_expression("count(*) FILTER (WHERE amont > 1)", aggregate=True),
    }
    with pytest.raises(EvaluationError) as caught:
        roll_up(EVENTS, "account", expressions, AS_OF)
    assert [name for name, _ in caught.value.failures] == ["s", "r"]
    none = roll_up(EVENTS.iloc[:0], "account", {"n": parse_expression("count(*)", aggregate=True)}, AS_OF)
    assert none.shape == (0, 2)


def test_roll_up_is_the_same_every_time() -> None:
    chance = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"key": chance.integers(0, 9, 200_000).astype(float), "x": chance.normal(size=200_000)}
    )
    frame["t"] = pd.Series(chance.choice(["p", "q", "r"], 200_000), dtype="str")
    expressions = {
        "sum": parse_expression("sum(x)", aggregate=True),
        "any": parse_expression("any_value(t)", aggregate=True),
        "arg": parse_expression("arg_min(t, round(x, 1))", aggregate=True),
    }
    first = roll_up(frame, "key", expressions, AS_OF)
    for _ in range(3):
        pd.testing.assert_frame_equal(roll_up(frame, "key", expressions, AS_OF), first)
    assert first["any"].tolist() == [frame["t"][frame["key"] == key].iloc[0] for key in first["key"]]


def test_text_cannot_grow_without_end() -> None:
    layers = [{"t0": parse_expression("'0123456789'")}]
    layers += [{f"t{i + 1}": parse_expression(f"t{i} || t{i} || t{i} || t{i}")} for i in range(30)]
    assert evaluate(ACCOUNT, layers, AS_OF)["t30"].str.len().tolist() == [1000]
