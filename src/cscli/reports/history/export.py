"""The table of one run to the sheet `snapshots` of the report `history`."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cscli.config.schema import Config
from cscli.reports.kit.labels import column_label
from cscli.reports.kit.model import Column, Meaning, Sheet, Values
from cscli.reports.kit.sheets import measured_column, named_column
from cscli.texts import Language, text

_MEANINGS = {
    "account_id": Meaning.ID,
    "score": Meaning.SCORE,
    "score_before_caps": Meaning.SCORE,
    "data_coverage": Meaning.SHARE,
    "mrr": Meaning.MONEY,
    "arr": Meaning.MONEY,
}


def snapshots_sheet(table: pd.DataFrame, config: Config, language: Language) -> Sheet:
    """Every column under its name; booleans as 1 and 0."""
    values = [_values(table[name]) for name in table.columns]
    columns = [_column(name, table[name], config, language) for name in table.columns]
    return Sheet(
        id="snapshots", title=text("sheet.snapshots", language), columns=tuple(columns), values=tuple(values)
    )


def _column(name: str, values: "pd.Series[Any]", config: Config, language: Language) -> Column:
    metric = name.removesuffix("_points")
    if metric != name and metric in config.metrics:
        label = text("label.points_of", language, label=column_label(metric, config, language))
        return Column(id=name, label=label, meaning=Meaning.POINTS)
    if name in ("band", "team", "scorecard", *config.segments):
        return named_column(name, config, language)
    column, _ = measured_column(name, values, config, language)
    return replace(column, meaning=_MEANINGS.get(name, column.meaning))


def _values(values: "pd.Series[Any]") -> Values:
    if values.dtype.kind in "fM":
        return values.to_numpy()
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("boolean").to_numpy(np.float64, na_value=np.nan)
    shown = np.empty(len(values), dtype=object)
    shown[:] = [None if pd.isna(value) else str(value) for value in values]
    return shown
