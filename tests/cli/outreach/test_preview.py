"""`cscli outreach` on a small book. The oracle is who is in it, gone through by hand."""

import datetime as dt
import json
import os
import time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from books.practice_books import cscli
from cscli.workflows.book.request import Request
from cscli.workflows.outreach.previewing import preview_messages, show_drafts
from cscli.workspace.rules import find_rules

RULES = """version: 1
currency: JPY
sources:
  accounts: {file: accounts.csv, fresh_within_days: 40}
  contacts: {file: contacts.csv, kind: contacts}
  mail_log: {file: mail_log.csv, kind: rows, columns: {email: email, at: at, event: event}}
metrics: {use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}}
scorecards: [{name: standard, groups: {usage: {weight: 100, metrics: {use: 100}}}}]
outreach:
  sender: {organisation: Example K.K., from: cs@example.com, domains: [example.com]}
  may_show: [name, contact_name, seats]
  unless: seats > 500
  messages:
    - name: unused_ids
      kind: service
      when: seats - active_users >= 5
      values: {unused: seats - active_users}
      subject: {en: "{{unused}} of your IDs are not in use", ja: "未使用のIDが{{unused}}件あります"}
      text: {en: ["Dear {{contact_name}},", "you have {{seats}} IDs."], ja: ["{{contact_name}} 様", "ご契約は{{seats}}IDです。"]}
"""
ACCOUNTS = """account_id,name,mrr,seats,active_users,domain,churned_on
A1,Acme,100,10,2,a1.example,
A2,Beta,200,10,9,a2.example,
A3,=1+1,300,20,5,a3.example,
A4,Delta,400,900,5,a4.example,
A5,Echo,500,10,1,a5.example,2026-01-31
A6,Foxtrot,600,10,1,a6.example,
"""
CONTACTS = """会社ID,メール,氏名,役割,言語,配信停止,同意日
A1,aoi@a1.example,Aoi Mori,admin,en,,
A3,ken@a3.example,健,admin,ja,,
A4,p@a4.example,Pat,admin,en,,
A5,q@a5.example,Quinn,admin,en,,
A6,r@a6.example,Ray,admin,en,,
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    (tmp_path / "mail_log.csv").write_text(
        "email,at,event\nR@a6.example,2026-05-01,bounced\n", encoding="utf-8"
    )
    return tmp_path


def asked(folder: Path) -> Request:
    now = dt.datetime(2026, 10, 30, 12, tzinfo=dt.UTC)
    return Request(rules=find_rules(None, folder), now=now, as_of=dt.date(2026, 10, 30))


def sheets(folder: Path) -> dict[str, list[dict[str, object]]]:
    preview_messages(asked(folder), folder / "p.json")
    found: dict[str, list[dict[str, object]]] = json.loads((folder / "p.json").read_text(encoding="utf-8"))[
        "sheets"
    ]
    return found


def test_who_gets_what_and_who_does_not(workspace: Path) -> None:
    """A1 and A3 have unused IDs; A2 has none, A4 is `unless`, A5 has left, A6 bounced. Headers are Japanese ones."""
    found = sheets(workspace)
    assert [(row["account_id"], row["email"], row["subject"]) for row in found["messages"]] == [
        ("A3", "ken@a3.example", "未使用のIDが15件あります"),
        ("A1", "aoi@a1.example", "8 of your IDs are not in use"),
    ]
    assert {row["account_id"]: row["reason"] for row in found["nothing"]} == {
        "A2": "when", "A4": "unless", "A5": "left", "A6": "suppressed",
    }  # fmt: skip
    assert {(row["reason"], row["accounts"]) for row in found["reasons"]} == {
        ("left", 1.0), ("unless", 1.0), ("when", 1.0), ("suppressed", 1.0),
    }  # fmt: skip
    (summary,) = found["summary"]
    assert (summary["meant"], summary["going"], summary["waiting"], summary["refused"]) == (3, 2, 0, 0)


def test_nothing_is_booked(workspace: Path) -> None:
    sheets(workspace)
    assert not (workspace / ".cscli" / "history.db").exists()
    assert "@" not in (workspace / ".cscli" / "stopped.json").read_text(encoding="utf-8"), "hashes alone"


def test_the_same_inputs_give_the_same_bytes(workspace: Path) -> None:
    sheets(workspace)
    first = (workspace / "p.json").read_bytes()
    sheets(workspace)
    assert (workspace / "p.json").read_bytes() == first


def test_a_formula_in_a_name_is_text(workspace: Path) -> None:
    """ASVS 1.2.10: in CSV with an apostrophe, in a workbook as text."""
    preview_messages(asked(workspace), workspace / "p.csv")
    assert ",'=1+1," in (workspace / "p.csv").read_text(encoding="utf-8-sig")
    preview_messages(asked(workspace), workspace / "p.xlsx")
    book = openpyxl.load_workbook(workspace / "p.xlsx")
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_one_account_rule_by_rule(workspace: Path) -> None:
    shown = cscli(workspace, "outreach", "show", "A1", "--as-of=2026-10-30", "-o", "d.eml").stdout
    assert shown.startswith("Acme (A1)\n")
    assert "do not send it" in shown.splitlines()[-1], "nobody booked it"
    assert "passes when: seats - active_users >= 5" in shown
    assert "Subject: 8 of your IDs are not in use" in shown
    assert (workspace / "d.eml").read_bytes().startswith(b"From: ")
    assert (workspace / "d.eml").stat().st_mode & 0o077 == 0
    stopped = show_drafts(asked(workspace), "A2", None, None)
    assert stopped.lines[0] == "Beta (A2)"
    assert "  stops when: seats - active_users >= 5" in stopped.lines


def test_a_name_of_several_lines_is_one_line_of_the_terminal(workspace: Path) -> None:
    people = CONTACTS.replace("Aoi Mori", '"Aoi\nBcc: x@y.example\x1b[31m"')
    (workspace / "contacts.csv").write_text(people, encoding="utf-8")
    shown = show_drafts(asked(workspace), "A1", None, None)
    assert shown.lines[-1] == "  passes Aoi Bcc: x@y.example[31m <aoi@a1.example>"


def test_the_next_step_is_of_the_same_day(workspace: Path) -> None:
    shown = cscli(workspace, "outreach", "--as-of=2026-10-30").stdout
    assert "`cscli outreach issue -o DIR --expect 2 --as-of 2026-10-30`" in shown


def test_a_stale_export_stops_every_message_that_rests_on_it(workspace: Path) -> None:
    """The accounts' file is 100 days old, and 40 are allowed: the message rests on `seats`."""
    old = time.mktime((2026, 7, 22, 0, 0, 0, 0, 0, 0))
    os.utime(workspace / "accounts.csv", (old, old))
    found = sheets(workspace)
    assert found["messages"] == []
    assert {row["reason"] for row in found["stopped"]} == {"stale"}


@pytest.mark.parametrize(("last", "going"), [("2026-10-23", ["A3", "A1"]), ("2026-10-22", [])])
def test_a_log_that_ended_before_stops_every_message_that_rests_on_it(
    workspace: Path, last: str, going: list[str]
) -> None:
    """Of 2026-10-30: after a week of silence nobody knows who used what since, and "none of your IDs" would be a wrong mail."""
    rules = RULES.replace(
        "metrics:",
        "  log: {file: log.csv, kind: events, columns: {account_id: org, user_id: who, at: at, event: what}}\nmetrics:",
        1,
    ).replace("seats - active_users >= 5\n", "seats - COALESCE(users_28d, 0) >= 5\n")
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    lines = [f"{org},u,{day}T03:00:00Z,x" for org in ("A1", "A3") for day in ("2026-01-05", last)]
    (workspace / "log.csv").write_text("\n".join(["org,who,at,what", *lines, ""]), encoding="utf-8")
    assert [row["account_id"] for row in sheets(workspace)["messages"]] == going


def test_ten_thousand_opt_outs(workspace: Path) -> None:
    (workspace / "inputs").mkdir()
    lines = [f"nobody{n}@x.example,2026-01-01,mail" for n in range(9_999)]
    text = "\n".join(["address,date,how", *lines, "＠A3.example,2026-01-01,letter", ""])
    (workspace / "inputs" / "optout.csv").write_text(text, encoding="cp932")
    assert [row["account_id"] for row in sheets(workspace)["messages"]] == ["A1"]


@pytest.mark.slow
def test_a_run_makes_the_preview_only_where_it_is_listed(workspace: Path) -> None:
    cscli(workspace, "run", "--as-of=2026-10-30")
    assert not (workspace / "out" / "2026-10-30" / "outreach.xlsx").exists()
    with (workspace / "cscli.yaml").open("a", encoding="utf-8") as file:
        file.write("run: {steps: [score, outreach]}\n")
    cscli(workspace, "run", "--as-of=2026-10-30")
    assert (workspace / "out" / "2026-10-30" / "outreach.xlsx").exists()


def test_a_printed_preview_has_the_texts(workspace: Path) -> None:
    """Who, what and the text stand first, on the sheet and so on paper."""
    preview_messages(asked(workspace), workspace / "p.xlsx")
    sheet = openpyxl.load_workbook(workspace / "p.xlsx").worksheets[0]
    head = [cell.value for cell in sheet[3]]
    assert head[:6] == ["Account ID", "Account", "Subject", "Text", "Contact", "Message"]
    last = range_boundaries(sheet.print_area.replace("$", "").rpartition("!")[2])[2]
    assert (last or 0) >= 4, "columns that do not fit on A4 are left out of the print"


@pytest.mark.slow
def test_what_is_said_of_marking_messages_is_said_once(workspace: Path) -> None:
    """The first marks both, the second none: by the states of the ledger, and in no other words than that."""
    day = "--as-of=2026-10-30"
    done = cscli(workspace, "outreach", "issue", "-o", "mails", "--expect=2", day)
    assert done.stdout.splitlines()[1:] == ["mails", "Once you have sent them: `cscli outreach confirm mails/0000-keys.csv`"]  # fmt: skip
    first, second = (cscli(workspace, "outreach", "confirm", "mails/0000-keys.csv") for _ in range(2))
    assert (first.stdout, first.stderr) == ("2 messages are marked as sent.\n", "")
    assert second.stdout == "Nothing was changed.\n"
    assert second.stderr == "note     0000-keys.csv · Already marked as sent: 2\n"
