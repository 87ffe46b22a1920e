"""CSV files: real exports against the standard library, corner cases against published JSON."""

import codecs
import csv
import io
import json
from pathlib import Path

import pytest

from cscli.errors import DataError
from cscli.sources import ReadOptions, read_table
from cscli.texts import problem_hint, problem_message
from places import SHARED_DATA, needs_shared_data, shared_files


def write(folder: Path, content: str | bytes, name: str = "accounts.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def codes(path: Path, options: ReadOptions | None = None) -> list[str]:
    return [problem.code for problem in read_table(path, "accounts", options or ReadOptions()).problems]


def refusal(path: Path, options: ReadOptions | None = None) -> DataError:
    with pytest.raises(DataError) as caught:
        read_table(path, "accounts", options or ReadOptions())
    for problem in caught.value.problems:
        assert problem_message(problem, "en")
        assert problem_message(problem, "ja")
        problem_hint(problem, "en")
    return caught.value


@needs_shared_data
@pytest.mark.parametrize("path", shared_files("hostile/csv-spectrum/csvs/*.csv"), ids=lambda path: path.stem)
def test_csv_spectrum_gives_its_published_json(path: Path) -> None:
    expected = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text())
    table = read_table(path, "accounts")
    rows = [
        {header: cell or "" for header, cell in zip(table.headers, row, strict=True)}
        for row in zip(*table.columns, strict=True)
    ]
    # The JSON of the CRLF and newline cases differs from the file in the kind of line break only.
    assert json.dumps(rows).replace("\\r\\n", "\\n") == json.dumps(expected).replace("\\r\\n", "\\n")


@needs_shared_data
@pytest.mark.parametrize(
    "name",
    ["simple-lf", "simple-crlf", "quotes-with-comma", "quotes-with-newline", "leading-space", "utf8"],
)
def test_csv_test_data_gives_its_published_json(name: str) -> None:
    folder = SHARED_DATA / "hostile" / "csv-test-data"
    header, *rows = json.loads((folder / "json" / f"{name}.json").read_text())
    table = read_table(folder / "csv" / f"{name}.csv", "accounts")
    assert list(table.headers) == header
    assert [list(row) for row in zip(*table.columns, strict=True)] == rows


@needs_shared_data
@pytest.mark.parametrize("path", shared_files("crm-exports/**/*.csv"), ids=lambda path: path.stem)
def test_real_exports_have_the_cells_that_csv_reader_gives(path: Path) -> None:
    header, *rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))) or [[]]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        refusal(path)
        return
    table = read_table(path, "accounts")
    assert table.headers == tuple(name.strip() for name in header)
    cells = [[cell or "" for cell in row] for row in zip(*table.columns, strict=True)]
    assert cells == [[cell if cell.strip() else "" for cell in row] for row in rows]
    assert not table.problems


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("sjis", "cp932"),
        ("ujis", "euc_jp"),
        ("unicode", "utf-16-le"),
        ("utf8n", "utf-8"),
        ("utf8_bom", "utf-8"),
    ],
)
def test_one_row_in_five_encodings_reads_the_same(name: str, encoding: str) -> None:
    folder = SHARED_DATA / "japanese" / "encmatrix"
    table = read_table(folder / f"{name}.csv", "accounts")
    plain = read_table(folder / "utf8n.csv", "accounts")
    assert table.facts.encoding == encoding
    assert table.headers == plain.headers
    assert [list(column) for column in table.columns] == [list(column) for column in plain.columns]


@needs_shared_data
def test_municipal_file_keeps_characters_outside_shift_jis() -> None:
    table = read_table(SHARED_DATA / "japanese" / "yaizu" / "yohairyosya.csv", "accounts")
    assert table.headers[0] == "№"
    assert table.facts.encoding == "cp932"


@pytest.mark.parametrize(
    ("content", "encoding", "cell", "code"),
    [
        ("id,name\n1,Désirée Müller\n".encode("cp1252"), "cp1252", "Désirée Müller", "encoding_assumed"),
        # é and s together are a rare kanji in CP932, so both readings are valid.
        ("id,name\n1,Désirée\n".encode("cp1252"), "cp1252", "Désirée", "encoding_doubtful"),
        ("id,name\n1,ﾃｽﾄ\n".encode("cp932"), "cp932", "ﾃｽﾄ", "encoding_assumed"),
        ("id,name\n1,A社\n".encode("cp932"), "cp932", "A社", "encoding_assumed"),
        ("id,name\n1,㈱髙島①\n".encode("cp932"), "cp932", "㈱髙島①", "encoding_assumed"),
        ("id,name\n1,すずき\n".encode("euc_jp"), "euc_jp", "すずき", "encoding_doubtful"),
    ],
)
def test_legacy_encodings_are_chosen_and_said(
    tmp_path: Path, content: bytes, encoding: str, cell: str, code: str
) -> None:
    path = write(tmp_path, content)
    table = read_table(path, "accounts")
    assert (table.facts.encoding, table.columns[1][0]) == (encoding, cell)
    assert codes(path) == [f"reading.{code}"]


def test_pinned_encoding_is_obeyed_silently(tmp_path: Path) -> None:
    path = write(tmp_path, "id,name\n1,Désirée\n".encode("cp1252"))
    assert codes(path, ReadOptions(encoding="cp1252")) == []
    assert refusal(path, ReadOptions(encoding="utf-8")).problems[0].code == "reading.encoding_failed"
    assert refusal(path, ReadOptions(encoding="klingon")).problems[0].code == "reading.unknown_encoding"


@pytest.mark.parametrize("bom", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b""])
def test_utf16_with_and_without_mark(tmp_path: Path, bom: bytes) -> None:
    encoding = "utf-16-be" if bom == codecs.BOM_UTF16_BE else "utf-16-le"
    table = read_table(write(tmp_path, bom + "id,name\r\n1,Acme\r\n".encode(encoding)), "accounts")
    assert table.headers == ("id", "name")
    assert table.columns[1].tolist() == ["Acme"]


def test_cells_stay_text_and_blank_is_none(tmp_path: Path) -> None:
    path = write(tmp_path, 'id,a,b\n00123,NA,\n1e5,"",  \n123456789012345678,null,\u3000\n')
    table = read_table(path, "accounts")
    assert table.columns[0].tolist() == ["00123", "1e5", "123456789012345678"]
    assert table.columns[1].tolist() == ["NA", None, "null"]
    assert table.columns[2].tolist() == [None, None, None]


def test_lines_are_physical_after_quoted_breaks_and_blank_lines(tmp_path: Path) -> None:
    # Line 1 header, 2-3 first row, 4 blank, 5 second, 6 only commas, 7-9 third.
    path = write(tmp_path, 'id,note\n1,"a\nb"\n\n2,x\n,\n3,"c\r\nd\re"\n')
    table = read_table(path, "accounts")
    assert table.lines.tolist() == [2, 5, 7]
    assert table.facts.blank_rows == 2
    assert table.locate(2, "note").line == 7


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_kind_of_line_end(tmp_path: Path, end: str) -> None:
    table = read_table(write(tmp_path, end.join(["id,mrr", "1,10", "2,20"])), "accounts")
    assert table.lines.tolist() == [2, 3]
    assert table.columns[1].tolist() == ["10", "20"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_and_said(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["id", "name", "mrr"],
        ["1", "Acme, Inc." if delimiter != "," else "Acme", "10,5"],
        ["2", "B", "7"],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path = write(tmp_path, text.getvalue())
    table = read_table(path, "accounts")
    assert table.facts.delimiter == delimiter
    assert [column[0] for column in table.columns] == rows[1]
    assert codes(path) == ([] if delimiter == "," else ["reading.delimiter_found"])


def test_known_headers_break_a_tie_between_delimiters(tmp_path: Path) -> None:
    path = write(tmp_path, "id;mrr,x\n1;2,3\n")
    table = read_table(path, "accounts", known_headers=lambda header: header in {"id", "mrr,x"})
    assert table.headers == ("id", "mrr,x")


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        ("id,mrr\n1,10\n2,20,30\n3,1\n", 3, "reading.row_width"),
        ("id,mrr,x\n1,10,1\n2,20\n3,1,1\n", 3, "reading.row_width"),
        ('id,mrr\n1,10\n2,"20\n3,30\n', 3, "reading.broken_quote"),
        ('id,mrr\n1,10\n2,"2"0\n', 3, "reading.broken_quote"),
        ("id,mrr\n", 1, "reading.no_rows"),
        (" \n\n", None, "reading.empty_file"),
        ("", None, "reading.empty_file"),
    ],
)
def test_broken_files_are_refused_with_the_line(
    tmp_path: Path, content: str, line: int | None, code: str
) -> None:
    problem = refusal(write(tmp_path, content)).problems[0]
    assert (problem.where.line, problem.code) == (line, code)


def test_many_rows_of_wrong_width_are_listed_up_to_twenty(tmp_path: Path) -> None:
    problems = refusal(write(tmp_path, "id,mrr\n" + "1,2\n" * 40 + "1,2,3\n" * 25)).problems
    assert len(problems) == 21
    assert (problems[-1].code, problems[-1].value) == ("reading.more_rows", "5")


def test_trailing_commas_are_accepted_and_said(tmp_path: Path) -> None:
    path = write(tmp_path, "id,mrr\n1,10,\n2,20,\n")
    table = read_table(path, "accounts")
    assert table.headers == ("id", "mrr")
    assert table.columns[0].tolist() == ["1", "2"]
    assert codes(path) == ["reading.blank_fields"]
    assert codes(write(tmp_path, "id,mrr,\n1,10,\n2,20,\n")) == []


def test_control_characters_are_removed_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "id,name\n1,A\x00c\x1bme\u2028\n")
    table = read_table(path, "accounts")
    assert table.columns[1].tolist() == ["Acme"]
    assert [(problem.code, problem.value) for problem in table.problems] == [
        ("reading.controls_removed", "3")
    ]


def test_one_column_and_a_long_field(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "note\n" + "x" * 200_000 + "\n"), "accounts")
    assert table.headers == ("note",)
    assert len(str(table.columns[0][0])) == 200_000
