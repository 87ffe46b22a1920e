"""Keys of call lists, playbooks and opportunities: each mistake is told with its place."""

import pytest

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import ConfigError
from cscli.texts import problem_message

BASE = """version: 1
metrics: {m: {value: nps, points: {kind: linear, zero: 0, full: 1}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {m: 1}}}}]
segments: {late: [{name: low, when: score < 50}, {name: high}]}
"""
BOOK = "hours: 1, due_days: 1, text: Do it"


def mistakes(line: str) -> list[tuple[int | None, str]]:
    headers = Headers({"accounts": frozenset({"account_id", "mrr", "seats"})}, complete=True)
    try:
        settle(read_draft(BASE + line, "cscli.yaml"), headers)
    except ConfigError as error:
        return [(problem.where.line, problem_message(problem, "en")) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("at_risk: {churn_probability: {wacth: 0.2}}",
         "There is no band wacth; did you mean watch? (known: healthy, watch, at_risk, unknown)"),
        ("at_risk: {churn_probability: {zzzzzz: 0.2}}",
         "There is no band zzzzzz; expected one of healthy, watch, at_risk, unknown"),
        ("at_risk: {churn_probability: {watch: 1.2}}", "Found 1.2, expected at most 1"),
        ("at_risk: {when: sore < 40}", "Unknown column sore in `sore < 40`; did you mean score?"),
        ("at_risk: {cool_down_days: -1}", "Found -1, expected at least 0"),
        (f"playbooks: [{{name: a, when: seets < 1, {BOOK}}}]", "Unknown column seets in `seets < 1`; did you mean seats?"),
        (f"playbooks: [{{name: a, {BOOK}}}, {{name: b, when: mrr > 1, {BOOK}}}]",
         "b is never reached: the rule in line 5 has no `when` and takes every account"),
        (f"playbooks: [{{name: a, when: mrr > 1, {BOOK}}}, {{name: a, {BOOK}}}]", "The name a is taken already in line 5"),
        ("playbooks: [{name: a, hours: 1, due_days: 1}]", "The key `text` is missing"),
        ("opportunities: [{name: a, kind: upsel, when: mrr > 1}]",
         'Found "upsel"; did you mean `upsell`? (known: upsell, cross_sell, advocate)'),
        ("opportunities: [{name: a, kind: upsell, when: mrr > 1, potential_mrr: mrrr}]",
         "Unknown column mrrr in `mrrr`; did you mean mrr?"),
    ],
)  # fmt: skip
def test_one_mistake_one_message(line: str, message: str) -> None:
    assert mistakes(line) == [(5, message)]


@pytest.mark.parametrize(
    "name", ["score", "band", "data_coverage", "score_change", "late", "team", "m", "mrr", "tenure_months"]
)
def test_everything_is_there_after_the_score(name: str) -> None:
    assert (
        mistakes(f"at_risk: {{when: {name} IS NULL}}\nplaybooks: [{{name: a, when: {name} IS NULL, {BOOK}}}]")
        == []
    )
