"""What an expression's tree tells of it, worked out by hand."""

import pytest

from cscli.expressions import parse_expression
from cscli.expressions.bare.model import Shape, Way


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("logins", Shape(Way.PLAIN, "logins")),
        ("(logins)", Shape(Way.PLAIN, "logins")),
        ("logins / seats", Shape(Way.RATIO, "logins", "seats")),
        ("(logins / seats)", Shape(Way.RATIO, "logins", "seats")),
        ("(logins) / nullif((seats), 0)", Shape(Way.RATIO, "logins", "seats")),
        ("0.5 * logins / seats", Shape(Way.RATIO, "logins", "seats", 0.5)),
        ("logins * 100 / seats", Shape(Way.RATIO, "logins", "seats", 100)),
        ("users / before - 1", Shape(Way.GROWTH, "users", "before")),
        ("(users / nullif(before, 0)) - 1", Shape(Way.GROWTH, "users", "before")),
        ("as_of - last_login_on", Shape(Way.SINCE, "last_login_on")),
        ("date_diff('day', last_login_on, as_of)", Shape(Way.SINCE, "last_login_on")),
        ("date_diff('month', last_login_on, as_of)", Shape()),
        ("date_diff('day', as_of, renews_on)", Shape()),
        ("2 * users / before - 1", Shape()),
        ("users / before - 2", Shape()),
        ("logins / (seats + 1)", Shape()),
        ("logins + seats", Shape()),
        ("as_of", Shape()),
    ],
)
def test_the_shape_of_simple_forms(text: str, shape: Shape) -> None:
    assert parse_expression(text).shape == shape


def test_numbers_in_an_expression_have_their_signs_and_texts_hold_none() -> None:
    assert parse_expression("a > -3 AND b BETWEEN 0.5 AND 1e3 AND c = '7'").literals == (-3, 0.5, 1000)


def test_a_column_named_like_a_word_of_sql_is_a_column_where_it_stands_alone() -> None:
    assert parse_expression("comment").names == ("comment",)
