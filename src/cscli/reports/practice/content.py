"""Whom content serves to the report `content`: what lacks, what is next for whom, what should become tech touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.comparing.difference import Difference
from cscli.analysis.comparing.groups import difference_table
from cscli.analysis.inputs.books import AUDIENCES, DELIVERIES, choice_label
from cscli.analysis.practice.content_map import ALL_USED, GAP, NEEDS, NO_PLACE
from cscli.analysis.practice.content_use import to_convert, unused
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import Pair, choice_column, family_column, pairs_of, table_sheet, values_in
from cscli.reports.kit.labels import value_labels
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet
from cscli.reports.practice.columns import difference_pairs
from cscli.texts import Language, text

_FAMILY = "content"
_SHORT = ("maturity", "abstraction", "touch", "accounts", "arr", "pieces", "gap")
_LEVELS = ("1", "2", "3")
_COUNT, _NUMBER = Meaning.COUNT, Meaning.NUMBER
_MOST_DOTS = 40
_TECH = "tech"


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class ContentTables:
    """`frame`: live accounts with every column. `map`, `next`, `pieces`: as `analysis.practice` gives them; `effects`: of the pieces for customers in
    their order.
    """

    frame: pd.DataFrame
    map: pd.DataFrame
    next: pd.DataFrame
    pieces: pd.DataFrame
    effects: Sequence[Difference]
    by: str


def content_report(tables: ContentTables, config: Config, context: Context) -> Report:
    """Sheets content_map, content_grid, content_next, content_pieces, content_convert, content_effect, content_unused."""
    language = context.language
    touch = Column(
        id="touch",
        label=family_column(_FAMILY, "touch", Meaning.TEXT, language).label,
        meaning=Meaning.TEXT,
        labels=value_labels([tables.by], config, language),
    )
    sheets = (
        _map(tables, touch, language),
        _grid(tables, touch, language),
        _next(tables, language),
        _pieces(tables, language),
        _convert(tables, language),
        _effect(tables, language),
        _unused(tables, language),
    )
    headline = _headline(tables, touch, context)
    return context.report(name="content", sheets=sheets, headline=headline, short=_SHORT)


def _level_column(name: str, language: Language) -> Column:
    """How abstract content is, with what people read."""
    labels = {level: text(f"content.abstraction.{level}", language) for level in _LEVELS}
    label = family_column(_FAMILY, name, Meaning.TEXT, language).label
    return Column(id=name, label=label, meaning=Meaning.TEXT, labels=labels)


def _as_levels(values: "pd.Series[float]") -> "pd.Series[str]":
    return pd.Series([None if pd.isna(each) else str(int(each)) for each in values], dtype=object)


def _map(tables: ContentTables, touch: Column, language: Language) -> Sheet:
    """What lacks, most ARR first; then what is there."""
    table = tables.map.assign(abstraction=_as_levels(tables.map["abstraction"]))
    pairs = pairs_of(
        table, _FAMILY, language, ("maturity", _COUNT), _level_column("abstraction", language), touch, ("accounts", _COUNT),
        ("arr", Meaning.MONEY), ("pieces", _COUNT), choice_column(_FAMILY, "gap", (GAP,), language),
    )  # fmt: skip
    return table_sheet("content_map", language, pairs)


def _grid(tables: ContentTables, touch: Column, language: Language) -> Sheet:
    """The same as a map: pieces by maturity and abstraction, a column a segment; blank where no account is."""
    grid = tables.map.pivot_table(index=["maturity", "abstraction"], columns="touch", values="pieces")
    names = [name for name in touch.labels if name in grid] + [
        name for name in grid.columns if name not in touch.labels
    ]
    table = grid.reset_index()
    table = table.assign(abstraction=_as_levels(table["abstraction"]))
    pairs = pairs_of(table, _FAMILY, language, ("maturity", _COUNT), _level_column("abstraction", language))
    for name in names:
        shown = text("content.pieces_for", language, touch=touch.labels.get(name, name))
        column = Column(id=f"pieces_{name}", label=shown, meaning=_COUNT)
        pairs.append((column, table[name].to_numpy(np.float64)))
    sheet = table_sheet("content_grid", language, pairs)
    return Sheet(
        id=sheet.id,
        title=sheet.title,
        columns=sheet.columns,
        values=sheet.values,
        heat=tuple(column.id for column in sheet.columns[2:]),
    )


def _next(tables: ContentTables, language: Language) -> Sheet:
    """Each live account's next piece, or why there is none."""
    pieces = tables.pieces.set_index("content_id")
    ids = tables.next["next_content"]
    frame = tables.frame.set_index("account_id").reindex(tables.next["account_id"])
    because = [
        None if reason is None else reason if reason != NEEDS else f"{NEEDS} {first}"
        for reason, first in zip(tables.next["because"], tables.next["first"], strict=True)
    ]
    table = tables.next.assign(
        name=frame["name"].to_numpy(dtype=object), owner=frame["owner"].to_numpy(dtype=object), arr=frame["arr"].to_numpy(),
        title=pieces["title"].reindex(ids).to_numpy(dtype=object), url=pieces["url"].reindex(ids).to_numpy(dtype=object),
        because=pd.Series(because, dtype=object),
    )  # fmt: skip
    label = family_column(_FAMILY, "because", Meaning.TEXT, language).label
    column = Column(
        id="because", label=label, meaning=Meaning.TEXT, labels=_reasons(tables, because, language)
    )
    pairs = pairs_of(
        table, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT), ("arr", Meaning.MONEY),
        ("next_content", Meaning.TEXT), ("title", Meaning.TEXT), ("url", Meaning.TEXT), ("candidates", _COUNT), column,
    )  # fmt: skip
    return table_sheet("content_next", language, pairs)


def _reasons(tables: ContentTables, because: Sequence[str | None], language: Language) -> dict[str, str]:
    labels = {reason: text(f"content.because.{reason}", language) for reason in (GAP, ALL_USED, NO_PLACE)}
    titles = dict(zip(tables.pieces["content_id"], tables.pieces["title"], strict=True))
    for reason in {each for each in because if each and each.startswith(f"{NEEDS} ")}:
        piece = reason.removeprefix(f"{NEEDS} ")
        shown = titles.get(piece) or piece
        labels[reason] = text("content.because.needs", language, piece=piece, title=shown)
    return labels


def _inventory_columns(language: Language) -> list[Column | tuple[str, Meaning]]:
    return [
        ("content_id", Meaning.ID), ("title", Meaning.TEXT), ("format", Meaning.TEXT),
        _choice("audience", AUDIENCES, language), _choice("delivery", DELIVERIES, language),
        ("maturity_from", _COUNT), ("maturity_to", _COUNT), _level_column("abstraction", language), ("influence", _COUNT),
    ]  # fmt: skip


def _choice(name: str, choices: Sequence[str], language: Language) -> Column:
    labels = {choice: choice_label(_FAMILY, name, choice, language) for choice in choices}
    label = family_column(_FAMILY, name, Meaning.TEXT, language).label
    return Column(id=name, label=label, meaning=Meaning.TEXT, labels=labels)


def _pieces(tables: ContentTables, language: Language) -> Sheet:
    """The inventory with what became of each piece, those that need people in a picture."""
    table = tables.pieces.sort_values(
        ["per_hour", "content_id"], ascending=[False, True], na_position="last", ignore_index=True
    )
    stale = pd.Series(["yes" if each else None for each in table["stale"]], dtype=object)
    by_people = int(table["per_hour"].notna().sum())
    table = table.assign(stale=stale, abstraction=_as_levels(table["abstraction"]), per_hour=_per_hour(table))
    pairs = pairs_of(
        table, _FAMILY, language, *_inventory_columns(language), ("accounts_12m", _COUNT), ("deliveries", _COUNT),
        ("hours_12m", _NUMBER), _per_hour_column(len(table), language), choice_column(_FAMILY, "stale", ("yes",), language), ("owner", Meaning.TEXT),
        ("reviewed_on", Meaning.DATE), ("url", Meaning.TEXT),
    )  # fmt: skip
    charts = (
        Chart(
            kind=ChartKind.SCATTER,
            title=text("chart.content_pieces", language),
            categories="influence",
            values="per_hour",
            names="content_id",
            rows=min(by_people, _MOST_DOTS),
        ),
    )
    return table_sheet("content_pieces", language, pairs, charts if by_people else ())


def _per_hour(table: pd.DataFrame) -> "pd.Series[Any]":
    """Accounts an hour of people; of what needs nobody's hours, that it is tech touch."""
    values = [
        float(value) if pd.notna(value) else _TECH if delivery == _TECH else None
        for delivery, value in zip(table["delivery"], table["per_hour"], strict=True)
    ]
    return pd.Series(values, dtype=object)


def _per_hour_column(rows: int, language: Language) -> Column:
    labels = {_TECH: choice_label(_FAMILY, "delivery", _TECH, language)}
    label = family_column(_FAMILY, "per_hour", _NUMBER, language).label
    return Column(
        id="per_hour", label=label, meaning=_NUMBER, labels=labels, by_row=(_NUMBER,) * rows, decimals=2
    )


def _convert(tables: ContentTables, language: Language) -> Sheet:
    """What works in person and should become tech touch, most hours first."""
    pairs = pairs_of(
        to_convert(tables.pieces), _FAMILY, language, ("content_id", Meaning.ID), ("title", Meaning.TEXT), ("owner", Meaning.TEXT),
        ("accounts", _COUNT), ("deliveries", _COUNT), ("hours_12m", _NUMBER),
    )  # fmt: skip
    return table_sheet("content_convert", language, pairs)


def _effect(tables: ContentTables, language: Language) -> Sheet:
    """Who had used a piece against who had not: how many left afterwards."""
    customers = tables.pieces[(tables.pieces["audience"] != "team").to_numpy(bool)]
    keys = customers[["content_id", "title"]].reset_index(drop=True)
    table = difference_table(keys, tables.effects)
    key_pairs: list[Pair] = pairs_of(
        table, _FAMILY, language, ("content_id", Meaning.ID), ("title", Meaning.TEXT)
    )
    return table_sheet("content_effect", language, [*key_pairs, *difference_pairs(table, _FAMILY, language)])


def _unused(tables: ContentTables, language: Language) -> Sheet:
    """What nobody used in twelve months."""
    table = unused(tables.pieces)
    table = table.assign(abstraction=_as_levels(table["abstraction"]))
    pairs = pairs_of(table, _FAMILY, language, *_inventory_columns(language), ("owner", Meaning.TEXT))
    pairs.append(
        (family_column(_FAMILY, "reviewed_on", Meaning.DATE, language), values_in(table["reviewed_on"]))
    )
    return table_sheet("content_unused", language, pairs)


def _headline(tables: ContentTables, touch: Column, context: Context) -> str:
    """Which segment lacks what, and how many accounts have a next piece."""
    language = context.language
    said = []
    if not len(tables.pieces):
        said.append(text("headline.content_nothing", language))
    gaps = tables.map[tables.map["gap"].notna().to_numpy(bool)]
    if len(gaps):
        first = gaps.iloc[0]
        said.append(_gap_sentence(tables, first, touch, context))
    elif len(tables.map) and len(tables.pieces):
        said.append(text("headline.content_no_gap", language))
    have = int(tables.next["next_content"].notna().sum())
    said.append(text("headline.content_next", language, have=have, accounts=len(tables.next)))
    return text("journey.join", language).join(said)


def _gap_sentence(tables: ContentTables, first: "pd.Series[float]", touch: Column, context: Context) -> str:
    language = context.language
    here = (tables.map["maturity"] == first["maturity"]) & (tables.map["touch"] == first["touch"])
    nothing = bool(tables.map.loc[here, "gap"].notna().all())
    return text(
        "headline.content_gap" if nothing else "headline.content_gap_of",
        language,
        touch=touch.labels.get(str(first["touch"]), str(first["touch"])),
        maturity=int(first["maturity"]),
        arr=context.money(float(first["arr"])),
        level=text(f"content.abstraction.{int(first['abstraction'])}", language),
    )
