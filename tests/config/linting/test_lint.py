"""Mistakes that a valid file can hold. Oracle: a file with exactly one of them, written by hand."""

import pytest

from cscli.config.load import read_draft
from cscli.errors import Severity
from cscli.texts import problem_message

RULES = {
    "version": "1",
    "metrics": "{m: {value: nps, points: {kind: linear, zero: 0, full: 1}}}",
    "scorecards": "[{name: all, groups: {g: {weight: 1, metrics: {m: 1}}}}]",
}
TWO = "{m: {value: nps, points: {kind: percentile}}, n: {value: mrr, points: {kind: percentile}}}"


def findings(**changes: str) -> list[tuple[str, str | None, str]]:
    text = "".join(f"{key}: {value}\n" for key, value in (RULES | changes).items())
    found = read_draft(text, "cscli.yaml").problems
    return [(problem.severity.value, problem.where.key, problem_message(problem, "en")) for problem in found]


@pytest.mark.parametrize(
    ("changes", "severity", "key", "message"),
    [
        ({"bands": "[{name: a, from: 70}, {name: b, from: 10}]"}, "error", "bands[1].from",
         "The lowest band begins at 10: scores below have no band"),
        ({"bands": "[{name: a, from: 40}, {name: b, from: 70}, {name: c, from: 0}]"}, "error", "bands",
         "Bands must be in order, highest first or lowest first"),
        ({"bands": "[{name: a, from: 70}, {name: b, from: 70}, {name: c, from: 0}]"}, "error", "bands[1].from",
         "Another band begins at 70 too: one of them is never reached"),
        ({"bands": "[{name: a, from: 70}, {name: a, from: 0}]"}, "error", "bands[1].name",
         "The name a is taken already in line 4"),
        ({"bands": "[{name: unknown, from: 0}]"}, "error", "bands[0].name",
         "The name unknown is one that cscli computes itself"),
        ({"segments": "{s: [{name: a}, {name: b, when: mrr > 1}]}"}, "error", "segments.s[1]",
         "b is never reached: the rule in line 4 has no `when` and takes every account"),
        ({"segments": "{s: [{name: a, when: }, {name: b, when: mrr > 1}]}"}, "error", "segments.s[1]",
         "b is never reached: the rule in line 4 has no `when` and takes every account"),
        ({"teams": "[{name: a}, {name: b}]"}, "error", "teams[1]",
         "b is never reached: the rule in line 4 has no `when` and takes every account"),
        ({"scorecards": "[{name: a, groups: {g: {weight: 1, metrics: {m: 1}}}}, {name: b, groups: {g: {weight: 1, metrics: {m: 1}}}}]"},
         "error", "scorecards[1]", "b is never reached: the rule in line 3 has no `when` and takes every account"),
        ({"scorecards": "[{name: a, groups: {g: {weight: 1, metrics: {n: 1, m: 1}}}}]"}, "error",
         "scorecards[0].groups.g.metrics.n", "There is no metric n"),
        ({"metrics": TWO}, "warning", "metrics.n", "The metric n is used nowhere"),
        ({"metrics": TWO, "scorecards": "[{name: a, groups: {g: {weight: 1, metrics: {m: 1, n: 0}}}}]"}, "warning",
         "scorecards[0].groups.g.metrics.n", "n has weight 0 and never counts"),
        ({"metrics": TWO, "scorecards": "[{name: a, groups: {g: {weight: 1, metrics: {m: 1}}, h: {weight: 0, metrics: {n: 1}}}}]"},
         "warning", "scorecards[0].groups.h.weight", "h has weight 0 and never counts"),
    ],
)  # fmt: skip
def test_one_mistake_one_finding(changes: dict[str, str], severity: str, key: str, message: str) -> None:
    assert findings(**changes) == [(severity, key, message)]


@pytest.mark.parametrize(
    "groups",
    ["{g: {weight: 0, metrics: {m: 1}}}", "{g: {weight: 1, metrics: {m: 0}}}"],
    ids=["group", "metric"],
)
def test_a_scorecard_whose_weights_are_all_0_gives_no_score(groups: str) -> None:
    found = findings(scorecards=f"[{{name: a, groups: {groups}}}]")
    errors = [entry for entry in found if entry[0] == Severity.ERROR]
    assert errors == [
        ("error", "scorecards[0].groups", "Every weight of the scorecard is 0: there would be no score")
    ]


@pytest.mark.parametrize(
    "bands",
    [
        "[{name: a, from: 70}, {name: b, from: 0}]",
        "[{name: b, from: 0}, {name: a, from: 70}]",
        "[{name: a, from: 0}]",
    ],
)
def test_bands_in_either_order_are_right(bands: str) -> None:
    assert findings(bands=bands) == []
