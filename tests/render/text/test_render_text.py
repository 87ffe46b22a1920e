"""JSON, Markdown and the terminal show a report as the manual says. Oracles: worked by hand, and Python's json."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len
from rich.console import Console

from books.live_books import numbers, random_book, report_of, texts
from cscli.errors import Location, Problem, Severity
from cscli.render import show_report, write_report
from cscli.render.text.display import display_texts
from cscli.render.text.markdown import escape_markdown
from cscli.reports.kit.model import Column, Input, Meaning, Report, Sheet
from cscli.texts import Language, catalogue

NAMES = ["Acme [/b] [red]", "株式会社青空商事サンプル営業部", "\x1b[31mred\u202e|<b>", None]
SHEET = Sheet(
    id="things",
    title="Things",
    columns=(
        Column(id="name", label="Name", meaning=Meaning.TEXT),
        Column(
            id="band",
            label="Band",
            meaning=Meaning.BAND,
            labels={"good": "Good", "poor": "Poor", "unknown": "Unknown"},
        ),
        Column(id="mrr", label="MRR", meaning=Meaning.MONEY),
        Column(id="share", label="Share", meaning=Meaning.SHARE),
        Column(id="day", label="Day", meaning=Meaning.DATE),
    ),
    values=(
        texts(NAMES),
        texts(["good", "poor", "unknown", None]),
        numbers([1234567.0, -5.0, None, 0.0]),
        numbers([0.125, 1.0, None, 0.0]),
        np.array(["2026-10-31", "NaT", "2026-01-02", "NaT"], dtype="datetime64[us]"),
    ),
)
PROBLEM = Problem(
    "writing.failed",
    severity=Severity.WARNING,
    where=Location(file="a.csv", sheet=None, line=3, column="MRR", key="sources.a"),
    value="x|y",
    details={"reason": "z"},
)


def report(**changes: Any) -> Report:
    given = (Input(source="accounts", file="a.csv", sha256="ff", rows=4, encoding="cp932"),)
    short = ("name", "band", "mrr")
    facts = {"sheets": (SHEET,), "inputs": given, "problems": (PROBLEM,), "live": None, "short": short}
    return report_of(random_book(1, 5), **{**facts, **changes})


def test_json_says_what_the_manual_says(tmp_path: Path) -> None:
    text = write_report(report(), tmp_path / "r.json").read_text("utf-8")
    found = json.loads(text)
    assert list(found) == ["report", "cscli", "as_of", "config_digest", "inputs", "sheets", "problems"]
    assert (found["report"], found["as_of"], found["config_digest"]) == ("score", "2026-10-31", "0123abcd")
    assert found["inputs"][0]["sha256"] == "ff"
    rows = found["sheets"]["things"]
    assert rows[0] == {
        "name": NAMES[0], "band": "good", "mrr": 1234567, "share": 0.125, "day": "2026-10-31"
    }  # fmt: skip
    assert rows[2] == {
        "name": "\x1b[31mred|<b>",
        "band": "unknown",
        "mrr": None,
        "share": None,
        "day": "2026-01-02",
    }
    assert found["problems"] == [
        {
            "severity": "warning", "file": "a.csv", "sheet": None, "line": 3, "column": "MRR", "value": "x|y",
            "message": "x|y cannot be written: z", "hint": "The earlier file, if there was one, is untouched.",
            "key": "sources.a",
        }
    ]  # fmt: skip
    assert "株式会社" in text
    assert text.endswith("}\n")
    assert sum('"band"' in line for line in text.splitlines()) == len(rows)  # one row a line


def test_json_of_nothing(tmp_path: Path) -> None:
    empty = Sheet(
        id="things",
        title="Things",
        columns=SHEET.columns,
        values=tuple(values[:0] for values in SHEET.values),
    )
    path = write_report(report(sheets=(empty,), inputs=(), problems=()), tmp_path / "r.json")
    found = json.loads(path.read_text("utf-8"))
    assert (found["inputs"], found["sheets"], found["problems"]) == ([], {"things": []}, [])


def test_markdown_by_hand(tmp_path: Path) -> None:
    lines = write_report(report(), tmp_path / "r.md").read_text("utf-8").splitlines()
    start = lines.index("## Things")
    assert lines[start + 2 : start + 8] == [
        "| Name | Band | MRR | Share | Day |",
        "| --- | --- | ---: | ---: | --- |",
        r"| Acme \[/b\] \[red\] | Good | ¥1,234,567 | 12% | 2026-10-31 |",
        "| 株式会社青空商事サンプル営業部 | Poor | -¥5 | 100% |  |",
        "| \\[31mred\\|&lt;b&gt; | Unknown |  |  | 2026-01-02 |",
        "|  |  | ¥0 | 0% |  |",
    ]
    assert lines[-1].startswith(r"| Warning | a.csv · row 3 · MRR · sources.a | x\|y |")


def test_a_sheet_without_rows_says_why_where_people_read(tmp_path: Path) -> None:
    """Oracle: the sentence for that sheet, and for one that has none of its own; JSON is for programs and has rows alone."""
    name = Column(id="name", label="Name", meaning=Meaning.TEXT)
    sheets = [Sheet(id=key, title=key, columns=(name,), values=(texts([]),)) for key in ("silent", "things")]
    empty = replace(report(), sheets=tuple(sheets))
    said = write_report(empty, tmp_path / "r.md").read_text("utf-8")
    assert "Nobody has been silent for longer than" in said
    assert said.index("## things") < said.index("No row: nothing of this kind")
    with zipfile.ZipFile(write_report(empty, tmp_path / "r.xlsx")) as workbook:
        drawings = "".join(workbook.read(each).decode() for each in workbook.namelist() if "drawing" in each)
    assert "Nobody has been silent for longer than" in drawings
    assert json.loads(write_report(empty, tmp_path / "r.json").read_text("utf-8"))["sheets"]["silent"] == []


def test_markdown_is_one_line() -> None:
    assert escape_markdown("a\r\nb\u2028c\td") == "a b c d"
    assert escape_markdown("`*_x_*` \\") == r"\`\*\_x\_\*\` \\"


@pytest.mark.parametrize(
    ("meaning", "value", "currency", "shown"),
    [
        (Meaning.CHANGE, 2.0, None, "+2.0"),
        (Meaning.CHANGE, -0.04, None, "0.0"),
        (Meaning.MONEY, -1234.5, "USD", "-$1,234.50"),
        (Meaning.MONEY, 1234.0, "CHF", "CHF 1,234.00"),
        (Meaning.MONEY, 1234.0, None, "1,234"),
        (Meaning.NUMBER, 0.0346, None, "0.035"),
        (Meaning.NUMBER, 12.345, None, "12.35"),
        (Meaning.NUMBER, 1200.0, None, "1,200"),
    ],
)
def test_numbers_for_people(meaning: Meaning, value: float, currency: str | None, shown: str) -> None:
    assert display_texts(Column(id="x", label="X", meaning=meaning), numbers([value]), currency, "en") == [
        shown
    ]


def screen(
    encoding: str, *, width: int = 80, rows: int = 3, is_terminal: bool = False, **changes: Any
) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="\n")
    show_report(report(**changes), Console(file=file, width=width, force_terminal=is_terminal), rows=rows)
    file.flush()
    return raw.getvalue().decode(encoding)


def test_terminal_by_hand() -> None:
    assert [line.rstrip() for line in screen("utf-8").splitlines()] == [
        "Name                            Band            MRR",
        "───────────────────────────────────────────────────",
        "Acme [/b] [red]                 Good     ¥1,234,567",
        "株式会社青空商事サンプル営業部  Poor            -¥5",
        "[31mred|<b>                     Unknown",
        "… and 1 more",
        "Two accounts are at risk.",
    ]


def test_the_name_of_a_measure_goes_on_in_a_second_line() -> None:
    """Oracle: by hand, at 24 columns, of which a gap of two stands after each column. Figures stand beside the first line."""
    columns = (
        Column(id="measure", label="Measure", meaning=Meaning.TEXT),
        Column(id="value", label="Value", meaning=Meaning.COUNT),
    )
    names = texts(["Revenue, before margin", "売上（粗利率を掛ける前）"])
    sheet = Sheet(id="s", title="S", columns=columns, values=(names, numbers([1234.0, 5.0])))
    said = screen("utf-8", width=24, sheets=(sheet,), short=("measure", "value"), headline="Short.")
    assert [line.rstrip() for line in said.splitlines()] == [
        "Measure          Value",
        "──────────────────────",
        "Revenue, before  1,234",
        "margin",
        "売上（粗利率を       5",
        "掛ける前）",
        "Short.",
    ]


@pytest.mark.parametrize("width", [30, 40, 80])
def test_terminal_keeps_its_width(width: int) -> None:
    lines = screen("utf-8", width=width, headline="Short.").splitlines()
    assert max(map(cell_len, lines)) <= width
    assert ("…" in lines[3]) == (width < 40)


def test_a_text_goes_on_in_a_second_line_before_it_is_cut() -> None:
    """Oracle: laid out by hand. The head of a figure gives way first, a column that is empty next, then texts are cut."""
    columns = (
        Column(id="name", label="Account", meaning=Meaning.TEXT),
        Column(id="play", label="Playbook", meaning=Meaning.TEXT),
        Column(id="hours", label="Hours of people", meaning=Meaning.COUNT),
        Column(id="note", label="Note", meaning=Meaning.TEXT),
    )
    none: list[str | None] = [None]
    nothing = texts(none)
    rows = (texts(["Midorihara Shokuhin"]), texts(["Call and listen"]), numbers([4.0]), nothing)
    sheet = Sheet(id="s", title="S", columns=columns, values=rows)

    def lines(width: int) -> list[str]:
        said = screen(
            "utf-8", width=width, sheets=(sheet,), short=("name", "play", "hours", "note"), headline=""
        )
        return [line.rstrip() for line in said.splitlines() if "─" not in line]

    assert lines(56) == [
        "                                      Hours of",
        "Account              Playbook           people  Note",
        "Midorihara Shokuhin  Call and listen         4",
    ]
    assert lines(34) == [
        "                      Hours of",
        "Account     Playbook    people",
        "Midorihara  Call and         4",
        "Shokuhin    listen",
    ]
    assert "…" in "".join(lines(28))


def test_terminal_without_unicode() -> None:
    plain = screen("ascii", sheets=(_first_row(),), headline="Done.", currency="USD", width=24)
    assert plain.isascii()
    assert "Acme" in plain


def _first_row() -> Sheet:
    return Sheet(
        id="things",
        title="Things",
        columns=SHEET.columns,
        values=tuple(values[:1] for values in SHEET.values),
    )


def test_terminal_colours_bands_and_nothing_else() -> None:
    shown = screen("utf-8", is_terminal=True)
    assert "\x1b[31mred" not in shown
    assert "\u202e" not in shown
    good, poor = (next(line for line in shown.splitlines() if name in line) for name in ("Good", "Poor"))
    assert "\x1b[" in good
    assert good.split("Good")[0] != poor.split("Poor")[0]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_text_is_in_both_languages(language: Language) -> None:
    both = [
        {key for key in catalogue(name) if "writing." in key and not key.endswith(".one")}  # of English alone
        for name in ("en", "ja")
    ]
    assert both[0] == both[1]
    assert catalogue(language)["writing.about"]
