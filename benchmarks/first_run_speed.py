"""CPU seconds of the first run on ten files of 100,000 rows, beside reading them once; `score FILE` beside rules that are there.

python benchmarks/first_run_speed.py [ROWS]   # at most 2 times, and 1.2 times
"""

import csv
import datetime as dt
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workflows.init.in_memory import with_rules_for
from cscli.workflows.init.reading import find_exports, read_exports
from cscli.workflows.init.write import NewRules, init
from cscli.workflows.scores.scoring import score
from cscli.workspace.rules import Rules, preset_text

NOW = dt.datetime(2026, 10, 31, 9, tzinfo=dt.UTC)
ROUNDS = 3


def write(path: Path, headers: Sequence[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(headers)
        writer.writerows(rows)


def make_exports(folder: Path, rows: int) -> None:
    """Accounts, and nine tables of theirs as systems export them."""
    chance = random.Random(1)  # noqa: S311 - made-up exports
    ids = [f"A{number:06}" for number in range(rows)]

    def day() -> str:
        return (dt.date(2025, 11, 1) + dt.timedelta(days=chance.randrange(364))).isoformat()

    write(
        folder / "accounts.csv",
        ("Account ID", "Account name", "CSM", "Plan", "MRR", "Licenses", "Contract start", "Renewal date"),
        [
            [
                one,
                f"Company {one}",
                f"Owner {at % 40}",
                "Pro",
                1000 + at % 977,
                5 + at % 200,
                "2024-04-01",
                "2027-04-01",
            ]
            for at, one in enumerate(ids)
        ],
    )
    for name, headers in (
        ("logins", ("Account ID", "Date", "Logins", "Minutes")),
        ("tickets", ("Ticket", "Account ID", "Created at", "Status", "Priority")),
        ("invoices", ("Invoice", "Account ID", "Issued on", "Due date", "Total", "Status")),
        ("nps_survey", ("Account ID", "Answered on", "Score", "Comment")),
        ("calls", ("Account ID", "Date", "Type", "Result")),
        ("contacts", ("Contact ID", "Account ID", "Email", "Role", "Last login")),
        ("trainings", ("Account ID", "Date", "Course", "Hours")),
        ("subscriptions", ("Subscription ID", "Account ID", "Start date", "End date", "Amount")),
        ("scans", ("Account ID", "Date", "Scans")),
    ):
        made: list[list[object]] = []
        for at in range(rows):
            cells: dict[str, object] = {
                "Account ID": chance.choice(ids),
                "Status": chance.choice(("open", "closed", "paid")),
                "Priority": "P3",
                "Email": f"p{at}@x{at}.example",
                "Role": "user",
                "Type": "mail",
                "Result": "opened",
                "Course": "Basics",
                "Comment": "fine",
                "End date": "",
            }
            made.append(
                [
                    cells[header]
                    if header in cells
                    else day()
                    if header.endswith(("on", "at", "ate", "ogin"))
                    else f"{header[0]}{at}"
                    if header in ("Ticket", "Invoice", "Contact ID", "Subscription ID")
                    else chance.randrange(10)
                    for header in headers
                ]
            )
        write(folder / f"{name}.csv", headers, made)


def cpu_seconds(work: Callable[[], object]) -> float:
    """The least of some rounds."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def _rules(folder: Path) -> Rules:
    text = (folder / "cscli.yaml").read_text(encoding="utf-8")
    return Rules(name="cscli.yaml", text=text, sources_folder=folder, workspace=folder, remembers=False)


def main() -> None:
    """Prints both ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "exports").mkdir()
        make_exports(folder / "exports", rows)
        paths = find_exports((), folder)
        wanted = NewRules(path=folder / "cscli.yaml", preset="starter", exports=(), now=NOW, overwrite=True)
        raw = cpu_seconds(lambda: read_exports(paths))
        made = cpu_seconds(lambda: init(wanted))
        book = cpu_seconds(lambda: read_book(Request(rules=_rules(folder), now=NOW), of_revenue=True))
        print(f"{len(paths)} files of {rows:,} rows: cells alone {raw:.2f} s, read for a run {book:.2f} s")
        print(f"init: {made:.2f} s, {made / book:.2f} times reading them for a run")

        alone = folder / "alone"
        alone.mkdir()
        accounts = Path(shutil.copy(folder / "exports" / "accounts.csv", alone))
        init(NewRules(path=alone / "cscli.yaml", preset="starter", exports=(accounts,), now=NOW))
        none = Rules(
            name="starter",
            text=preset_text("starter"),
            sources_folder=alone,
            workspace=alone,
            remembers=False,
        )
        with_rules = cpu_seconds(lambda: score(Request(rules=_rules(alone), now=NOW), folder / "a.csv"))
        without = cpu_seconds(
            lambda: score(with_rules_for(Request(rules=none, now=NOW), [accounts]), folder / "b.csv")
        )
        print(
            f"score with rules: {with_rules:.2f} s; score FILE: {without:.2f} s, {without / with_rules:.2f} times"
        )


if __name__ == "__main__":
    main()
