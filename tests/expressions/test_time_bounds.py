"""What an aggregate says of time; the oracle is the SQL, read by hand."""

import pytest

from cscli.expressions import parse_expression
from cscli.expressions.time_bounds import ends_at_as_of, held_against_as_of


@pytest.mark.parametrize(
    ("sql", "held", "bounded"),
    [
        ("count(*)", set(), False),
        ("count(*) FILTER (WHERE opened <= as_of)", {"opened"}, True),
        ("count(*) FILTER (WHERE as_of >= opened AND kind = 'x')", {"opened"}, True),
        ("count(*) FILTER (WHERE opened < as_of - 30)", {"opened"}, True),
        ("count(*) FILTER (WHERE opened > as_of - 90)", {"opened"}, False),
        ("count(*) FILTER (WHERE opened BETWEEN as_of - 90 AND as_of)", {"opened"}, True),
        ("count(*) FILTER (WHERE CAST(opened AS DATE) <= as_of)", {"opened"}, True),
        ("count(*) FILTER (WHERE opened <= as_of OR closed IS NULL)", {"opened"}, False),
        ("count(*) FILTER (WHERE (opened <= as_of) AND (closed IS NULL OR closed > as_of))", {"opened", "closed"}, True),
        ("sum(a) FILTER (WHERE d <= as_of) / count(*)", {"d"}, False),
        ("sum(a) FILTER (WHERE d <= as_of) / count(*) FILTER (WHERE d <= as_of AND a > 0)", {"d"}, True),
        ("max(as_of - opened)", {"opened"}, False),
        ("any_value(a) FILTER (WHERE d <= as_of)", {"d"}, True),
        ("date_diff('day', max(d) FILTER (WHERE d <= as_of), as_of)", {"d"}, True),
        ("count(*) FILTER (WHERE closed IS NULL)", set(), False),
        ("arg_max(a, d) FILTER (WHERE d <= as_of)", {"d"}, True),
    ],
)  # fmt: skip
def test_bounds(sql: str, held: set[str], bounded: bool) -> None:
    aggregate = parse_expression(sql, aggregate=True)
    assert held_against_as_of(aggregate) == held
    assert ends_at_as_of(aggregate) is bounded
