"""The About sheet: where the figures come from, what they mean, and what is wrong with them."""

from collections.abc import Iterable, Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cscli import __version__
from cscli.render.excel.formats import ACCENT, Styles
from cscli.render.excel.paper import set_pages
from cscli.render.excel.rows import cell_text
from cscli.render.text.problems import problem_table
from cscli.render.text.wide import text_width
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Input, Report
from cscli.texts import text

_WIDTHS = (22, 40, 16, 54, 48)
"""Together as wide as A4 across at 8 points; longer texts go on in a next line."""
_LAST = len(_WIDTHS) - 1
_LINE_POINTS = 14


def add_about(worksheet: Worksheet, report: Report, styles: Styles) -> None:
    pen = _Pen(worksheet, report, styles)
    pen.line(report.title, styles.title)
    pen.wide(0, report.headline, styles.plain)
    pen.pairs(_facts(report), None)
    names = ("source", "file", "rows", "sha256", "read_as")
    inputs = [
        (given.source, given.file, given.rows, given.sha256, _read_as(given)) for given in report.inputs
    ]
    pen.table("inputs", [f"input.{name}" for name in names], inputs)
    pen.pairs(_definitions(report), "definitions")
    parts = ("severity", "place", "value", "message", "hint")
    pen.table("problems", [f"problem.{name}" for name in parts], problem_table(report))
    _set_view(worksheet)


def _facts(report: Report) -> list[tuple[str, str]]:
    language = report.language
    formulas = text("writing.formulas_live", language) if report.live else report.plain_because
    facts = {
        "as_of": show_date(report.as_of, report.language),
        "version": f"cscli {__version__}",
        "config_digest": report.config_digest,
        "formulas": formulas or text("writing.formulas_none", language),
    }
    return [(text(f"writing.{key}", language), value) for key, value in facts.items()]


def _read_as(given: Input) -> str:
    return " · ".join(part for part in (given.encoding, given.sheet) if part)


def _definitions(report: Report) -> list[tuple[str, str]]:
    columns = (column for sheet in report.sheets for column in sheet.columns)
    of_columns = {column.label: column.definition for column in columns if column.definition}
    return list({**dict(report.definitions), **of_columns}.items())


def _set_view(worksheet: Worksheet) -> None:
    for number, width in enumerate(_WIDTHS):
        worksheet.set_column(number, number, width)
    worksheet.hide_gridlines(2)
    set_pages(worksheet, _WIDTHS)
    worksheet.set_tab_color(ACCENT)


class _Pen:
    """Writes the sheet from top to bottom."""

    def __init__(self, worksheet: Worksheet, report: Report, styles: Styles) -> None:
        self._row = 0
        self._sheet, self._report, self._styles = worksheet, report, styles

    def line(self, words: str, style: Format) -> None:
        self._sheet.write_string(self._row, 0, cell_text(words), style)
        self._row += 1

    def wide(self, first: int, words: str, style: Format) -> None:
        """A text over the columns from `first` on, in as many lines as it needs."""
        self._sheet.merge_range(self._row, first, self._row, _LAST, "", style)
        self._sheet.write_string(self._row, first, cell_text(words), style)
        self._heighten([(words, sum(_WIDTHS[first:]))])
        self._row += 1

    def pairs(self, pairs: Iterable[tuple[str, str]], title: str | None) -> None:
        """Terms and what is said of them, over the other columns."""
        pairs = list(pairs)
        if not pairs:
            return
        self._title(title)
        for term, words in pairs:
            self._sheet.write_string(self._row, 0, cell_text(term), self._styles.term)
            self.wide(1, words, self._styles.beside)

    def table(self, title: str, heads: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
        """A table under a title; nothing if it has no rows."""
        rows = list(rows)
        if not rows:
            return
        self._title(title)
        for column, head in enumerate(heads):
            name = cell_text(text(f"writing.{head}", self._report.language))
            self._sheet.write_string(self._row, column, name, self._styles.head)
        self._row += 1
        for row in rows:
            self._write(row)

    def _title(self, title: str | None) -> None:
        self._row += 1
        if title is not None:
            self.line(text(f"writing.{title}", self._report.language), self._styles.section)

    def _write(self, row: Sequence[str | int]) -> None:
        for column, value in enumerate(row):
            if isinstance(value, int):
                self._sheet.write_number(self._row, column, value, self._styles.count)
            else:
                self._sheet.write_string(self._row, column, cell_text(value), self._styles.wrapped)
        self._heighten([(str(value), room) for value, room in zip(row, _WIDTHS, strict=False)])
        self._row += 1

    def _heighten(self, texts: Iterable[tuple[str, int]]) -> None:
        """As high as the text that needs most lines in its room."""
        lines = max(text_width(words) // (room - 3) + 1 for words, room in texts)
        if lines > 1:
            self._sheet.set_row(self._row, min(lines * _LINE_POINTS, 400))
