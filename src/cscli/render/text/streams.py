"""Sheets of the same columns, one after the other, as one table: no more than one of them is held at a time."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from cscli import __version__
from cscli.render.text.delimited import column_texts
from cscli.render.text.structured import sheet_rows
from cscli.reports.kit.model import Sheet


def stream_delimited(sheets: Iterable[Sheet], path: Path) -> None:
    """CSV as `write_delimited` has it."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        for number, sheet in enumerate(sheets):
            if number == 0:
                writer.writerow([column.id for column in sheet.columns])
            writer.writerows(zip(*map(column_texts, sheet.values), strict=True))


def stream_structured(sheets: Iterable[Sheet], path: Path) -> None:
    """JSON with the keys `cscli` and `sheets` of every report, one row a line."""
    found = iter(sheets)
    first = next(found)
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write(f'{{\n "cscli": {json.dumps(__version__)},\n')
        file.write(f' "sheets": {{\n  {json.dumps(first.id)}: [')
        separator = "\n   "
        for row in chain.from_iterable(map(sheet_rows, chain([first], found))):
            file.write(separator + row)
            separator = ",\n   "
        file.write("\n  ]\n }\n}\n")


STREAMS: Mapping[str, Callable[[Iterable[Sheet], Path], None]] = MappingProxyType(
    {".csv": stream_delimited, ".json": stream_structured}
)
"""By suffix, how many sheets become one file."""
