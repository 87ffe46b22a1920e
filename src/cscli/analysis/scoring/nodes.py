"""Columns that are no formulas, such as the state of a journey, in their turn among formulas and segments."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Node:
    """`gives`: the columns that `make` adds to a frame of accounts that has what it `reads`. `waits`: it comes after everything that does
    not need it, for it may read any column.
    """

    name: str
    gives: tuple[str, ...]
    reads: frozenset[str]
    make: Callable[[pd.DataFrame, dt.date], pd.DataFrame]
    waits: bool = False


def blocked_names(reads: Mapping[str, Iterable[str]], blocked: frozenset[str]) -> frozenset[str]:
    """The keys of `reads` that need one of `blocked`, directly or through another of them."""
    found: set[str] = set()
    while more := {
        name for name, names in reads.items() if name not in found and {*names} & {*blocked, *found}
    }:
        found |= more
    return frozenset(found)


def next_nodes(pending: Iterable[Node], blocked: frozenset[str]) -> list[Node]:
    """Those that need nothing that is not there yet; one that waits only where no other is left."""
    waiting = list(pending)
    given = {node.name: frozenset(node.gives) for node in waiting}
    ready = [
        node
        for node in waiting
        if not node.reads & blocked
        and not any(node.reads & names for other, names in given.items() if other != node.name)
    ]
    return [node for node in ready if not node.waits] or ready
