"""Names of the rules as people write them into a book: by the name or its label, in whatever language and case."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import pandas as pd

from cscli.config.blocks.parts import Text, text_in
from cscli.nearest import nearest_name
from cscli.texts import LANGUAGES, Called


class Named(Protocol):
    """A thing of the rules that people may call by its label."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> Text | None: ...


def spellings(named: Iterable[Named]) -> dict[str, str]:
    """The name of each by every way to write it. A name goes before the label of another."""
    things = tuple(named)
    labels = {_key(label): each.name for each in reversed(things) for label in _labels(each.label)}
    return labels | {_key(each.name): each.name for each in things}


def as_named(cells: "pd.Series[Any]", known: Mapping[str, str]) -> "pd.Series[Any]":
    """Each cell as the name that it means: "" where there is no such thing, None where it is blank."""
    names = [None if cell is None else known.get(_key(str(cell)), "") for cell in cells]
    return pd.Series(names, index=cells.index, dtype=object)


def named(cell: str, known: Mapping[str, str]) -> str | None:
    """The name that a cell means; None where there is no such thing."""
    return known.get(_key(cell))


def called(named: Iterable[Named]) -> Called:
    """What people read for each, and may type."""
    labels = (
        {to: text_in(each.label, to, each.name.replace("_", " ")) for to in LANGUAGES} for each in named
    )
    return Called(tuple(labels))


def nearest_named(cell: str, things: Iterable[Named]) -> Called | None:
    """The thing that a cell was probably meant to name, as it is called; None where there is none like it."""
    by_name = {each.name: each for each in things}
    known = spellings(by_name.values())
    found = nearest_name(_key(cell), known)
    return None if found is None else called([by_name[known[found]]])


def _labels(label: Text | None) -> list[str]:
    if label is None or isinstance(label, str):
        return [label] if label else []
    return [shown for shown in (label.en, label.ja) if shown]


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split())
