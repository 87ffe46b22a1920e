"""CRM ids of 15 and 18 characters: check characters worked by hand, and held to ids of real exports."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cscli.analysis.matching.crm_ids import check_characters, crm_key
from places import SHARED_DATA, needs_shared_data

EXPORTS = SHARED_DATA / "crm-exports" / "dbt_salesforce"
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
short_ids = st.text(CHARACTERS, min_size=15, max_size=15)


@pytest.mark.parametrize(
    ("short", "check"),
    [
        ("0015500000Xyy06", "AAB"),  # 00155: no capital, A; 00000: A; Xyy06: the first one, bit 1, B
        ("0011G00000eM9wv", "QAC"),  # 0011G: the fifth, bit 16, Q; 00000: A; eM9wv: the second, bit 2, C
        ("0033700000JmrFP", "AAZ"),  # JmrFP: first, fourth and fifth, 1 + 8 + 16 = 25, Z
        ("ABCDEABCDEABCDE", "555"),  # all of them: 31, the last of the alphabet
    ],
)
def test_check_characters_as_worked_by_hand(short: str, check: str) -> None:
    assert check_characters(short) == check
    assert crm_key(short + check) == crm_key(short) == short


@needs_shared_data
def test_the_ids_of_a_real_export_have_the_check_characters_of_the_algorithm() -> None:
    with (EXPORTS / "sf_account_data.csv").open(encoding="utf-8") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    long = [each for each in ids if len(each) == 18]
    assert len(long) >= 5
    assert [each[:15] + check_characters(each[:15]) for each in long] == long


def test_case_is_part_of_a_short_id_and_is_restored_in_a_long_one() -> None:
    assert crm_key("0015500000xyy06") != crm_key("0015500000Xyy06")
    assert crm_key("0015500000XYY06AAB") == crm_key("0015500000xyy06aab") == "0015500000Xyy06"


@pytest.mark.parametrize(
    "text", ["0015500000Xyy06AAC", "0015500000xyy06AAB", "001-5500000Xyy0", "1" * 15, "A1", ""]
)
def test_what_is_no_crm_id_or_has_wrong_check_characters_has_no_key(text: str) -> None:
    assert crm_key(text) is None


@given(short_ids, short_ids)
def test_two_ids_never_share_a_key(one: str, other: str) -> None:
    key = crm_key(one)
    assert key is None or (key == crm_key(other)) == (one == other)


@given(short_ids)
def test_capitals_or_small_letters_lose_nothing_of_a_long_id(short: str) -> None:
    long = short + check_characters(short)
    if not short.isdigit():
        assert crm_key(long.upper()) == crm_key(long.lower()) == short
