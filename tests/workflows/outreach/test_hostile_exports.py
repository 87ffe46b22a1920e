"""What a hostile or broken export comes to, from the file to the mail. The oracle is a book of which each line has one fault.

What can go wrong with a message, and where it is tested; names without a path are folders of `tests/errors`:

- unknown placeholder, a name that is not in `may_show`: config_outreach_placeholder, config_outreach_names, outreach_unknown_shown
- score, band or typed words in a text: config_outreach_not_for_customers
- a value is missing: outreach_draft_value_missing
- empty subject: config_outreach_subject; empty body: outreach_draft_empty
- `{{` is left in the text: outreach_draft_braces
- sender's address not in `domains`: config_outreach_addresses; owner without address: outreach_draft_owner_without_address
- recipient of another domain: outreach_draft_other_domain; no contact: outreach_draft_no_contact, config_outreach_no_contacts
- no text in the contact's language: outreach_draft_language, config_outreach_languages
- two blocks with the same text: config_outreach_same_text; messages in a circle: config_outreach_sequence
- a number that cannot be: outreach_draft_impossible_number; a coming day that has passed: outreach_draft_past_date
- old figures: outreach_stale_figures; a file that is too old by its time stamp: tests/cli/outreach/test_preview.py
- more than was expected: outreach_issue_needs_expect, outreach_issue_not_expected_ja; three times the last run: test_issuing.py
- a secret in the rules: config_outreach_shape (`smtp: {password: ...}`)
- opt-outs that nobody understands: outreach_optout_line, outreach_optout_column, outreach_opt_out_word; gone: tests/hints/outreach.yaml
- headers, HTML, bidirectional signs, a name of 2 MB, a ledger of another version: here; formulas and 10,000 opt-outs: test_preview.py
- the clock set back: test_issuing.py, tests/analysis/outreach/test_who_gets_what.py; two machines on one PostgreSQL: test_issuing.py
- a ledger that is gone, a message under a new name, one in doubt: test_told.py; a new id of an account: test_never_twice.py
"""

import csv
import sqlite3
from collections.abc import Sequence
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Literal

import pytest

from books.outreach_workspace import asked, issued, lay
from cscli.errors import CscliError
from cscli.history import entries_of
from cscli.history.database.tables import SCHEMA_VERSION
from cscli.workflows.outreach.previewing import planned_of, report_planned

SQLITE = "sqlite:///.cscli/history.db"
RULES = """version: 1
currency: JPY
language: {language}
timezone: Asia/Tokyo
sources: {{accounts: {{file: accounts.csv}}, contacts: {{file: contacts.csv, kind: contacts}}}}
metrics: {{use: {{value: seats / 100, points: {{kind: linear, zero: 0, full: 1}}}}}}
scorecards: [{{name: standard, groups: {{usage: {{weight: 100, metrics: {{use: 100}}}}}}}}]
outreach:
  sender: {{organisation: Example K.K., from: owner, domains: [example.com], owners: {{Ken: {{email: ken@example.com}}}}}}
  may_show: [name, contact_name, seats, renews_on]
  messages:
    - name: hello
      kind: service
      when: seats <> 0
      values: {{share: seats / 100}}
      subject: {{en: "About {{{{name}}}}"}}
      text: {{en: ["Dear {{{{contact_name}}}},", "{{{{share:percent}}}} until {{{{renews_on:date:future}}}}."]}}
"""
REASONS = {
    "A1": None,
    "A2": ("no value for contact_name", "contact_nameの値がない"),
    "A3": ("share:percent cannot be so", "share:percentがあり得ない値"),
    "A5": ("renews_on:date:future lies in the past", "renews_on:date:futureが過去の日付"),
    "A6": ("no text in the language ja", "言語jaの文面がない"),
    "A7": ("no address for the owner Ren", "担当Renのアドレスがない"),
    "A8": ("{{ is left in the text", "文面に {{ が残っている"),
}
BOOK = [
    ("A1", "One", 10, "Ken", "2027-03-31", "Aoi", "en"),
    ("A2", "Two", 10, "Ken", "2027-03-31", "", "en"),
    ("A3", "Three", 120, "Ken", "2027-03-31", "Aoi", "en"),
    ("A5", "Five", 10, "Ken", "2026-10-30", "Aoi", "en"),
    ("A6", "Six", 10, "Ken", "2027-03-31", "Aoi", "ja"),
    ("A7", "Seven", 10, "Ren", "2027-03-31", "Aoi", "en"),
    ("A8", "{{seats}}", 10, "Ken", "2027-03-31", "Aoi", "en"),
]


def written(folder: Path, language: str) -> Path:
    folder.mkdir()
    (folder / "cscli.yaml").write_text(RULES.format(language=language), encoding="utf-8")
    accounts = [(key, name, 100, seats, owner, day, f"{key.lower()}.example") for key, name, seats, owner, day, _, _ in BOOK]  # fmt: skip
    people = [(key, f"p@{key.lower()}.example", person, said) for key, *_, person, said in BOOK]
    lines(folder / "accounts.csv", ["account_id", "name", "mrr", "seats", "owner", "renews_on", "domain"], accounts)  # fmt: skip
    lines(folder / "contacts.csv", ["account_id", "email", "contact_name", "language"], people)
    return folder


def lines(path: Path, head: list[str], rows: Sequence[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


@pytest.mark.parametrize(("language", "at"), [("en", 0), ("ja", 1)])
def test_a_draft_that_cannot_be_so_is_refused_and_says_why(tmp_path: Path, language: Literal["en", "ja"], at: int) -> None:  # fmt: skip
    request = asked(written(tmp_path / "book", language))
    report = report_planned(request, planned_of(request))
    stopped = next(each for each in report.sheets if each.id == "stopped")
    told = dict(zip(stopped.column("account_id"), stopped.column("about"), strict=True))
    assert told == {key: said[at] for key, said in REASONS.items() if said is not None}


def test_nothing_in_a_name_steers_a_mail(tmp_path: Path) -> None:
    """A person and a company try to add a recipient and a script, to turn the text around, and to fill a mailbox."""
    folder = lay(tmp_path / "book", accounts=2)
    company = '<script>alert("x")</script>\u202emoc\u2066'
    rows: list[tuple[object, ...]] = [
        ("A1", company, 100, 10, 4, "a1.example"),
        ("A2", "N" * 2_000_000, 200, 20, 8, "a2.example"),
    ]
    lines(folder / "accounts.csv", ["account_id", "name", "mrr", "seats", "active_users", "domain"], rows)
    person = "Aoi\r\nBcc: all@evil.example\x00\u2028To: b@evil.example"
    lines(
        folder / "contacts.csv", ["account_id", "email", "contact_name"],
        [("A1", "p@a1.example", person), ("A2", "p@a2.example", "Ken")],
    )  # fmt: skip
    issued(folder, expect=2)
    letters = sorted((folder / "mails").glob("*.eml"))
    assert max(each.stat().st_size for each in letters) < 10_000
    mail = parsed(next(each for each in letters if "A1" in each.name))
    assert mail["Bcc"] is None
    assert [each.addr_spec for each in mail["To"].addresses] == ["p@a1.example"]
    assert mail["Subject"] == 'About <script>alert("x")</script>moc'
    plain, page = (part.get_content() for part in mail.iter_parts())
    assert "Bcc: all@evil.example" in plain.splitlines()[0], "one line, as it is text"
    assert "<script" not in page
    assert not {"\u202e", "\u2066", "\u2028", "\x00"} & set(plain + page)


def parsed(path: Path) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(path.read_bytes())


def test_a_ledger_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    folder = lay(tmp_path / "book")
    issued(folder)
    before = len(entries_of(SQLITE, folder))
    set_version(folder, 99)
    held = (folder / ".cscli" / "history.db").read_bytes()
    with pytest.raises(CscliError) as error:
        issued(folder, "again", expect=0, days=1)
    assert [each.code for each in error.value.problems] == ["history.newer"]
    assert not (folder / "again").exists()
    assert (folder / ".cscli" / "history.db").read_bytes() == held
    set_version(folder, SCHEMA_VERSION)
    assert len(entries_of(SQLITE, folder)) == before


def test_a_history_from_before_the_ledger_gets_one(tmp_path: Path) -> None:
    folder = lay(tmp_path / "book")
    issued(folder)
    with sqlite3.connect(folder / ".cscli" / "history.db") as base:
        for name in ("messages", "marks", "forgotten"):
            base.execute(f"DROP TABLE outreach_{name}")
    base.close()
    (folder / ".cscli" / "ledger.json").unlink()  # it has had none so far
    set_version(folder, 6)
    assert issued(folder, "again").count == 7
    assert len(entries_of(SQLITE, folder)) == 7


def set_version(folder: Path, version: int) -> None:
    base = sqlite3.connect(folder / ".cscli" / "history.db")
    base.execute("UPDATE cscli_schema SET version = ?", (version,))
    base.commit()
    base.close()
