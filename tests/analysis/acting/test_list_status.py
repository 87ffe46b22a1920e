"""New, ongoing, resolved, back; who stays at the band's edge and who rests. Oracle: the course of each account by hand."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from call_list_books import AS_OF, RULES, Diary, ids_of, make_book, make_config

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
    assert [resolved(calls) for calls in lists] == [{}, {"B": "band_better"}, {"D": "missing"}, {}]
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


RENEWAL = make_config(f"{RULES}at_risk: {{hysteresis: 2}}")


def renewing(days: float | None, score: float = 60.0, seats: float = 50.0) -> pd.DataFrame:
    """A, in the middle band, renews so many days after 31 October."""
    return make_book(RENEWAL, [("A", "Ito", score, 1200.0, np.nan if days is None else days, seats)])


@pytest.mark.parametrize(
    ("days", "why"),
    [
        pytest.param(360.0, "later_renewal", id="a new date, a year on"),
        pytest.param(-1.0, "renewal_passed", id="the date is over, and the export has still the old one"),
        pytest.param(None, "renewal_passed", id="the date is over, and the export has none any more"),
    ],
)
def test_a_renewal_that_has_come_and_gone(days: float | None, why: str) -> None:
    notes = Diary(RENEWAL)
    assert ids_of(renewing(10.0), notes.run(AS_OF, renewing(10.0))) == ["A"]
    assert resolved(notes.run(AS_OF + dt.timedelta(days=11), renewing(days))) == {"A": why}


@pytest.mark.parametrize(("left", "why"), [(frozenset({"A"}), "left"), (frozenset({"B"}), "missing")])
def test_who_left_is_told_from_who_is_in_no_export_any_more(left: frozenset[str], why: str) -> None:
    notes = diary("{hysteresis: 0}")
    notes.run(START, book_of(A=10))
    notes.earlier = replace(notes.earlier, left=left)
    assert resolved(notes.run(START + dt.timedelta(weeks=1), book_of(C=90))) == {"A": why}


def test_a_renewal_that_has_passed_is_not_solved_and_so_does_not_rest() -> None:
    notes = Diary(make_config(f"{RULES}at_risk: {{hysteresis: 2, cool_down_days: 30}}"))
    notes.run(AS_OF, renewing(0.0))
    notes.run(AS_OF + dt.timedelta(days=1), renewing(-1.0))
    worse = renewing(-2.0, score=20.0)
    assert statuses(worse, notes.run(AS_OF + dt.timedelta(days=2), worse)) == {"A": ("back", "2026-11-02")}


def test_a_due_date_stays_while_the_action_does_and_then_is_overdue() -> None:
    """Train is due 2 business days after its first day as the action, Renew 5. Saturday 31 October 2026 and 3 November
    (a holiday) do not count. When Train is the action again, its first date holds.
    """
    notes = Diary(RENEWAL)
    course = [
        (0, 9.0, 20.0),
        (7, 9.0, 20.0),
        (14, 50.0, 20.0),
        (21, 9.0, 20.0),
        (28, 9.0, 90.0),
        (35, 9.0, 20.0),
    ]
    found = []
    for days, seats, score in course:
        book = renewing(20.0, score=score, seats=seats)
        calls = notes.run(AS_OF + dt.timedelta(days=days), book)
        due = calls.due_on.astype("datetime64[D]").astype(str).tolist()
        found.append(list(zip(calls.playbook.tolist(), due, calls.overdue_days.tolist(), strict=True)))
    assert found == [
        [(0, "2026-11-04", 0.0)],
        [(0, "2026-11-04", 3.0)],
        [(1, "2026-11-20", 0.0)],
        [(0, "2026-11-04", 17.0)],
        [],
        [(0, "2026-12-08", 0.0)],
    ]


@pytest.mark.parametrize(
    ("play", "day", "overdue"),
    [
        ("Train", "2026-11-03", 0.0),
        (" train ", "2026-10-31", 0.0),
        ("Train", "2026-10-30", 3.0),
        ("Renew", "2026-11-03", 3.0),
        (None, None, 3.0),
    ],
)
def test_what_was_done_since_it_was_asked_for_is_not_overdue(
    play: str | None, day: str | None, overdue: float
) -> None:
    """Train is the action from 31 October on and due on 4 November; on the 7th it is 3 days over, unless people wrote down that it was done."""
    notes = Diary(RENEWAL)
    book = renewing(9.0, score=20.0, seats=9.0).assign(
        play_done=pd.Series([play], dtype=object), play_done_on=pd.to_datetime(pd.Series([day]))
    )
    notes.run(AS_OF, book)
    calls = notes.run(AS_OF + dt.timedelta(days=7), book)
    assert calls.overdue_days.tolist() == [overdue]


def test_why_an_account_is_listed() -> None:
    """A: the rule; B: it nearly holds; C: the rule, and notice is given."""
    notes = diary("{hysteresis: 2}")
    notes.run(START, book_of(A=45, B=45, C=45))
    book = book_of(A=45, B=51, C=45).assign(notice_given=[False, False, True])
    calls = notes.run(START + dt.timedelta(days=7), book)
    found = dict(zip(ids_of(book, calls), calls.why.tolist(), strict=True))
    assert found == {"A": "rule", "B": "held_over", "C": "notice"}
