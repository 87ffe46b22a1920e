"""What people read of the sample company bears labels: no name of its rules, in either language and in every form.

The names come from the rules themselves. A name of several words (`growth_28d`) must not stand anywhere, in Japanese
no name at all; an English word that is a name too (`high`) must not be a whole cell where its label is another.
Sources alone are called by their names.
"""

import datetime as dt
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.console import Console

from cscli import workflows
from cscli.config.blocks.events import event_columns
from cscli.config.schema import Config
from cscli.render import show_report, write_report
from cscli.reports.kit.labels import column_label, group_label, own_labels, value_labels
from cscli.reports.kit.model import Report
from cscli.texts import LANGUAGES, Language
from cscli.workflows import Asked, Request, RevenueOptions, Span
from cscli.workflows.revenue.ltv import report_revenue
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import STEPS
from cscli.workspace.rules import find_rules
from places import SAMPLE

pytestmark = [
    pytest.mark.whole,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),  # openpyxl, of data bars
]

BEFORE, AS_OF = dt.date(2026, 10, 24), dt.date(2026, 10, 31)
NOW = dt.datetime(2026, 11, 1, 7, tzinfo=dt.timezone(dt.timedelta(hours=9)))


def request_in(folder: Path, day: dt.date, language: Language) -> Request:
    return Request(rules=find_rules(None, folder), now=NOW, as_of=day, language=language)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "book"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "out", ".cscli"))
    for day in (BEFORE, AS_OF):
        workflows.score(request_in(folder, day, "en"), folder / "out" / "scored.xlsx")
    return folder


def reports_of(folder: Path, language: Language) -> Iterator[Report]:
    """Every report on the accounts; `check` and `match` are about the files and the text of the rules."""
    request = request_in(folder, AS_OF, language)
    whole = WholeBook(request)
    yield from (step.report(whole) for step in STEPS if step.is_wanted(whole))
    for by in ("touch", "team"):
        yield report_revenue(request, whole.revenue_book, RevenueOptions(by=by))
    for account in ("A0028", "A0212"):
        yield workflows.explain(request, Asked(account), None)
        yield workflows.show_account(request, account, None, None)
    yield workflows.diff(request, Span(BEFORE, AS_OF), folder / "diff.json")
    yield workflows.show_book(request, None, None)
    yield workflows.show_runs(request, None)


def names_in(config: Config, language: Language) -> dict[str, str]:
    """Everything that the rules name, with what people read for it."""
    sources = config.sources.values()
    logs = [event_columns(each.windows, each.features) for each in sources if each.kind == "events"]
    rollups = [name for each in sources for name in each.rollup]
    columns = [
        *config.metrics,
        *config.derived,
        *config.segments,
        *rollups,
        *(n for log in logs for n in log),
    ]
    groups = [name for card in config.scorecards for name in card.groups]
    return {
        **{name: column_label(name, config, language) for name in columns},
        **{name: group_label(name, config, language) for name in groups},
        **value_labels([*config.segments, "team", "scorecard", "band"], config, language),
        **own_labels(config.playbooks, language),
        **own_labels(config.opportunities, language),
        **own_labels(config.alerts, language),
    }


def cells_of(report: Report, folder: Path) -> Iterator[tuple[str, str]]:
    """Every text that people read, with its place, in a workbook, Markdown and a wide terminal."""
    report = replace(report, inputs=(), problems=())  # files, and places in the rules, are named as they are
    workbook = load_workbook(write_report(report, folder / "report.xlsx"))
    for sheet in workbook.worksheets:
        cells = (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str))
        yield from (
            (f"{sheet.title}!{cell.coordinate}", str(cell.value)) for cell in cells if cell.data_type != "f"
        )
    lines = write_report(report, folder / "report.md").read_text(encoding="utf-8").splitlines()
    yield from (("md", cell.strip().replace("\\", "")) for line in lines for cell in line.split("|"))
    screen = io.StringIO()
    show_report(report, Console(file=screen, width=400, color_system=None), rows=30)
    yield from (
        ("terminal", cell) for line in screen.getvalue().splitlines() for cell in re.split(r"\s{2,}", line)
    )


def said_by_others(report: Report) -> frozenset[str]:
    """What customers wrote, and the words of it: theirs, not those of the rules."""
    columns = (
        (column, values)
        for sheet in report.sheets
        for column, values in zip(sheet.columns, sheet.values, strict=True)
    )
    return frozenset(
        str(each)
        for column, values in columns
        if column.id in ("text", "word", "title", "because", "piece")
        for each in values
    )


def is_raw(cell: str, name: str, label: str, language: Language) -> bool:
    if cell.strip() == name and label != name:
        return True
    word = rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_]|\.[a-z])"
    is_code = "_" in name if language == "en" else name.isascii() and name != label
    return is_code and re.search(word, cell.replace(label, "")) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_of_the_rules_is_shown(language: Language, sample: Path, tmp_path: Path) -> None:
    config = WholeBook(request_in(sample, AS_OF, language)).draft.config
    assert config is not None
    names = names_in(config, language)
    assert len(names) > 60
    found = {
        (report.name, place, name, cell[:100])
        for report in reports_of(sample, language)
        for theirs in [said_by_others(report)]
        for place, cell in cells_of(report, tmp_path)
        if cell.strip() not in theirs
        for name, label in names.items()
        if name in cell and cell not in config.sources and is_raw(cell, name, label, language)
    }
    assert not found, "\n".join(map(str, sorted(found)[:40]))


_WORD = re.compile(r"[A-Za-z]*[a-z]{2,}[A-Za-z]*")
_NAMED_AS_THEY_ARE = re.compile(r"`[^`]*`|--[a-z-]+")
_STAY = {"cscli", "events", "Slack"}
"""The program, a source by its name, a product in a label of the rules."""


def frame_of_texts(report: Report) -> Iterator[tuple[str, str]]:
    """What a report says by itself, whatever the accounts: titles, labels, definitions."""
    for sheet in report.sheets:
        yield f"{report.name} {sheet.id}", sheet.title
        for column in sheet.columns:
            yield f"{report.name} {sheet.id}.{column.id}", column.label
            yield from (
                (f"{report.name} {sheet.id}.{column.id}", each) for each in (column.labels or {}).values()
            )
            yield f"{report.name} {sheet.id}.{column.id}", column.definition or ""
        yield from ((f"{report.name} {sheet.id}", chart.title) for chart in sheet.charts)


def test_japanese_reports_say_nothing_in_english(sample: Path) -> None:
    """Names in capitals (MRR, NPS), codes in backticks, and what `_STAY` lists are no English."""
    found = {
        (place, text)
        for report in reports_of(sample, "ja")
        for place, text in frame_of_texts(report)
        if set(_WORD.findall(_NAMED_AS_THEY_ARE.sub("", text))) - _STAY
    }
    of_the_book = {each for each in found if "必要" in each[1] or each[1].endswith(("K.K.", "Ltd."))}
    assert found - of_the_book == set()  # titles of content, names of customers
