"""Each kind of schema error: its line, its key, what was found, what was expected, the nearest spelling."""

import pytest

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import ConfigError, Severity
from cscli.texts import problem_message

RULES = {
    "version": "1",
    "metrics": "{m: {value: nps, points: {kind: linear, zero: 0, full: 1}}}",
    "scorecards": "[{name: all, groups: {g: {weight: 1, metrics: {m: 1}}}}]",
}


def errors(**changes: str) -> list[tuple[int | None, str | None, str]]:
    """Line, key and message of every error of small rules, with some keys changed; `version` is line 1."""
    text = "".join(f"{key}: {value}\n" for key, value in (RULES | changes).items() if value != "ABSENT")
    draft = read_draft(text, "cscli.yaml")
    try:
        settle(draft, Headers())
    except ConfigError as error:
        found = [problem for problem in error.problems if problem.severity is Severity.ERROR]
        return [(problem.where.line, problem.where.key, problem_message(problem, "en")) for problem in found]
    return []


def metric(**parts: str) -> str:
    given = {"value": "nps", "points": "{kind: linear, zero: 0, full: 1}"} | parts
    return "{m: {" + ", ".join(f"{key}: {value}" for key, value in given.items()) + "}}"


def test_the_small_rules_are_right() -> None:
    assert errors() == []


@pytest.mark.parametrize(
    ("changes", "line", "key", "message"),
    [
        ({"version": "2"}, 1, "version", "Found 2, expected 1"),
        ({"version": "ABSENT"}, 1, "version", "The key `version` is missing"),
        ({"language": "de"}, 4, "language", 'Found "de", expected one of en, ja'),
        ({"currency": "yen"}, 4, "currency", "Found yen, expected an ISO code of three capital letters, such as JPY or USD"),
        ({"timezone": "Asia/Tokio"}, 4, "timezone", "Unknown time zone Asia/Tokio; expected a name such as Asia/Tokyo"),
        ({"timezone": "../etc"}, 4, "timezone", "Unknown time zone ../etc; expected a name such as "),
        ({"bnads": "[]"}, 4, "bnads", "Unknown key; did you mean `bands`? (known: version, language,"),
        ({"min_data_coverage": "50%"}, 4, "min_data_coverage", 'Found "50%", expected a number'),
        ({"min_data_coverage": '"0.5"'}, 4, "min_data_coverage", 'Found "0.5", expected a number'),
        ({"min_data_coverage": "50"}, 4, "min_data_coverage", "Found 50, expected at most 1"),
        ({"min_data_coverage": "true"}, 4, "min_data_coverage", "Found true, expected a number"),
        ({"min_data_coverage": ""}, 4, "min_data_coverage", "Found nothing, expected a number"),
        ({"min_data_coverage": ".inf"}, 4, "min_data_coverage", "Expected a finite number"),
        ({"history": "sqlite"}, 4, "history", 'Found "sqlite", expected a mapping (key: value)'),
        ({"teams": "{name: a}"}, 4, "teams", "Found {name}, expected a list"),
        ({"derived": "[]"}, 4, "derived", "Found [], expected a mapping (key: value)"),
        ({"derived": "{Net MRR: mrr}"}, 4, "derived.Net MRR", "Found Net MRR, expected a name of lower-case letters, digits and _"),
        ({"derived": "{x: [1]}"}, 4, "derived.x", "Found [1], expected an SQL expression"),
        ({"derived": "{x: yes please}"}, 4, "derived.x", "“please” is left over"),
        ({"sources": "{a: {header: 0}}"}, 4, "sources.a.header", "Found 0, expected at least 1"),
        ({"sources": "{a: {header: 1.5}}"}, 4, "sources.a.header", "Found 1.5, expected a whole number"),
        ({"sources": "{a: {delimiter: '||'}}"}, 4, "sources.a.delimiter", 'Found "||", expected at most 1 character'),
        ({"sources": "{a: {columns: {x: 3}}}"}, 4, "sources.a.columns.x", "Found 3, expected text or a list"),
        ({"sources": "{a: {columns: {x: [3]}}}"}, 4, "sources.a.columns.x[0]", "Found 3, expected text"),
        ({"sources": "{a: {columns: {1: x}}}"}, 4, "sources.a.columns.1", "Found 1, expected a name of lower-case letters"),
        ({"sources": "{a: {types: {x: nmber}}}"}, 4, "sources.a.types.x", 'Found "nmber"; did you mean `number`?'),
        ({"sources": "{a: {kind: rows}}"}, 4, "sources.a", "A source of kind `rows` needs `rollup:`"),
        ({"sources": "{a: {rollup: {n: count(*)}}}"}, 4, "sources.a", "`rollup:` needs `kind: rows`"),
        ({"sources": "{a: accounts.csv}"}, 4, "sources.a", 'Found "accounts.csv", expected a mapping'),
        ({"sources": "accounts.csv"}, 4, "sources", 'Found "accounts.csv", expected a mapping'),
    ],
)  # fmt: skip
def test_a_mistake_at_the_top(changes: dict[str, str], line: int, key: str, message: str) -> None:
    ((found_line, found_key, found_message),) = errors(**changes)
    assert (found_line, found_key) == (line, key)
    assert found_message.startswith(message)


@pytest.mark.parametrize(
    ("parts", "key", "message"),
    [
        ({"points": "{kind: liner, zero: 0, full: 1}"}, "points.kind", 'Found "liner"; did you mean `linear`?'),
        ({"points": "{zero: 0, full: 1}"}, "points.kind", "The key `kind` is missing; expected one of categories"),
        ({"points": "linear"}, "points", 'Found "linear", expected a mapping'),
        ({"points": "{kind: linear, zero: 0}"}, "points.full", "The key `full` is missing"),
        ({"points": "{kind: linear, zero: 1, full: 1.0}"}, "points", "`zero` and `full` are both 1"),
        ({"points": "{kind: linear, zero: 1, full: 2, ful: 1}"}, "points.ful", "Unknown key; did you mean `full`?"),
        ({"points": "{kind: linear, linear: 1, zero: 1, full: 2}"}, "points.linear", "Unknown key"),
        ({"points": "{kind: target, target: 5, after_months: 0}"}, "points.after_months", "Found 0, expected more than 0"),
        ({"points": "{kind: target, target: 0, after_months: 1}"}, "points.target", "Found 0, expected more than 0"),
        ({"points": "{kind: decay, half_life: -1}"}, "points.half_life", "Found -1, expected more than 0"),
        ({"points": "{kind: logistic, middle: 1, scale: 0}"}, "points", "`scale` is 0"),
        ({"points": "{kind: steps, at: []}"}, "points.at", "Found [], expected at least 1 entry"),
        ({"points": "{kind: steps, at: [[5, 0], [2, 1]]}"}, "points", "Corners must be in ascending order: 2 stands after 5"),
        ({"points": "{kind: steps, at: [[1, 0], [1, 1]]}"}, "points", "Corners must be in ascending order: 1 stands after 1"),
        ({"points": "{kind: steps, at: [[1]]}"}, "points.at[0]", "Found [1], expected a corner of two numbers"),
        ({"points": "{kind: steps, at: [[1, 2, 3]]}"}, "points.at[0]", "Found [1, 2, 3], expected a corner of two numbers"),
        ({"points": "{kind: steps, at: [1]}"}, "points.at[0]", "Found 1, expected a corner of two numbers"),
        ({"points": "{kind: steps, at: [[1, 101]]}"}, "points.at[0][1]", "Found 101, expected at most 100"),
        ({"points": "{kind: steps, at: [[a, 1]]}"}, "points.at[0][0]", 'Found "a", expected a number'),
        ({"points": "{kind: categories, map: {1: 5, true: 101}}"}, "points.map.true", "Found 101, expected at most 100"),
        ({"points": "{kind: categories, map: {1: -5}}"}, "points.map.1", "Found -5, expected at least 0"),
        ({"missing": "zero"}, "missing", 'Found "zero", expected `skip` or a number'),
        ({"missing": "101"}, "missing", "Found 101, expected at most 100"),
        ({"label": "3"}, "label", "Found 3, expected text or a mapping"),
        ({"label": "{en: A, fr: B}"}, "label.fr", "Unknown key; expected one of en, ja"),
        ({"label": '""'}, "label", 'Found "", expected text of at least 1 character'),
        ({"value": "abz(nps)"}, "value", "There is no function abz."),
        ({"value": "(SELECT 1)"}, "value", "A sub-query is not allowed"),
        ({"value": "true"}, "value", "Found true, expected an SQL expression"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_metric(parts: dict[str, str], key: str, message: str) -> None:
    ((line, found_key, found_message),) = errors(metrics=metric(**parts))
    assert (line, found_key) == (2, f"metrics.m.{key}")
    assert found_message.startswith(message)


def test_a_misspelt_key_is_told_beside_the_one_that_is_missing() -> None:
    found = errors(bands="[{name: a, form: 0}]")
    assert [(key, message.split("?")[0]) for _, key, message in found] == [
        ("bands[0].form", "Unknown key; did you mean `from`"),
        ("bands[0].from", "The key `from` is missing"),
    ]
