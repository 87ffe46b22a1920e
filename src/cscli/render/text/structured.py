"""A report as JSON: the form for programs, one row a line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from cscli import __version__
from cscli.render.text.cells import date_texts, is_date, is_number, number_texts, without_directions
from cscli.render.text.problems import problem_records
from cscli.reports.kit.model import Report, Sheet, Values


def write_structured(report: Report, path: Path) -> None:
    # A lone surrogate, which no text file can hold, becomes a question mark.
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.writelines(_parts(report))


def sheet_rows(sheet: Sheet) -> Iterator[str]:
    """Each row as a JSON object; a template of the keys is filled, as objects by themselves are slow."""
    keys = (_json(column.id).replace("%", "%%") for column in sheet.columns)
    template = "{" + ", ".join(f"{key}: %s" for key in keys) + "}"
    columns = [_values(values) for values in sheet.values]
    return (template % row for row in zip(*columns, strict=True))


def _parts(report: Report) -> Iterator[str]:
    yield "{\n"
    facts = {"report": report.name, "cscli": __version__, "as_of": report.as_of.isoformat()}
    for key, value in {**facts, "config_digest": report.config_digest}.items():
        yield f" {_json(key)}: {_json(value)},\n"
    yield f' "inputs": {_rows((_json(asdict(given)) for given in report.inputs), 1)},\n'
    sheets = [f"  {_json(sheet.id)}: {_rows(sheet_rows(sheet), 2)}" for sheet in report.sheets]
    yield ' "sheets": {\n' + ",\n".join(sheets) + "\n },\n"
    yield f' "problems": {_rows(map(_json, problem_records(report)), 1)}\n'
    yield "}\n"


def _rows(rows: Iterable[str], depth: int) -> str:
    space = "\n" + " " * depth
    text = f",{space} ".join(rows)
    return f"[{space} {text}{space}]" if text else "[]"


def _values(values: Values) -> list[str]:
    if is_number(values):
        return number_texts(values, "null")
    if is_date(values):
        return [text if text == "null" else f'"{text}"' for text in date_texts(values, "null")]
    return [
        _json(without_directions(value) if isinstance(value, str) else value) for value in values.tolist()
    ]


_json = json.JSONEncoder(ensure_ascii=False).encode
