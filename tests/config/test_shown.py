"""What is written short means the same as what is written long; oracle: the same rules in the other form."""

import pytest
import yaml

from cscli.config.linting.names import check_names
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft
from cscli.config.schema import Config
from cscli.errors import Location, Problem

SHORT = """
version: 1
sources:
  accounts: {file: a.csv}
  tickets: {file: t.csv, kind: rows, rollup: {n: count(*)}}
  log: {file: e.csv, kind: events, features: {scan: [a, b]}}
derived: {ratio: mrr / seats}
segments: {touch: [{name: high, when: ratio > 2}, {name: low}]}
effort: {by: touch, hours_per_month: {high: 2, low: 1}}
"""
LONG = """
version: 1
sources:
  accounts: {file: a.csv}
  tickets: {file: t.csv, kind: rows, rollup: {n: {value: count(*)}}}
  log: {file: e.csv, kind: events, features: {scan: {events: [a, b]}}}
derived: {ratio: {value: mrr / seats}}
segments: {touch: {values: [{name: high, when: ratio > 2}, {name: low}]}}
effort: {by: touch, hours_per_month: {high: 2, low: 1}}
"""


def config_of(text: str) -> Config:
    draft = read_draft(text, "cscli.yaml")
    assert draft.problems == ()
    assert draft.config is not None
    return draft.config


def test_short_and_long_forms_are_the_same_rules() -> None:
    assert config_of(SHORT) == config_of(LONG)


def test_the_long_form_is_shown_short_where_it_says_no_more() -> None:
    shown = config_of(LONG).model_dump(mode="json", exclude_none=True)
    short = yaml.safe_load(SHORT)
    assert shown["derived"] == short["derived"]
    assert shown["segments"] == short["segments"]
    assert shown["sources"]["tickets"]["rollup"] == short["sources"]["tickets"]["rollup"]
    assert shown["sources"]["log"]["features"] == short["sources"]["log"]["features"]


@pytest.mark.parametrize(
    ("before", "after", "key", "code"),
    [
        ("{value: mrr / seats}", "{value: mrr / }", "derived.ratio.value", "expressions."),
        ("{value: mrr / seats}", "{label: A}", "derived.ratio.value", "config.missing_key"),
        ("{value: mrr / seats}", "{value: mrr, lable: A}", "derived.ratio.lable", "config.unknown_key_nearest"),
        ("{value: mrr / seats}", "{value: mrr, format: moeny}", "derived.ratio.format", "config.not_one_of"),
        ("{value: count(*)}", "{value: nope(*)}", "sources.tickets.rollup.n.value", "expressions."),
        ("values: [{name: high", "values: [{name: low}, {name: high", "segments.touch.values[1]", "config.rule"),
        ("ratio > 2", "rati > 2", "segments.touch.values[0].when", "config.unknown_column_nearest"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_long_form_has_its_place(before: str, after: str, key: str, code: str) -> None:
    draft = read_draft(LONG.replace(before, after), "cscli.yaml")
    problems = [*draft.problems, *check_names(draft.document, Headers())]
    told = [(each.where.key, each.code) for each in problems]
    assert [pair for pair in told if pair[0] == key and pair[1].startswith(code)], told
    assert all(each.where.line and each.where.line > 1 for each in problems)


def test_a_place_below_a_segmentation_is_that_of_the_form_it_has() -> None:
    """Oracle: the line of the YAML text."""
    problem = Problem("expressions.type", where=Location(key="segments.touch[0].when"))
    short, long = (read_draft(text, "cscli.yaml").place(problem).where for text in (SHORT, LONG))
    assert (short.line, short.key) == (8, "segments.touch[0].when")
    assert (long.line, long.key) == (8, "segments.touch.values[0].when")
