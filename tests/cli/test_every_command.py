"""Every command on the sample company, as a Japanese reader has it: no English is left on the terminal or in a file, no letter is lost on a
console of CP932, and one of ASCII is told why in English. The commands are those of the application: a new one has to be added here.
"""

import csv
import html
import os
import re
import shlex
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from typer.main import get_command

from books.latin import english_in, words_of
from books.spoken import Spoken, speak
from cscli.cli import console, make_app
from cscli.cli.streams import prepare_streams
from cscli.fields import FIELD_BY_NAME
from cscli.workflows.init.sample import init_sample

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),  # openpyxl, of data bars
]

WIDE = 200
"""Columns of the terminal: words that are cut are none."""
BEFORE, DAY = "--as-of 2026-10-24", "--as-of 2026-10-31"
LINES = {
    "score": f"score {DAY}",
    "init": "init --list",
    "check": f"check {DAY} -o out/check.xlsx",
    "match": f"match {DAY} -o out/match.xlsx",
    "inputs": f"inputs {DAY}",
    "help": "help ids",
    "config schema": "config schema",
    "config show": "config show",
    "config reference": "config reference",
    "explain": f"explain A0028 {DAY} -o out/explain.xlsx",
    "backtest": f"backtest {DAY} --horizon 60 --every 1m",
    "plan": f"plan --set min_data_coverage=0.9 {DAY}",
    "diff": "diff -o out/diff.xlsx",
    "history show": "history A0028 -o out/history.xlsx",
    "history runs": "history runs",
    "history backfill": "history backfill older",
    "history export": "history export -o out/history.csv",
    "history prune": "history prune --keep 1 --dry-run",
    "history forget": "history forget --account A0028 --dry-run",
    "segment": f"segment {DAY}",
    "at-risk": f"at-risk {DAY}",
    "opportunities": f"opportunities {DAY}",
    "ltv-report": f"ltv-report {DAY}",
    "renewals": f"renewals {DAY}",
    "ledger": f"ledger {DAY}",
    "dashboard": f"dashboard {DAY}",
    "brief": f"brief A0028 A0017 {DAY}",
    "journey": f"journey {DAY}",
    "timeline": f"timeline A0028 {DAY} -o out/timeline.xlsx",
    "voice": f"voice {DAY}",
    "content": f"content {DAY}",
    "fit": f"fit {DAY}",
    "selfcheck": f"selfcheck {DAY}",
    "initiatives": f"initiatives {DAY}",
    "alerts": f"alerts {DAY}",
    "run": f"run {DAY} -v",
    "schedule": "schedule --for crontab --at 07:00 --on monday",
    "outreach preview": f"outreach preview {DAY} -o out/outreach.html",
    "outreach show": f"outreach show A0004 {DAY}",
    "outreach issue": f"outreach issue {DAY} -o mails --expect 23",
    "outreach confirm": "outreach confirm mails/0000-keys.csv",
    "outreach results": f"outreach results {DAY}",
    "outreach cancel": "outreach cancel KEY",
    "outreach resolve": "outreach resolve KEY --sent",
    "outreach forget": "outreach forget nobody@example.com --yes",
    "outreach send": f"outreach send {DAY}",
}
"""A line for each command, in the order in which they are run."""
REFUSED = {"history backfill": 5, "outreach cancel": 4, "outreach resolve": 4, "outreach send": 2}
"""Those that refuse what the sample has, with their exit code: what they say is read too."""
OF_THE_RULES = {
    "config schema": "a document of the program, the same for every reader: editors read it",
    "config show": "the rules as they are, with their labels in both languages",
    "config reference": "the manual lists every header that is known; its own tests read it",
}
"""What holds English by its nature, and why."""
IN_NO_LANGUAGE = ("config schema", "config show", "history export")
"""They print a document, or the name of a file alone."""
IN_ASCII = [
    *(
        "score",
        "at-risk",
        "init",
        "help",
        "inputs",
        "schedule",
        "diff",
        "config schema",
        "config show",
        "config reference",
    ),
    *("history show", "history runs", "history export", "history prune", "history forget"),
    *("outreach show", "outreach confirm", "outreach cancel", "outreach forget"),
]
"""Each way to print; that there is no other is a test of its own."""
TO_CUSTOMERS = ("outreach.html",)
"""They show mails, each in the language of who gets it."""
QUESTION = re.compile(r"\b[a-z]{2}[1-5]\b")
"""A question of the self-check, as people answer it."""
OF_EXPORTS = ("check", "match", "run")
"""They show examples of what stands in the exports."""
OWN_WORDS = {
    "schedule": {"cd", "mkdir", "log", "config", "run", "bin"},
    "history backfill": {"older"},
    "init": {"Coverage", "Starter", "Profile", "Depth", "Deployment"},
}


def commands() -> list[str]:
    """Every command of the application that does something by itself."""

    def leaves(command: object, path: str) -> Iterable[str]:
        below = getattr(command, "commands", None)
        if below is None:
            yield path
        for name, each in (below or {}).items():
            yield from leaves(each, f"{path} {name}".strip())

    return list(leaves(get_command(make_app()), ""))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "book"
    init_sample(folder, "ja")
    assert speak(folder, shlex.split(f"score {BEFORE} -q")).code == 0
    return folder


@pytest.fixture(scope="module")
def said(company: Path) -> dict[str, Spoken]:
    """What each command says, one after the other in one workspace."""
    return {name: speak(company, arguments(line, company), columns=WIDE) for name, line in LINES.items()}


def arguments(line: str, folder: Path) -> list[str]:
    """With the key of a message that was issued in the place of `KEY`."""
    keys = folder / "mails" / "0000-keys.csv"
    rows = list(csv.DictReader(keys.read_text(encoding="utf-8-sig").splitlines())) if keys.exists() else []
    key = rows[0]["key"] if rows else "KEY"
    return shlex.split(line.replace("KEY", key[:8]))


def own_words(folder: Path) -> set[str]:
    """Words of the data and the rules that are no label in English: names, plans, columns, files."""
    rules = (folder / "cscli.yaml").read_text(encoding="utf-8")
    without_labels = re.sub(r"\ben: (\"[^\"]*\"|\[[^\]]*\]|[^,}]*)", "", rules)
    data = [(folder / f"{name}.csv").read_text(encoding="utf-8") for name in ("contacts", "mail_log")]
    accounts = (folder / "accounts_ja.csv").read_text(encoding="cp932")
    names = (str(path.relative_to(folder)) for path in folder.rglob("*"))
    words = words_of(without_labels, accounts, *data, *names, str(folder), sys.prefix, os.environ["PATH"])
    return words | words_of(*FIELD_BY_NAME) | {"crm", "excel"}  # as `voice` counts words


def exported_words(folder: Path) -> set[str]:
    """Words of every text file of the exports: `check` shows examples of them."""
    return words_of(*(path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("*.csv")))


def test_every_command_has_its_line() -> None:
    assert sorted(set(commands()) ^ set(LINES)) == []


@pytest.mark.parametrize("name", [name for name in LINES if name not in OF_THE_RULES])
def test_a_command_says_nothing_in_english(name: str, said: dict[str, Spoken], company: Path) -> None:
    known = own_words(company) | OWN_WORDS.get(name, set())
    known |= exported_words(company) if name in OF_EXPORTS else set()
    assert said[name].code == REFUSED.get(name, 0), said[name]
    assert english_in(said[name].out + said[name].err, known) == set()


@pytest.mark.parametrize("name", LINES)
def test_no_letter_is_lost_in_cp932(name: str, said: dict[str, Spoken]) -> None:
    """As the program's own streams write it; `?` alone would stand for a letter that has none."""
    prepare_streams()
    for text in (said[name].out, said[name].err):
        drawn = text.translate(
            dict.fromkeys(map(ord, "▁▂▃▄▅▆▇█░"), "#")
        )  # with other signs where there is no Unicode
        assert drawn.encode("cp932", "cscli.stand_in").count(b"?") == drawn.count("?")


@pytest.mark.parametrize("name", IN_ASCII)
def test_on_a_console_of_ascii_one_line_says_why(name: str, said: dict[str, Spoken], company: Path) -> None:
    """The same exit code; what is printed is in English, without a letter that was replaced by a question mark."""
    found = speak(company, arguments(LINES[name], company), encoding="ascii")
    assert found.code == said[name].code
    assert found.err.count("encoding ascii") == (name not in IN_NO_LANGUAGE)
    assert "??" not in found.out + found.err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"explain A0028 {DAY}", "at risk"),
        ("diff", "Movements"),
        ("help ids", "# Ids: whose row is it"),
        ("score --help", "Usage: "),
        ("history show", "Mean score"),
    ],
)
def test_what_has_no_file_is_printed_in_english(
    line: str, words: str, said: dict[str, Spoken], company: Path
) -> None:
    assert said
    assert words in speak(company, shlex.split(line), encoding="ascii").out


def test_a_file_keeps_the_language_that_was_asked_for(company: Path, said: dict[str, Spoken]) -> None:
    """Oracle: the same command on a terminal that holds Japanese."""
    assert said
    wide, narrow = (company / name for name in ("out/wide.csv", "out/narrow.csv"))
    for path, encoding in ((wide, "utf-8"), (narrow, "ascii")):
        assert speak(company, shlex.split(f"at-risk {DAY} -o {path}"), encoding=encoding).code == 0
    assert narrow.read_bytes() == wide.read_bytes()


def test_what_is_printed_goes_through_one_place() -> None:
    """So that what holds for some commands here holds for all: only the console writes on standard output."""
    writes = re.compile(r"typer\.echo|\bprint\(|sys\.stdout\.write|[^.]\bConsole\(")
    folder = Path(console.__file__).parent
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if writes.search(re.sub(r"[\w.]+\.print\(", "", path.read_text(encoding="utf-8")))
    }
    assert found == {"console.py"}


def test_files_say_nothing_in_english(said: dict[str, Spoken], company: Path) -> None:
    known = own_words(company) | exported_words(company)
    files = [*company.glob("out/**/*.xlsx"), *company.glob("out/**/*.md"), *company.glob("out/**/*.html")]
    assert len(files) > 40
    left = {
        str(path.relative_to(company)): sorted(english_in(readable(path), known))
        for path in files
        if path.name not in TO_CUSTOMERS
    }
    assert {path: words for path, words in left.items() if words} == {}


@cache
def readable(path: Path) -> str:
    """What people read of a file."""
    if path.name.startswith("selfcheck"):
        return QUESTION.sub("", _words_in(path))
    return _words_in(path)


def _words_in(path: Path) -> str:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        return "\n".join(
            [*book.sheetnames, *(each for each in cells if isinstance(each, str) and each[:1] != "=")]
        )
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return text
