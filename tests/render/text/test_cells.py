"""Numbers as text; every expectation written by hand, and read back."""

import numpy as np
import pytest

from cscli.render.text.cells import number_texts


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([1.0, 2.0, -3.0], ["1", "2", "-3"]),
        ([-0.0], ["0"]),
        ([1.5], ["1.5"]),
        ([1.5, 2.0], ["1.5", "2"]),
        ([0.1 + 0.2], ["0.30000000000000004"]),
        ([np.nan, 1.0], ["", "1"]),
        ([np.inf, 1.5], ["", "1.5"]),
        ([9_007_199_254_740_991.0], ["9007199254740991"]),
        ([1.2e16], ["1.2e+16"]),
        ([1e300], ["1e+300"]),
        ([], []),
    ],
)
def test_the_shortest_text_that_reads_back_as_the_number(numbers: list[float], expected: list[str]) -> None:
    assert number_texts(np.array(numbers, dtype=np.float64), "") == expected
    for number, text in zip(numbers, expected, strict=True):
        assert not text or float(text) == number
