"""Ends `cscli inputs` and `cscli run` by SIGKILL at random moments, again and again, with every book in use, and looks at what is left: each workbook must
open, with every cell that people typed, and have all of the new rows of its sheets or none; the list of opt-outs stays as it was.
`python benchmarks/book_kills.py [COUNT] [SEED]` (200, 20261031): three of four kills are of the first.
"""

import datetime as dt
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from kills import COUNT, SEED, Row, start_in

OLD, NEW = 60, 40
"""Accounts with rows in the books before each kill, and accounts that a run adds."""
BOOKS = ("csm", "journey", "handover", "voice", "content")
COMMANDS = ("inputs", "run")
_EVERY = 4
"""One kill of so many is of the second command, which adds nothing."""
Sheets = Mapping[str, list[Row]]
"""The rows of each sheet of a book, by its title."""
RULES = """version: 1
sources:
  accounts: {file: accounts.csv}
  tickets: {file: tickets.csv, kind: rows, at: at, types: {at: date, words: text}, rollup: {tickets_ever: count(*)}}
  contacts: {file: contacts.csv, kind: contacts}
metrics: {use: {value: mrr, points: {kind: linear, zero: 0, full: 200}}}
segments: {touch: [{name: high, when: mrr > 1000}, {name: tech}]}
scorecards: [{name: all, groups: {use: {weight: 1, metrics: {use: 1}}}}]
journey: {standards: [{name: onboarding, start: started_on, milestones: [{name: kickoff, days: 14}]}]}
goals: {}
timeline: {events: [{source: tickets, department: support, at: at, kind: "'ticket'"}]}
voice: {texts: [{source: tickets, at: at, text: words}], themes: [{name: price, any: [price]}, {name: export, any: [export]}]}
content: {maturity: "1"}
outreach:
  sender: {organisation: Example K.K., from: cs@example.com, domains: [example.com], unsubscribe: {mailto: stop@example.com}}
  may_show: [name]
  messages: [{name: hello, kind: service, when: mrr > 0, subject: {en: "{{name}}"}, text: {en: ["Hello {{name}}."]}}]
"""


def main() -> None:
    """Prints what became of the books."""
    given = [int(value) for value in sys.argv[1:3]]
    count, seed = (*given, *(COUNT, SEED)[len(given) :])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        original, seconds = prepare(folder)
        seen, lost = kill(folder, original, seconds, (count, seed))
    shown = ", ".join(f"{book} {before} before, {after} after" for book, (before, after) in seen.items())
    print(f"{count} kills of {' and '.join(COMMANDS)}: {len(lost)} lost. New rows: {shown}")
    for line in lost:
        print(line)
    sys.exit(bool(lost))


def kill(
    folder: Path, original: Mapping[Path, bytes], seconds: Mapping[str, float], given: tuple[int, int]
) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """How many kills left each book as it was, and how many with the new rows; and what was wrong."""
    count, seed = given
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    typed = {path: sheets_of(path) for path in original if path.suffix == ".xlsx"}
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    lost: list[str] = []
    for number in range(count):
        for path, content in original.items():
            path.write_bytes(content)
        command = COMMANDS[number % _EVERY == 0]
        process = start_in(folder, command, "--as-of", "2026-10-31")
        time.sleep(chance.uniform(0.3, 1.05) * seconds[command])
        process.kill()
        process.wait()
        for path, content in original.items():
            if path.suffix != ".xlsx":
                lost += (
                    [] if path.read_bytes() == content else [f"{number} {command}: {path.name} has changed"]
                )
                continue
            added, fault = added_to(path, typed[path])
            lost += [f"{number} {command}: {path.name}: {fault}"] if fault else []
            before[path.stem] += not added
            after[path.stem] += bool(added)
    return {name: (before[name], after[name]) for name in BOOKS}, lost


def added_to(path: Path, typed: Sheets) -> tuple[int, str | None]:
    """How many rows a book has more than people's; what is wrong with it: rows that are gone or changed, or some of the new ones alone."""
    try:
        found = sheets_of(path)
    except Exception as error:  # noqa: BLE001 - whatever a broken workbook raises is what is looked for
        return 0, repr(error)
    if found.keys() != typed.keys():
        return 0, f"sheets {sorted(found)}"
    added = {title: len(rows) - len(typed[title]) for title, rows in found.items()}
    gone = [title for title, rows in typed.items() if found[title][: len(rows)] != rows]
    if gone:
        return 0, f"what was typed in {', '.join(gone)} has changed"
    wanted = {title: new_rows(path.stem, title) for title in typed}
    fits = added == wanted or not any(added.values())
    return sum(added.values()), None if fits else f"rows added: {added}"


def new_rows(book: str, title: str) -> int:
    """How many rows a run adds to a sheet."""
    if title == "Tell":
        return OLD
    return 0 if book in ("voice", "content") or title == "Guide" else NEW


def prepare(folder: Path) -> tuple[dict[Path, bytes], dict[str, float]]:
    """Books in which something is typed in every row, accounts and tickets that they lack, and how long each command takes."""
    (folder / "cscli.yaml").write_text(RULES, encoding="utf-8")
    lay(folder, OLD)
    run_all(folder, "inputs")
    inputs = folder / "inputs"
    for name in BOOKS:
        fill(inputs / f"{name}.xlsx")
    (inputs / "optout.csv").write_text("address\np0@a0.example\n", encoding="utf-8")
    original = {
        path: path.read_bytes()
        for path in (*(inputs / f"{name}.xlsx" for name in BOOKS), inputs / "optout.csv")
    }
    lay(folder, OLD + NEW)
    seconds = {}
    for command in COMMANDS:
        for path, content in original.items():
            path.write_bytes(content)
        seconds[command] = run_all(folder, command)
    return original, seconds


def run_all(folder: Path, command: str) -> float:
    begun = time.perf_counter()
    start_in(folder, command, "--as-of", "2026-10-31").wait()
    return time.perf_counter() - begun


def lay(folder: Path, count: int) -> None:
    """Accounts, each with a ticket about the price, and a contact."""
    rows = [f"A{number:04},Company {number},100,2026-01-01,a{number}.example" for number in range(count)]
    lines = {
        "accounts": ["account_id,name,mrr,started_on,domain", *rows],
        "tickets": [
            "account_id,at,words",
            *(f"A{number:04},2026-09-01,the price {number}" for number in range(OLD)),
        ],
        "contacts": [
            "account_id,email",
            *(f"A{number:04},p{number}@a{number}.example" for number in range(count)),
        ],
    }
    for name, each in lines.items():
        (folder / f"{name}.csv").write_text("\n".join([*each, ""]), encoding="utf-8")


def fill(path: Path) -> None:
    """Types something into every row, and releases a theme, so that who asked for it is to be told."""
    typed: dict[str, Any] = {
        "Goal": "more cards \U0001f600\nand more", "Milestone": "kickoff", "Reached on": dt.date(2026, 1, 9), "Purpose": "growth", "Note": "a note",
        "Status": "released", "Status since": dt.date(2026, 10, 1), "Sold by": "Kato",
    }  # fmt: skip
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        heads = {cell.value: cell.column for cell in sheet[1]}
        if path.stem == "content" and "Content ID" in heads:
            sheet.append(["c01", "First steps"])
        for line in range(2, sheet.max_row + 1):
            for name, value in typed.items():
                if (
                    name in heads
                    and sheet.title != "Guide"
                    and sheet.cell(line, 1).value
                    and (name != "Status" or path.stem == "voice")
                ):
                    sheet.cell(line, heads[name]).value = value
    book.save(path)


def sheets_of(path: Path) -> Sheets:
    """Every row of every sheet with something in it."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [
            tuple(row) for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)
        ]
        for sheet in book.worksheets
    }


if __name__ == "__main__":
    main()
