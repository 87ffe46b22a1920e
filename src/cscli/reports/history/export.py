"""The table of one run to the sheet `snapshots` of the report `history`."""

from typing import Any

import numpy as np
import pandas as pd

from cscli.reports.kit.model import Column, Meaning, Sheet, Values
from cscli.reports.kit.sheets import meaning_of
from cscli.reports.kit.wording import default_label
from cscli.texts import Language, text

_MEANINGS = {
    "account_id": Meaning.ID,
    "score": Meaning.SCORE,
    "score_before_caps": Meaning.SCORE,
    "data_coverage": Meaning.SHARE,
    "mrr": Meaning.MONEY,
    "arr": Meaning.MONEY,
}


def snapshots_sheet(table: pd.DataFrame, language: Language) -> Sheet:
    """Every column under its name; booleans as 1 and 0."""
    values = [_values(table[name]) for name in table.columns]
    columns = [
        Column(
            id=name,
            label=default_label(name, language),
            meaning=_MEANINGS.get(name) or _meaning(name, table[name]),
        )
        for name in table.columns
    ]
    return Sheet(
        id="snapshots", title=text("sheet.snapshots", language), columns=tuple(columns), values=tuple(values)
    )


def _meaning(name: str, values: "pd.Series[Any]") -> Meaning:
    return Meaning.POINTS if name.endswith("_points") else meaning_of(values)


def _values(values: "pd.Series[Any]") -> Values:
    if values.dtype.kind in "fM":
        return values.to_numpy()
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("boolean").to_numpy(np.float64, na_value=np.nan)
    shown = np.empty(len(values), dtype=object)
    shown[:] = [None if pd.isna(value) else str(value) for value in values]
    return shown
