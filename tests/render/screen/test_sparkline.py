"""Courses as one line of text. The oracle is what one sees, by hand."""

import math

import pytest

from cscli.render.screen.sparkline import sparkline


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ([0, 100], "▁█"),
        ([0, 20, 40, 60, 80, 100], "▁▂▄▅▇█"),
        ([50, math.nan, 100], "▁ █"),
        ([40.0, 40.1, 39.9], "▅▅▄"),  # noise is no drama
        ([7], "▅"),
        ([], ""),
        ([math.nan, math.nan], ""),
    ],
)
def test_low_to_high(values: list[float], line: str) -> None:
    assert sparkline(values, 10, has_unicode=True) == line


def test_the_newest_fit_and_plain_signs_do_without_unicode() -> None:
    assert sparkline([100, 0, 50, 100], 3, has_unicode=False) == "_-^"
