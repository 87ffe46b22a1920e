"""Holds every file of every report on the sample to those of another version: csv, json, md and html byte by byte, workbooks cell by cell.

    python benchmarks/same_cells.py OTHER_SOURCE [--office]

`OTHER_SOURCE`: the folder `src` of a checkout of the other version. Both run every step of `cscli run` in all forms in a workspace of
the sample, English and Japanese, and `score` of its accounts without rules, live and plain. Cells are read by openpyxl (formulas and the values
stored with them) and by calamine; with `--office` also the values that LibreOffice computes anew. Ends with 1 if anything differs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample_data"
AS_OF = "2026-10-31"
Cells = dict[tuple[str, int, int], Any]


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("other", type=Path)
    options.add_argument("--office", action="store_true")
    given = options.parse_args()
    counts: Counter[str] = Counter()
    differ: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        trees = [Path(folder) / name / "work" for name in ("this", "other")]
        for tree, source in zip(trees, (ROOT / "src", given.other), strict=True):
            tree.mkdir(parents=True)
            make_reports(tree, source.resolve())
        for path in sorted(files_of(trees[0]) | files_of(trees[1])):
            both = [tree / path for tree in trees]
            if not all(each.exists() for each in both):
                differ.append(f"{path}: in one alone")
            else:
                differ += [f"{path}: {what}" for what in compare(*both, counts, office=given.office)]
    print(", ".join(f"{count:,} {what}" for what, count in counts.items()))
    print(f"{len(differ)} differences", *differ[:40], sep="\n")
    sys.exit(bool(differ))


def make_reports(folder: Path, source: Path) -> None:
    """All that the version at `source` makes of the sample, in `folder`."""
    for language in ("en", "ja"):
        workspace = folder / language
        run(source, folder, "init", "--sample", str(workspace), "--lang", language)
        more = ("--as-of", AS_OF, "--lang", language, "-q")
        run(source, workspace, "run", *more, "--set", "run.forms=[xlsx,csv,json,md]")
        accounts = SAMPLE / ("accounts.xlsx" if language == "en" else "accounts_ja.csv")
        for name, options in (
            ("live.xlsx", ()),
            ("plain.xlsx", ("--plain",)),
            ("plain.csv", ()),
            ("plain.json", ()),
        ):
            run(
                source,
                folder,
                "score",
                str(accounts),
                *more,
                *options,
                "-o",
                str(folder / language / f"alone_{name}"),
            )


def run(source: Path, folder: Path, *arguments: str) -> None:
    """A command of the version at `source`."""
    command = [sys.executable, "-m", "cscli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 7), (arguments, done.returncode, done.stderr[-2000:])


def files_of(tree: Path) -> set[Path]:
    """The reports below `tree`, without what tells of the run itself."""
    own = {".cscli", ".git"}
    return {
        path.relative_to(tree)
        for path in tree.rglob("*")
        if path.is_file()
        and not own & set(path.relative_to(tree).parts)
        and path.suffix in FORMS
        and path.name != "run.json"
    }


FORMS = (".xlsx", ".csv", ".json", ".md", ".html")


def compare(this: Path, other: Path, counts: Counter[str], *, office: bool) -> Iterator[str]:
    """What differs between two files of a report; what was compared goes into `counts`."""
    if this.suffix != ".xlsx":
        counts[f"{this.suffix[1:]} files"] += 1
        if this.read_bytes() != other.read_bytes():
            yield "bytes"
        return
    counts["workbooks"] += 1
    for name, read in READERS.items():
        if name == "cells by LibreOffice" and not office:
            continue
        ours, theirs = read(this), read(other)
        counts[name] += len(ours)
        if ours != theirs:
            places = [place for place in ours.keys() | theirs.keys() if ours.get(place) != theirs.get(place)]
            yield f"{name}: {len(places)}, such as {places[0]}: {ours.get(places[0])!r}, {theirs.get(places[0])!r}"


def by_openpyxl(path: Path, *, values: bool = False) -> Cells:
    """Every cell with its value, or its formula, and how it looks."""
    book = openpyxl.load_workbook(path, data_only=values)
    return {
        (sheet.title, cell.row, cell.column): (
            cell.value,
            cell.number_format,
            cell.fill.fgColor.rgb,
            cell.font.b,
        )
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def by_calamine(path: Path) -> Cells:
    """Every value."""
    book = CalamineWorkbook.from_path(path)
    return {
        (name, row, column): value
        for name in book.sheet_names
        for row, cells in enumerate(book.get_sheet_by_name(name).to_python())
        for column, value in enumerate(cells)
        if value != ""
    }


def by_office(path: Path) -> Cells:
    """Every value after LibreOffice has computed the formulas anew."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
        ]
        subprocess.run([*command, "--outdir", folder, str(path)], check=True, capture_output=True)
        return by_openpyxl(Path(folder) / path.name, values=True)


READERS = {
    "formulas and texts by openpyxl": by_openpyxl,
    "stored values by openpyxl": lambda path: by_openpyxl(path, values=True),
    "cells by calamine": by_calamine,
    "cells by LibreOffice": by_office,
}


if __name__ == "__main__":
    main()
