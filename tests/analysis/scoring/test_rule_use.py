"""Rules without effect, accounts without a rule, rules that compete. Oracle: masks written by hand."""

import numpy as np
import pytest

from cscli.analysis.scoring.rule_use import RuleList, find_rule_use

ALL = "1" * 10


def found(*masks: str, first_wins: bool = True) -> dict[str, tuple[str | None, dict[str, object]]]:
    holds = [np.array([each == "1" for each in mask]) for mask in masks]
    rules = RuleList(
        key="teams", names=[f"r{number}" for number in range(len(masks))], holds=holds, first_wins=first_wins
    )
    return {problem.code: (problem.value, dict(problem.details)) for problem in find_rule_use(rules)}


@pytest.mark.parametrize(
    ("masks", "expected"),
    [
        (["1111100000", "0000011111"], {}),
        (["1110000000", ALL], {}),  # the rule for all others
        ([ALL, ALL], {}),  # nothing is left for it: nothing to mend
        (["0000000000", ALL], {"rules.never_hold": ("r0", {})}),
        (["1111100000", "0110000000", ALL], {"rules.come_too_late": ("r1", {})}),
        (["0110000000", "1111100000", ALL], {}),  # thresholds: one inside the other
        (["1111000000", "0000111000"], {"rules.catch_not_all": (None, {"count": 3, "total": 10})}),
        (["1111100000", "0001111000", ALL], {"rules.compete": ("r0, r1 (2)", {})}),
    ],
)  # fmt: skip
def test_what_is_worth_a_look(masks: list[str], expected: dict[str, object]) -> None:
    assert found(*masks) == expected


def test_where_all_that_hold_count_order_decides_nothing() -> None:
    assert found("1111100000", "0110000000", "0001111111", first_wins=False) == {}


def test_of_many_pairs_the_largest_three_are_named() -> None:
    value, _ = found("1111110000", "0001111100", "0011111010", "1000000011", ALL)["rules.compete"]
    assert value == "r0, r2 (4); r1, r2 (4); r0, r1 (3)"


def test_no_accounts_no_findings() -> None:
    assert found("", "") == {}
