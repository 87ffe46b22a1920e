"""Formulas of a live workbook's summary: accounts and money by band, counted on the accounts sheet."""

from collections.abc import Mapping

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from cscli.reports.kit.live import LiveScore
from cscli.reports.kit.model import Sheet

_SUMS = ("mrr", "arr")


def summary_formulas(
    live: LiveScore, summary: Sheet, accounts: Sheet, accounts_name: str
) -> Mapping[str, list[str | None]]:
    """Formulas by column id for the rows that stand for a band; none if the sheet has other columns.
    `accounts_name`: the sheet's name in quotes.
    """
    ids = [column.id for column in summary.columns]
    if ids[:2] != ["band", "accounts"] or not len(accounts):
        return {}
    known = {live.unknown_label, *(band.label for band in live.bands)}
    labels = summary.columns[0].labels
    is_band = [labels.get(str(name), name) in known for name in summary.values[0].tolist()]
    places = [row if found else None for row, found in enumerate(is_band, 2)]

    def make(column_id: str) -> list[str | None]:
        values = summary.column(column_id)
        return [
            None if row is None else _formula(column_id, row, accounts, accounts_name, not np.isnan(value))
            for row, value in zip(places, values.tolist(), strict=True)
        ]

    there = {column.id for column in accounts.columns}
    wanted = [name for name in ids if name in ("accounts", "share") or (name in _SUMS and name in there)]
    return {name: make(name) for name in wanted}


def _formula(column_id: str, row: int, accounts: Sheet, name: str, is_known: bool) -> str:
    bands = _column_range(accounts, name, "band")
    in_band = f"--({bands}=$A{row})"
    if column_id == "accounts":
        return f"SUMPRODUCT({in_band})"
    if column_id == "share":
        return f"$B{row}/ROWS({bands})"
    money = _column_range(accounts, name, column_id)
    total = f"SUMPRODUCT({in_band},{money})"
    return total if is_known else f'IF(SUMPRODUCT({in_band},--ISNUMBER({money}))=0,"",{total})'


def _column_range(sheet: Sheet, name: str, column_id: str) -> str:
    letter = xl_col_to_name([column.id for column in sheet.columns].index(column_id))
    return f"{name}!${letter}$2:${letter}${len(sheet) + 1}"
