"""Every workbook of every report, held to the text that was reviewed last: tests/golden.

The book is the sample company's, under its own rules, with a run a week earlier. `pytest --update-golden` writes
the texts anew: read the difference before it is committed.
"""

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from books.workbook_text import HOW_MUCH, workbook_text
from cscli import __version__, workflows
from cscli.texts import Language
from cscli.workflows import Asked, Request, RevenueOptions, Span
from cscli.workspace.rules import find_rules
from places import SAMPLE, TESTS

pytestmark = [
    pytest.mark.whole,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),  # openpyxl, of data bars
]

GOLDEN = TESTS / "golden"
MOST_BYTES = 200_000
BEFORE, AS_OF = dt.date(2026, 10, 24), dt.date(2026, 10, 31)
MASKS = {
    "version": rf'(?<="){re.escape(__version__)}(?=")|(?<=cscli ){re.escape(__version__)}(?=")',
    "sha256": r'(?<=")[0-9a-f]{64}(?=")',
    "config digest": r'(?<=")[0-9a-f]{12}(?=")',
}
ACCOUNT = "A0028"

REPORTS: dict[str, Callable[[Request, Path], object]] = {
    "score": workflows.score,
    "segment": workflows.segment,
    "at-risk": workflows.at_risk,
    "opportunities": workflows.opportunities,
    "ltv-report": lambda request, path: workflows.ltv_report(request, RevenueOptions(by="touch"), path),
    "renewals": lambda request, path: workflows.renewals(request, None, path),
    "ledger": workflows.ledger,
    "alerts": workflows.alerts,
    "check": lambda request, path: workflows.check(request, output=path),
    "match": workflows.match,
    "diff": lambda request, path: workflows.diff(request, Span(BEFORE, AS_OF), path),
    "explain": lambda request, path: workflows.explain(request, Asked(ACCOUNT), path),
    "history": lambda request, path: workflows.show_book(request, None, path),
    "history-of-an-account": lambda request, path: workflows.show_account(request, ACCOUNT, None, path),
    "history-runs": workflows.show_runs,
}
CASES: list[tuple[str, Language]] = [(name, "en") for name in REPORTS]
CASES += [("score", "ja"), ("at-risk", "ja")]


def request_in(folder: Path, day: dt.date, language: Language = "en") -> Request:
    """What is asked on the morning of the first of November in Tokyo, whatever day it is now."""
    now = dt.datetime(2026, 11, 1, 7, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    return Request(rules=find_rules(None, folder), now=now, as_of=day, language=language)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company's exports, all of the same day, and two weeks of history."""
    folder = tmp_path_factory.mktemp("sample") / "book"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "out", ".cscli"))
    written = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC).timestamp()
    for path in folder.iterdir():
        os.utime(path, (written, written))
    for day in (BEFORE, AS_OF):
        workflows.score(request_in(folder, day), folder / "out" / "scored.xlsx")
    return folder


@pytest.mark.parametrize(("name", "language"), CASES, ids=lambda part: part)
def test_the_workbook_is_as_reviewed(
    name: str, language: Language, sample: Path, tmp_path: Path, update_golden: bool
) -> None:
    folder = tmp_path / "book"
    shutil.copytree(sample, folder)
    REPORTS[name](request_in(folder, AS_OF, language), folder / "report.xlsx")
    head = f"{name}, {language}: the sample company as of {AS_OF}. {HOW_MUCH}\nMasked: {', '.join(MASKS)}.\n"
    found = head + workbook_text(folder / "report.xlsx", MASKS)
    expected = GOLDEN / f"{name}.{language}.txt"
    if update_golden:
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert len(found.encode()) < MOST_BYTES
    assert found.splitlines() == expected.read_text(encoding="utf-8").splitlines()


def test_no_golden_text_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {f"{name}.{language}" for name, language in CASES}
