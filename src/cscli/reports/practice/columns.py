"""Columns of these reports: their labels by family, their statuses by id with what people read."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.promises import goals as g
from cscli.analysis.promises import milestones as m
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


def status_column(language: Language) -> Column:
    """The status of a milestone or goal."""
    labels = {status: text(f"journey.status.{status}", language) for status in (*m.STATUSES, *g.STATUSES)}
    return Column(id="status", label=text("label.status", language), meaning=Meaning.TEXT, labels=labels)


def department_column(name: str, values: "pd.Series[Any]", language: Language) -> Column:
    """Departments, several of them joined by +, with what people read."""
    found = {each for each in values.dropna() if each}
    labels = {each: _departments(str(each), language) for each in sorted(map(str, found))}
    column = family_column("timeline", name, Meaning.TEXT, language)
    return Column(id=name, label=column.label, meaning=Meaning.TEXT, labels=labels)


def _departments(joined: str, language: Language) -> str:
    return " + ".join(department_label(each, language) for each in joined.split("+"))


def department_label(name: str, language: Language) -> str:
    """What people read for a department; one of the rules' own keeps its name."""
    key = f"timeline.department.{name}"
    return text(key, language) if key in catalogue(language) else name.replace("_", " ")


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


VERDICTS = ("fewer_left", "more_left", "no_difference_seen", "too_few")


def difference_pairs(table: pd.DataFrame, family: str, language: Language) -> list[Pair]:
    """Of a `difference_table`: the counts, the difference with its interval, the verdict, and what it does not show."""
    said = np.full(len(table), text("comparing.caution", language), dtype=object)
    counts = [(name, Meaning.COUNT) for name in ("used", "used_left", "not_used", "not_used_left")]
    shares = [(name, Meaning.SHARE) for name in ("difference", "adjusted", "low", "high")]
    labels = {each: text(f"comparing.verdict.{each}", language) for each in VERDICTS}
    verdict = Column(
        id="verdict", label=text("label.comparing.verdict", language), meaning=Meaning.TEXT, labels=labels
    )
    caution = family_column("comparing", "caution", Meaning.LONG_TEXT, language)
    return [*pairs_of(table, family, language, *counts, *shares, verdict), (caution, said)]
