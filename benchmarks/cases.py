"""Every shared case of a real export: what a run made of it, beside what it must.

`python benchmarks/cases.py [NAME...]`; names as they begin. Bound: every case holds.
"""

import datetime as dt
import fnmatch
import json
import math
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from case_table import CASES, ELSEWHERE, Case

from cscli.errors import CscliError
from cscli.workflows import RevenueOptions, check, ltv_report, score
from cscli.workflows.book.request import Request
from cscli.workflows.init.in_memory import with_rules_for
from cscli.workspace.rules import find_rules

AS_OF = dt.date(2026, 10, 31)
SHARED = Path(__file__).parents[2] / "shared" / "data" / "cases"


@dataclass(frozen=True)
class Result:
    """`faults`: what does not hold; `codes`: what was said; `figure`: the first that was looked at."""

    case: Case
    faults: tuple[str, ...]
    codes: tuple[str, ...]
    figure: str


def run_case(case: Case, folder: Path) -> Result:
    """The result of `case` in a copy of its folder."""
    place = folder / "case"
    shutil.copytree(SHARED / case.folder, place, symlinks=True)
    given = place / case.file if case.file else None
    output = folder / "out.json"
    try:
        request = _request(place, given, case.more)
        problems = _run(case, request, given if request.accounts else None, output)
    except CscliError as error:
        codes = tuple(problem.code for problem in error.problems)
        faults = () if case.asks in codes else (f"ended: {', '.join(codes[:3])}",)
        return Result(case, faults, codes, f"exit {int(error.exit_code)}")
    sheets = json.loads(output.read_text(encoding="utf-8"))["sheets"]
    found = dict(_figures(case, sheets))
    faults = (*_compare(case, sheets, found), *_unsaid(case, problems))
    if case.asks:
        faults = (*faults, "did not ask")
    figure = next((f"{key} {value}" for key, value in found.items()), "")
    return Result(case, faults, problems, figure)


def _request(place: Path, given: Path | None, more: tuple[str, ...]) -> Request:
    """What the command line asks for: the rules there are, else those that are made of the file."""
    now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
    rules = find_rules(None, place)
    if given is None or (place / "cscli.yaml").exists():
        return Request(rules=rules, now=now, as_of=AS_OF, accounts=given, remember=False)
    return with_rules_for(
        Request(rules=rules, now=now, as_of=AS_OF, remember=False), (given, *(place / name for name in more))
    )


def _run(case: Case, request: Request, given: Path | None, output: Path) -> tuple[str, ...]:
    if case.command == "check":
        report = check(request, (given,) if given else (), output).report
    elif case.command == "ltv":
        report = ltv_report(request, RevenueOptions(), output)
    else:
        report = score(request, output)
    return tuple(problem.code for problem in report.problems)


def _figures(case: Case, sheets: dict[str, list[dict[str, object]]]) -> Iterator[tuple[str, object]]:
    rows = {str(row["account_id"]): row for row in sheets.get("accounts", []) if "account_id" in row}
    months = {str(row["month"]): row for row in sheets.get("movements", [])}
    for key in case.cells:
        account, _, column = key.rpartition(".")
        yield key, rows.get(account, {}).get(column, "no such account" if account not in rows else None)
    for key in case.months:
        month, _, movement = key.partition(".")
        yield key, months.get(month, {}).get(movement, "no such month")


def _compare(
    case: Case, sheets: dict[str, list[dict[str, object]]], found: dict[str, object]
) -> Iterator[str]:
    ids = {str(row["account_id"]) for row in sheets.get("accounts", []) if "account_id" in row}
    if case.accounts and ids != set(case.accounts):
        yield f"accounts {sorted(ids)}"
    for key, wanted in {**case.cells, **case.months}.items():
        if not _same(found[key], wanted):
            yield f"{key}: {found[key]} for {wanted}"


def _same(found: object, wanted: object) -> bool:
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return math.isclose(found, wanted, abs_tol=0.05)
    return found == wanted


def _unsaid(case: Case, codes: tuple[str, ...]) -> Iterator[str]:
    for wanted in case.said:
        if not fnmatch.filter(codes, wanted):
            yield f"not said: {wanted}"
    yield from (f"said: {code}" for code in case.unsaid if code in codes)


def main() -> None:
    wanted = tuple(sys.argv[1:])
    failed, total = 0, 0
    for case in CASES:
        if wanted and not case.folder.startswith(wanted):
            continue
        with tempfile.TemporaryDirectory() as folder:
            result = run_case(case, Path(folder))
        failed, total = failed + bool(result.faults), total + 1
        name = f"{case.folder} {case.file or ''} {case.command}"
        print(
            f"{'holds' if not result.faults else 'FAILS':<6} {name:<58} {result.figure[:40]:<40} {'; '.join(result.faults)}"
        )
    for name, where in ELSEWHERE.items():
        print(f"{'-':<6} {name:<58} {where}")
    print(f"{total - failed} of {total} hold")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
