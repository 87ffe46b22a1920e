"""Whom content serves: the map of what is needed and lacking, and each account's next piece."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.practice.inventory import PLACED, Inventory
from cscli.analysis.scoring.nodes import Node
from cscli.analysis.tables.expression_faults import keyed
from cscli.config.linting.given import NEXT_COLUMNS
from cscli.config.work.practice import Content
from cscli.errors import ConfigError, Location, Problem
from cscli.expressions import evaluate

BLOCK = "content"
"""Of the rules."""
MAP_COLUMNS = ("maturity", "abstraction", "touch", "accounts", "arr", "pieces", "gap")
GAP, ALL_USED, NEEDS, NO_PLACE = "gap", "all_used", "needs", "no_place"
"""Why an account has no next piece: nothing serves it, it has used all, another comes first, or nobody knows where it stands."""
_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ContentFacts:
    """`uses`: account_id, content_id (of the inventory), at; up to the day of the report."""

    content: Content
    inventory: Inventory
    uses: pd.DataFrame


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Placed:
    """Where each account stands: `maturity` (whole, 0: not known) and `touch` (None: none that the rules deliver to)."""

    maturity: "pd.Series[int]"
    touch: "pd.Series[str]"

    @property
    def known(self) -> "pd.Series[bool]":
        """Whether the map has a place for the account."""
        return (self.maturity > 0) & self.touch.notna()


def place_accounts(frame: pd.DataFrame, content: Content, as_of: dt.date) -> Placed:
    """Where the accounts of `frame` stand. Raises ConfigError where the maturity is no number or there is no such segmentation."""
    with keyed({"maturity": f"{BLOCK}.maturity"}):
        given = evaluate(frame, [{"maturity": content.maturity}], as_of)["maturity"]
    if given.dtype.kind != "f" and given.notna().any():
        raise ConfigError(Problem("content.maturity_no_number", where=Location(key=f"{BLOCK}.maturity")))
    if content.by not in frame:
        raise ConfigError(Problem("content.no_segment", where=Location(key=f"{BLOCK}.by"), value=content.by))
    numbers = pd.to_numeric(given).astype("float64")
    whole = numbers.isin([float(level) for level in content.need])
    maturity = numbers.where(whole, 0.0).astype("int64")
    touch = frame[content.by].astype(object).where(frame[content.by].isin(list(content.delivery)), None)
    return Placed(maturity=maturity, touch=touch)


def map_content(
    placed: Placed, arr: "pd.Series[float]", inventory: Inventory, content: Content
) -> pd.DataFrame:
    """`MAP_COLUMNS`, one row for each need of accounts: gaps first, most ARR first. An account stands in a row for each of its needs."""
    known = placed.known.to_numpy(bool)
    table = pd.DataFrame({"maturity": placed.maturity, "touch": placed.touch, "arr": arr})[known]
    rows = []
    for maturity, touch in sorted(set(zip(table["maturity"], table["touch"], strict=True))):
        mine = table[((table["maturity"] == maturity) & (table["touch"] == touch)).to_numpy(bool)]
        for level in content.need[int(maturity)]:
            pieces = len(serving(inventory, content, int(maturity), str(touch), [level]))
            rows.append((int(maturity), level, touch, len(mine), float(mine["arr"].sum(min_count=1)), pieces))
    found = pd.DataFrame(rows, columns=list(MAP_COLUMNS[:-1]))
    gap = pd.Series([GAP if not pieces else None for pieces in found["pieces"]], dtype=object)
    found = found.assign(gap=gap, later=gap.isna())
    ordered = found.sort_values(
        ["later", "arr", "maturity", "abstraction", "touch"],
        ascending=[True, False, True, True, True],
        kind="stable",
    )
    return ordered[list(MAP_COLUMNS)].reset_index(drop=True)


def serving(
    inventory: Inventory, content: Content, maturity: int, touch: str, levels: Sequence[int]
) -> pd.DataFrame:
    """The pieces for accounts of this maturity and touch, best first: lowest abstraction, influence, fewer hours, id."""
    pieces = inventory.for_customers
    pieces = pieces[pieces[list(PLACED)].notna().all(axis=1).to_numpy(bool)]
    fits = (
        (pieces["maturity_from"] <= maturity)
        & (pieces["maturity_to"] >= maturity)
        & pieces["abstraction"].isin(list(levels))
        & pieces["delivery"].isin(list(content.delivery[touch]))
    )
    found = pieces[fits.to_numpy(bool)]
    hours, influence = found["hours"].fillna(0.0), -found["influence"].fillna(0.0)
    order = found.assign(hours=hours, influence=influence).sort_values(
        ["abstraction", "influence", "hours", "content_id"], kind="stable"
    )
    return found.loc[order.index]


def next_pieces(ids: "pd.Series[str]", placed: Placed, facts: ContentFacts, as_of: dt.date) -> pd.DataFrame:
    """One row an account, in order: account_id, next_content, candidates, because (why there is none), first (of `NEEDS`: the piece that
    comes before).
    """
    content, day = facts.content, pd.Timestamp(as_of)
    last: dict[str, dict[str, int]] = {}
    for account, piece, at in (
        facts.uses.groupby(["account_id", "content_id"])["at"].max().reset_index().itertuples(index=False)
    ):
        last.setdefault(account, {})[piece] = (day - at).days
    choices: dict[tuple[int, str], pd.DataFrame] = {}
    rows: list[tuple[str, str | None, float, str | None, str | None]] = []
    for account, maturity, touch in zip(ids, placed.maturity, placed.touch, strict=True):
        if not maturity or touch is None:
            rows.append((account, None, 0.0, NO_PLACE, None))
            continue
        key = (int(maturity), str(touch))
        if key not in choices:
            choices[key] = serving(facts.inventory, content, *key, content.need[key[0]])
        rows.append((account, *_next(choices[key], last.get(account, {}))))
    names = ["account_id", "next_content", "candidates", "because", "first"]
    return pd.DataFrame(rows, columns=names, dtype=object).astype({"candidates": "float64"})


def _next(
    serves: pd.DataFrame, days_since: Mapping[str, int]
) -> tuple[str | None, float, str | None, str | None]:
    """The best piece that is fresh and whose forerunner was used; `days_since`: the last use of each piece."""
    if not len(serves):
        return None, 0.0, GAP, None
    names = ("content_id", "after", "repeat_after_days")
    pieces = zip(*(serves[name] for name in names), strict=True)
    fresh = [
        (piece, after)
        for piece, after, again in pieces
        if piece not in days_since or days_since[piece] >= (_LAST if pd.isna(again) else again)
    ]
    open_ = [piece for piece, after in fresh if after is None or after in days_since]
    if open_:
        return open_[0], float(len(open_)), None, None
    return (None, 0.0, NEEDS, fresh[0][1]) if fresh else (None, 0.0, ALL_USED, None)


def content_node(facts: ContentFacts) -> Node:
    """The columns `NEXT_COLUMNS`: the piece that comes next for each account, with its title and its address as people typed them."""
    content, pieces = facts.content, facts.inventory.pieces.set_index("content_id")

    def make(frame: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
        placed = place_accounts(frame, content, as_of)
        found = next_pieces(frame["account_id"], placed, facts, as_of)
        told = {"next_content": found["next_content"].to_numpy(object)}
        for name in ("title", "url"):
            told[f"next_content_{name}"] = pieces[name].reindex(found["next_content"]).to_numpy(object)
        table = pd.DataFrame(told, index=frame.index, dtype=object)
        return table.where(table.notna(), None)

    reads = frozenset({*content.maturity.names, content.by})
    return Node(name="content", gives=NEXT_COLUMNS, reads=reads, make=make)
