"""How wide a table's columns are, and what of it is on paper: A4 across, at 8 points or more."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from xlsxwriter.worksheet import Worksheet

from cscli.render.excel.rows import TableSheet, cell_text
from cscli.render.text.cells import is_date, is_number
from cscli.render.text.display import display_texts
from cscli.render.text.wide import text_width, told_width, widest
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values
from cscli.texts import Language, text

_NARROWEST, _NARROWEST_WRAPPED, _WIDEST = 8, 32, 60
_PIXELS_OF_A_CHARACTER, _PIXELS_OF_A_PAGE, _PIXELS_OF_A_CHART = 7, 1285, 700
"""Of A4 across less its margins, at the 80% that make 8 points of 10: 1,306, less what programs round up."""
_PERCENT_OF_EIGHT_POINTS = 80
_FEW_ROWS, _MANY_COLUMNS = 12, 6
_ROWS_ON_PAPER, _ROWS_OF_THE_TALLEST = 40, 27
CHART_ROWS, NOTE_ROWS = 17, 4
"""From one chart to the next, and of a note below a table."""
_WIDEST_FIRST, _MOST_WRAPPED = 46, 2_000
_WIDEST_OF = {Meaning.LONG_TEXT: 100, Meaning.PROSE: 75}


def widest_of(sheet: Sheet, column: Column) -> int:
    if column.meaning is Meaning.LONG_TEXT and is_wrapped(sheet, column):
        return _WIDEST_FIRST
    return _WIDEST_OF.get(column.meaning, _WIDEST)


def is_wrapped(sheet: Sheet, column: Column) -> bool:
    """Prose; and of a list that people read, not only search, long texts among what stands first."""
    is_first = column.id in sheet.first and len(sheet) <= _MOST_WRAPPED
    return column.meaning is Meaning.PROSE or (column.meaning is Meaning.LONG_TEXT and is_first)


def column_width(report: Report, sheet: Sheet, column: Column, values: Values) -> int:
    most = widest_of(sheet, column)
    room = max(text_width(column.label) + 5, _content_width(report, column, values, most) + 3)
    return min(max(room, _NARROWEST), most)


def _content_width(report: Report, column: Column, values: Values, enough: int) -> int:
    """The width of the longest value, or of one that is as wide as `enough`; of numbers, the extremes tell it."""
    if is_number(values):
        numbers = values[np.isfinite(values)]
        values = np.array([numbers.min(), numbers.max()]) if len(numbers) else numbers
    elif is_date(values):
        return 10 if len(values) else 0
    elif (
        not column.by_row and not column.labels and (width := told_width(values.tolist(), enough)) is not None
    ):
        return width
    else:
        longest = np.empty(len(distinct := dict.fromkeys(values.tolist())), dtype=object)
        longest[:] = list(distinct)
        values = longest
    return widest(display_texts(column, values, report.currency, report.language))


def column_widths(report: Report, sheet: Sheet, rows: int | None = None) -> list[int]:
    """The widths by the first `rows`, in signs. What is wrapped gives way where the page would end before it, or before what
    stands first.
    """
    widths = [
        column_width(report, sheet, column, values[:rows])
        for column, values in zip(sheet.columns, sheet.values, strict=True)
    ]
    wrapped = [at for at, column in enumerate(sheet.columns) if is_wrapped(sheet, column)]
    wanted = [at for at, column in enumerate(sheet.columns) if at in wrapped or column.id in sheet.first]
    for last in reversed(wanted if wrapped else ()):
        over = -int((_PIXELS_OF_A_PAGE - _ends(widths)[last]) // _PIXELS_OF_A_CHARACTER)
        giving = [at for at in wrapped if at <= last]
        if over <= sum(max(0, widths[at] - _NARROWEST_WRAPPED) for at in giving):
            _narrow(widths, giving, over)
            break
    return widths


def _narrow(widths: list[int], giving: list[int], signs: int) -> None:
    """Takes so many signs from the columns that can give, the widest first."""
    for at in sorted(giving, key=lambda each: -widths[each]):
        given = min(max(0, signs), max(0, widths[at] - _NARROWEST_WRAPPED))
        widths[at] -= given
        signs -= given


def signs_across(report: Report, sheet: Sheet) -> int:
    """How many signs stand beside each other over the columns that are on paper, judged by the first rows."""
    widths = column_widths(report, sheet, _ROWS_ON_PAPER)
    ends = np.cumsum(widths)
    return int(ends[_columns_across(widths) - 1])


def _columns_across(widths: Sequence[int]) -> int:
    return max(1, int(np.searchsorted(_ends(widths), _PIXELS_OF_A_PAGE, side="right")))


def _ends(widths: Sequence[int]) -> NDArray[np.int_]:
    """Where each column ends, in pixels."""
    return np.cumsum([width * _PIXELS_OF_A_CHARACTER + 5 if width else 0 for width in widths])


def set_paper(worksheet: TableSheet, report: Report, sheet: Sheet, widths: Sequence[int]) -> None:
    """A4 across, at 8 points or more: columns that would make it smaller stay out of the print, as do all but the first rows
    of a sheet that is not for paper, and that is said below.
    """
    _lay_across(worksheet)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(worksheet.top, worksheet.top)
    across = _columns_across(widths)
    rows = len(sheet) if sheet.is_for_paper else min(len(sheet), _ROWS_ON_PAPER)
    has_room_beside = not sheet.charts or _ends(widths)[-1] + _PIXELS_OF_A_CHART <= _PIXELS_OF_A_PAGE
    left_out = len(widths) - across
    if left_out or rows < len(sheet) or not has_room_beside:
        worksheet.print_area(0, 0, worksheet.top + rows + _rows_below(sheet), across - 1)
    said = [cell_text(report.title)[:80], show_date(report.as_of, report.language)]
    if left_out or rows < len(sheet):
        said.append(_not_printed(left_out, len(sheet) - rows, report.language))
    worksheet.set_footer(f"&L{' · '.join(said).replace('&', '&&')}&R&P / &N")


def _not_printed(columns: int, rows: int, language: Language) -> str:
    counts = {"columns": columns, "rows": rows}
    told = [text(f"writing.not_printed.{of}", language, count=count) for of, count in counts.items() if count]
    return text("writing.not_printed", language, what=text("writing.not_printed.join", language).join(told))


def set_pages(worksheet: Worksheet, widths: Sequence[int]) -> None:
    """A4 across, at 8 points or more, for a sheet of several tables: what is wider goes on over the next page."""
    _lay_across(worksheet)
    if _columns_across(widths) == len(widths):
        worksheet.fit_to_pages(1, 0)
    else:
        worksheet.set_print_scale(_PERCENT_OF_EIGHT_POINTS)


def _lay_across(worksheet: Worksheet) -> None:
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)


def is_drawn_below(sheet: Sheet) -> bool:
    """Whether charts stand below the table, which is short and wide; else they stand at its right."""
    return len(sheet) <= _FEW_ROWS and len(sheet.columns) > _MANY_COLUMNS


def _rows_below(sheet: Sheet) -> int:
    """How many rows a note and charts take below the table."""
    rows = 2 + NOTE_ROWS if sheet.note else 0
    if sheet.charts and is_drawn_below(sheet):
        rows = max(rows, 2) + CHART_ROWS * (len(sheet.charts) - 1) + _ROWS_OF_THE_TALLEST
    return rows
