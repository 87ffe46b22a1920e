"""Columns of a family of reports: their labels by family, ids with what people read, and sheets of a table as it stands."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cscli.reports.kit.model import Chart, Column, Meaning, Sheet, Values
from cscli.reports.kit.sheets import as_values, make_sheet
from cscli.texts import Language, catalogue, text

Pair = tuple[Column, Values]


def family_column(family: str, name: str, meaning: Meaning, language: Language) -> Column:
    """A column under the label that it has in this family of reports, else its usual one."""
    own = f"label.{family}.{name}"
    key = own if own in catalogue(language) else f"label.{name}"
    return Column(id=name, label=text(key, language), meaning=meaning)


def choice_column(family: str, name: str, choices: Sequence[str], language: Language) -> Column:
    """A column of ids, each with what people read (`FAMILY.NAME.ID`)."""
    labels = {choice: text(f"{family}.{name}.{choice}", language) for choice in choices}
    column = family_column(family, name, Meaning.TEXT, language)
    return Column(id=name, label=column.label, meaning=Meaning.TEXT, labels=labels)


def pairs_of(
    table: pd.DataFrame, family: str, language: Language, *columns: tuple[str, Meaning] | Column
) -> list[Pair]:
    """Columns of `table` with their values."""
    made = [each if isinstance(each, Column) else family_column(family, *each, language) for each in columns]
    return [(column, values_in(table[column.id])) for column in made]


def values_in(values: "pd.Series[Any]") -> Values:
    """As reports hold them: whole numbers and truths too."""
    if values.dtype.kind in "iub":
        return values.to_numpy(np.float64)
    if values.dtype.kind == "M":
        return values.to_numpy("datetime64[us]")
    return as_values(values)


def table_sheet(
    sheet_id: str, language: Language, pairs: list[Pair], charts: tuple[Chart, ...] = ()
) -> Sheet:
    """A sheet of `pairs`, its rows as they stand."""
    rows = len(pairs[0][1]) if pairs else 0
    return make_sheet(sheet_id, language, pairs, np.arange(rows), charts)
