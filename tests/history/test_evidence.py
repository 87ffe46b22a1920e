"""What was known in time stays: which snapshots of a day are kept, against a slow reference and cases by hand."""

import datetime as dt
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books.made import made, stored
from cscli.analysis.past.evidence import Take, choose_kept
from cscli.history import (
    append,
    every_run,
    evidence_days,
    forget_day,
    prune,
    read_evidence,
    read_snapshot,
    snapshot_days,
    stored_runs,
)

HERE = Path()
DAY = dt.date(2026, 1, 5)
DAYS = st.integers(-3, 12).map(lambda days: DAY + dt.timedelta(days))


def store(url: str, known_on: dt.date, score: float, as_of: dt.date = DAY) -> None:
    append(url, HERE, replace(made(as_of, A=score), known_on=known_on))


def score_of(url: str, *, evidence: bool) -> float | None:
    found = read_evidence(url, HERE, DAY) if evidence else read_snapshot(url, HERE, DAY)
    return None if found is None else float(found.accounts["score"].iloc[0])


def days(*offsets: int) -> list[dt.date]:
    return [DAY + dt.timedelta(offset) for offset in offsets]


def slow_reference(known: list[dt.date]) -> tuple[int, int | None]:
    """proof.md's sentence read aloud: timely ones; of those the smallest day; of those the last."""
    timely = [number for number, day in enumerate(known) if (day - DAY).days <= 7]
    first = [number for number in timely if all(known[number] <= known[other] for other in timely)]
    return len(known) - 1, first[-1] if first else None


@given(st.lists(DAYS, min_size=1, max_size=6))
def test_the_evidence_is_the_last_of_those_known_first(known: list[dt.date]) -> None:
    kept = choose_kept(DAY, [Take(number, day) for number, day in enumerate(known)])
    assert (kept.newest, kept.evidence) == slow_reference(known)


@given(st.lists(DAYS, min_size=1, max_size=6))
def test_keeping_two_at_a_time_is_as_good_as_keeping_all(known: list[dt.date]) -> None:
    """What goes at once would not have been chosen later either."""
    takes: list[Take] = []
    for number, day in enumerate(known):
        takes = [*takes, Take(number, day)]
        kept = choose_kept(DAY, takes)
        takes = [take for take in takes if take.number in (kept.newest, kept.evidence)]
        assert len(takes) <= 2
    assert (kept.newest, kept.evidence) == slow_reference(known)


@pytest.mark.parametrize(
    ("offsets", "evidence", "newest"),
    [
        ((0, 0), 1, 1),  # a run corrected the same Monday replaces the wrong one
        ((0, 1), 0, 1),  # a day later it does not
        ((0, 30, 40), 0, 2),  # however often an old day is run again
        ((7,), 0, 0),
        ((8,), None, 0),
        ((8, 2), 1, 1),  # archived exports that are read later
        ((5, 3, 4), 1, 2),
    ],
)
def test_what_was_known_then_survives_every_run_of_an_old_day(
    history_url: str, offsets: tuple[int, ...], evidence: int | None, newest: int
) -> None:
    for number, known_on in enumerate(days(*offsets)):
        store(history_url, known_on, number)
    assert score_of(history_url, evidence=True) == evidence
    assert score_of(history_url, evidence=False) == newest
    count = len({evidence, newest} - {None})
    for table in ("runs", "accounts", "run_bands"):
        assert stored(history_url, f"SELECT count(*) FROM {table}") == [(count,)]  # noqa: S608 - our own
    assert evidence_days(history_url, HERE) == ((DAY,) if evidence is not None else ())
    assert snapshot_days(history_url, HERE) == (DAY,)
    assert [run.is_newest for run in stored_runs(history_url, HERE)] == [True]
    assert len(every_run(history_url, HERE)) == count


def test_the_order_in_which_archives_are_read_does_not_matter(history_url: str) -> None:
    for order in permutations(days(1, 3, 20)):
        for known_on in order:
            store(history_url, known_on, (known_on - DAY).days)
        assert score_of(history_url, evidence=True) == 1
        forget_day(history_url, HERE, DAY)
        assert stored(history_url, "SELECT count(*) FROM run_columns") == [(0,)]


def test_a_clock_that_went_back_makes_no_evidence(history_url: str) -> None:
    """The second run came after the first, whatever the clock says: what it tells was known no earlier."""
    first = replace(made(DAY, A=1), known_on_told=False, taken_at=dt.datetime(2026, 1, 20, 9, tzinfo=dt.UTC))
    first = replace(first, known_on=dt.date(2026, 1, 20))
    assert append(history_url, HERE, first).evidence is None
    back = replace(
        first,
        taken_at=dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC),
        known_on=DAY,
        accounts=made(DAY, A=2).accounts,
    )
    result = append(history_url, HERE, back)
    assert (result.known_on, result.clock_back) == (dt.date(2026, 1, 20), dt.date(2026, 1, 20))
    assert score_of(history_url, evidence=True) is None
    assert score_of(history_url, evidence=False) == 2  # still the newest: it was stored last
    told = append(history_url, HERE, replace(back, known_on_told=True))
    assert (told.known_on, told.clock_back, told.is_evidence) == (DAY, None, True)  # a person knows better


def test_what_pruning_takes_of_evidence_is_told(history_url: str) -> None:
    weeks = [DAY + dt.timedelta(weeks=week) for week in range(4)]
    for week, as_of in enumerate(weeks):
        store(history_url, as_of + dt.timedelta(30 if week == 1 else 0), 1, as_of)
    store(history_url, DAY + dt.timedelta(60), 2)  # beside the evidence of the first week
    found = prune(history_url, HERE, keep=2, dry_run=True)
    assert (found.removed, found.evidence) == (tuple(weeks[:2]), (weeks[0],))
    assert prune(history_url, HERE, keep=2) == found
    assert evidence_days(history_url, HERE) == tuple(weeks[2:])
    assert stored(history_url, "SELECT count(*) FROM accounts") == [(2,)]
