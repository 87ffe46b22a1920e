"""Writes the sample book of business beside this script, or into the folder named as argument.

`make.py --weeks FOLDER` writes into it the exports of the same book on each Monday of 18 months, a folder a day.
"""

import csv
import datetime as dt
import gzip
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from pathlib import Path

import checks
import content
import people
import promises
import records
import shop
import voices
import xlsxwriter
from business import Business, run_business, stream
from model import AS_OF, Account
from names import INDUSTRIES, OWNERS, REGIONS
from records import Row
from table import DATES, HEADERS, USAGE, Record, list_records
from weekly import add_past, describe_on, know_on, list_mondays
from workbooks import write_book

TO_FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")

# The planted dirt; README.md lists it for readers.
WITHOUT_USAGE = "A0017"
TWICE = "A0012"
MRR_MISSING = "A0021"
MRR_FULL_WIDTH = ("A0009", "A0025")
DATE_AS_TEXT = "A0010"
ID_WITH_SPACE = "A0024"
SEATS_FULL_WIDTH = ("00204", "A0003", "A0150")  # only in the Japanese twin
STRAY_USAGE: tuple[Row, ...] = (
    ("A9001", "2026-08-01", 12, 101, 640, 2210, 160, 6, 2, 5),
    ("A9001", "2026-09-01", 11, 95, 602, 2355, 145, 6, 2, 5),
    ("A9002", "2026-10-01", 4, 22, 130, 310, 41, 4, 1, 1),
    ("TEST-01", "2026-10-01", 1, 3, 9, 5, 5, 2, 1, 0),
)
STRAY_TICKETS: tuple[tuple[str, ...], ...] = (
    (
        "T-19998",
        "A9003",
        "2026-10-06T10:12:00",
        "2026-10-07T09:30:00",
        "P3",
        "How to",
        *voices.SUBJECTS["How to"][1],
    ),
    ("T-19999", "demo", "2026-10-20T15:41:00", "", "P4", "Login", *voices.SUBJECTS["Login"][0]),
)

USAGE_HEADER = (
    "account_id", "month", "active_users", "logins", "usage_minutes", "cards_total", "scans",
    "features_used", "departments_active", "power_users",
)  # fmt: skip
TICKET_HEADER = ("Ticket", "Organisation", "Created at", "Solved at", "Priority", "Topic", "Subject", "件名")
SURVEY_HEADER = ("account_id", "answered_on", "recommend", "csat", "respondent", "comment", "コメント")
TOUCH_HEADER = ("account_id", "date", "kind", "result")
SUBSCRIPTION_HEADER = (
    "account_id", "subscription_id", "started_on", "ended_on", "amount", "period_months", "currency", "plan", "kind",
)  # fmt: skip
EVENT_HEADER = ("account_id", "user_id", "at", "event")
CANCELLATION_HEADER = ("account_id", "churned_on", "reason_code", "reason", "理由")
CONTACT_HEADER = ("account_id", "email", "contact_name", "role", "language", "opted_out", "consent_on")
MAIL_HEADER = ("email", "at", "event")
OPTOUT_HEADER = ("address", "date", "how")
VIEW_HEADER = ("account_id", "content", "viewed_at", "result")


def make_files(folder: Path) -> None:
    """All files of the sample; the same bytes on every run."""
    business = run_business()
    accounts = business.accounts
    table = _soil_table(list_records(accounts, business.evidence, stream(7)))
    names = {account.account_id: account.company.name_ja for account in accounts}
    _write_exports(folder, business, table)
    _write_japanese(folder / "accounts_ja.csv", table, names)
    _write_csv(
        folder / "cancellations.csv", CANCELLATION_HEADER, voices.list_cancellations(accounts, stream(11))
    )
    contacts = people.list_contacts(accounts, stream(12))
    _write_csv(folder / "contacts.csv", CONTACT_HEADER, map(astuple, contacts))
    _write_csv(folder / "mail_log.csv", MAIL_HEADER, people.list_mail_log(contacts, stream(13)))
    _write_csv(folder / "inputs" / "optout.csv", OPTOUT_HEADER, people.list_optouts(contacts, accounts))
    _write_csv(folder / "content_views.csv", VIEW_HEADER, content.list_views(business.touches, stream(14)))
    _write_csv(folder / "shop" / "orders.csv", shop.HEADER, shop.list_orders())
    for language in ("en", "ja"):
        _write_books(folder / f"inputs_{language}", accounts, language)


def _write_exports(folder: Path, business: Business, table: list[Record], seen: dt.date = AS_OF) -> None:
    """What a company exports each week."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_workbook(folder / "accounts.xlsx", table, seen)
    _write_csv(folder / "usage.csv", USAGE_HEADER, _soil_usage(business.usage, seen))
    stray = [row for row in STRAY_TICKETS if row[2] < seen.isoformat()]
    _write_csv(folder / "tickets.csv", TICKET_HEADER, [*business.tickets, *stray], encoding="utf-8-sig")
    _write_csv(folder / "survey.csv", SURVEY_HEADER, business.answers)
    _write_csv(folder / "touches.csv", TOUCH_HEADER, business.touches)
    subscriptions = records.list_subscriptions(business.accounts)
    _write_csv(folder / "subscriptions.csv", SUBSCRIPTION_HEADER, subscriptions)
    events = [row for row in business.events if row[0] != WITHOUT_USAGE]
    _write_gzip(folder / "events.csv.gz", EVENT_HEADER, events)


def _write_books(folder: Path, accounts: list[Account], language: str) -> None:
    """The same draws for both languages."""
    handovers = promises.list_handovers(accounts, language, stream(15))
    goals = promises.list_goals(accounts, language, stream(16))
    milestones = promises.list_milestones(accounts, language, stream(17))
    write_book(folder / "handover.xlsx", {"handover": handovers}, language)
    write_book(folder / "journey.xlsx", {"goals": goals, "milestones": milestones}, language)
    write_book(folder / "content.xlsx", {"content": promises.list_pieces(language)}, language)
    for name, rows in checks.list_checks(language, stream(18)).items():
        write_book(folder / "selfcheck" / f"{name}.xlsx", {"selfcheck": rows}, language)


def make_weeks(folder: Path) -> None:
    """A folder for each Monday, with the seven files as they were exported on that day."""
    business = run_business()
    past = add_past(business)
    for day in list_mondays():
        known = know_on(past, day)
        _write_exports(folder / day.isoformat(), known, _soil_table(describe_on(known, day)), day)


def _soil_usage(rows: list[Row], seen: dt.date) -> list[Row]:
    kept = [row for row in rows if row[0] != WITHOUT_USAGE]
    spaced = [(f"{row[0]} ", *row[1:]) if row[0] == ID_WITH_SPACE else row for row in kept]
    return [
        *spaced,
        *(row for row in STRAY_USAGE if str(row[1]) < seen.replace(day=1).isoformat() or seen == AS_OF),
    ]


def _soil_table(table: list[Record]) -> list[Record]:
    """The dirt that both account files share; the repeated row comes last."""
    soiled = [_soil_record(record) for record in table]
    return [*soiled, *(record for record in soiled if record["Account ID"] == TWICE)]


def _soil_record(record: Record) -> Record:
    account_id, changes = record["Account ID"], Record()
    if account_id == WITHOUT_USAGE:
        changes |= dict.fromkeys(USAGE)
    if account_id == MRR_MISSING:
        changes["MRR"] = "n/a"
    if account_id in MRR_FULL_WIDTH:
        changes["MRR"] = f"{record['MRR']:,}".translate(TO_FULL_WIDTH)
    if account_id == DATE_AS_TEXT:
        changes["Start date"] = f"{record['Start date']:%Y/%m/%d}"
    return record | changes


def _sum_mrr(table: list[Record]) -> int:
    """As a spreadsheet's SUM would: text counts for nothing, the repeated row counts twice."""
    return sum(record["MRR"] for record in table if isinstance(record["MRR"], int))


def _write_workbook(path: Path, table: list[Record], seen: dt.date) -> None:
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    created = dt.datetime.combine(seen, dt.time(9), dt.UTC)
    book.set_properties({"created": created, "title": "Customer list"})
    sheet = book.add_worksheet("Accounts")
    sheet.write_string(0, 0, "Customer list", book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, f"exported {seen.isoformat()}")
    _write_table(book, sheet, table)
    lists = book.add_worksheet("Lists")
    lists.write_column(0, 0, ["Plan", "Starter", "Team", "Business", "Enterprise"])
    lists.write_column(0, 1, ["Owner", *OWNERS])
    lists.hide()
    book.close()


def _write_table(
    book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, table: list[Record]
) -> None:
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    money, share = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "0.00"})
    formats = {"MRR": money, "CAC": money, "Gross margin": share} | dict.fromkeys(DATES, day)
    sheet.write_row(2, 0, list(HEADERS), bold)
    for row, record in enumerate(table, 3):
        for column, header in enumerate(HEADERS):
            value = record[header]
            if isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                sheet.write(row, column, value, formats.get(header))
    end, column = 3 + len(table), list(HEADERS).index("MRR")
    sheet.write_string(end, 0, "Total", bold)
    sheet.write_formula(end, column, f"=SUM(E4:E{end})", money, _sum_mrr(table))
    sheet.set_column(0, len(HEADERS) - 1, 13)
    sheet.set_column(1, 1, 32)
    sheet.freeze_panes(3, 2)


def _write_japanese(path: Path, table: list[Record], names: dict[str, str]) -> None:
    rows = [_translate(n, record, names) for n, record in enumerate(table)]
    total = dict.fromkeys(HEADERS, "") | {"Account ID": "合計", "MRR": f"￥{_sum_mrr(table):,}"}
    lines = [list(row.values()) for row in (*rows, total)]
    _write_csv(path, list(HEADERS.values()), lines, encoding="cp932", newline="\r\n")


def _translate(n: int, record: Record, names: dict[str, str]) -> dict[str, str]:
    row = {header: _spell(record[header], in_words=n % 7 == 3) for header in HEADERS}
    row["Account name"] = names[row["Account ID"]]
    row["Owner"], row["Region"] = OWNERS[row["Owner"]], REGIONS[row["Region"]]
    row["Industry"] = INDUSTRIES[row["Industry"]]
    if isinstance(record["MRR"], int):
        row["MRR"] = f"￥{record['MRR']:,}"
    if row["Account ID"] in SEATS_FULL_WIDTH:
        row["Seats"] = row["Seats"].translate(TO_FULL_WIDTH)
    return row


def _spell(value: object, *, in_words: bool) -> str:
    if isinstance(value, dt.date) and in_words:
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, dt.date):
        return f"{value.year}/{value.month}/{value.day}"
    return "" if value is None else str(value)


def _write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    encoding: str = "utf-8",
    newline: str = "\n",
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_format_csv(header, rows, newline).encode(encoding))


def _write_gzip(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    # gzip.compress leaves the header's system byte to zlib, which differs by platform.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(_format_csv(header, rows, "\n").encode())


def _format_csv(header: Sequence[str], rows: Iterable[Sequence[object]], newline: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--weeks"]:
        make_weeks(Path(sys.argv[2]))
    else:
        make_files(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
