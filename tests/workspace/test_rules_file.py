"""Lines into a list of a YAML file: the oracle is the file as a person would have written it."""

import pytest

from cscli.workspace.rules_file import with_list_lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("version: 1\n", "version: 1\nacknowledge:\n  - {code: b}\n"),
        ("version: 1", "version: 1\nacknowledge:\n  - {code: b}\n"),
        ("version: 1\r\n", "version: 1\r\nacknowledge:\r\n  - {code: b}\r\n"),
        ("acknowledge: []  # none\nrun: {}\n", "acknowledge: # none\n  - {code: b}\nrun: {}\n"),
        ("acknowledge:\n- {code: a}\n\n# next\nrun: {}\n", "acknowledge:\n- {code: a}\n- {code: b}\n\n# next\nrun: {}\n"),
        ("acknowledge:\n    - code: a\n      source: s", "acknowledge:\n    - code: a\n      source: s\n    - {code: b}\n"),
    ],
)  # fmt: skip
def test_a_line_goes_to_the_end_of_the_list(before: str, after: str) -> None:
    assert with_list_lines(before, ["{code: b}"]) == after


def test_a_list_on_one_line_is_left_alone() -> None:
    assert with_list_lines("acknowledge: [{code: a}]\n", ["{code: b}"]) is None
