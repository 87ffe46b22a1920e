"""What people who write formulas in spreadsheets type: each is told with the SQL that stands in its place."""

import pytest

from cscli.expressions import ExpressionError, parse_expression
from cscli.expressions.names import IN_PLACE


def fault(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)
    return caught.value


@pytest.mark.parametrize("name", sorted(set(IN_PLACE) - {"and", "or", "array_overlaps"}))
def test_a_function_is_told_with_its_place(name: str) -> None:
    found = fault(f"{name.upper()}(mrr)")
    assert (found.code, found.value) == ("expressions.of_spreadsheets", name.upper())


@pytest.mark.parametrize("instead", sorted(set(IN_PLACE.values())))
def test_what_is_proposed_can_be_read(instead: str) -> None:
    is_aggregate = any(word in instead for word in ("sum(", "avg(", "count("))
    assert parse_expression(instead, aggregate=is_aggregate).text == instead


@pytest.mark.parametrize(
    "text", ["AND(mrr > 0, seats > 3)", "1 = 1 AND OR(mrr > 0, seats > 3)", "mrr > 0 && seats > 3"]
)
def test_and_and_or_are_no_functions(text: str) -> None:
    assert fault(text).code == "expressions.of_spreadsheets"


@pytest.mark.parametrize("text", ["mrr > 0 AND (seats > 3)", "(mrr > 0) OR (seats > 3)", "NOT (mrr > 0)"])
def test_brackets_after_and_are_brackets(text: str) -> None:
    assert parse_expression(text).text == text


def test_a_first_equals_sign_is_told() -> None:
    assert fault(" =mrr * 2").code == "expressions.leading_equals"
