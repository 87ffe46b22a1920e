"""Headers and names of files to words. Oracle: read by a person."""

import pytest

from cscli.analysis.recognising.words import raw_words_of_file, singular, things_in, words_of, words_of_file


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CustomerID", ("customer", "id")),
        ("property_hs_timestamp", ("hs", "timestamp")),
        ("Weekly sessions", ("weekly", "sessions")),
        ("顧客ID", ("顧客", "id")),
    ],
)
def test_a_header_is_its_words(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("word", "one"),
    [("companies", "company"), ("tickets", "ticket"), ("churches", "church"), ("class", "class")],
)
def test_a_word_in_the_singular(word: str, one: str) -> None:
    assert singular(word) == one


def test_a_file_speaks_of_things_in_their_order() -> None:
    assert words_of_file("organizations_export_2026.csv") == ("organization",)
    assert raw_words_of_file("monthly_usage.csv") == ("monthly", "usage")
    assert things_in(("deal", "company")) == ("deal", "account")
    assert things_in(("問い合わせ一覧",)) == ("ticket",)
