"""Which column of an account list says who has left, and who is no customer; expectations by hand."""

from collections.abc import Sequence

import pytest

from books.raw_tables import raw_table
from cscli.analysis.proposing.statuses import columns_of_stay, filter_of, status_of
from cscli.analysis.recognising.facts import TableFacts, facts_of
from cscli.analysis.tables.raw import Cell


def facts(header: str, words: Sequence[str]) -> TableFacts:
    rows: list[list[Cell]] = [[f"A{at:03}", f"Company {at}", word] for at, word in enumerate(words)]
    return facts_of(raw_table(["Account ID", "Account name", header], *rows))


@pytest.mark.parametrize(
    ("header", "customer", "former", "other"),
    [
        ("Type", "Customer", "Former Customer", "Prospect"),
        ("Account Type", "Active", "Past customer", "Partner"),
        ("区分", "契約中", "解約済み", "見込み客"),
    ],
)
def test_types_that_name_former_customers_are_the_status(
    header: str, customer: str, former: str, other: str
) -> None:
    found = facts(header, [customer] * 6 + [former] * 2 + [other] * 2)
    stay = list(columns_of_stay(found, status_of(found)))
    assert [(each.name, each.header) for each in stay] == [("status", header)]
    kept = filter_of(found, stay)
    assert kept is not None
    assert kept[:2] == (f"status IS NULL OR status NOT IN ('{other}')", other)
    assert kept[2] is None, "the column is there already"


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("Is cancelled", "TRUE", "FALSE"),
        ("Cancelled?", "Y", "N"),
        ("解約フラグ", "1", "0"),
        ("Churned", "yes", "no"),
    ],
)
def test_a_flag_of_those_who_left(header: str, yes: str, no: str) -> None:
    found = facts(header, [no] * 8 + [yes] * 2)
    assert [(each.name, each.header) for each in columns_of_stay(found, status_of(found))] == [
        ("churn_flag", header)
    ]


def test_types_of_which_none_has_left_are_no_status() -> None:
    found = facts("Type", ["Customer"] * 6 + ["Prospect"] * 2)
    assert list(columns_of_stay(found, status_of(found))) == []
    assert filter_of(found, []) is not None


def test_a_column_of_mostly_other_words_is_no_status() -> None:
    found = facts("Stage", ["Live", "Closed", "Alpha", "Beta", "Gamma", "Delta"] * 2)
    assert list(columns_of_stay(found, status_of(found))) == []


def test_a_known_status_stays_the_only_one() -> None:
    rows: list[list[Cell]] = [
        [f"A{at}", word, word] for at, word in enumerate(["Customer", "Former customer"] * 4)
    ]
    found = facts_of(raw_table(["Account ID", "Status", "Type"], *rows))
    assert list(columns_of_stay(found, status_of(found))) == []
