"""Files made to exhaust memory or time: each ends as one problem, in a moment, and only its own process with it."""

import io
import os
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import xlsxwriter

from cscli.errors import CscliError, DataError, SourceError
from cscli.sources import ReadOptions, read_table
from cscli.sources.workbooks import bounded as bounded_module
from cscli.sources.workbooks.bounded import MEMORY_VARIABLE, SECONDS_VARIABLE, read_bounded
from cscli.texts import problem_hint, problem_message

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
Change = Callable[[bytes], bytes]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plain.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Accounts")
        for row, cells in enumerate([["id", "name", "mrr"], ["A1", "Acme", 10], ["A2", "Beta", 20.5]]):
            sheet.write_row(row, 0, cells)
    return path


def changed(plain: Path, member: str, change: Change) -> Path:
    """A copy of the workbook with one part changed."""
    target = plain.with_name("changed.xlsx")
    with zipfile.ZipFile(plain) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            content = archive.read(name)
            copy.writestr(name, change(content) if name == member else content)
    return target


def peak_of_children() -> int:
    """In kB. A process starts with its parent's peak (Linux keeps it over exec), so another test's may be in it."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def refusal(path: Path) -> CscliError:
    """The refusal of `path`, which must come in seconds and at the cost of at most 500 MB."""
    started, bound = time.monotonic(), max(500_000, peak_of_children() + 1)
    with pytest.raises(CscliError) as caught:
        read_table(path, "accounts")
    assert time.monotonic() - started < 10
    assert peak_of_children() < bound
    for problem in caught.value.problems:
        for language in ("en", "ja"):
            assert problem_message(problem, language)
            assert problem_hint(problem, language)
    return caught.value


def far_cell(xml: bytes) -> bytes:
    return xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


def test_two_cells_at_the_corners_of_the_sheet(plain: Path) -> None:
    problem = refusal(changed(plain, SHEET, far_cell)).problems[0]
    assert problem.code == "reading.too_large"
    assert problem.value == "1,048,576 x 16,384"


def test_without_any_foresight_the_bound_on_memory_holds(plain: Path) -> None:
    # The same file with a tag prefix that the look at its XML does not know: calamine asks for 550 GB.
    def hide(xml: bytes) -> bytes:
        return far_cell(xml).replace(b"<row r=", b"<row spans='1:9' r=").replace(b"<row ", b"<row\n")

    problem = refusal(changed(plain, SHEET, hide)).problems[0]
    assert problem.code in {"reading.out_of_memory", "reading.too_large"}
    assert problem.where.file == "changed.xlsx"


def test_a_reader_that_is_killed_is_one_problem(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kill = "import os; os.abort()"
    monkeypatch.setattr(bounded_module, "_START", kill)
    problem = refusal(plain).problems[0]
    assert problem.code == "reading.out_of_memory"
    assert problem.details["name"] == MEMORY_VARIABLE


@pytest.mark.whole
def test_bound_on_memory_is_named_and_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tmp_path / "long.xlsx"  # more than what an interpreter has to spare when the limit falls
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, ["id", "name", "mrr"])
        for row in range(1, 30_001):
            sheet.write_row(row, 0, [f"A{row}", f"Account number {row}", row])
    monkeypatch.setenv(MEMORY_VARIABLE, "20")
    problem = refusal(plain).problems[0]
    assert (problem.code, problem.value) == ("reading.out_of_memory", "20 MB")
    assert f"{MEMORY_VARIABLE}=40" in (problem_hint(problem, "en") or "")
    monkeypatch.setenv(MEMORY_VARIABLE, "600")
    assert read_table(plain, "accounts").facts.rows == 30_000


def test_bound_on_time_is_named_and_can_be_set(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_module, "_START", "import time; time.sleep(30)")
    monkeypatch.setenv(SECONDS_VARIABLE, "1")
    problem = refusal(plain).problems[0]
    assert (problem.code, problem.value) == ("reading.out_of_time", "1")
    assert f"{SECONDS_VARIABLE}=2" in (problem_hint(problem, "ja") or "")


@pytest.mark.whole
def test_bound_on_processor_time(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The clock of the parent is at 3 s; the processor's limit of 1 s strikes first.
    start = "import sys; from sys import argv; exec('from cscli.sources.workbooks import child; child._limit(600, 1)\\nwhile True: pass')"
    start = start.replace("exec(", "sys.path[:] = argv[1].split(argv[2]); exec(")
    monkeypatch.setattr(bounded_module, "_START", start)
    monkeypatch.setenv(SECONDS_VARIABLE, "8")
    started = time.monotonic()
    assert refusal(plain).problems[0].code == "reading.out_of_time"
    assert time.monotonic() - started < 6


@pytest.mark.parametrize("value", ["much", "0", "-5", "1.5", "٣"])
def test_a_bad_bound_is_refused(plain: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(MEMORY_VARIABLE, value)
    with pytest.raises(SourceError) as caught:
        read_table(plain, "accounts")
    assert caught.value.problems[0].code == "reading.bad_bound"


def test_forged_count_of_strings(plain: Path) -> None:
    path = changed(plain, STRINGS, lambda xml: xml.replace(b'uniqueCount="', b'uniqueCount="42949672'))
    assert refusal(path).problems[0].code == "reading.too_large"


@pytest.mark.whole
def test_zip_bomb(plain: Path) -> None:
    with (
        zipfile.ZipFile(plain, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.xml", "w") as member,
    ):
        for _ in range(1_100):
            member.write(bytes(1_000_000))
    assert plain.stat().st_size < 5_000_000
    assert refusal(plain).problems[0].code == "reading.too_large"


def test_zip_that_lies_about_its_sizes(plain: Path) -> None:
    content = plain.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo(SHEET)
    size = member.file_size.to_bytes(4, "little")
    plain.write_bytes(content.replace(size, (7).to_bytes(4, "little")))
    code = refusal(plain).problems[0].code
    assert code in {"reading.damaged_workbook", "reading.rows_missing"}


@pytest.mark.whole
def test_three_million_empty_rows(plain: Path) -> None:
    # Excel itself has no row beyond 1,048,576; the reader must not walk through them for minutes.
    rows = b"".join(b'<row r="%d"/>' % number for number in range(10, 1_048_577))
    path = changed(plain, SHEET, lambda xml: xml.replace(b"</sheetData>", rows * 3 + b"</sheetData>"))
    started = time.monotonic()
    try:
        assert read_table(path, "accounts").facts.rows == 2
    except DataError as error:
        assert error.problems[0].code in {"reading.out_of_time", "reading.out_of_memory"}  # noqa: PT017 - either
    assert time.monotonic() - started < 20


BILLION = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><sst xmlns=
"http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1"><si><t>&j;</t></si></sst>"""


def test_billion_laughs(plain: Path) -> None:
    names = "abcdefghij"
    steps = [f'<!ENTITY {name} "{10 * f"&{before};"}">' for before, name in pairwise(names)]
    path = changed(plain, STRINGS, lambda _: BILLION % "".join(steps).encode())
    assert refusal(path).problems[0].code == "reading.damaged_workbook"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated(plain: Path, share: float) -> None:
    content = plain.read_bytes()
    plain.write_bytes(content[: int(len(content) * share)])
    assert refusal(plain).problems[0].code == "reading.damaged_workbook"


def test_wrong_dimension_is_ignored(plain: Path) -> None:
    for lie in (b'ref="A1"', b'ref="A1:XFD1048576"'):
        path = changed(plain, SHEET, lambda xml, lie=lie: xml.replace(b'ref="A1:C3"', lie))  # type: ignore[misc]
        table = read_table(path, "accounts")
        assert (table.facts.rows, len(table.headers), table.problems) == (2, 3, ())


def test_nothing_reaches_standard_error(plain: Path) -> None:
    path = changed(plain, SHEET, lambda xml: xml[:200] + b"\xff\xfe<" + xml[200:])
    program = (
        "import sys, pathlib, cscli.sources as s, cscli.errors as e\n"
        "try: s.read_table(pathlib.Path(sys.argv[1]), 'x')\n"
        "except e.CscliError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("reading.damaged_workbook", "")


def test_a_small_read_costs_less_than_a_tenth_of_a_second(plain: Path) -> None:
    read_bounded(plain, "xlsx", None)
    before = os.times()
    read_bounded(plain, "xlsx", None)
    after = os.times()
    spent = sum(
        getattr(after, name) - getattr(before, name)
        for name in ("user", "system", "children_user", "children_system")
    )
    assert spent < 0.2  # twice the bound: a busy machine must not fail the suite


def test_the_process_that_reads_loads_no_numpy() -> None:
    program = "import sys; import cscli.sources.workbooks.child; print({'numpy', 'pandas', 'openpyxl'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_pinned_sheet_reaches_the_process(plain: Path) -> None:
    assert read_table(plain, "accounts", ReadOptions(sheet="Accounts")).facts.rows == 2


@pytest.mark.parametrize(
    ("member", "sound", "damaged", "row"),
    [
        (SHEET, b'<c r="B3"', b'<c r""B3"', 3),
        (SHEET, b"<v>10</v>", b"<v>10<v>", 2),
        (SHEET, b"</row>", b"</rov>", 1),
        (STRINGS, b"<t>Beta</t>", b"<t>Be<a</t>", None),
    ],
)
def test_damage_that_a_reader_passes_over_is_told(
    plain: Path, member: str, sound: bytes, damaged: bytes, row: int | None
) -> None:
    # Oracle: the XML is no longer well-formed, so that no program can have meant it so.
    path = changed(plain, member, lambda xml: xml.replace(sound, damaged, 1))
    try:
        found = read_table(path, "accounts").problems
    except DataError as error:
        assert error.problems[0].code == "reading.damaged_workbook"  # noqa: PT017 - refused is as good
        return
    told = [problem for problem in found if problem.code == "reading.damaged_sheet"]
    assert [problem.where.line for problem in told] == [row]
