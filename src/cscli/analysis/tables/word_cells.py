"""Words of cells that stand for something else: yes and no, free for an amount of 0, &amp; for the sign that people see."""

import re
from collections.abc import Sequence
from html import unescape

import numpy as np

from cscli.analysis.tables.numbers import ObjectArray

TRUE_WORDS = frozenset({"true", "yes", "y", "1", "はい", "有", "あり", "○", "◯"})
FALSE_WORDS = frozenset({"false", "no", "n", "0", "いいえ", "無", "なし", "×"})
_ENTITY = re.compile(r"&(?:#\d{2,5}|#x[0-9a-f]{2,4}|amp|lt|gt|quot|apos|nbsp);", re.IGNORECASE)
_FREE = frozenset({"free", "無料", "無償"})
_MONEY = ("mrr", "arr", "amount")


def free_as_nothing(cells: ObjectArray, name: str) -> ObjectArray:
    """`cells` of column `name`, with 0 where an amount of money is the word for free."""
    if name not in _MONEY:
        return cells
    words = {cell for cell in cells if type(cell) is str and not cell[:1].isdigit()}
    if not any(map(_is_free, words)):
        return cells
    return _as_objects([0.0 if _is_free(cell) else cell for cell in cells])


def without_entities(cells: ObjectArray) -> tuple[ObjectArray, int]:
    """`cells` as people see them, where a web page's signs are written out (O&#039;Connor), and how many were."""
    escaped = [type(cell) is str and "&" in cell and _ENTITY.search(cell) is not None for cell in cells]
    if not any(escaped):
        return cells, 0
    pairs = zip(cells, escaped, strict=True)
    return _as_objects([unescape(cell) if is_escaped else cell for cell, is_escaped in pairs]), sum(escaped)


def _is_free(cell: object) -> bool:
    return type(cell) is str and cell.strip().casefold() in _FREE


def _as_objects(cells: Sequence[object]) -> ObjectArray:
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    return array
