"""What people type of accounts, as the workbook that `cscli inputs` makes."""

from collections.abc import Mapping
from pathlib import Path

import openpyxl


def type_in(path: Path, rows: Mapping[str, Mapping[str, object]]) -> None:
    """Writes the workbook at `path`: by account id what stands under which name."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["account_id", *names])
    for account, row in rows.items():
        sheet.append([account, *(row.get(name) for name in names)])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
