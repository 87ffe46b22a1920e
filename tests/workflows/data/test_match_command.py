"""`match` from files to the crosswalk and back: what it writes, what a person's editing does, what score makes of it."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest

from cscli.errors import DataError
from cscli.reports.kit.model import Report
from cscli.sources.crosswalk import COLUMNS, read_crosswalk
from cscli.workflows import Request, match, score
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
timezone: Asia/Tokyo
sources:
  accounts: {file: accounts.csv}
  product: {file: product.csv, columns: {account_id: Tenant, name: Org, domain: Site}}
metrics:
  logins: {value: logins, points: {kind: linear, zero: 0, full: 10}}
scorecards: [{name: standard, groups: {usage: {weight: 1, metrics: {logins: 1}}}}]
"""
ACCOUNTS = """\
account_id,name,mrr,domain
00123,株式会社青葉商事,100000,
A-1,Acme Inc.,50000,acme.example.com
A-2,Epsilon Works,3000,
A-3,=Formula Ltd,2000,
"""
PRODUCT = "Tenant,Org,Site,logins\nt1,㈱青葉商事,,5\nt2,x,www.acme.example.com,6\nt3,Epsilon Work,,7\nt4,=Formulas,,8\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name, text in (("cscli.yaml", RULES), ("accounts.csv", ACCOUNTS), ("product.csv", PRODUCT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def request(folder: Path) -> Request:
    now = dt.datetime(2026, 1, 31, 9, tzinfo=dt.UTC)
    return Request(rules=find_rules(str(folder / "cscli.yaml"), folder), now=now, remember=False)


def run(folder: Path) -> Report:
    return match(request(folder), None)


def crosswalk(folder: Path) -> Path:
    return folder / "inputs" / "crosswalk.csv"


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(crosswalk(folder).read_text(encoding="utf-8-sig"), newline="")))


def summary(report: Report) -> dict[str, tuple[float, float]]:
    sheet = report.sheets[0]
    return {
        method: (ids, mrr)
        for method, ids, mrr in zip(
            *(sheet.column(name).tolist() for name in ("method", "ids", "mrr")), strict=True
        )
    }


def test_certain_ids_join_in_every_command_and_the_rest_is_put_to_a_person(workspace: Path) -> None:
    report = run(workspace)
    assert summary(report) == {
        "exact": (0, 0), "domain": (1, 50000), "name": (1, 100000), "suggested": (2, 5000), "unmatched": (0, 0)
    }  # fmt: skip
    assert [(row["source_id"], row["account_id"], row["accepted"]) for row in rows(workspace)] == [
        ("t3", "A-2", ""), ("t4", "A-3", "")
    ]  # fmt: skip
    assert tuple(rows(workspace)[0]) == COLUMNS
    assert rows(workspace)[1]["source_name"] == "'=Formulas", "a spreadsheet must not compute it"
    scored = score(request(workspace), workspace / "scored.csv").sheets[0]
    points = dict(zip(scored.column("account_id").tolist(), scored.column("score").tolist(), strict=True))
    assert (points["00123"], points["A-1"]) == (50, 60)


def test_a_second_run_changes_no_byte_and_a_decision_is_used(workspace: Path) -> None:
    run(workspace)
    before = crosswalk(workspace).read_bytes()
    run(workspace)
    assert crosswalk(workspace).read_bytes() == before
    decided = before.replace(b"3000,,\r\n", "3000,y, 電話で確認  \r\n".encode()).replace(
        b"2000,,\r\n", b"2000,n,\r\n"
    )
    crosswalk(workspace).write_bytes(decided)
    found = summary(run(workspace))
    assert (found["crosswalk"], found["suggested"], found["unmatched"]) == ((1, 3000), (0, 0), (1, 2000))
    with (workspace / "product.csv").open("a", encoding="utf-8") as file:
        file.write("t5,Acme Incorporated Tokyo,,1\n")
    run(workspace)
    assert crosswalk(workspace).read_bytes().startswith(decided), "what a person wrote stays as it is"


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
def test_what_a_spreadsheet_saves_is_read_back_and_added_to(workspace: Path, encoding: str) -> None:
    text = (
        "source;source_id;account_id;note;accepted\r\n"
        "product;t3;A-2;株式会社の確認済み;Ｙ\r\n"
        "product;t1;123;違う会社;n\r\n"
    )
    crosswalk(workspace).parent.mkdir()
    crosswalk(workspace).write_bytes(text.encode(encoding))
    found = summary(run(workspace))
    assert found["crosswalk"] == (1, 3000)
    assert "name" not in found, "the refused pair joins no more, although Excel took the zeros of 00123"
    written = crosswalk(workspace).read_bytes()
    assert written.startswith(b"\xef\xbb\xbf" + text.encode())
    assert written.decode("utf-8-sig").splitlines()[3:] == ["product;t4;A-3;;"]


@pytest.mark.parametrize(
    "text", ["source,source_id\nproduct,t1\n", 'source,source_id,account_id,accepted\n"a,b\n']
)
def test_a_crosswalk_that_cannot_be_read_is_refused_and_left_alone(workspace: Path, text: str) -> None:
    crosswalk(workspace).parent.mkdir()
    crosswalk(workspace).write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        run(workspace)
    assert crosswalk(workspace).read_text(encoding="utf-8") == text


def test_an_answer_that_is_neither_yes_nor_no_is_said(workspace: Path) -> None:
    crosswalk(workspace).parent.mkdir()
    crosswalk(workspace).write_text(
        "source,source_id,account_id,accepted\nproduct,t3,A-2,maybe\n", encoding="utf-8"
    )
    found = read_crosswalk(workspace)
    assert [(problem.code, problem.where.line) for problem in found.problems] == [
        ("match.accepted_unclear", 2)
    ]
    assert found.rows[0].accepted is None


def test_the_report_is_written_in_any_form(workspace: Path) -> None:
    for suffix in ("xlsx", "csv", "json", "md"):
        output = workspace / f"match.{suffix}"
        report = match(request(workspace), output)
        assert output.stat().st_size > 0
    assert [sheet.id for sheet in report.sheets] == ["summary", "suggestions", "duplicates", "joined"]
