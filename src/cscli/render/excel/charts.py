"""The pictures of a sheet, beside its table."""

from typing import Any

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as Drawing

from cscli.render.excel.formats import ACCENT, LINE, MUTED, default_font
from cscli.render.excel.paper import CHART_ROWS, NOTE_ROWS, is_drawn_below
from cscli.render.excel.rows import TableSheet, cell_text
from cscli.render.text.bands import band_tones, ramp_colours
from cscli.render.text.display import display_texts, money_of
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet, Values
from cscli.texts import Language

_TYPES: dict[ChartKind, dict[str, str]] = {
    ChartKind.COLUMNS: {"type": "column"},
    ChartKind.BARS: {"type": "bar"},
    ChartKind.DOUGHNUT: {"type": "doughnut"},
    ChartKind.LINES: {"type": "line"},
    ChartKind.BRIDGE: {"type": "column", "subtype": "stacked"},
    ChartKind.SCATTER: {"type": "scatter"},
    ChartKind.RADAR: {"type": "radar", "subtype": "with_markers"},
}
_WIDTH, _WIDE, _HEIGHT, _TALL = 480, 740, 300, 420
_INK = "#22303F"
_GAIN, _LOSS, _BOUND = "#4E9A6B", "#C8574B", "#8FA6C2"
_SHORT = {
    "en": '[>=1000000]#,##0.0,,"M";[>=1000]#,##0,"K";#,##0',
    "ja": '[>=1000000]#,##0.0,,"百万";[>=1000]#,##0,"千";#,##0',
}


def add_charts(workbook: Workbook, worksheet: TableSheet, report: Report, sheet: Sheet) -> None:
    """Draws the charts of `sheet` one below the other at the right of the table; below a short and wide one."""
    if sheet.note:
        _add_note(worksheet, report, sheet)
    if not len(sheet):
        return
    for number, chart in enumerate(sheet.charts):
        drawing = workbook.add_chart(_TYPES[chart.kind])
        pen = _Pen(drawing, worksheet, report, sheet, chart)
        pen.add_series()
        _dress(drawing, report, sheet, chart)
        below = is_drawn_below(sheet)
        row = len(sheet) + 2 + (NOTE_ROWS if sheet.note else 0) if below else 1
        worksheet.insert_chart(
            worksheet.top + row + number * CHART_ROWS, 0 if below else len(sheet.columns) + 1, drawing
        )


def _add_note(worksheet: TableSheet, report: Report, sheet: Sheet) -> None:
    """What must be read beside a table, below it; cells there belong to its filter."""
    look = {
        "width": _WIDE, "height": 20 * (NOTE_ROWS - 1), "font": _font(report), "fill": {"color": "#FFF8E6"},
        "line": {"color": LINE}, "align": {"vertical": "middle"},
    }  # fmt: skip
    worksheet.insert_textbox(worksheet.top + len(sheet) + 2, 0, cell_text(sheet.note or ""), look)


class _Pen:
    """Adds the series of one chart to its drawing."""

    def __init__(
        self, drawing: Drawing, worksheet: TableSheet, report: Report, sheet: Sheet, chart: Chart
    ) -> None:
        self._drawing, self._name, self._top = drawing, worksheet.get_name(), worksheet.top
        self._report, self._sheet, self._chart = report, sheet, chart
        self._rows = min(chart.rows or len(sheet), len(sheet))

    def add_series(self) -> None:
        chart = self._chart
        match chart.kind:
            case ChartKind.LINES:
                for name, colour in zip((chart.values, *chart.more), self._line_colours(), strict=True):
                    self._add(name, line={"color": colour, "width": 2.5})
                for bound in (chart.low, chart.high):
                    if bound:
                        self._add(bound, line={"color": _BOUND, "width": 1.25, "dash_type": "dash"})
            case ChartKind.BRIDGE:
                self._add_bridge()
            case ChartKind.SCATTER:
                self._add_dots()
            case ChartKind.RADAR:
                self._add_radar()
            case _:
                self._add_plain()

    def _line_colours(self) -> list[str]:
        """One for each line; several are of bands, best first: from green to red, unknown grey."""
        names = (self._chart.values, *self._chart.more)
        known = [name for name in names if not name.endswith("_unknown")]
        return (
            [ACCENT] if len(names) == 1 else [*ramp_colours(len(known)), *[MUTED] * (len(names) - len(known))]
        )

    def _add_bridge(self) -> None:
        chart = self._chart
        if chart.low:
            self._add(chart.low, fill={"none": True}, border={"none": True}, gap=45)
        for name, colour in zip((chart.values, *chart.more), (ACCENT, _GAIN, _LOSS), strict=False):
            self._add(
                name, fill={"color": colour}, gap=45, data_labels=self._labels(inside=name == chart.values)
            )

    def _add_radar(self) -> None:
        """What is now stands out; a value that is missing is a gap, as blank cells are."""
        self._add(
            self._chart.values,
            line={"color": ACCENT, "width": 2.5},
            marker={"type": "circle", "size": 6, "fill": {"color": ACCENT}},
        )
        for name, colour in zip(self._chart.more, (_GAIN, _BOUND), strict=False):
            self._add(
                name, line={"color": colour, "width": 1.5, "dash_type": "dash"}, marker={"type": "none"}
            )

    def _add_dots(self) -> None:
        """A dot a row, with its name beside it."""
        fill = {"color": ACCENT}
        names = (
            [] if self._chart.names is None else self._sheet.column(self._chart.names)[: self._rows].tolist()
        )
        custom = [{"value": cell_text(str(name))} for name in names]
        labels = {
            "value": True,
            "custom": custom,
            "position": "above",
            "font": {**_font(self._report), "color": _INK},
        }
        self._add(
            self._chart.values,
            marker={"type": "circle", "size": 8, "fill": fill, "border": fill},
            data_labels=labels,
        )

    def _add_plain(self) -> None:
        sheet, chart = self._sheet, self._chart
        ids = [column.id for column in sheet.columns]
        across, up = ids.index(chart.categories), ids.index(chart.values)
        more: dict[str, Any] = {"fill": {"color": ACCENT}, "gap": 60, "data_labels": self._labels()}
        if sheet.columns[across].meaning is Meaning.BAND:
            more["points"] = _points(self._report, sheet.columns[across], sheet.values[across].tolist())
        if chart.kind is ChartKind.DOUGHNUT:
            inside = {"percentage": True, "font": {**_font(self._report), "color": "#FFFFFF", "bold": True}}
            more |= {"data_labels": inside, "border": {"color": "#FFFFFF", "width": 1.5}}
        elif chart.low and chart.high:
            more["y_error_bars"] = self._error_bars(sheet.values[up], chart.low, chart.high)
            more["data_labels"] |= {"position": "inside_end"}
            more["data_labels"]["font"] = {**_font(self._report), "color": "#FFFFFF"}
        elif sheet.columns[up].meaning is Meaning.MONEY:
            more["data_labels"]["num_format"] = f'"{money_of(self._report.currency).symbol}"#,##0'
        self._add(chart.values, name=chart.title, **more)

    def _labels(self, *, inside: bool = False) -> dict[str, Any]:
        chart = self._chart
        labels: dict[str, Any] = {"value": True, "font": {**_font(self._report), "color": MUTED}}
        if chart.kind is ChartKind.BRIDGE:
            labels["font"] = {**_font(self._report), "color": _INK}
        if inside:
            labels |= {"position": "inside_end", "font": {**_font(self._report), "color": "#FFFFFF"}}
        column = next(column for column in self._sheet.columns if column.id == chart.values)
        if chart.kind is ChartKind.BRIDGE or (chart.low and column.meaning is Meaning.MONEY):
            labels["num_format"] = _SHORT[self._report.language]
        elif column.meaning is Meaning.NUMBER:
            labels["num_format"] = _whole_or_not(self._sheet.column(chart.values))
        return labels

    def _error_bars(self, values: Values, low: str, high: str) -> dict[str, Any]:
        """From the value to the ends of its interval; none where there is no interval."""
        above = np.nan_to_num(self._sheet.column(high) - values)[: self._rows].tolist()
        below = np.nan_to_num(values - self._sheet.column(low))[: self._rows].tolist()
        line = {"color": MUTED, "width": 1.25}
        return {"type": "custom", "plus_values": above, "minus_values": below, "line": line}

    def _add(self, column_id: str, **more: Any) -> None:
        sheet = self._sheet
        ids = [column.id for column in sheet.columns]
        across, up = ids.index(self._chart.categories), ids.index(column_id)
        shown = [float(value) if np.isfinite(value) else None for value in sheet.values[up][: self._rows]]
        series: dict[str, Any] = {
            "name": sheet.columns[up].label,
            "categories": [self._name, self._top + 1, across, self._top + self._rows, across],
            "values": [self._name, self._top + 1, up, self._top + self._rows, up],
            # What XlsxWriter would look up in its own cells, which a TableSheet does not fill.
            "categories_data": _shown(self._report, sheet, across)[: self._rows],
            "values_data": shown,
            **more,
        }
        self._drawing.add_series(series)


def _shown(report: Report, sheet: Sheet, number: int) -> list[str]:
    column = sheet.columns[number]
    texts = display_texts(column, sheet.values[number], report.currency, report.language)
    return list(map(cell_text, texts))


def _points(report: Report, column: Column, names: list[str | None]) -> list[dict[str, Any] | None]:
    tones = band_tones(report, column)
    white = {"color": "#FFFFFF"}
    return [
        {"fill": {"color": tones[name].solid}, "border": white} if name and name in tones else None
        for name in names
    ]


def _dress(drawing: Drawing, report: Report, sheet: Sheet, chart: Chart) -> None:
    font = _font(report)
    drawing.set_title(
        {"name": cell_text(chart.title), "name_font": {**font, "size": 13, "bold": True, "color": ACCENT}}
    )
    wide = chart.kind in (ChartKind.LINES, ChartKind.BRIDGE)
    drawing.set_size({"width": _WIDE if wide else _WIDTH, "height": _HEIGHT})
    drawing.set_chartarea({"border": {"color": LINE}})
    if chart.kind is ChartKind.DOUGHNUT:
        drawing.set_hole_size(58)
        drawing.set_legend({"position": "right", "font": font})
        return
    drawing.set_legend({"none": True})
    if chart.kind is ChartKind.RADAR:
        drawing.set_size({"width": _WIDTH, "height": _TALL})
        drawing.set_legend({"position": "bottom", "font": font})
        grid = {"visible": True, "line": {"color": LINE, "width": 0.75}}
        drawing.set_y_axis(
            {
                "min": 0,
                "max": 100,
                "major_unit": 25,
                "num_font": {**font, "color": MUTED},
                "major_gridlines": grid,
            }
        )
        drawing.show_blanks_as("gap")
        return
    if chart.kind is ChartKind.SCATTER:
        _dress_dots(drawing, sheet, chart, font)
        return
    quiet: dict[str, Any] = {"num_font": {**font, "color": MUTED}, "line": {"color": LINE}}
    if chart.kind is ChartKind.BARS:  # XlsxWriter calls the upright axis y, whatever stands on it
        drawing.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        drawing.set_y_axis({**quiet, "reverse": True, "major_tick_mark": "none"})
        return
    drawing.set_x_axis({**quiet, "major_tick_mark": "none", **_ticks(sheet, chart)})
    if chart.kind is ChartKind.LINES:
        drawing.set_legend({"position": "bottom", "font": font})
        grid = {"visible": True, "line": {"color": LINE, "width": 0.75}}
        drawing.set_y_axis({**quiet, **_scale(sheet, chart, report.language), "major_gridlines": grid})
        return
    below = bool((np.nan_to_num(sheet.column(chart.values)) < 0).any())
    drawing.set_y_axis(
        {"visible": False, "major_gridlines": {"visible": False}, **({} if below else {"min": 0})}
    )


def _dress_dots(drawing: Drawing, sheet: Sheet, chart: Chart, font: dict[str, Any]) -> None:
    """Both axes have a name; a scale of five is shown whole."""
    labels = {column.id: column.label for column in sheet.columns}
    quiet: dict[str, Any] = {"num_font": {**font, "color": MUTED}, "line": {"color": LINE}}
    grid = {"visible": True, "line": {"color": LINE, "width": 0.75}}
    across = {"name": labels[chart.categories], "min": 0, "max": 6, "major_unit": 1}
    drawing.set_x_axis({**quiet, **across, "name_font": {**font, "bold": False}})
    upright = {"name": labels[chart.values], "min": 0, "num_format": "#,##0.0", "major_gridlines": grid}
    drawing.set_y_axis({**quiet, **upright, "name_font": {**font, "bold": False}})


def _scale(sheet: Sheet, chart: Chart, language: Language) -> dict[str, Any]:
    """Shares in percent, up to the whole where none is more; else plain numbers, scores up to 100."""
    column = next(column for column in sheet.columns if column.id == chart.values)
    match column.meaning:
        case Meaning.SCORE:
            return {"num_format": "0", "min": 0, "max": 100}
        case Meaning.COUNT:
            return {"num_format": "#,##0", "min": 0}
        case Meaning.NUMBER | Meaning.MONEY:
            return {"num_format": _SHORT[language], "min": 0}
    top = {"max": 1} if float(np.nanmax(sheet.column(chart.values))) <= 1 else {}
    return {"num_format": "0%", "min": 0, **top}


def _ticks(sheet: Sheet, chart: Chart) -> dict[str, Any]:
    """Of many categories every sixth or twelfth has its name; negative columns do not cover the names."""
    if chart.kind is not ChartKind.LINES:
        return {"label_position": "low"}
    step = 12 if len(sheet) > 48 else 6 if len(sheet) > 12 else 1
    # As texts: a program that takes days for an axis of dates puts a mark at every day.
    return {"interval_unit": step, "interval_tick": step, "text_axis": True}


def _whole_or_not(values: Values) -> str:
    """Numbers under ten with as many decimals as tell them apart."""
    largest = float(np.nanmax(np.abs(values), initial=0))
    return "#,##0" if largest >= 10 else "0.0" if largest >= 1 else "0.00"


def _font(report: Report) -> dict[str, Any]:
    return {"name": default_font(report.language)["font_name"], "size": 10}
