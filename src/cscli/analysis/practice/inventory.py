"""The inventory of content as people typed it: what of it can be relied on, with a problem for the rest."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cscli.analysis.inputs.rows import SheetRows
from cscli.errors import Problem, Severity

SCALES: Mapping[str, tuple[int, int]] = {
    "maturity_from": (1, 5), "maturity_to": (1, 5), "abstraction": (1, 3), "influence": (1, 5),
}  # fmt: skip
PLACED = ("maturity_from", "maturity_to", "abstraction", "delivery")
"""What a piece needs to stand in the map."""


@dataclass(frozen=True, eq=False, slots=True)
class Inventory:
    """`pieces`: every column of the sheet, content_id as first typed, each once; `canonical`: by folded id."""

    pieces: pd.DataFrame
    canonical: Mapping[str, str]

    @property
    def for_customers(self) -> pd.DataFrame:
        """The pieces that are made for customers."""
        return self.pieces[(self.pieces["audience"] != "team").to_numpy(bool)].reset_index(drop=True)


def fold_id(given: object) -> str:
    """What makes two ids the same: NFKC, case folded, no blanks around."""
    return unicodedata.normalize("NFKC", str(given)).strip().casefold()


def read_inventory(rows: SheetRows) -> Inventory:
    """What of `rows` can be used; the rest is said with its cell."""
    rows.leave_out(rows.frame["content_id"].isna().to_numpy(bool), "content_id", Problem("content.no_id"))
    keys = pd.Series([fold_id(each) for each in rows.frame["content_id"]], dtype=object)
    rows.frame = rows.frame.assign(
        key=keys, content_id=pd.Series([str(each).strip() for each in rows.frame["content_id"]], dtype=object)
    )
    rows.leave_out(rows.frame["key"].duplicated().to_numpy(bool), "content_id", Problem("content.twice"))
    for name, (low, high) in SCALES.items():
        values = rows.frame[name]
        off = (values.notna() & ~(values.between(low, high) & (values % 1 == 0))).to_numpy(bool)
        rows.drop(off, name, Problem("content.off_scale", details={"low": low, "high": high}))
    rows.drop((rows.frame["hours"] < 0).to_numpy(bool), "hours", Problem("content.negative"))
    inverted = (rows.frame["maturity_from"] > rows.frame["maturity_to"]).to_numpy(bool)
    rows.drop(inverted, "maturity_from", Problem("content.range_inverted"))
    canonical = dict(zip(rows.frame["key"], rows.frame["content_id"], strict=True))
    _settle_after(rows, canonical)
    customers = (rows.frame["audience"] != "team").to_numpy(bool)
    lacking = customers & rows.frame[list(PLACED)].isna().any(axis=1).to_numpy(bool)
    rows.say(lacking, "content_id", Problem("content.not_placed", severity=Severity.WARNING))
    return Inventory(rows.frame.reset_index(drop=True), canonical)


def _settle_after(rows: SheetRows, canonical: Mapping[str, str]) -> None:
    """What comes before a piece, by its id; what there is not, and what leads back to itself, is cleared and said."""
    given = rows.frame["after"]
    found = [None if pd.isna(each) else canonical.get(fold_id(each)) for each in given]
    before = pd.Series(found, index=given.index, dtype=object)
    rows.drop((given.notna() & before.isna()).to_numpy(bool), "after", Problem("content.unknown_after"))
    rows.frame = rows.frame.assign(after=before)
    after = {
        piece: earlier
        for piece, earlier in zip(rows.frame["content_id"], before, strict=True)
        if earlier is not None
    }
    circles = np.array([_leads_back(piece, after) for piece in rows.frame["content_id"]], dtype=bool)
    rows.drop(circles, "after", Problem("content.circle"))


def _leads_back(piece: str, after: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    here = after.get(piece)
    while here is not None and here not in seen:
        if here == piece:
            return True
        seen.add(here)
        here = after.get(here)
    return False
