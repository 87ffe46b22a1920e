"""New, ongoing, resolved, back; who stays at the band's edge and who rests. Oracle: the course of each account by hand."""

import datetime as dt

import pandas as pd
import pytest
from call_list_books import RULES, Diary, ids_of, make_book, make_config

from cscli.analysis.acting.risk import CallList

START = dt.date(2026, 10, 5)
BANDS = "\nbands: [{name: good, from: 50}, {name: bad, from: 0}]\n"


def book_of(**scores: float) -> pd.DataFrame:
    """Accounts of 1200 ARR, so that only the score decides; at most 50 points is `bad`."""
    return make_book(
        make_config(RULES + BANDS),
        [(key, "Ito", score, 1200.0, 200.0, 50.0) for key, score in scores.items()],
    )


def diary(settings: str) -> Diary:
    return Diary(make_config(f"{RULES}{BANDS}at_risk: {settings}"))


def statuses(book: pd.DataFrame, calls: CallList) -> dict[str, tuple[str, str]]:
    days = calls.since.astype("datetime64[D]").astype(str).tolist()
    return dict(zip(ids_of(book, calls), zip(calls.status.tolist(), days, strict=True), strict=True))


def resolved(calls: CallList) -> dict[str, str]:
    return dict(zip(calls.resolved["account_id"], calls.resolved["why"], strict=True))


def test_four_lists_in_a_row() -> None:
    """A stays; B gets better and comes back; C gets worse; D leaves the book."""
    weeks = [START + dt.timedelta(weeks=number) for number in range(4)]
    days = [day.isoformat() for day in weeks]
    notes = diary("{hysteresis: 0, cool_down_days: 0}")
    course = [
        book_of(A=10, B=20, C=90, D=30),
        book_of(A=10, B=80, C=90, D=30),
        book_of(A=10, B=20, C=40),
        book_of(A=10, B=20, C=40),
    ]
    lists = [notes.run(day, book) for day, book in zip(weeks, course, strict=True)]
    found = [statuses(book, calls) for book, calls in zip(course, lists, strict=True)]
    assert found[0] == {"A": ("new", days[0]), "B": ("new", days[0]), "D": ("new", days[0])}
    assert found[1] == {"A": ("ongoing", days[0]), "D": ("ongoing", days[0])}
    assert found[2] == {"A": ("ongoing", days[0]), "B": ("back", days[2]), "C": ("new", days[2])}
    assert found[3] == {"A": ("ongoing", days[0]), "B": ("ongoing", days[2]), "C": ("ongoing", days[2])}
    assert [resolved(calls) for calls in lists] == [{}, {"B": "band_better"}, {"D": "left"}, {}]
    assert [calls.last_as_of for calls in lists] == [None, *weeks[:3]]


@pytest.mark.parametrize(("score", "stays"), [(49.9, True), (50.0, True), (51.9, True), (52.0, False)])
def test_two_points_above_the_edge_are_off_the_list(score: float, stays: bool) -> None:
    notes = diary("{hysteresis: 2}")
    notes.run(START, book_of(A=45))
    book = book_of(A=score, B=score)
    calls = notes.run(START + dt.timedelta(days=1), book)
    assert ("A" in ids_of(book, calls)) == stays
    assert ("B" in ids_of(book, calls)) == (score < 50), "only who was on the list stays"


def test_the_edge_holds_as_long_as_it_takes_and_since_stays() -> None:
    notes = diary("{hysteresis: 2}")
    notes.run(START, book_of(A=45))
    for day in range(1, 4):
        book = book_of(A=51)
        calls = notes.run(START + dt.timedelta(days=day), book)
        assert statuses(book, calls) == {"A": ("ongoing", START.isoformat())}


@pytest.mark.parametrize(("days", "rests"), [(1, True), (6, True), (7, False)])
def test_who_went_off_the_list_rests(days: int, rests: bool) -> None:
    """A is on the list on day 0, off it on day 1, and bad again so many days after that."""
    notes = diary("{hysteresis: 2, cool_down_days: 7}")
    notes.run(START, book_of(A=45, B=10))
    off = START + dt.timedelta(days=1)
    assert resolved(notes.run(off, book_of(A=60, B=10))) == {"A": "band_better"}
    book = book_of(A=45, B=10, C=45)
    calls = notes.run(off + dt.timedelta(days=days), book)
    assert ("A" in ids_of(book, calls)) != rests
    assert book["account_id"][calls.membership.rests].tolist() == (["A"] if rests else [])
    assert {"B", "C"} <= set(ids_of(book, calls))


def test_a_customer_who_left_and_returns_does_not_rest() -> None:
    notes = diary("{cool_down_days: 30}")
    notes.run(START, book_of(A=45, B=90))
    notes.run(START + dt.timedelta(days=1), book_of(B=90))
    book = book_of(A=45, B=90)
    calls = notes.run(START + dt.timedelta(days=2), book)
    assert statuses(book, calls) == {"A": ("back", "2026-10-07")}


def test_a_renewal_that_has_passed_resolves_without_a_better_band() -> None:
    config = make_config(f"{RULES}at_risk: {{hysteresis: 2}}")
    notes = Diary(config)
    before = make_book(config, [("A", "Ito", 60.0, 1200.0, 10.0, 50.0)])
    after = make_book(config, [("A", "Ito", 60.0, 1200.0, 360.0, 50.0)])
    assert ids_of(before, notes.run(START, before)) == ["A"]
    assert resolved(notes.run(START + dt.timedelta(days=11), after)) == {"A": "rule"}
