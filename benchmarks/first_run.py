"""`init` and `score` with no edit on the exports of others, against a table of the truth that was written from the files.

python benchmarks/first_run.py DATA [NAME...]   # DATA: the folder that holds crm-exports, cases and telco
"""

import csv
import datetime as dt
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cscli.errors import CscliError
from cscli.workflows.book.request import Request
from cscli.workflows.init.making import MadeRules, make_rules
from cscli.workflows.init.reading import read_exports
from cscli.workflows.scores.scoring import check_scorecards, score
from cscli.workspace.rules import Rules, preset_text

ORACLES = Path(__file__).parents[1] / "tests" / "oracles"
TRUTH = ORACLES / "first_run_truth.csv"
SCORES = ORACLES / "first_run_scores.csv"
"""Of each set how many accounts the files say anything of that a score could rest on, and what, or why not; by hand."""
NOW = dt.datetime(2026, 10, 31, 9, tzinfo=dt.UTC)


@dataclass(kw_only=True)
class SetResult:
    """What came of one set. `wrong`: files that were taken for something else than they are, and accounts with a band
    of which the files say nothing. `can`: accounts of which they do.
    """

    name: str
    files: int
    can: int = 0
    wrong: list[str] = field(default_factory=list)
    accounts: int = 0
    banded: int = 0
    scores: bool = False
    said: str = ""
    seconds: float = 0.0
    same: bool | None = None


def sets(data: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The rows of the truth, by the folder that a person would give to `init`; each account-like file also alone."""
    with TRUTH.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if (data / row["file"]).exists()]
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        parts = row["file"].split("/")
        groups.setdefault(
            row["file"] if parts[0] == "telco" or len(parts) < 3 else "/".join(parts[:2]), []
        ).append(row)
    yield from groups.items()
    for row in rows:
        if row["kind"] == "accounts" and row["file"] not in groups:
            yield f"{row['file']} alone", [row]


def can_score() -> dict[str, int]:
    """By set, of how many accounts the files say enough for a band."""
    with SCORES.open(encoding="utf-8", newline="") as stream:
        return {row["set"]: int(row["accounts"]) for row in csv.DictReader(stream)}


def run_set(data: Path, name: str, rows: Sequence[dict[str, str]]) -> SetResult:
    """`init` and `score` of one set in a folder of its own."""
    found = SetResult(name=name, files=len(rows), can=can_score()[name])
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(shutil.copy(data / row["file"], folder)) for row in rows]
        decided = data / "/".join(rows[0]["file"].split("/")[:2]) / "inputs"
        if decided.is_dir() and not name.endswith(" alone"):
            shutil.copytree(decided, Path(folder, "inputs"))
        try:
            made = make_rules(read_exports(paths), preset_text("starter"), Path(folder), NOW)
        except CscliError as error:
            found.said = error.problems[0].code if error.problems else "?"
            found.wrong = (
                [] if found.said in ("init.nobody", "init.two_lists", "reading.empty") else [found.said]
            )
            return found
        found.wrong = list(_wrong(rows, made))
        _score(found, made, Path(folder))
        if found.banded > found.can:
            found.wrong.append(f"{found.banded} bands, {found.can} accounts with data")
    found.seconds = time.perf_counter() - began
    return found


def _wrong(rows: Sequence[dict[str, str]], made: MadeRules) -> Iterator[str]:
    by_file = {made.new.paths[source.name]: source for source in made.new.sources}
    for row in rows:
        file = Path(row["file"]).name
        source = by_file.get(file)
        kind = source.taken_for if source else "left"
        key = next((c.header for c in source.columns if c.name == "account_id"), "") if source else ""
        if kind not in row["kind"].split("|") or (source and row["key"] and key not in row["key"].split("|")):
            yield f"{file}: {kind} {key}"


def _score(found: SetResult, made: MadeRules, folder: Path) -> None:
    found.scores = made.new.scores
    found.accounts = made.fitted.accounts if made.fitted else 0
    request = Request(
        rules=Rules(
            name="cscli.yaml", text=made.text, sources_folder=folder, workspace=folder, remembers=False
        ),
        now=NOW,
    )
    if not found.scores:
        return
    try:
        check_scorecards(request)
        score(request, folder / "init.csv")
        score(Request(rules=request.rules, now=NOW, reader=made.reader), folder / "memory.csv")
    except CscliError as error:
        found.said = error.problems[0].code if error.problems else "?"
        return
    found.same = (folder / "init.csv").read_bytes() == (folder / "memory.csv").read_bytes()
    table = list(csv.DictReader((folder / "init.csv").read_text(encoding="utf-8-sig").splitlines()))
    found.accounts = len(table)
    found.banded = sum(row["band"] not in ("", "unknown") for row in table)


def main() -> None:
    """Prints the table."""
    data, wanted = Path(sys.argv[1]), sys.argv[2:]
    results = [
        run_set(data, name, rows)
        for name, rows in sets(data)
        if not wanted or any(part in name for part in wanted)
    ]
    print(
        f"{'set':<58} {'files':>5} {'right':>5} {'accounts':>8} {'data':>5} {'bands':>5} {'same':>5} {'s':>5}  said"
    )
    for each in results:
        print(
            f"{each.name:<58} {each.files:>5} {each.files - len(each.wrong):>5} {each.accounts:>8} {each.can:>5} {each.banded:>5} {each.same!s:>5} {each.seconds:>5.1f}  {each.said} {'; '.join(each.wrong)}"
        )
    files, wrong = sum(each.files for each in results), sum(len(each.wrong) for each in results)
    scored = [each for each in results if each.can]
    good = sum(each.banded >= 0.9 * each.can for each in scored)
    differ = [each.name for each in results if each.same is False]
    print(
        f"{len(results)} sets, {files - wrong} of {files} files taken for what they are, {good} of {len(scored)} sets with data have bands for 90% of the accounts"
        f" that it is of; wrong assumptions: {wrong}; score FILES without a config differs in: {', '.join(differ) or 'none'}"
    )


if __name__ == "__main__":
    main()
