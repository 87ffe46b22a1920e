"""A report as an Excel workbook: a sheet for each table, ConfigPlaces and live formulas where there are any, About."""

import datetime as dt
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError, FileSizeError

from cscli.errors import Problem, SourceError
from cscli.render.excel.about import add_about
from cscli.render.excel.charts import add_charts
from cscli.render.excel.config_sheet import add_config
from cscli.render.excel.course import add_lines, with_course_column
from cscli.render.excel.formats import Styles, default_font
from cscli.render.excel.live import live_tables
from cscli.render.excel.packing import PackedWorkbook
from cscli.render.excel.paper import signs_across
from cscli.render.excel.rows import TableSheet, cell_text
from cscli.render.excel.sheet import Names, Table, fill_sheet
from cscli.render.text.wide import text_width
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Report
from cscli.texts import text

_MOST_ROWS = 1_048_570  # below the header and what stands above it
_SENTENCE_SHARE = 0.85
"""Its letters are larger than those of the cells."""
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}


def write_excel(report: Report, path: Path) -> None:
    """SourceError for a sheet with more rows than Excel has."""
    for sheet in report.sheets:
        if len(sheet) > _MOST_ROWS:
            details = {"sheet": sheet.title, "limit": f"{_MOST_ROWS:,}"}
            raise SourceError(Problem("writing.too_many_rows", value=f"{len(sheet):,}", details=details))
    report = replace(
        report,
        sheets=tuple(with_course_column(sheet, report.language).for_readers() for sheet in report.sheets),
    )
    with _open_workbook(report, path) as workbook:
        names = Names()
        styles = Styles(workbook, report.currency, report.language)
        worksheets = {
            sheet.id: workbook.add_worksheet(names.take(sheet.title), TableSheet) for sheet in report.sheets
        }
        if opening := _opening(report):
            _open_with(worksheets[report.sheets[0].id], opening, report, styles)
        tables = {sheet.id: Table(sheet) for sheet in report.sheets}
        if report.live is not None:
            worksheet = workbook.add_worksheet(names.take(text("writing.config", report.language)))
            config = add_config(worksheet, report.live, styles, report.language)
            tables |= live_tables(report, config, worksheets)
        for key, table in tables.items():
            fill_sheet(worksheets[key], report, table, styles)
            add_lines(worksheets[key], table.sheet)
            add_charts(workbook, worksheets[key], report, table.sheet)
        if not report.for_customer:
            add_about(
                workbook.add_worksheet(names.take(text("writing.about", report.language))), report, styles
            )


def _opening(report: Report) -> str:
    """The sentence that matters most; for a customer, what the workbook is, and of which day."""
    if report.for_customer:
        return f"{report.title} · {show_date(report.as_of, report.language)}"
    return report.headline


def _open_with(worksheet: TableSheet, sentence: str, report: Report, styles: Styles) -> None:
    """A sentence above the table, in as many lines as fit over it, and a blank row."""
    lines = _wrapped(sentence, int(_SENTENCE_SHARE * signs_across(report, report.sheets[0])))
    for row, line in enumerate(lines):
        worksheet.set_row(row, 20)
        worksheet.write_string(row, 0, cell_text(line), styles.section)
    worksheet.set_row(len(lines), 8)
    worksheet.top = len(lines) + 1


def _wrapped(sentence: str, room: int) -> list[str]:
    """Lines of at most so many signs, ended at a blank or, in Japanese, after a mark."""
    pieces = re.findall(r"[^ 、。]*[ 、。]*", sentence)
    lines = [""]
    for piece in pieces:
        if lines[-1] and text_width(lines[-1] + piece) > room:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


@contextmanager
def _open_workbook(report: Report, path: Path) -> Iterator[PackedWorkbook]:
    """A workbook of which nothing hangs on the clock."""
    # Packed in memory: on a full disk, a ZipFile complains once more when it is collected.
    packed = io.BytesIO()
    options = {**_OPTIONS, "default_format_properties": default_font(report.language)}
    workbook = PackedWorkbook(packed, options)
    created = dt.datetime.combine(report.as_of, dt.time(), dt.UTC)
    author = "" if report.for_customer else "cscli"
    workbook.set_properties({"title": cell_text(report.title), "created": created, "author": author})
    yield workbook
    try:
        workbook.close()
    except FileCreateError as error:
        reason = error.args[0]
        raise reason if isinstance(reason, OSError) else OSError(str(reason)) from error
    except FileSizeError as error:
        raise SourceError(Problem("writing.too_large", value=path.name)) from error
    path.write_bytes(packed.getbuffer())
