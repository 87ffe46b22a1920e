"""Owners with more hours than they have to the fewest re-assignments that bring each of them under the limit.

Accounts that take the same hours are interchangeable, so the question is not which accounts move but how many of each
kind go from and to each owner: a small integer program (HiGHS), whatever the number of accounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

TOLERANCE_HOURS = 1e-6
_NODES = 20  # of the search tree, a stage: nearly always the root is enough; a limit in seconds would let the clock decide
_SLACK = 0.01  # of one owner's hours: where not all fit, the last minutes are not worth hundreds of moves


@dataclass(frozen=True, eq=False, kw_only=True)
class Workload:
    """One entry an account. `owner`: 0 to `owners` - 1, or -1 for none. `hours`: NaN counts as 0. `protected`:
    moves only if there is no other way. `worth`: among like accounts the one of least worth moves.
    """

    owner: Ints
    hours: Floats
    protected: NDArray[np.bool_]
    worth: Floats
    owners: int
    limit_hours: float


@dataclass(frozen=True, eq=False)
class Rebalancing:
    """`moved`: positions of the accounts that change hands, `to`: their new owners. `hours_left_over`: what
    stays above the limit because nobody has room for it. `is_fewest`: everyone is under it, and fewer moves are
    proved impossible.
    """

    moved: Ints
    to: Ints
    hours_left_over: float
    is_fewest: bool


def rebalance(work: Workload) -> Rebalancing:
    """The proposal. No owner who receives is above the limit after it; who is above it receives nothing."""
    hours = np.where(np.isnan(work.hours) | (work.owner < 0), 0.0, work.hours)
    loads = loads_of(work.owner, hours, work.owners)
    if not (loads > work.limit_hours + TOLERANCE_HOURS).any():
        nobody = np.zeros(0, dtype=np.intp)
        return Rebalancing(nobody, nobody, 0.0, is_fewest=True)
    kinds = _Kinds.of(work, hours)
    plan = _solve(kinds, loads, work.limit_hours)
    moved, to = _choose_accounts(work, kinds, plan)
    owner = work.owner.copy()
    owner[moved] = to
    left_over = np.maximum(loads_of(owner, hours, work.owners) - work.limit_hours, 0).sum()
    return Rebalancing(moved, to, float(left_over) if left_over > TOLERANCE_HOURS else 0.0, plan.is_fewest)


def loads_of(owner: Ints, hours: Floats, owners: int) -> Floats:
    """Hours by owner; what has none (-1) counts for nobody."""
    loads = np.zeros(owners)
    np.add.at(loads, owner[owner >= 0], hours[owner >= 0])
    return loads


@dataclass(frozen=True, eq=False, kw_only=True)
class _Kinds:
    """Accounts by kind: `of_account` (-1: never moves), and for each kind its `hours`, whether `protected`, the
    `size` (index into `sizes`, the different hours), and `counts` by owner.
    """

    of_account: Ints
    hours: Floats
    protected: NDArray[np.bool_]
    size: Ints
    sizes: Floats
    counts: Ints

    @classmethod
    def of(cls, work: Workload, hours: Floats) -> "_Kinds":
        movable = np.flatnonzero((hours > 0) & (work.owner >= 0))
        sizes, size = np.unique(hours[movable], return_inverse=True)
        found, kind = np.unique(2 * size + work.protected[movable], return_inverse=True)
        of_account = np.full(len(hours), -1, dtype=np.intp)
        of_account[movable] = kind
        counts = np.zeros((work.owners, len(found)), dtype=np.intp)
        np.add.at(counts, (work.owner[movable], kind), 1)
        return cls(
            of_account=of_account,
            hours=sizes[found // 2],
            protected=found % 2 == 1,
            size=found // 2,
            sizes=sizes,
            counts=counts,
        )


@dataclass(frozen=True, eq=False)
class _Plan:
    """How many accounts of each kind each owner gives, and of each size receives."""

    given: Ints
    received: Ints
    is_fewest: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class _Program:
    """The integer program. Its variables: given (owners x kinds), received (owners x sizes), and hours that
    stay over (owners); each stage minimises one `cost`, and later stages keep what it reached.
    """

    matrix: Any
    low: Floats
    high: Floats
    upper: Floats
    integers: int

    def limited(self, cost: Floats, most: float) -> "_Program":
        from scipy.sparse import csr_array, vstack  # noqa: PLC0415 - scipy only where it is needed

        matrix = vstack([self.matrix, csr_array(cost[None, :])], format="csr")
        return replace(self, matrix=matrix, low=np.append(self.low, -np.inf), high=np.append(self.high, most))

    def minimised(self, cost: Floats) -> tuple[Floats | None, bool]:
        """The variables that make `cost` least, and whether that is proved."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - as above

        integrality = np.zeros(len(cost))
        integrality[: self.integers] = 1
        found = milp(
            cost,
            integrality=integrality,
            bounds=Bounds(0, self.upper),
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            options={"mip_rel_gap": 0.0, "node_limit": _NODES},
        )
        return found.x, found.status == 0


def _solve(kinds: _Kinds, loads: Floats, limit: float) -> _Plan:
    """Hours over the limit first, protected accounts second, accounts third."""
    owners, kind_count = kinds.counts.shape
    size_count = len(kinds.sizes)
    given, over = owners * kind_count, owners * (kind_count + size_count)
    moves, left_over = np.zeros(over + owners), np.zeros(over + owners)
    moves[:given], left_over[over:] = 1, 1
    protected = np.zeros(over + owners)
    protected[:given] = np.tile(kinds.protected, owners)
    stages = [cost for cost in (protected, moves) if cost.any()]
    best, proved = None, False
    if loads.sum() <= owners * limit + TOLERANCE_HOURS:
        best, proved = _minimise(_program(kinds, loads, limit, strict=True), stages)
    if best is None:
        program = _program(kinds, loads, limit, strict=False)
        best, _ = _minimise(program, [left_over, *stages], first_slack=_SLACK * limit)
    if best is None:
        best = np.zeros(over + owners)
    out = np.rint(best[:given]).astype(np.intp).reshape(owners, kind_count)
    into = np.rint(best[given:over]).astype(np.intp).reshape(owners, size_count)
    return _Plan(out, into, proved)


def _minimise(
    program: _Program, stages: Sequence[Floats], first_slack: float = TOLERANCE_HOURS
) -> tuple[Floats | None, bool]:
    best, proved = None, True
    for number, cost in enumerate(stages):
        found, is_least = program.minimised(cost)
        if found is None:
            return best, False
        best, proved = found, proved and is_least
        slack = TOLERANCE_HOURS if number else first_slack
        program = program.limited(cost, float(cost @ found) + slack)
    return best, proved


def _program(kinds: _Kinds, loads: Floats, limit: float, *, strict: bool) -> _Program:
    """`strict`: everyone ends under the limit. Else owners over it may stay so; only they give, and they receive
    nothing.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - scipy only where it is needed

    owners, kind_count = kinds.counts.shape
    size_count = len(kinds.sizes)
    given, over = owners * kind_count, owners * (kind_count + size_count)
    owner_of_given, kind = np.divmod(np.arange(given), kind_count)
    owner_of_received, size = np.divmod(np.arange(over - given), size_count)
    everyone = np.arange(owners)
    # One row an owner: the change of the load, less what stays over. Then one row a size: what is given is received.
    entries = [
        (-kinds.hours[kind], owner_of_given, np.arange(given)),
        (kinds.sizes[size], owner_of_received, given + np.arange(over - given)),
        (np.full(owners, -1.0), everyone, over + everyone),
        (np.ones(given), owners + kinds.size[kind], np.arange(given)),
        (np.full(over - given, -1.0), owners + size, given + np.arange(over - given)),
    ]
    values, rows, columns = (np.concatenate(part) for part in zip(*entries, strict=True))
    shape = (owners + size_count, over + owners)
    excess = np.maximum(loads - limit, 0)
    most = np.bincount(kinds.size, kinds.counts.sum(axis=0), minlength=size_count)
    givable, receivable = kinds.counts.ravel(), np.tile(most, owners)
    if not strict:
        givable = np.where(np.repeat(excess > 0, kind_count), givable, 0)
        receivable[np.repeat(excess > 0, size_count)] = 0
    return _Program(
        matrix=coo_array((values, (rows, columns)), shape).tocsr(),
        low=np.concatenate([np.full(owners, -np.inf), np.zeros(size_count)]),
        high=np.concatenate([limit - loads, np.zeros(size_count)]),
        upper=np.concatenate([givable, receivable, np.zeros(owners) if strict else excess]),
        integers=over,
    )


def _choose_accounts(work: Workload, kinds: _Kinds, plan: _Plan) -> tuple[Ints, Ints]:
    """The accounts for the counts of `plan`: of each kind those of least worth, and earlier ones first."""
    order = np.argsort(work.worth, kind="stable")
    order = order[kinds.of_account[order] >= 0]
    order = order[np.lexsort((kinds.of_account[order], work.owner[order]))]
    owner, kind = work.owner[order], kinds.of_account[order]
    cell = owner * kinds.counts.shape[1] + kind
    rank = np.arange(len(order)) - np.searchsorted(cell, cell)
    moved = order[rank < plan.given[owner, kind]]
    moved = moved[np.argsort(kinds.size[kinds.of_account[moved]], kind="stable")]
    receivers = np.tile(np.arange(work.owners), len(kinds.sizes))
    to = np.repeat(receivers, plan.received.T.ravel())
    return moved, to
