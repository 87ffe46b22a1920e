"""Workspaces made of the worked examples: exports as CSV, what people type as workbooks."""

import contextlib
import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from typer.testing import CliRunner

from cscli.cli import make_app
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import ConfigError
from cscli.texts import problem_line
from places import PRACTICE

AS_OF = "2026-10-31"


def cscli(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cscli", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def example(name: str) -> pd.DataFrame:
    """A table of the example as texts, blank cells missing."""
    return pd.read_csv(PRACTICE / f"{name}.csv", dtype=object, encoding="utf-8-sig")


def write_book(path: Path, sheets: Mapping[str, Sequence[Mapping[Any, Any]]]) -> None:
    """A workbook as people would make it: the columns that they need, dates as dates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        sheet.append(headers)
        for row in rows:
            sheet.append([typed(row.get(header)) for header in headers])
    book.save(path)


def typed(cell: Any) -> Any:
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN is not itself
        return None
    text = str(cell)
    if len(text) == 10 and text[4] == text[7] == "-":
        return dt.datetime.fromisoformat(text)
    try:
        return float(text)
    except ValueError:
        return text


def cscli_here(folder: Path, *arguments: str) -> str:
    """What a command that does its work says, on both streams, run in this process."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(make_app(), arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def refusals(rules: str, headers: Iterable[str]) -> str:
    """What stops rules over one export with these headers, a line a problem; nothing where they are right."""
    known = Headers({"accounts": frozenset(headers)}, complete=True)
    try:
        settle(read_draft(rules, "cscli.yaml"), known)
    except ConfigError as error:
        return "\n".join(problem_line(problem, "en") for problem in error.problems)
    return ""


def sheets_of(folder: Path, *arguments: str) -> dict[str, pd.DataFrame]:
    """The sheets that a command writes as JSON, run in this process, which spares its start."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(make_app(), [*arguments, "--as-of", AS_OF, "-o", "out.json"])
    assert done.exit_code == 0, (done.output, done.exception)
    report = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return {name: pd.DataFrame(rows) for name, rows in report["sheets"].items()}


def same(found: pd.DataFrame, right: pd.DataFrame, columns: Sequence[Any] | None = None) -> None:
    """The rows in their order, numbers to six decimals."""
    names = list(columns or right.columns)
    assert len(found) == len(right)
    for name in names:
        left, wanted = ([plain(value) for value in table[name]] for table in (found, right))
        close = [
            abs(one - other) < 1e-6 if isinstance(one, float) and isinstance(other, float) else one == other
            for one, other in zip(left, wanted, strict=True)
        ]
        assert all(close), (name, left, wanted)


def plain(value: Any) -> Any:
    if value is None or value != value or value == "":  # noqa: PLR0124 - NaN is not itself
        return None
    if value in ("true", "false"):
        return value == "true"
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)[:10] if str(value)[4:5] == "-" and "T00:00" in str(value) else str(value)
