"""Damages the sample's files in thousands of ways and reads them: counts tracebacks, hangs, and rows that went
missing without a word. `python benchmarks/mutations.py [FILES] [SEED]` (5000, 20261031).
"""

import csv
import datetime as dt
import io
import random
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cscli.analysis.tables.conform import conform
from cscli.config.schema import Source
from cscli.errors import CscliError, Problem
from cscli.sources import read_table
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workspace.rules import Rules, preset_text

SAMPLE = Path(__file__).parents[1] / "sample_data"
FILES, SEED = 5_000, 20_261_031
ROWS = 250
"""Of the longer files, the first so many rows: damage is as likely in them, and reading is faster."""
HANG_SECONDS = 20.0
NAMES = (
    "accounts.xlsx",
    "accounts_ja.csv",
    "tickets.csv",
    "survey.csv",
    "touches.csv",
    "subscriptions.csv",
    "usage.csv",
)
NOW = dt.datetime(2026, 10, 31, 9, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Original:
    """A sound file: its bytes, its rows, and what is said of it."""

    name: str
    content: bytes
    rows: int
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class Damaged:
    """Bytes after damage, what was done, and how many rows can still be there."""

    content: bytes
    kind: str
    rows: int


@dataclass
class Outcome:
    """What became of the files."""

    read: int = 0
    refused: int = 0
    said: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    tracebacks: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.tracebacks or self.hangs or self.silent)


def run(files: int, seed: int, folder: Path) -> Outcome:
    """Reads so many damaged files, written to `folder` one after the other."""
    originals = [_load(name, folder) for name in NAMES]
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    outcome = Outcome()
    for number in range(files):
        original = chance.choice(originals)
        damages = BOOK_DAMAGES if original.name.endswith(".xlsx") else TEXT_DAMAGES
        damaged = chance.choice(damages)(original, chance)
        path = folder / original.name
        path.write_bytes(damaged.content)
        _judge(path, original, damaged, f"{number} {original.name} {damaged.kind}", outcome)
    return outcome


def _load(name: str, folder: Path) -> Original:
    content = (SAMPLE / name).read_bytes()
    if name.endswith(".csv"):
        content = b"".join(content.splitlines(keepends=True)[: ROWS + 1])
    path = folder / name
    path.write_bytes(content)
    rows, problems = _read(path)
    return Original(name, content, rows, frozenset(_key(problem) for problem in problems))


def _key(problem: Problem) -> str:
    return (
        f"{problem.code} {problem.value} {problem.where.line} {problem.where.column} {dict(problem.details)}"
    )


def _read(path: Path) -> tuple[int, tuple[Problem, ...]]:
    """Rows read, and everything that was said: the accounts through the whole way to a book."""
    if path.name.startswith("accounts"):
        rules = Rules(
            name="starter",
            text=preset_text("starter"),
            sources_folder=path.parent,
            workspace=path.parent,
            remembers=False,
        )
        book = read_book(Request(rules=rules, now=NOW, accounts=path))
        return book.tables.raw["accounts"].facts.rows, book.problems
    source = Source(
        columns={"account_id": ["Organisation", "account_id"]} if path.name == "tickets.csv" else {}
    )
    table = conform(read_table(path, path.stem), source, None)
    return table.facts.rows, table.problems


def _judge(path: Path, original: Original, damaged: Damaged, what: str, outcome: Outcome) -> None:
    started = time.monotonic()
    outcome.kinds[damaged.kind] += 1
    try:
        rows, problems = _read(path)
        new = {_key(problem) for problem in problems} - original.said
        outcome.read += 1
        outcome.said += bool(new)
        if rows < damaged.rows and not any(key.startswith("reading.") for key in new):
            outcome.silent.append(f"{what}: {rows} of {damaged.rows} rows")
    except CscliError:
        outcome.refused += 1
    except BaseException:  # noqa: BLE001 - what must not happen is counted
        outcome.tracebacks.append(f"{what}\n{traceback.format_exc()}")
    if time.monotonic() - started > HANG_SECONDS:
        outcome.hangs.append(what)


def flip(original: Original, chance: random.Random) -> Damaged:
    """Up to eight bytes changed."""
    content = bytearray(original.content)
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return Damaged(bytes(content), "bytes flipped", original.rows)


def truncate(original: Original, chance: random.Random) -> Damaged:
    """Cut off anywhere: a text keeps the rows before the cut, a workbook must be refused or be whole."""
    content = original.content[: chance.randrange(len(original.content))]
    rows = original.rows
    if original.name.endswith(".csv"):
        rows = min(rows, max(0, len(content.splitlines()) - 1))
    return Damaged(content, "truncated", rows)


def _rows(original: Original) -> tuple[list[list[str]], str]:
    encoding = "cp932" if original.name == "accounts_ja.csv" else "utf-8-sig"
    return list(csv.reader(io.StringIO(original.content.decode(encoding), newline=""))), encoding


def _write(original: Original, rows: list[list[str]], encoding: str, kind: str) -> Damaged:
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return Damaged(target.getvalue().encode(encoding), kind, original.rows)


def shift(original: Original, chance: random.Random) -> Damaged:
    """A few rows moved to the right or left by a cell, with or without keeping their width."""
    rows, encoding = _rows(original)
    for _ in range(chance.randint(1, 3)):
        row = rows[chance.randrange(1, len(rows))]
        if chance.random() < 0.5:
            row.insert(0, "")
        else:
            row.pop(0)
            row += [""] * chance.randint(0, 1)
    return _write(original, rows, encoding, "rows shifted")


def double_header(original: Original, chance: random.Random) -> Damaged:
    """The header once more, anywhere."""
    rows, encoding = _rows(original)
    rows.insert(chance.randrange(1, len(rows)), list(rows[0]))
    return _write(original, rows, encoding, "header doubled")


def swap(original: Original, chance: random.Random) -> Damaged:
    """Cells of a row, or of two rows, exchanged."""
    rows, encoding = _rows(original)
    for _ in range(chance.randint(1, 5)):
        one, two = chance.randrange(1, len(rows)), chance.randrange(1, len(rows))
        at, to = chance.randrange(len(rows[0])), chance.randrange(len(rows[0]))
        rows[one][at], rows[two][to] = rows[two][to], rows[one][at]
    return _write(original, rows, encoding, "cells swapped")


def stray_quote(original: Original, chance: random.Random) -> Damaged:
    """Quotation marks put anywhere."""
    content = bytearray(original.content)
    for _ in range(chance.randint(1, 4)):
        content.insert(chance.randrange(len(content)), 34)
    return Damaged(bytes(content), "stray quotes", original.rows)


def damage_member(original: Original, chance: random.Random) -> Damaged:
    """Bytes inside one part of the workbook changed, cut or doubled, under a right checksum."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original.content)) as archive, zipfile.ZipFile(target, "w", 8) as copy:
        names = archive.namelist()
        chosen = chance.choice(
            [name for name in names if name.endswith(".xml")] + 4 * ["xl/worksheets/sheet1.xml"]
        )
        for name in names:
            content = bytearray(archive.read(name))
            if name == chosen:
                _damage(content, chance)
            copy.writestr(name, bytes(content))
    return Damaged(target.getvalue(), "member damaged", original.rows)


def _damage(content: bytearray, chance: random.Random) -> None:
    choice = chance.random()
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.randint(1, 400))
    if choice < 0.6:
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = (
                chance.choice(b'0123456789ABCrst<>/" =') if choice < 0.4 else chance.randrange(256)
            )
    elif choice < 0.75:
        del content[start:end]
    elif choice < 0.9:
        content[start:start] = content[start:end]
    else:
        del content[start:]


def drop_member(original: Original, chance: random.Random) -> Damaged:
    """One part of the workbook taken out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original.content)) as archive, zipfile.ZipFile(target, "w", 8) as copy:
        names = archive.namelist()
        names.remove(chance.choice(names))
        for name in names:
            copy.writestr(name, archive.read(name))
    return Damaged(target.getvalue(), "member dropped", original.rows)


Damage = Callable[[Original, random.Random], Damaged]
TEXT_DAMAGES: tuple[Damage, ...] = (flip, truncate, shift, double_header, swap, stray_quote)
BOOK_DAMAGES: tuple[Damage, ...] = (flip, truncate, damage_member, damage_member, damage_member, drop_member)


def main() -> int:
    """Prints seed and counts; 1 if anything went wrong."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    warnings.simplefilter("error")
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(files, seed, Path(folder))
    print(f"seed {seed}, {files} files in {time.monotonic() - started:.0f} s")
    print(f"read {outcome.read} (of these {outcome.said} with a new problem), refused {outcome.refused}")
    print(", ".join(f"{kind} {count}" for kind, count in sorted(outcome.kinds.items())))
    for name in ("tracebacks", "hangs", "silent"):
        found = getattr(outcome, name)
        print(f"{name}: {len(found)}", *found[:20], sep="\n  " if found else " ")
    return 0 if outcome.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
