"""Waits between tries: doubled from 1 to 60 seconds, a little spread, and what a server asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cscli.delivery.backoff import wait_seconds


@pytest.mark.parametrize(("tries", "least"), [(1, 1), (2, 2), (3, 4), (4, 8), (6, 32), (7, 60), (400, 60)])
def test_waits_double(tries: int, least: float) -> None:
    assert least <= wait_seconds(tries, "key") <= least * 1.25


@given(st.integers(1, 1000), st.text(max_size=20), st.none() | st.floats(0, 1e9))
def test_waits_are_between_a_second_and_a_day(tries: int, key: str, asked: float | None) -> None:
    found = wait_seconds(tries, key, asked)
    assert 1 <= found <= 86400
    assert found >= min(asked or 0, 86400)
    assert found == wait_seconds(tries, key, asked), "the same again: spread by the key, not by chance"


def test_messages_do_not_come_back_together() -> None:
    assert len({wait_seconds(3, f"key {number}") for number in range(100)}) == 100
