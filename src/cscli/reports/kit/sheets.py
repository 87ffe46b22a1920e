"""The building blocks of reports: columns of a frame, bands and sheets, with labels in the report's language."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.linting.taken import TRENDS
from cscli.config.schema import Band, Config
from cscli.reports.kit.labels import band_label, column_label, default_label, value_labels
from cscli.reports.kit.looks import Look, look_of
from cscli.reports.kit.model import Chart, Column, Meaning, Sheet, Values
from cscli.texts import Language, text


def band_column(config: Config, language: Language) -> Column:
    """The column `band`, its labels best band first."""
    labels = {band.name: band_label(band, language) for band in best_first(config.bands)}
    return Column(
        id="band",
        label=text("label.band", language),
        meaning=Meaning.BAND,
        labels={**labels, UNKNOWN: text("label.band.unknown", language)},
    )


def named_column(name: str, config: Config, language: Language) -> Column:
    """A segmentation, `team` or `scorecard`, with what people read for each of its names where that is another text."""
    found = value_labels([name], config, language)
    labels = {value: shown for value, shown in found.items() if shown != value}
    return Column(id=name, label=column_label(name, config, language), meaning=Meaning.TEXT, labels=labels)


def best_first(bands: Sequence[Band]) -> list[Band]:
    """The bands from the highest to the lowest."""
    return sorted(bands, key=lambda band: -band.from_)


_MEANINGS: Mapping[str, Meaning] = {
    "account_id": Meaning.ID, "name": Meaning.TEXT, "owner": Meaning.TEXT, "mrr": Meaning.MONEY,
    "arr": Meaning.MONEY, "renews_on": Meaning.DATE, "days_to_renewal": Meaning.DAYS,
}  # fmt: skip


def from_frame(frame: pd.DataFrame, name: str, language: Language) -> tuple[Column, Values]:
    """A column of the frame under its name, with its values."""
    meaning = _MEANINGS.get(name) or meaning_of(frame[name])
    return plain_column(name, meaning, language), as_values(frame[name])


def measured_column(
    name: str, values: "pd.Series[Any]", config: Config, language: Language
) -> tuple[Column, Values]:
    """A column that the rules define, with its values: under its label, in its format."""
    look = look_of(name, config)
    fitting = look if look and look.fits(values) else Look(meaning_of(values))
    column = Column(
        id=name,
        label=column_label(name, config, language),
        meaning=fitting.meaning,
        decimals=fitting.decimals,
    )
    return column, as_values(values)


def meaning_of(values: "pd.Series[Any]") -> Meaning:
    """What a column means of which only the type is known."""
    if values.dtype == np.float64:
        return Meaning.NUMBER
    return Meaning.DATE if values.dtype.kind == "M" else Meaning.TEXT


def as_values(values: "pd.Series[Any]") -> Values:
    """The values as reports hold them."""
    if values.dtype == np.float64 or values.dtype.kind == "M":
        return values.to_numpy()
    return values.astype(object).where(values.notna(), None).to_numpy(dtype=object)


def nothing(rows: int) -> Values:
    """A text column without any value."""
    return np.full(rows, None, dtype=object)


def plain_column(name: str, meaning: Meaning, language: Language) -> Column:
    """A column under its label in the catalogue."""
    return Column(id=name, label=default_label(name, language), meaning=meaning)


def trend_of(frame: pd.DataFrame, language: Language) -> tuple[tuple[Column, Values], ...]:
    """The columns trend (its words with an arrow) and trend_change of a frame of scored accounts."""
    change = plain_column("trend_change", Meaning.CHANGE, language)
    return (trend_column(language), as_values(frame["trend"])), (
        change,
        frame["trend_change"].to_numpy(np.float64),
    )


def trend_column(language: Language) -> Column:
    """The column trend; its words with an arrow."""
    labels = {name: text(f"label.trend.{name}", language) for name in TRENDS}
    return Column(id="trend", label=default_label("trend", language), meaning=Meaning.TEXT, labels=labels)


def make_sheet(
    sheet_id: str,
    language: Language,
    columns: list[tuple[Column, Values]],
    order: NDArray[np.intp],
    charts: tuple[Chart, ...] = (),
) -> Sheet:
    """A sheet of these columns, its rows in `order`."""
    title = text(f"sheet.{sheet_id}", language)
    return Sheet(
        id=sheet_id,
        title=title,
        columns=tuple(c for c, _ in columns),
        values=tuple(v[order] for _, v in columns),
        charts=charts,
    )
