"""Tables to what they are. Oracle: small files, read by a person; files of others in `oracles/first_run_truth.csv`."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from cscli.analysis.recognising.plan import Plan, make_plan
from cscli.errors import CscliError
from cscli.fields import known_field
from cscli.sources import ReadOptions, read_table
from places import SHARED_DATA, TESTS, needs_shared_data

TRUTH = TESTS / "oracles" / "first_run_truth.csv"


def plan_of(folder: Path, **files: str) -> Plan:
    tables = []
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        tables.append(read_table(path, name, ReadOptions(), lambda header: known_field(header) is not None))
    return make_plan(tables)


def kinds(plan: Plan) -> dict[str, tuple[str, str]]:
    return {each.facts.file: (each.kind, each.key.header) for each in plan.every}


def test_the_key_is_what_the_other_files_share_not_what_is_unique(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        accounts="Record ID,CRM ID,name\n1,C1,One\n2,C2,Two\n3,C3,Three\n",
        tickets="id,CRM ID,created_at\n7,C1,2026-01-01\n8,C1,2026-01-02\n9,C3,2026-01-03\n",
    )
    assert kinds(plan) == {"accounts.csv": ("accounts", "CRM ID"), "tickets.csv": ("rows", "CRM ID")}


def test_a_row_id_is_never_the_customer(tmp_path: Path) -> None:
    orders = "Row ID,Order ID,Order Date,Customer ID,Customer,Sales\n1,O-1,1/5/2024,C1,Acme,1200\n2,O-2,1/20/2025,C1,Acme,1500\n"
    assert kinds(plan_of(tmp_path, orders=orders)) == {"orders.csv": ("orders", "Customer ID")}


def test_rows_find_their_account_through_another_table(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        companies="id,name\n1,One\n2,Two\n",
        deal_company="company_id,deal_id\n1,51\n2,52\n",
        deals="id,amount,closed_on\n51,10,2026-01-01\n52,20,2026-02-01\n",
    )
    deals = next(each for each in plan.every if each.facts.file == "deals.csv")
    assert deals.key.header == "id"
    assert deals.via is not None
    assert deals.via.facts.file == "deal_company.csv"
    assert deals.via.own is not None
    assert deals.via.own.header == "deal_id"


def test_the_same_file_under_two_names_counts_once(tmp_path: Path) -> None:
    text = "account_id,name,seats\nA1,One,5\nA2,Two,6\n"
    plan = plan_of(tmp_path, accounts=text, copy=text)
    assert len(plan.every) == 1
    assert [each.why for each in plan.left] == ["init.left_same"]


def test_two_lists_of_other_customers_are_told(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        customers="customer_id,name\nA1,One\nA2,Two\n",
        companies="customer_id,name\nB1,Uno\nB2,Due\n",
    )
    assert len(plan.rivals) == 1


@pytest.mark.parametrize("file", ["business_cards", "leads"])
def test_people_without_a_company_are_no_customers(tmp_path: Path, file: str) -> None:
    plan = plan_of(
        tmp_path,
        **{
            file: "会社名,氏名,e-mail,電話番号\nA社,佐藤,a@a.example,03-1234-5678\nB社,鈴木,b@b.example,06-1234-5678\n"
        },
    )
    assert plan.every == ()


def sets() -> Iterator[object]:
    with TRUTH.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        parts = row["file"].split("/")
        groups.setdefault(
            row["file"] if parts[0] == "telco" or len(parts) < 3 else "/".join(parts[:2]), []
        ).append(row)
    yield from (pytest.param(rows, id=name) for name, rows in groups.items())


@needs_shared_data
@pytest.mark.parametrize("rows", list(sets()))
def test_every_file_of_others_is_taken_for_what_it_is(rows: list[dict[str, str]]) -> None:
    """Oracle: `first_run_truth.csv`, written by hand from the files; a bar stands between readings that are both right."""
    tables = {}
    for row in rows:
        try:
            table = read_table(
                SHARED_DATA / row["file"], "x", ReadOptions(), lambda header: known_field(header) is not None
            )
        except CscliError:
            continue  # an empty file
        tables[row["file"]] = table
    plan = make_plan(list(tables.values()))
    found = {id(each.facts.table): each for each in plan.every}
    wrong = []
    for row in rows:
        each = found.get(id(tables.get(row["file"])))
        kind, key = (each.kind, each.key.header) if each else ("left", "")
        if kind not in row["kind"].split("|") or (each and row["key"] and key not in row["key"].split("|")):
            wrong.append((row["file"], kind, key))
    assert wrong == []


def test_files_of_other_systems_find_their_accounts_by_company(tmp_path: Path) -> None:
    """The desk's own list leads from its ids, which its tickets have alone, to the CRM's. Oracle: the names, by hand."""
    plan = plan_of(
        tmp_path,
        accounts="Account ID,Account name,Website,MRR,Plan\nC1,Aoba Inc.,aoba.example,10,Pro\nC2,株式会社ひかり,hikari.example,20,Pro\nC3,Sora,sora.example,30,Pro\n",
        organizations="id,name,created_at\n71,Aoba,2026-01-01\n72,ひかり,2026-01-01\n73,SORA Ltd,2026-01-01\n",
        tickets="id,organization_id,status,created_at\n1,71,open,2026-01-01\n2,73,open,2026-01-02\n",
        nps="date,customer mail,score\n2026-01-01,a@aoba.example,9\n2026-01-02,b@sora.example,3\n",
        invoices="invoice_number,customer_code,company,total,issued_on\n1,X-1,Aoba,10,2026-01-01\n2,X-2,ひかり,10,2026-01-01\n",
    )
    found = {
        each.facts.file: (each.kind, each.key.header, each.via and each.via.facts.file) for each in plan.every
    }
    assert found == {
        "accounts.csv": ("accounts", "Account ID", None),
        "organizations.csv": ("accounts", "id", None),
        "tickets.csv": ("rows", "organization_id", "organizations.csv"),
        "nps.csv": ("rows", "customer mail", None),
        "invoices.csv": ("orders", "customer_code", None),
    }
    by = {
        each.facts.file: each.company and (each.company.holds, each.company.column.header)
        for each in plan.every
    }
    assert by["organizations.csv"] == ("name", "name")
    assert by["invoices.csv"] == ("name", "company")
    assert by["nps.csv"] == ("domain", "customer mail")


def test_an_address_that_all_share_says_nothing_of_the_company(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        accounts="id,name,url\n1,One,https://x.desk.example/1\n2,Two,https://x.desk.example/2\n",
        groups="id,url,description\n7,https://x.desk.example/7,a\n8,https://x.desk.example/8,b\n",
    )
    assert kinds(plan) == {"accounts.csv": ("accounts", "id")}


def test_of_two_lists_of_the_same_customers_the_later_one_is_read(tmp_path: Path) -> None:
    rows = "Account ID,Account name,MRR\nA1,One,1\nA2,Two,2\n"
    plan = plan_of(tmp_path, accounts_2026_09=rows, accounts_2026_10=rows + "A3,Three,3\n")
    assert plan.accounts is not None
    assert plan.accounts.facts.file == "accounts_2026_10.csv"
