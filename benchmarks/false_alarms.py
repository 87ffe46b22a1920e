"""Counts what cscli warns of on the real exports of others, and holds each warning to the files: an id that no account has
is counted again from the cells, every other finding stands with its reason in `tests/oracles/alarms.csv`, written by hand.
What is in neither is a false alarm. Prints all of them; 1 if there is a false one.

python benchmarks/false_alarms.py DATA   # DATA: the folder that holds crm-exports, telco, clv and japanese
"""

import csv
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from first_run import NOW, ORACLES, sets

from cscli.errors import CscliError, Problem, Severity
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workflows.init.making import make_rules
from cscli.workflows.init.reading import read_exports
from cscli.workspace.rules import Rules, preset_text

REASONS = ORACLES / "alarms.csv"
"""Set, file, code, what of it is told (the value or the count), and why it is so in the file."""
SHORT_ID = 15
"""Salesforce writes one id with 15 characters and with 18."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One warning or error. `told`: how many, or the value. `why`: None where it is false."""

    set: str
    file: str
    code: str
    told: str
    why: str | None = None


def alarms(data: Path) -> Iterator[Alarm]:
    """Every warning and error of every set, and whether it is true."""
    reasons = _reasons()
    for name, rows in [*sets(data), *_others(data)]:
        if name.startswith("cases"):
            continue
        for problem in _said([data / row["file"] for row in rows]):
            file, told = _file_of(problem), _told(problem)
            counted = _recount(data, rows, file)
            why = reasons.get((name, file, problem.code, told))
            if why is None and problem.code in counted and str(counted[problem.code]) == told:
                why = "counted again"
            yield Alarm(set=name, file=file, code=problem.code, told=told, why=why)


def _others(data: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    for folder in ("clv", "japanese"):
        for path in sorted((data / folder).rglob("*.csv")):
            name = path.relative_to(data).as_posix()
            yield name, [{"file": name, "kind": "left", "key": ""}]


def _said(files: Sequence[Path]) -> list[Problem]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(shutil.copy(file, folder)) for file in files]
        try:
            made = make_rules(read_exports(paths), preset_text("starter"), Path(folder), NOW)
            rules = Rules(
                name="cscli.yaml",
                text=made.text,
                sources_folder=Path(folder),
                workspace=Path(folder),
                remembers=False,
            )
            problems: Sequence[Problem] = read_book(Request(rules=rules, now=NOW)).problems
        except CscliError as error:
            problems = error.problems
    return [problem for problem in problems if problem.severity is not Severity.NOTE]


def _file_of(problem: Problem) -> str:
    return Path(problem.where.file or re.split(r":| \(", problem.value or "")[0]).name


def _told(problem: Problem) -> str:
    if problem.code.startswith("init."):
        return ""
    return str(problem.details.get("count") or problem.value or "")


def _recount(data: Path, rows: Sequence[dict[str, str]], file: str) -> dict[str, int]:
    """By code, how many ids of `file` no account has, and how many of its rows have none; by the keys of the truth."""
    keys = {Path(row["file"]).name: row for row in rows}
    accounts = {
        value[:SHORT_ID]
        for row in rows
        if row["kind"].split("|")[0] == "accounts" and row["key"]
        for value in _column(data / row["file"], row["key"])
    }
    if file not in keys or not keys[file]["key"] or not accounts:
        return {}
    values = _column(data / keys[file]["file"], keys[file]["key"])
    return {
        "data.ids_without_account": len(
            {value for value in values if value and value[:SHORT_ID] not in accounts}
        ),
        "data.rows_without_id": sum(not value for value in values),
    }


def _column(path: Path, keys: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    key = next((each for each in keys.split("|") if table and each in table[0]), None)
    return [(row[key] or "").strip() for row in table] if key else []


def _reasons() -> dict[tuple[str, str, str, str], str]:
    with REASONS.open(encoding="utf-8", newline="") as stream:
        return {
            (row["set"], row["file"], row["code"], row["told"]): row["why"] for row in csv.DictReader(stream)
        }


def main() -> int:
    """Prints the table."""
    found = list(alarms(Path(sys.argv[1])))
    for each in found:
        print(f"{each.set:<44} {each.file:<42} {each.code:<26} {each.told[:40]:<40} {each.why or 'FALSE'}")
    false = sum(each.why is None for each in found)
    kinds = ", ".join(f"{code} {count}" for code, count in Counter(each.code for each in found).most_common())
    print(
        f"{len(found)} warnings and errors ({kinds}), {len(found) - false} hold by the files; false alarms: {false}"
    )
    return int(false > 0)


if __name__ == "__main__":
    sys.exit(main())
