"""Ids matched to accounts: what joins, what is only suggested, worked out by hand; and what must hold of any table."""

import time
import unicodedata
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from books.raw_tables import typed
from cscli.analysis.matching.decisions import CrosswalkRow, decide
from cscli.analysis.matching.match import Decisions, SourceMatch, match_source, unique_accounts
from cscli.analysis.matching.match_summary import summarise
from cscli.analysis.matching.suggestions import find_doubles, suggest
from cscli.errors import Location

NOTHING = Decisions()
ACCOUNTS = (
    ("00123", "株式会社青葉商事", 100, "aoba.example.com"),
    ("A-1", "Acme Inc.", 50, "https://www.acme.example.com/about"),
    ("A-2", "Beta Systems Ltd", 40, None),
    ("0015500000Xyy06", "Eric's Test", 30, None),
    ("A-3", "Gamma", 20, "gmail.com"),
    ("A-4", "Delta Co.", 10, "delta.example.com"),
    ("A-5", "Delta Corp", 5, None),
    ("A-6", "Epsilon Works", 3, None),
)


def accounts(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return unique_accounts(typed(("account_id", "name", "mrr", "domain"), *(rows or ACCOUNTS)))


def match(
    *rows: tuple[Any, ...],
    many_rows: bool = False,
    decisions: Decisions = NOTHING,
    to: pd.DataFrame | None = None,
) -> SourceMatch:
    table = typed(("account_id", "name", "domain"), *rows, source="product")
    return match_source(table, accounts() if to is None else to, decisions, many_rows=many_rows)


def joined(found: SourceMatch) -> dict[str, tuple[str, str]]:
    rows: list[list[str]] = found.joined[["source_id", "account_id", "method"]].to_numpy().tolist()
    return {source_id: (account_id, method) for source_id, account_id, method in rows}


def suggested(found: SourceMatch, decisions: Decisions = NOTHING) -> set[tuple[str, str, str]]:
    frame = suggest(found, accounts(), decisions)
    return set(zip(frame["source_id"], frame["account_id"], frame["method"], strict=True))


def test_each_certain_method_joins() -> None:
    found = match(
        ("a-2", None, None), ("0015500000Xyy06AAB", None, None), ("t2", "x", "taro@acme.example.com"),
        ("t1", "㈱青葉商事", None), ("A-6", "someone else", "acme.example.com"),
    )  # fmt: skip
    assert joined(found) == {
        "a-2": ("A-2", "case"), "0015500000Xyy06AAB": ("0015500000Xyy06", "crm_id"), "t2": ("A-1", "domain"),
        "t1": ("00123", "name"),
    }  # fmt: skip
    assert found.open.empty


def test_ids_may_be_names_or_domains_themselves() -> None:
    assert joined(match(("青葉商事（株）", None, None), ("https://acme.example.com/", None, None))) == {
        "青葉商事(株)": ("00123", "name"), "https://acme.example.com/": ("A-1", "domain"),
    }  # fmt: skip


def test_near_misses_are_suggested_and_not_joined() -> None:
    found = match(
        ("123", "アオバ", None), ("0015500000XYY06", None, None), ("t5", "Delta", None), ("t6", "Epsilon Work", None),
        ("t7", "Nobody at all", "x@gmail.com"), ("t8", None, "branch.delta.example.com"), ("t9", "青葉商事東京支店", None),
    )  # fmt: skip
    assert joined(found) == {}
    assert suggested(found) == {
        ("123", "00123", "similar"), ("0015500000XYY06", "0015500000Xyy06", "similar"),
        ("t5", "A-4", "name"), ("t5", "A-5", "name"), ("t6", "A-6", "similar"), ("t8", "A-4", "domain"),
        ("t9", "00123", "similar"),
    }  # fmt: skip


def test_wrong_check_characters_are_suggested_only() -> None:
    found = match(("0015500000Xyy06AAC", None, None))
    assert joined(found) == {}
    assert suggested(found) == {("0015500000Xyy06AAC", "0015500000Xyy06", "similar")}


def test_an_account_that_the_source_has_already_is_not_given_a_second_id() -> None:
    found = match(("A-1", None, None), ("t1", "Acme", None), ("a-1", None, None))
    assert joined(found) == {}
    assert suggested(found) == {("t1", "A-1", "name"), ("a-1", "A-1", "case")}


def test_two_ids_for_one_account_and_two_companies_for_one_id_join_nothing() -> None:
    found = match(
        ("t1", "Acme", None), ("t2", "ACME K.K.", None), ("t3", "Epsilon Works", "delta.example.com")
    )
    assert joined(found) == {}
    assert {("t3", "A-6", "name"), ("t3", "A-4", "domain")} <= suggested(found)


def test_the_mailboxes_of_a_domain_are_one_id_where_an_account_has_many_rows() -> None:
    rows = [("a@acme.example.com", None, None), ("b@acme.example.com", None, None)]
    assert joined(match(*rows)) == {}
    assert set(joined(match(*rows, many_rows=True)).values()) == {("A-1", "domain")}


def test_a_person_decides() -> None:
    decisions = Decisions({"t7": "A-3"}, frozenset({("t1", "00123"), ("t5", "A-4")}), frozenset({"t6"}))
    found = match(
        ("t1", "青葉商事", None), ("t5", "Delta", None), ("t6", "Epsilon Work", None), ("t7", "?", None),
        decisions=decisions,
    )  # fmt: skip
    assert joined(found) == {"t7": ("A-3", "crosswalk")}
    assert suggested(found, decisions) == {("t5", "A-5", "name")}


def row(source_id: str, account_id: str, *, accepted: bool | None) -> CrosswalkRow:
    return CrosswalkRow(
        source="product", source_id=source_id, account_id=account_id, accepted=accepted, place=Location()
    )


def test_a_spreadsheet_that_dropped_zeros_loses_no_decision() -> None:
    found = decide([row("7", "123", accepted=True)], "product", ["007", "8"], ["00123", "A-1"])
    assert found.decisions.accepted == {"007": "00123"}
    both = decide([row("7", "123", accepted=True)], "product", ["007", "07"], ["00123"])
    assert both.decisions.accepted == {"7": "00123"}, "which of two is meant cannot be known"


def test_decisions_that_cannot_be_used_are_said() -> None:
    rows = [
        row("t1", "A-9", accepted=True), row("t2", "A-1", accepted=True), row("t2", "A-2", accepted=True),
        row("t3", "", accepted=False), row("t4", "A-1", accepted=None),
    ]  # fmt: skip
    found = decide(rows, "product", ["t1", "t2"], ["A-1", "A-2"])
    assert [problem.code for problem in found.problems] == ["match.accepted_unknown", "match.accepted_twice"]
    assert found.decisions == Decisions({}, frozenset(), frozenset({"t3"}))
    assert ("t4", "A-1") in found.pairs


def test_accounts_that_look_like_one() -> None:
    table = typed(
        ("account_id", "name", "domain", "parent_id"),
        ("B2", "Acme", None, None), ("A1", "ACME Inc.", None, None), ("0015500000Xyy06", "x", "one.example.com", None),
        ("0015500000Xyy06AAB", "y", None, None), ("C1", "z", "one.example.com", "0015500000Xyy06"),
    )  # fmt: skip
    found = find_doubles(unique_accounts(table))
    assert found.to_numpy().tolist() == [
        ["0015500000Xyy06", "0015500000Xyy06AAB", "crm_id"],
        ["A1", "B2", "name"],
    ]


def test_the_counts_of_a_source_add_up_to_all_ids_rows_accounts_and_mrr() -> None:
    rows = (
        [("A-1", None, None)] * 3 + [("a-2", None, None)] * 2 + [("t5", "Delta", None), ("t7", "Zeta", None)]
    )
    table = typed(("account_id", "name", "domain"), *rows, source="product")
    found = match_source(table, accounts(), NOTHING, many_rows=True)
    summary = summarise(
        {"product": table}, {"product": found}, {"product": suggest(found, accounts(), NOTHING)}, accounts()
    )
    assert summary.drop(columns="source").to_numpy().tolist() == [
        ["exact", 1, 3, 1, 50], ["case", 1, 2, 1, 40], ["suggested", 1, 1, 2, 15], ["unmatched", 1, 1, 4, 153],
    ]  # fmt: skip
    assert summary["mrr"].sum() == accounts()["mrr"].sum()


NAMES = st.sampled_from(["Acme", "ACME Inc.", "Beta", "㈱青葉", "株式会社青葉", "Gamma", None])
DOMAINS = st.sampled_from(["a.example.com", "www.a.example.com", "b.example.com", "x@gmail.com", None])
IDS = st.sampled_from(
    ["A1", "a1", "Ａ1", "B2", "b2", "C3", "0015500000Xyy06", "0015500000xyy06", "0015500000Xyy06AAB", "Acme", "㈱青葉", "a.example.com"]
)  # fmt: skip
# Ids that read alike are one account, of which the first row counts: its order is no accident.
ROWS = st.lists(
    st.tuples(IDS, NAMES, DOMAINS), min_size=1, max_size=8,
    unique_by=lambda row: unicodedata.normalize("NFKC", row[0]),
)  # fmt: skip


@pytest.mark.whole
@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_never_many_to_one_never_a_known_id_and_the_order_of_rows_is_irrelevant(
    ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]], random: Any
) -> None:
    rows = [(each, name, 1, domain) for each, name, domain in theirs]
    to = accounts(*rows)
    found = match(*ours, to=to)
    known = set(to["account_id"])
    targets = list(found.joined["account_id"]) + [each for each, *_ in ours if each in known]
    assert len(targets) == len(set(targets))
    assert not known & set(found.joined["source_id"])
    random.shuffle(ours)
    random.shuffle(rows)
    assert joined(match(*ours, to=accounts(*rows))) == joined(found)


@pytest.mark.slow
def test_a_thousand_ids_without_account_against_five_thousand_names_take_seconds_not_minutes() -> None:
    to = accounts(*((f"A{at}", f"Company {at * 7919 % 100003:05d} of Trade", at, None) for at in range(5000)))
    found = match(
        *((f"t{at}", f"Compny {at * 104729 % 100003:05d} of Trade", None) for at in range(1000)), to=to
    )
    before = time.process_time()
    suggest(found, to, NOTHING)
    assert time.process_time() - before < 10


def test_writings_of_one_name_are_one_company_and_another_form_is_not() -> None:
    """A desk that names companies: `(株)青葉商事` beside `株式会社青葉商事`; a company with its form behind is another one."""
    names = (
        "株式会社青葉商事",
        "(株)青葉商事",
        "㈱ 青葉商事",
        "青葉商事株式会社",
        "Acme, Incorporated",
        "ACME INC",
    )
    found = match(*((name, None, None) for name in names), many_rows=True)
    assert {name: account for name, (account, _) in joined(found).items()} == {
        "株式会社青葉商事": "00123", "(株)青葉商事": "00123", "(株) 青葉商事": "00123", "Acme, Incorporated": "A-1", "ACME INC": "A-1",
    }  # fmt: skip
