"""Made exports whose right figures are known, read: how many figures are right, said to be doubtful, or wrong and quiet.

`python benchmarks/made_exports.py [COUNT]`. Bound: none wrong and quiet, no traceback.
"""

import datetime as dt
import json
import math
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from making import AS_OF, DOLLAR, Made, make

from cscli.errors import CscliError, Problem, Severity
from cscli.workflows import RevenueOptions, ltv_report
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workflows.init.in_memory import with_rules_for
from cscli.workspace.rules import find_rules


@dataclass
class Outcome:
    """How many came out how, by kind; `quiet`: what was wrong and not said."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    quiet: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)


def run(count: int, folder: Path, first: int = 0, *, with_rules: bool = True) -> Outcome:
    """The outcome of `count` made exports, under their rules or as a stranger gives them: the files alone."""
    outcome = Outcome()
    for seed in range(first, first + count):
        made = make(seed, folder)
        try:
            faults, problems = _read(made, with_rules=with_rules)
        except CscliError as error:
            outcome.counts[made.kind, "asked"] += 1
            if not made.must_ask:
                outcome.quiet.append(f"{seed} {made.kind}: refused: {error}")
            continue
        except Exception as error:  # noqa: BLE001 - a traceback is what is counted
            outcome.tracebacks.append(f"{seed} {made.kind}: {error!r}")
            continue
        said = [problem for problem in problems if problem.severity is not Severity.NOTE]
        how = "right" if not faults else "said" if said else "quiet"
        if made.must_ask:
            how, faults = "quiet", ["was not asked about"]
        outcome.counts[made.kind, how] += 1
        if how == "quiet":
            outcome.quiet.append(f"{seed} {made.kind}: {faults[:3]}")
    return outcome


def _read(made: Made, *, with_rules: bool) -> tuple[list[str], tuple[Problem, ...]]:
    """What is wrong of the figures, and what was said."""
    now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
    if with_rules:
        request = Request(rules=find_rules(None, made.folder), now=now, as_of=AS_OF, remember=False)
    else:
        files = sorted(each for each in made.folder.iterdir() if each.suffix in (".csv", ".xlsx"))
        bare = Request(rules=find_rules(None, made.folder.parent), now=now, as_of=AS_OF, remember=False)
        request = with_rules_for(bare, files)
    if made.closing is not None:
        output = made.folder / "ltv.json"
        report = ltv_report(request, RevenueOptions(), output)
        months = json.loads(output.read_text(encoding="utf-8"))["sheets"]["movements"]
        return list(_compare_months(made, months)), report.problems
    book = read_book(request)
    # Without rules a book of dollars alone is one in dollars.
    rate = DOLLAR if made.kind == "currencies" and book.config.currency == "USD" else 1.0
    frame = book.frame.assign(mrr=book.frame["mrr"] * rate) if "mrr" in book.frame else book.frame
    return list(_compare(made, frame)), book.problems


def _compare_months(made: Made, months: list[dict[str, float]]) -> "list[str]":
    closing, churned = months[-1]["closing"], sum(month["churn"] for month in months)
    found = []
    if not math.isclose(closing, made.closing or 0.0, rel_tol=1e-6):
        found.append(f"closing {closing} for {made.closing}")
    if made.churned is not None and not math.isclose(churned, made.churned, abs_tol=0.01):
        found.append(f"churned {churned} for {made.churned}")
    return found


def _compare(made: Made, frame: pd.DataFrame) -> list[str]:
    rows = frame.set_index("account_id")
    found = (
        [f"accounts {sorted(set(rows.index) ^ set(made.accounts))}"]
        if set(rows.index) != set(made.accounts)
        else []
    )
    wanted: dict[str, dict[str, object]] = {"mrr": dict(made.accounts), **made.columns}
    for column, values in wanted.items():
        for key, value in values.items():
            if key in rows.index and not _same(rows.loc[key, column], value):
                found.append(f"{column} of {key}: {rows.loc[key, column]} for {value}")
    return found


def _same(found: object, wanted: object) -> bool:
    if wanted is None:
        return bool(pd.isna(found))
    if isinstance(wanted, dt.date):
        return isinstance(found, pd.Timestamp) and found.date() == wanted
    if isinstance(wanted, float) and isinstance(found, float):
        return math.isclose(found, wanted, rel_tol=1e-6, abs_tol=1e-6)
    return bool(found == wanted)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    failed = False
    for with_rules in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            outcome = run(count, Path(folder), with_rules=with_rules)
        for (kind, how), number in sorted(outcome.counts.items()):
            print(f"{kind:<16} {how:<6} {number:>5}")
        print("\n".join([*outcome.quiet[:40], *outcome.tracebacks[:20]]))
        wrong, broken = len(outcome.quiet), len(outcome.tracebacks)
        how = "with rules" if with_rules else "without rules"
        print(f"{count} exports {how}: {wrong} wrong and quiet, {broken} tracebacks")
        failed = failed or bool(wrong or broken)
    sys.exit(failed)


if __name__ == "__main__":
    main()
