"""A small workspace with messages: eight accounts, each with one contact, of whom one opted out and one is held out by none."""

import datetime as dt
from pathlib import Path

from cscli.workflows.book.request import Request
from cscli.workflows.outreach.issuing import Issued, IssueOptions, issue
from cscli.workflows.outreach.previewing import planned_of
from cscli.workspace.rules import find_rules

AS_OF = dt.date(2026, 10, 30)
RULES = """version: 1
currency: JPY
timezone: Asia/Tokyo
sources: {{accounts: {{file: accounts.csv}}, contacts: {{file: contacts.csv, kind: contacts}}}}
metrics: {{use: {{value: active_users / seats, points: {{kind: linear, zero: 0, full: 1}}}}}}
segments: {{touch: [{{name: high, when: seats >= 50}}, {{name: tech}}]}}
scorecards: [{{name: standard, groups: {{usage: {{weight: 100, metrics: {{use: 100}}}}}}}}]
history: {{url: "{url}"}}
outreach:
  sender: {{organisation: Example K.K., from: cs@example.com, domains: [example.com], unsubscribe: {{mailto: stop@example.com}}}}
  {smtp}
  may_show: [name, contact_name, seats]
  holdout: {holdout}
  exports: [{{name: crm, columns: {{Id: account_id, What: "concat(message, ' ', subject)", Day: as_of}}}}]
  messages:
    - name: hello
      kind: service
      when: seats > 5
      holdout: {holdout}
      goal: use
      subject: {{en: "About {{{{name}}}}"}}
      text: {{en: ["Dear {{{{contact_name}}}},", "you have {{{{seats}}}} IDs."]}}
"""
COUNT = 7
"""Who would get it, of the eight: A8 opted out."""


def lay(
    folder: Path,
    *,
    url: str = "sqlite:///.cscli/history.db",
    smtp: str = "",
    holdout: float = 0,
    accounts: int = 8,
    domain: str = "example",
) -> Path:
    """The workspace in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = RULES.format(url=url, smtp=f"smtp: {smtp}" if smtp else "", holdout=holdout)
    (folder / "cscli.yaml").write_text(rules, encoding="utf-8")
    rows = [f"A{n},Company {n},{n * 100},{n * 10},{n * 4},a{n}.{domain}" for n in range(1, accounts + 1)]
    lines = ["account_id,name,mrr,seats,active_users,domain", *rows, ""]
    (folder / "accounts.csv").write_text("\n".join(lines), encoding="utf-8")
    people = [f"A{n},p@a{n}.{domain},Aoi {n},{'yes' if n == 8 else ''}" for n in range(1, accounts + 1)]
    (folder / "contacts.csv").write_text("\n".join(["account_id,email,contact_name,opted_out", *people, ""]), encoding="utf-8")  # fmt: skip
    return folder


def asked(folder: Path, *, days: int = 0, seconds: int = 0) -> Request:
    """A request so many days after the usual one, at noon."""
    day = AS_OF + dt.timedelta(days=days)
    now = dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
    return Request(rules=find_rules(None, folder), now=now)


def issued(
    folder: Path, name: str = "mails", *, expect: int = COUNT, form: str = "eml", days: int = 0
) -> Issued:
    """Messages issued into `folder / name`."""
    options = IssueOptions(folder=folder / name, form=form, expect=expect)
    return issue(asked(folder, days=days), options, planned_of)
