"""A table for programs (mail merge, imports of a CRM): its columns as they are called, as CSV or as one plain sheet."""

import csv
import datetime as dt
import io
from pathlib import Path

import pandas as pd

from cscli.render.text.delimited import escape_formula

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST_CELL = 32_767


def write_merge_csv(table: pd.DataFrame, path: Path) -> None:
    """UTF-8 with BOM (RFC 4180); no text can be taken for a formula. Missing values are empty."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([escape_formula(str(name)) for name in table.columns])
        for row in table.itertuples(index=False, name=None):
            writer.writerow([escape_formula(_text(value)) for value in row])


def write_merge_xlsx(table: pd.DataFrame, path: Path, as_of: dt.date) -> None:
    """One sheet with a row of headers; every cell is text, as Word takes it. The same table gives the same bytes."""
    from cscli.render.excel.packing import PackedWorkbook  # noqa: PLC0415 - loads xlsxwriter

    packed = io.BytesIO()
    workbook = PackedWorkbook(packed, _OPTIONS)
    created = dt.datetime.combine(as_of, dt.time(), dt.UTC)
    workbook.set_properties({"created": created, "author": "cscli"})
    sheet = workbook.add_worksheet("messages")
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, str(name))
        for row, value in enumerate(table[name].tolist(), start=1):
            sheet.write_string(row, column, _text(value)[:_LONGEST_CELL], wrapped)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(table.columns) - 1, 0), 24)
    workbook.close()
    path.write_bytes(packed.getbuffer())


def _text(value: object) -> str:
    if value is None or (not isinstance(value, str) and pd.isna(value)):  # type: ignore[call-overload] # a scalar
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)
