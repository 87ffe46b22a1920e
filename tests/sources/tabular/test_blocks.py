"""A large file, read a block of lines at a time, gives the table that a small one gives. Oracle: the reading of whole rows."""

import random
from pathlib import Path

import pytest

from cscli.analysis.tables.raw import RawTable
from cscli.sources import read_table
from cscli.sources.tabular import blocks, delimited

SAMPLE = Path(__file__).parents[3] / "sample_data"
CASES = {
    "plain": "id,name,mrr\nA1,Acme,1\nA2,Beta,2\n",
    "one ends without a line end": "id,name\nA1,Acme\nA2,Beta",
    "blank and spaces": "id,name,note\nA1,, \nA2,  ,x\nA3,\u3000,y\n",
    "quotes within lines": 'id,name\nA1,"Acme, Inc."\nA2,"say ""x"""\nA3,b\n',
    "a field of two lines": 'id,name\nA1,"Acme\nInc."\nA2,b\n',
    "another width": "id,name\nA1,Acme,\nA2,b\n",
    "a title above": "Export of today,,\n\nid,name,mrr\nA1,Acme,1\n",
    "ids as formulas": 'id,name\n="001",Acme\n="002",b\n',
    "errors of a spreadsheet": "id,name,mrr\nA1,Acme,#N/A\nA2,b,#DIV/0!\n",
    "carriage returns": "id,name\rA1,Acme\rA2,b\r",
    "both": "id,name\r\nA1,Acme\r\nA2,b\r\n",
    "a total": "id,name,mrr\nA1,Acme,1\nA2,b,2\nTotal,,3\n",
    "semicolons": "id;name\nA1;a,b\nA2;c\n",
}


def told(table: RawTable) -> tuple[object, ...]:
    columns = [column.tolist() for column in table.columns]
    return table.headers, columns, table.lines.tolist(), table.problems


@pytest.fixture(params=[1, 40, 1 << 20])
def everything_is_large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """`split_columns` is asked for every file; blocks of so many characters."""
    monkeypatch.setattr(delimited, "LARGE", 0)
    monkeypatch.setattr(blocks, "BLOCK", request.param)


def read_both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[tuple[object, ...], tuple[object, ...]]:
    large = told(read_table(path, "accounts"))
    with monkeypatch.context() as changed:
        changed.setattr(delimited, "LARGE", 1 << 40)
        return large, told(read_table(path, "accounts"))


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("content", CASES.values(), ids=CASES)
def test_blocks_give_what_rows_give(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(content.encode())
    large, small = read_both(path, monkeypatch)
    assert large == small


@pytest.mark.usefixtures("everything_is_large")
@pytest.mark.parametrize("name", ["accounts_ja.csv", "tickets.csv", "survey.csv"])
def test_blocks_of_the_sample(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    large, small = read_both(SAMPLE / name, monkeypatch)
    assert large == small


def test_random_fields_are_split_alike() -> None:
    """Fields of letters, blanks, quotes and delimiters, written as they come: the same columns, or none where rows are needed."""
    chance = random.Random(20_261_128)  # noqa: S311 - a test's data
    for _ in range(300):
        width = chance.randint(2, 4)
        fields = ["", " ", "a", "bc", '"d,e"', '"f""g"', "h i", "\u3000"]
        rows = [[chance.choice(fields) for _ in range(width)] for _ in range(chance.randint(1, 30))]
        text = "\n".join(",".join(row) for row in rows) + chance.choice(["", "\n"])
        columns = blocks.split_columns(text, ",", may_be_spaces=True, block=chance.randint(1, 60))
        whole = blocks.split_lines(text.splitlines(), ",")
        assert columns is not None
        assert whole is not None
        expected = [[cell if cell.strip() else None for cell in row] for row in whole]
        assert [list(row) for row in zip(*columns, strict=True)] == expected


def test_equal_texts_are_kept_once_and_new_ones_are_not_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is one text for all; ids are as many as there are, whether they are looked for or not any more."""
    monkeypatch.setattr(blocks, "_MANY", 500)
    rows = "\n".join(f"A{at},Enterprise plan" for at in range(5_000))
    ids, plans = blocks.split_columns(rows, ",", may_be_spaces=False, block=1_000) or []
    assert len({id(each) for each in plans}) == 1
    assert ids.tolist() == [f"A{at}" for at in range(5_000)]
