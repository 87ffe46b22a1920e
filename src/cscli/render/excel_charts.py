"""The pictures of a sheet, beside its table."""

from typing import Any

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as Drawing

from cscli.render.bands import band_tones
from cscli.render.display import display_texts, money_of
from cscli.render.excel_formats import ACCENT, LINE, MUTED, default_font
from cscli.render.excel_rows import TableSheet, cell_text
from cscli.reports.model import Chart, ChartKind, Column, Meaning, Report, Sheet

_TYPES = {ChartKind.COLUMNS: "column", ChartKind.BARS: "bar", ChartKind.DOUGHNUT: "doughnut"}
_WIDTH, _HEIGHT, _ROWS = 480, 300, 17


def add_charts(workbook: Workbook, worksheet: TableSheet, report: Report, sheet: Sheet) -> None:
    """Draws the charts of `sheet` one below the other at the right of the table."""
    if not len(sheet):
        return
    for number, chart in enumerate(sheet.charts):
        drawing = workbook.add_chart({"type": _TYPES[chart.kind]})
        _add_series(drawing, worksheet.get_name(), report, sheet, chart)
        _dress(drawing, report, chart)
        worksheet.insert_chart(1 + number * _ROWS, len(sheet.columns) + 1, drawing)


def _add_series(drawing: Drawing, name: str, report: Report, sheet: Sheet, chart: Chart) -> None:
    ids = [column.id for column in sheet.columns]
    across, up = ids.index(chart.categories), ids.index(chart.values)
    label_font = {**_font(report), "color": MUTED}
    series: dict[str, Any] = {
        "name": chart.title,
        "categories": [name, 1, across, len(sheet), across],
        "values": [name, 1, up, len(sheet), up],
        # What XlsxWriter would look up in its own cells, which a TableSheet does not fill.
        "categories_data": _shown(report, sheet, across),
        "values_data": [float(value) if np.isfinite(value) else None for value in sheet.values[up]],
        "fill": {"color": ACCENT},
        "gap": 60,
        "data_labels": {"value": True, "font": label_font},
    }
    if sheet.columns[across].meaning is Meaning.BAND:
        series["points"] = _points(report, sheet.columns[across], sheet.values[across].tolist())
    if chart.kind is ChartKind.DOUGHNUT:
        inside = {"percentage": True, "font": {**_font(report), "color": "#FFFFFF", "bold": True}}
        series |= {"data_labels": inside, "border": {"color": "#FFFFFF", "width": 1.5}}
    elif sheet.columns[up].meaning is Meaning.MONEY:
        series["data_labels"]["num_format"] = f'"{money_of(report.currency).symbol}"#,##0'
    drawing.add_series(series)


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


def _dress(drawing: Drawing, report: Report, chart: Chart) -> None:
    font = _font(report)
    drawing.set_title(
        {"name": cell_text(chart.title), "name_font": {**font, "size": 13, "bold": True, "color": ACCENT}}
    )
    drawing.set_size({"width": _WIDTH, "height": _HEIGHT})
    drawing.set_chartarea({"border": {"color": LINE}})
    if chart.kind is ChartKind.DOUGHNUT:
        drawing.set_hole_size(58)
        drawing.set_legend({"position": "right", "font": font})
        return
    drawing.set_legend({"none": True})
    quiet: dict[str, Any] = {"num_font": {**font, "color": MUTED}, "line": {"color": LINE}}
    is_bars = chart.kind is ChartKind.BARS
    drawing.set_x_axis({**quiet, "reverse": is_bars, "major_tick_mark": "none"})
    drawing.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})


def _font(report: Report) -> dict[str, Any]:
    return {"name": default_font(report.language)["font_name"], "size": 10}
