"""The YAML subset. Oracle: the core schema of YAML 1.2 (section 10.3.2), and the limits the format states."""

import pytest

from cscli.config.document import MAX_BYTES, Document, parse_document, parse_value
from cscli.errors import ConfigError, Problem


def read(text: str) -> Document:
    return parse_document(text, "cscli.yaml")


def refusal(text: str) -> Problem:
    with pytest.raises(ConfigError) as caught:
        read(text)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"), ("NO", "NO"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("12:30", "12:30"), ("1:2:3", "1:2:3"), ("2026-01-31", "2026-01-31"), ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
        ("0123", "0123"), ("00123", "00123"), ("1_000", "1_000"), ("1,000", "1,000"), ("0x1F", "0x1F"),
        ("=", "="), ("<<", "<<"), ("1e", "1e"), (".", "."),
        ("0", 0), ("-7", -7), ("+3", 3), ("123456789012345678", 123456789012345678), ("1234567890123456789", 1.2345678901234568e18),
        ("1e3", 1000.0), ("-1.5E-2", -0.015), (".5", 0.5), ("3.", 3.0),
        ("true", True), ("True", True), ("FALSE", False), ("tRUE", "tRUE"),
        ("null", None), ("~", None), ("", None), ("nil", "nil"),
        ('"1"', "1"), ("'no'", "no"), ('"null"', "null"), ('"\\u3042"', "あ"),
    ],
)  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(written: str, meant: object) -> None:
    value = read(f"key: {written}").data["key"]
    assert value == meant
    assert type(value) is type(meant)


def test_keys_are_text_whatever_they_look_like() -> None:
    assert read("1: a\nyes: b\nnull: c\n2026-01-31: d").data == {
        "1": "a",
        "yes": "b",
        "null": "c",
        "2026-01-31": "d",
    }


def test_lines_of_keys_and_entries() -> None:
    document = read("# first\na: 1\nb:\n  - x\n  - {c: 2}\n")
    assert document.place(("a",)).line == 2
    assert document.place(("b", 1)).line == 5
    assert document.place(("b", 1, "c")).line == 5
    assert document.place(("b", 1, "missing")).line == 5, "the nearest key above a key that is not there"
    assert document.place(("b", 1, "c")).key == "b[1].c"


def test_nothing_and_a_comment_are_an_empty_mapping() -> None:
    assert read("").data == {}
    assert read("# rules\n").data == {}
    assert read("\ufeffa: 1").data == {"a": 1}


def test_a_duplicate_key_is_reported_with_both_lines_and_the_first_stays() -> None:
    document = read("a: 1\nb: {c: 1, c: 2}\na: 2\n")
    assert document.data == {"a": 1, "b": {"c": 1}}
    assert [(p.code, p.where.line, p.where.key, p.details["first"]) for p in document.problems] == [
        ("config.duplicate_key", 2, "b.c", 2),
        ("config.duplicate_key", 3, "a", 1),
    ]


@pytest.mark.parametrize("number", [".inf", "-.INF", ".NaN", "1e999"])
def test_numbers_are_finite(number: str) -> None:
    (problem,) = read(f"a:\n  b: {number}").problems
    assert (problem.code, problem.where.line, problem.where.key) == ("config.not_finite", 2, "a.b")


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: &x 2", "config.alias", 2),
        ("a: *x", "config.alias", 1),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", "config.tag", 2),
        ("a: !!str 1", "config.tag", 1),
        ("a: ! 1", "config.tag", 1),
        ("- 1", "config.not_a_mapping", 1),
        ("text", "config.not_a_mapping", 1),
        ("a:\n\tb: 2", "config.tab", 2),
        ("a: 1\nb: [1, 2\nc: 3", "config.not_yaml", 3),
        ("a: 1\n---\nb: 2", "config.not_yaml", 2),
        ("a: 1\nb: \x07", "config.control_character", 2),
        ("a: \0", "config.control_character", 1),
        ("a: \ud800", "config.control_character", 1),
        ("a: 1\n" + "#" * MAX_BYTES, "config.too_large", None),
    ],
)
def test_what_is_refused_as_a_whole(text: str, code: str, line: int | None) -> None:
    problem = refusal(text)
    assert (problem.code, problem.where.file, problem.where.line) == (code, "cscli.yaml", line)


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "{a: " * 50_000, "- " * 50_000, "\n".join(" " * i + "a:" for i in range(600))],
    ids=["brackets", "braces", "dashes", "indents"],
)
def test_deep_nesting_is_refused_and_does_not_exhaust_the_stack(text: str) -> None:
    assert refusal(text).code == "config.too_deep"


def test_deep_nesting_on_the_command_line_is_refused_too() -> None:
    with pytest.raises(ConfigError, match="too_deep"):
        parse_value("[" * 100_000)


def test_a_key_that_is_no_name_is_reported() -> None:
    document = read("a: 1\n? [1, 2]\n: 3")
    assert document.data == {"a": 1}
    assert [(p.code, p.where.line) for p in document.problems] == [("config.key_not_text", 2)]
