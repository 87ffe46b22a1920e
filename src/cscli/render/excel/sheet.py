"""One table as a worksheet: header, filter, widths, number formats, colours of bands, and bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_range

from cscli.render.excel.formats import ACCENT, BAR, COLD, MILD, WARM, Styles
from cscli.render.excel.paper import column_widths, is_wrapped, set_paper
from cscli.render.excel.rows import (
    Cells,
    Formulas,
    InlineTexts,
    MixedCells,
    MixedNumbers,
    Numbers,
    TableSheet,
    Texts,
    cell_text,
    day_numbers,
    inline_texts,
)
from cscli.render.text.bands import band_tones
from cscli.render.text.cells import date_texts, is_date, is_number, one_value
from cscli.render.text.wide import text_width
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values

_LINE_POINTS = 14.0
_HIGHEST_ROW = 409.0
"""Points: what Excel allows."""
_FORBIDDEN = str.maketrans("[]:*?/\\", "       ")
_FIRST_DAY = np.datetime64("1900-03-01")  # Excel believes in 29 February 1900
_LAST_DAY = np.datetime64("9999-12-31")


class Names:
    """Names of worksheets: as Excel allows them, and each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, title: str) -> str:
        clean = cell_text(title).translate(_FORBIDDEN).strip(" '")[:31] or "Sheet"
        name, number = clean, 1
        while name.lower() in self._taken:
            number += 1
            name = f"{clean[:27]} {number}"
        self._taken.add(name.lower())
        return name


@dataclass(frozen=True, eq=False)
class Table:
    """A sheet as a workbook shows it: formulas by column id (None: the value stands as it is), and the
    number of columns at its right that are workings, folded away.
    """

    sheet: Sheet
    formulas: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    workings: int = 0

    @property
    def first_working(self) -> int:
        return len(self.sheet.columns) - self.workings


def fill_sheet(worksheet: TableSheet, report: Report, table: Table, styles: Styles) -> None:
    """Draws everything but the charts."""
    sheet, widths = table.sheet, column_widths(report, table.sheet)
    _fill(worksheet, table, styles, _heights(sheet, widths))
    _add_header(worksheet, table, styles)
    widths = _set_widths(worksheet, table, widths)
    _set_view(worksheet, sheet)
    set_paper(worksheet, report, sheet, widths)
    _add_colours(worksheet, report, sheet, styles)


def _fill(worksheet: TableSheet, table: Table, styles: Styles, heights: Sequence[float]) -> None:
    cells: list[Cells] = []
    for column, values in zip(table.sheet.columns, table.sheet.values, strict=True):
        wrapped = is_wrapped(table.sheet, column)
        plain = _cells(
            worksheet, replace(column, meaning=Meaning.PROSE) if wrapped else column, values, styles
        )
        formulas = table.formulas.get(column.id)
        if formulas is None or all(formula is None for formula in formulas):
            cells.append(plain)
        elif not isinstance(plain, MixedNumbers | MixedCells):
            shown = values.tolist() if is_number(values) else _labelled(column, values)
            cells.append(Formulas(plain, formulas, shown))
    worksheet.fill(cells, len(table.sheet), heights)


def _heights(sheet: Sheet, widths: Sequence[int]) -> list[float]:
    """High enough for texts that are wrapped; nothing where there are none."""
    wrapped = [
        (width - 2, values)
        for column, width, values in zip(sheet.columns, widths, sheet.values, strict=True)
        if is_wrapped(sheet, column)
    ]
    if not wrapped:
        return []
    lines = np.max([[_lines(said or "", room) for said in values] for room, values in wrapped], axis=0)
    return [min(_LINE_POINTS * int(count) + 2, _HIGHEST_ROW) for count in lines]


def _lines(text: str, room: int) -> int:
    """How many lines a text takes where so many signs fit beside each other."""
    return sum(max(0, text_width(line) - 1) // room + 1 for line in text.split("\n"))


def _cells(
    worksheet: TableSheet, column: Column, values: Values, styles: Styles
) -> Numbers | Texts | InlineTexts | MixedNumbers | MixedCells:
    if column.by_row and is_number(values):
        return MixedNumbers(_styles_by_row(column, values, styles), values)
    if column.by_row:
        return MixedCells(_styles_by_row(column, values, styles), *_apart(worksheet, column, values))
    style = styles.of_column(column, values)._get_xf_index()  # noqa: SLF001 - as XlsxWriter's own cells do
    if is_number(values):
        return Numbers(style, values)
    if not is_date(values):
        texts = _labelled(column, values)
        return inline_texts(style, texts) or Texts(style, worksheet.text_numbers(texts))
    known = values[~np.isnat(values)]
    if not len(known) or (known.min() >= _FIRST_DAY and known.max() <= _LAST_DAY):
        return Numbers(style, day_numbers(values))
    return Texts(style, worksheet.text_numbers([day or None for day in date_texts(values, "")]))


def _apart(worksheet: TableSheet, column: Column, values: Values) -> tuple[Values, Sequence[int]]:
    """The numbers of a column that has texts too, and the places of its texts."""
    texts = [each if isinstance(each, str) else None for each in values.tolist()]
    numbers = [np.nan if each is None or isinstance(each, str) else float(each) for each in values.tolist()]
    shown = [None if each is None else column.labels.get(each, each) for each in texts]
    return np.array(numbers, dtype=np.float64), worksheet.text_numbers(shown)


def _styles_by_row(column: Column, values: Values, styles: Styles) -> list[int]:
    rows = zip(column.by_row, range(len(values)), strict=True)
    return [
        styles.of_column(replace(column, meaning=meaning), one_value(values, row))._get_xf_index()  # noqa: SLF001 - as above
        for meaning, row in rows
    ]


def _labelled(column: Column, values: Values) -> list[str | None]:
    labels = column.labels
    return [labels.get(value, value) for value in values.tolist()] if labels else values.tolist()


def _add_header(worksheet: TableSheet, table: Table, styles: Styles) -> None:
    worksheet.set_row(worksheet.top, 24)
    for number, (column, values) in enumerate(zip(table.sheet.columns, table.sheet.values, strict=True)):
        head = styles.head if values.dtype.kind == "O" else styles.head_right
        style = styles.head_muted if number >= table.first_working else head
        worksheet.write_string(worksheet.top, number, cell_text(column.label), style)


def _set_widths(worksheet: TableSheet, table: Table, widths: Sequence[int]) -> list[int]:
    """The widths, in characters; 0 of what is folded away."""
    for number, width in enumerate(widths):
        folded = {"level": 1, "hidden": True} if number >= table.first_working else {}
        worksheet.set_column(number, number, width, None, folded)
    if table.workings:
        after = len(table.sheet.columns)
        worksheet.set_column(after, after, None, None, {"collapsed": True})
    return [*widths[: table.first_working], *[0] * table.workings]


def _set_view(worksheet: TableSheet, sheet: Sheet) -> None:
    ids = [column.id for column in sheet.columns]
    worksheet.freeze_panes(worksheet.top + 1, ids.index("name") + 1 if "name" in ids[:3] else 0)
    worksheet.autofilter(worksheet.top, 0, worksheet.top + len(sheet), len(ids) - 1)
    worksheet.hide_gridlines(2)
    worksheet.set_zoom(100)
    worksheet.set_tab_color(ACCENT)


def _add_colours(worksheet: TableSheet, report: Report, sheet: Sheet, styles: Styles) -> None:
    if not len(sheet):
        return
    for number, column in enumerate(sheet.columns):
        place = (worksheet.top + 1, number, worksheet.top + len(sheet), number)
        if column.meaning is Meaning.BAND:
            for name, tone in band_tones(report, column).items():
                label = column.labels.get(name, name).replace('"', '""')
                rule = {"type": "cell", "criteria": "==", "value": f'"{label}"'}
                worksheet.conditional_format(*place, {**rule, "format": styles.of_band(tone)})
        elif full := _bar_length(sheet, column):
            worksheet.conditional_format(*place, _bar(full))
    if sheet.heat:
        _add_heat(worksheet, sheet)


def _add_heat(worksheet: TableSheet, sheet: Sheet) -> None:
    """One scale over all columns of `heat`: their cells are compared with each other."""
    numbers = [number for number, column in enumerate(sheet.columns) if column.id in sheet.heat]
    first, last = worksheet.top + 1, worksheet.top + len(sheet)
    places = [xl_range(first, number, last, number) for number in numbers]
    colours = {"min_color": COLD, "mid_color": MILD, "max_color": WARM}
    place = (first, min(numbers), last, min(numbers))
    rule = {"type": "3_color_scale", **colours, "multi_range": " ".join(places)}
    worksheet.conditional_format(*place, rule)


def _bar_length(sheet: Sheet, column: Column) -> float | None:
    """The value at which a bar fills its cell, for the columns that have bars."""
    if column.meaning is Meaning.SCORE and sheet.id == "accounts":
        return 100
    if column.meaning is Meaning.SHARE and column.id == "data_coverage":
        return 1
    return None


def _bar(full: float) -> dict[str, Any]:
    limits = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": full}
    return {"type": "data_bar", "bar_solid": True, "bar_color": BAR, "bar_border_color": BAR, **limits}
