"""Who changes hands. Oracle: every possible assignment of a small book tried, and what a proposal must never do."""

import csv
import itertools
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cscli.analysis.acting.capacity import needs_by, planned_hours
from cscli.analysis.acting.rebalance import TOLERANCE_HOURS, Rebalancing, Workload, loads_of, rebalance
from places import REFERENCE

SIZES = (4.0, 1.2, 0.5)


def work(
    owner: list[int], hours: list[float], protected: list[bool], limit: float, owners: int = 3
) -> Workload:
    worth = np.arange(len(owner), dtype=np.float64)
    return Workload(
        owner=np.array(owner),
        hours=np.array(hours),
        protected=np.array(protected),
        worth=worth,
        owners=owners,
        limit_hours=limit,
    )


def owner_after(given_work: Workload, found: Rebalancing) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    owner = given_work.owner.copy()
    owner[found.moved] = found.to
    return owner


def fewest_by_trying(book: Workload) -> tuple[int, int] | None:
    """Protected accounts and all accounts that move in the best assignment; None if none is under the limit."""
    best = None
    for owner in itertools.product(range(book.owners), repeat=len(book.owner)):
        new = np.array(owner, dtype=np.intp)
        if (loads_of(new, book.hours, book.owners) <= book.limit_hours + TOLERANCE_HOURS).all():
            moved = new != book.owner
            cost = (int((moved & book.protected).sum()), int(moved.sum()))
            best = cost if best is None else min(best, cost)
    return best


accounts = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(SIZES), st.booleans()), min_size=1, max_size=7
)


@pytest.mark.whole
@settings(max_examples=80, deadline=None)
@given(accounts, st.sampled_from([2.0, 4.0, 4.5, 5.2, 6.0, 9.0]))
def test_no_assignment_is_better(book: list[tuple[int, float, bool]], limit: float) -> None:
    owners, hours, protected = (list(part) for part in zip(*book, strict=True))
    given_work = work(owners, hours, protected, limit)
    found = rebalance(given_work)
    best = fewest_by_trying(given_work)
    owner = owner_after(given_work, found)
    assert (found.to != given_work.owner[found.moved]).all()
    assert len(set(found.moved.tolist())) == len(found.moved)
    loads = loads_of(owner, given_work.hours, 3)
    if best is None:
        assert found.hours_left_over > 0
        assert not found.is_fewest
        over = np.flatnonzero(loads > limit + TOLERANCE_HOURS)
        assert not set(found.to.tolist()) & set(over.tolist()), "who is over the limit receives nothing"
        assert (np.maximum(loads - limit, 0).sum()) == pytest.approx(found.hours_left_over, abs=1e-5)
    else:
        assert found.hours_left_over == 0
        assert (loads <= limit + TOLERANCE_HOURS).all()
        assert (int(given_work.protected[found.moved].sum()), len(found.moved)) == best
        assert found.is_fewest


def test_swaps_where_nothing_else_fits() -> None:
    """0 has 4 + 1.2 of 5 h, 1 has 4.0 and 2 has 0.5 + 0.5 + 1.2 + 1.2 + 1.2 = 4.6: only a chain of two helps."""
    given_work = work([0, 0, 1, 2, 2, 2, 2, 2], [4, 1.2, 4, 0.5, 0.5, 1.2, 1.2, 1.2], [False] * 8, 5.0)
    found = rebalance(given_work)
    assert (found.hours_left_over, len(found.moved)) == (0, 3)
    assert fewest_by_trying(given_work) == (0, 3)


def test_of_like_accounts_the_one_of_least_worth_moves() -> None:
    given_work = work([0, 0, 0, 1], [2.0, 2.0, 2.0, 1.0], [False] * 4, 4.0, owners=2)
    assert rebalance(given_work).moved.tolist() == [0]


def test_nobody_moves_where_nobody_is_over() -> None:
    found = rebalance(work([0, 1, 2], [4.0, 4.0, 4.0], [False] * 3, 4.0))
    assert (found.moved.tolist(), found.hours_left_over, found.is_fewest) == ([], 0.0, True)


def test_accounts_without_owner_or_hours_stay_out() -> None:
    given_work = work([-1, 0, 0, 1], [9.0, float("nan"), 5.0, 1.0], [False] * 4, 4.0, owners=2)
    found = rebalance(given_work)
    assert found.moved.tolist() == []
    assert found.hours_left_over == pytest.approx(1.0)


def random_book(seed: int, fill: float) -> Workload:
    random = np.random.default_rng(seed)
    hours = random.choice([4, 1.2, 0.02], 20_000, p=[0.02, 0.15, 0.83])
    share = random.lognormal(0, 0.4, 60)
    owner = random.choice(60, 20_000, p=share / share.sum())
    protected = (hours == 4) | (random.random(20_000) < 0.15)
    return Workload(
        owner=owner,
        hours=hours,
        protected=protected,
        worth=random.random(20_000),
        owners=60,
        limit_hours=float(hours.sum()) / 60 / fill,
    )


@pytest.mark.parametrize("fill", [0.7, 0.95, 0.999, 1.1])
def test_a_large_book_in_five_seconds(fill: float) -> None:
    book = random_book(1, fill)
    start = time.perf_counter()
    found = rebalance(book)
    assert time.perf_counter() - start < 5
    before, after = loads_of(book.owner, book.hours, 60), loads_of(owner_after(book, found), book.hours, 60)
    received = np.unique(found.to)
    assert (after[received] <= book.limit_hours + TOLERANCE_HOURS).all()
    if fill < 1:
        assert (after <= book.limit_hours + TOLERANCE_HOURS).all()
    else:
        missing = book.hours.sum() - 60 * book.limit_hours
        assert missing <= found.hours_left_over <= missing + 60 * 0.02 + 0.02 * book.limit_hours
        assert (after <= np.maximum(before, book.limit_hours) + TOLERANCE_HOURS).all()


@pytest.mark.whole
def test_the_same_book_gives_the_same_proposal() -> None:
    first, second = rebalance(random_book(2, 0.98)), rebalance(random_book(2, 0.98))
    assert (first.moved == second.moved).all()
    assert (first.to == second.to).all()


def test_heads_of_the_reference() -> None:
    """7,000 accounts of four segments need 3,325 hours, or 30.2 heads of 110 h."""
    with (REFERENCE / "capacity_example.csv").open(encoding="utf-8") as file:
        *segments, total = csv.DictReader(file)
    names = pd.Series([row["segment"] for row in segments for _ in range(int(row["accounts"]))], dtype=object)
    hours = {row["segment"]: float(row["hours_per_account_month"]) for row in segments}
    planned = planned_hours(names, hours)
    table = needs_by(names, np.ones(len(names)), planned, list(hours), 110)
    assert table["accounts"].tolist() == [float(row["accounts"]) for row in segments]
    assert table["hours_needed"].tolist() == pytest.approx(
        [float(row["hours"]) for row in segments], abs=1e-6
    )
    assert table["heads"].tolist() == pytest.approx(
        [float(row["heads_at_110h"]) for row in segments], abs=5e-5
    )
    assert table["heads"].sum() == pytest.approx(3325 / 110, abs=1e-6)
    assert round(table["heads"].sum(), 1) == 30.2
    assert float(total["heads_at_110h"]) == pytest.approx(table["heads"].sum(), abs=5e-5)
