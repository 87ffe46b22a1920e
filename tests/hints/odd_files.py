"""Files that no list of cells describes, by the name under which cases ask for them."""

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import xlsxwriter
from openpyxl import Workbook

_SHEET = "xl/worksheets/sheet1.xml"


def make_odd(name: str, path: Path) -> None:
    """The file `name` of `ODD`, written to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ODD[name](path)


def _plain(path: Path, day_one: bool = False) -> None:
    with xlsxwriter.Workbook(path, {"date_1904": day_one}) as book:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, ["account_id", "nps", "started_on"])
        for row in range(1, 9):
            sheet.write_row(row, 0, [f"A{row}", 10 * row])
            if day_one:
                sheet.write_number(row, 2, 44_000 + row)


def _from_1904(path: Path) -> None:
    _plain(path, day_one=True)


def _half(path: Path) -> None:
    _plain(path)
    path.write_bytes(path.read_bytes()[:2000])


def _password(path: Path) -> None:
    """The first bytes of what Excel writes with a password: a compound file with a stream of that name."""
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 3000
    )


def _hidden(path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["account_id", "nps"])
    book.worksheets[0].append(["A1", 5])
    other = book.create_sheet("Old")
    other.append(["account_id", "nps"])
    other.append(["A2", 6])
    other.sheet_state = "hidden"
    book.save(path)


def _error(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, ["account_id", "nps"])
        sheet.write_row(1, 0, ["A1", 5])
        sheet.write(2, 0, "A2")
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")


def _far_cell(path: Path) -> None:
    _changed(path, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


def _changed(path: Path, old: str, new: str) -> None:
    plain = path.with_name("plain.xlsx")
    _plain(plain)
    with zipfile.ZipFile(plain) as archive, zipfile.ZipFile(path, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            copy.writestr(name, content.replace(old.encode(), new.encode()) if name == _SHEET else content)
    plain.unlink()


def _merged(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A2", "account_id")
        sheet.merge_range("B1:C1", "Usage")
        sheet.merge_range("D1:D2", "nps")
        sheet.write_row("B2", ["logins", "active_users"])
        sheet.write_row("A3", ["A1", 5, 6, 7])
        sheet.write_row("A4", ["A2", 8, 9, 10])


def _log(path: Path) -> None:
    _parquet(path, "TIMESTAMPTZ '2025-12-29 10:00:00+00'")


def _log_of_numbers(path: Path) -> None:
    _parquet(path, "20260103")


def _parquet(path: Path, at: str) -> None:
    rows = f"SELECT 'A1' AS account_id, {at} AS at, 'u' AS user_id, 'x' AS event"
    duckdb.sql(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")


def _wide(path: Path) -> None:
    headers = ["account_id", "nps", *(f"h{at}" for at in range(17_000))]
    path.write_text(",".join(headers) + "\nA1,5" + 17_000 * "," + "\n", encoding="utf-8")


def _long(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Accounts")
        sheet.write_row(0, 0, ["account_id", "name", "nps"])
        for row in range(1, 20_001):
            sheet.write_row(row, 0, [f"A{row}", f"Account number {row}", row % 100])


def _long_text(path: Path) -> None:
    path.write_text(f"account_id,name,nps\nA1,{40_000 * 'x'},5\nA2,Two,6\n", encoding="utf-8")


def _churn_known_late(path: Path) -> None:
    """Sixty accounts of eleven years that stay; six that left in six months."""
    stay = [f"O{at},2015-01-15,,100,0.5,50" for at in range(60)]
    left = [f"L{at},2015-01-15,2025-{at + 4:02}-10,100,0.5,50" for at in range(6)]
    path.write_text(
        "\n".join(["account_id,started_on,churned_on,mrr,gross_margin,nps", *stay, *left, ""]),
        encoding="utf-8",
    )


def _churn_in_one_month(path: Path) -> None:
    """The same, with all six in one month."""
    _churn_known_late(path)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"2025-..-10", "2025-09-10", text), encoding="utf-8")


def _large_rules(path: Path) -> None:
    path.write_text("version: 1\n" + 200_000 * "# a line of data\n", encoding="utf-8")


def _many_exports(path: Path) -> None:
    """Sixty-one files beside it, each of another name."""
    for number in range(61):
        text = f"account_id,own_{number}\nA{number},5\nB{number},6\n"
        path.with_name(f"{(number + 1) * path.stem}.csv").write_text(text, encoding="utf-8")


ODD: Mapping[str, Callable[[Path], None]] = {
    "churn in one month": _churn_in_one_month,
    "churn known late": _churn_known_late,
    "cut off": _half,
    "days from 1904": _from_1904,
    "error cell": _error,
    "far cell": _far_cell,
    "hidden sheet": _hidden,
    "merged headers": _merged,
    "large rules": _large_rules,
    "long": _long,
    "many exports": _many_exports,
    "long text": _long_text,
    "log as parquet": _log,
    "log with times as numbers": _log_of_numbers,
    "password": _password,
    "too wide": _wide,
    "workbook": _plain,
}
"""How each is made."""
