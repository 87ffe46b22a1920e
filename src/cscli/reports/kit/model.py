"""A report as plain data: sheets of columns with their meaning, ready for every form of output."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from cscli.errors import Problem
from cscli.reports.kit.live import LiveScore
from cscli.texts import Language, catalogue, text

if TYPE_CHECKING:
    from cscli.analysis.past.trend import Course

Values = NDArray[Any]
"""float64 (NaN missing), datetime64[us] (NaT missing), or object: text, or None."""


class Meaning(StrEnum):
    """What the values of a column are; each form of output decides how such a thing looks. `CODE`: names of the rules,
    for programs; beside it stands a column for people. `MOMENT`: a text in ISO 8601, a day or a day with its time; people read it in their own form.
    """

    ID = "id"
    CODE = "code"
    TEXT = "text"
    LONG_TEXT = "long_text"
    PROSE = "prose"
    BAND = "band"
    SCORE = "score"
    CHANGE = "change"
    POINTS = "points"
    COUNT = "count"
    DAYS = "days"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    RATE = "rate"
    DATE = "date"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`id` is public and the same in every language; `label` is for people; `labels` maps values to
    what people read (bands in Japanese; best band first, which gives the colours); `definition` is told in the
    About sheet. `by_row`: what each value is, where the rows of one column differ. `decimals`: of numbers; None: as their
    meaning and values ask for.
    """

    id: str
    label: str
    meaning: Meaning
    labels: Mapping[str, str] = field(default_factory=dict)
    definition: str | None = None
    by_row: tuple[Meaning, ...] = ()
    decimals: int | None = None


COURSE = "course"
"""The id of the column of small lines."""


class ChartKind(StrEnum):
    """Pictures that say a thing better than its table."""

    COLUMNS = "columns"
    BARS = "bars"
    DOUGHNUT = "doughnut"
    LINES = "lines"
    BRIDGE = "bridge"
    SCATTER = "scatter"
    RADAR = "radar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of a sheet: `values` over `categories`, both column ids. `low`, `high`: the ends of its interval.
    `names`: what each dot of a scatter is called. `more`: further columns; of a bridge those of what is gained and what is lost, while `values` holds its totals
    and `low` where a floating bar begins. `rows`: how many of the first rows it shows, if not all.
    """

    kind: ChartKind
    title: str
    categories: str
    values: str
    low: str | None = None
    high: str | None = None
    more: tuple[str, ...] = ()
    rows: int | None = None
    names: str | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Sheet:
    """One table. `values` holds one array for each of `columns`, all of the same length. `heat`: ids of columns
    that are coloured together from low to high. `note`: what must be read beside it. `is_for_paper`: whether anybody prints all its rows. `first`: ids of the
    columns that a workbook shows first, in this order: who, how, why, what next, by when. `course`: of its rows, the scores of the
    last weeks, which a workbook draws as small lines in a column `COURSE`.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    values: tuple[Values, ...]
    charts: tuple[Chart, ...] = ()
    heat: tuple[str, ...] = ()
    note: str | None = None
    is_for_paper: bool = True
    first: tuple[str, ...] = ()
    course: "Course | None" = None

    def __len__(self) -> int:
        return len(self.values[0]) if self.values else 0

    def column(self, column_id: str) -> Values:
        """The values of a column. ValueError if there is none of that id."""
        return self.values[[column.id for column in self.columns].index(column_id)]

    def for_readers(self) -> "Sheet":
        """With the columns of `first` first."""
        ids = [column.id for column in self.columns]
        order = [ids.index(name) for name in self.first if name in ids]
        order += [place for place in range(len(ids)) if place not in order]
        columns = tuple(self.columns[place] for place in order)
        return replace(self, columns=columns, values=tuple(self.values[place] for place in order))


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A file that the report was made from."""

    source: str
    file: str
    sha256: str
    rows: int
    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """Everything that one command has to say. `headline`: the sentence that matters most.

    `short`: ids of the first sheet's columns that fit a terminal. `live`: what the workbook needs to
    compute the scores by itself; None: values only, and `plain_because` says why (a text for people). `for_customer`: it goes to
    a customer, so that no file says more than its sheets do.
    """

    name: str
    title: str
    language: Language
    as_of: dt.date
    config_digest: str
    inputs: tuple[Input, ...]
    sheets: tuple[Sheet, ...]
    problems: tuple[Problem, ...]
    headline: str
    short: tuple[str, ...]
    currency: str | None = None
    definitions: tuple[tuple[str, str], ...] = ()
    live: LiveScore | None = None
    plain_because: str | None = None
    for_customer: bool = False


def for_people(report: Report) -> Report:
    """The report without the columns that only programs read; a sheet without rows says why it has none."""
    return replace(report, sheets=tuple(_for_people(sheet, report.language) for sheet in report.sheets))


def _for_people(sheet: Sheet, language: Language) -> Sheet:
    pairs = zip(sheet.columns, sheet.values, strict=True)
    kept = [(column, values) for column, values in pairs if column.meaning is not Meaning.CODE]
    columns, values = tuple(column for column, _ in kept), tuple(values for _, values in kept)
    note = sheet.note if len(sheet) else sheet.note or why_empty(sheet.id, language)
    return replace(sheet, columns=columns, values=values, note=note)


def why_empty(sheet_id: str, language: Language) -> str:
    """What having no rows means for that sheet."""
    key = f"empty.{sheet_id}"
    return text(key if key in catalogue(language) else "empty.any", language)
