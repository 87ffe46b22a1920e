"""Exports of the kinds that systems really write wrong money from, made by chance, each with its right figures."""

import csv
import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

AS_OF = dt.date(2026, 10, 31)
DOLLAR = 150.0  # yen
Cell = str | float | dt.date | None
Row = list[Cell]

EN = {
    "id": "Account ID", "name": "Account name", "mrr": "MRR", "seats": "Seats", "users": "Active users", "start": "Start date",
    "renews": "Renewal date", "churn": "Churn date", "status": "Status", "sub": "Subscription ID", "end": "Contract end date",
    "amount": "Amount", "interval": "Billing interval", "currency": "Currency", "margin": "Gross margin", "login": "Last login",
}  # fmt: skip
JA = {
    "id": "顧客ID", "name": "会社名", "mrr": "月額", "seats": "契約ID数", "users": "利用者数", "start": "契約開始日", "renews": "契約更新日",
    "churn": "解約日", "status": "ステータス", "sub": "契約ID", "end": "契約終了日", "amount": "契約金額", "interval": "支払サイクル",
    "currency": "通貨", "margin": "粗利率", "login": "最終ログイン日",
}  # fmt: skip
METRICS = (
    "metrics: {use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}}\n"
    "scorecards: [{name: s, groups: {g: {weight: 1, metrics: {use: 1}}}}]\nbands: [{name: ok, from: 0}]\n"
)


@dataclass(frozen=True)
class Made:
    """One made export in `folder`. `accounts`: the right MRR by account (None: not known). `closing`, `churned`: of the
    last whole month, and money that has ever churned, where lines are asked for. `columns`: other right values.
    `must_ask`: the run has to end with a question.
    """

    kind: str
    folder: Path
    accounts: dict[str, float | None] = field(default_factory=dict)
    columns: dict[str, dict[str, object]] = field(default_factory=dict)
    closing: float | None = None
    churned: float | None = None
    must_ask: bool = False


@dataclass(frozen=True)
class Maker:
    """Chance, words of a language, and a form of file."""

    chance: random.Random
    words: dict[str, str]
    form: str
    folder: Path

    @property
    def is_japanese(self) -> bool:
        return self.words is JA

    def book(self, number: int | None = None) -> list[tuple[str, str, float]]:
        """Ids, names and MRR of some accounts."""
        number = number or self.chance.randint(4, 30)
        suffix = "商事" if self.is_japanese else " Ltd"
        return [
            (f"C{at:03d}", f"{self.word()}{at}{suffix}", float(self.chance.randint(20, 900) * 100))
            for at in range(1, number + 1)
        ]

    def word(self) -> str:
        names = (
            ("青葉", "緑", "光", "桜", "東")
            if self.is_japanese
            else ("Alder", "Birch", "Cedar", "Doum", "Elm")
        )
        return self.chance.choice(names)

    def write(
        self,
        name: str,
        header: list[str],
        rows: list[Row],
        titles: tuple[str, ...] = (),
        encoding: str = "utf-8",
    ) -> Path:
        """The rows as a file of the form; dates of a CSV as ISO."""
        path = self.folder / f"{name}.{self.form}"
        width = len(header)
        above: list[Row] = [[title, *[None] * (width - 1)] for title in titles]
        lines: list[Row] = [*above, list(header), *rows]
        if self.form == "csv":
            with path.open("w", encoding=encoding, newline="") as file:
                csv.writer(file).writerows(
                    [["" if cell is None else cell for cell in line] for line in lines]
                )
        else:
            with xlsxwriter.Workbook(str(path)) as book:
                sheet, day = book.add_worksheet("A"), book.add_format({"num_format": "yyyy-mm-dd"})
                for at, line in enumerate(lines):
                    for column, cell in enumerate(line):
                        if isinstance(cell, dt.date):
                            sheet.write_datetime(at, column, dt.datetime.combine(cell, dt.time()), day)
                        elif cell is not None:
                            sheet.write(at, column, cell)
        return path

    def rules(self, currency: str = "JPY", more: str = "", sources: str = "") -> None:
        """A config whose accounts are `accounts`."""
        text = f"version: 1\ntimezone: UTC\ncurrency: {currency}\n{more}sources:\n  accounts: {{file: accounts.{self.form}}}\n{sources}{METRICS}"
        (self.folder / "cscli.yaml").write_text(text, encoding="utf-8")

    def accounts(
        self, rows: list[Row], *keys: str, header: dict[str, str] | None = None, titles: tuple[str, ...] = ()
    ) -> None:
        """The accounts file with these columns."""
        names = {**self.words, **(header or {})}
        self.write("accounts", [names[key] for key in keys], rows, titles)


def totals(maker: Maker) -> Made:
    """Totals, averages, notes and units at any place."""
    book = maker.book()
    rows: list[Row] = [[key, name, mrr, 10, maker.chance.randint(0, 10)] for key, name, mrr in book]
    words = (
        ["合計", "総合計", "【合計】", "合　計", "小計", "合計（税抜）", f"合計 {len(book)}社"]
        if maker.is_japanese
        else ["Total", "Grand Total", "TOTAL", f"Total ({len(book)} accounts)", "Sum"]
    )
    place = maker.chance.choice(["end", "top", "middle", "name"])
    figures = (sum(mrr for _, _, mrr in book), 10 * len(book), sum(float(str(row[4])) for row in rows))
    label = maker.chance.choice(words)
    total: Row = [None, label, *figures] if place == "name" else [label, None, *figures]
    if place == "middle":
        half = len(book) // 2
        group = (
            sum(mrr for _, _, mrr in book[:half]),
            10 * half,
            sum(float(str(row[4])) for row in rows[:half]),
        )
        rows.insert(half, ["小計" if maker.is_japanese else "Subtotal", None, *group])
    rows.append(total)
    if maker.chance.random() < 0.5:
        mean = tuple(round(each / len(book)) for each in figures)
        rows.append(["平均" if maker.is_japanese else "Average", None, *mean])
    if maker.chance.random() < 0.5:
        rows += [
            [None] * 5,
            ["※税抜" if maker.is_japanese else "Confidential Information - Do Not Distribute", *[None] * 4],
        ]
    maker.accounts(rows, "id", "name", "mrr", "seats", "users")
    maker.rules()
    return Made("totals", maker.folder, {key: mrr for key, _, mrr in book})


def last_days(maker: Maker) -> Made:
    """Yearly contracts that end on the last day and were all renewed."""
    book = maker.book()
    lines: list[Row] = []
    for at, (key, _, mrr) in enumerate(book):
        begin = dt.date(2023, 1 + at % 12, 1)
        while begin <= AS_OF:
            following = begin.replace(year=begin.year + 1)
            lines.append([f"S{len(lines)}", key, begin, following - dt.timedelta(days=1), mrr])
            begin = following
    maker.chance.shuffle(lines)
    maker.write("lines", [maker.words[key] for key in ("sub", "id", "start", "end", "mrr")], lines)
    maker.accounts([[key, name, 10, 5] for key, name, _ in book], "id", "name", "seats", "users")
    maker.rules(sources=f"  lines: {{file: lines.{maker.form}, kind: subscriptions}}\n")
    return Made("last days", maker.folder, closing=sum(mrr for _, _, mrr in book), churned=0.0)


def swapped(maker: Maker) -> Made:
    """d/m/y that a spreadsheet of m/d/y has half converted."""
    book = maker.book(20)
    rows: list[Row] = []
    for key, name, mrr in book:
        day = dt.date(2025, maker.chance.randint(1, 12), maker.chance.randint(1, 28))
        rows.append(
            [
                key,
                name,
                mrr,
                dt.date(day.year, day.day, day.month) if day.day <= 12 else day.strftime("%d/%m/%Y"),
            ]
        )
    rows[0][3], rows[1][3], rows[2][3], rows[3][3] = (
        dt.date(2025, 3, 2),
        dt.date(2025, 5, 4),
        "25/02/2025",
        "28/03/2025",
    )
    maker.accounts(rows, "id", "name", "mrr", "start")
    maker.rules()
    return Made("swapped dates", maker.folder, must_ask=True)


def scales(maker: Maker) -> Made:
    """Margins in percent, answers 0 to 10, satisfaction of 100."""
    book = maker.book()
    margins = {key: maker.chance.randint(40, 90) for key, _, _ in book}
    answers = {key: maker.chance.randint(0, 10) for key, _, _ in book}
    answers[book[0][0]] = 9
    rows: list[Row] = [[key, name, mrr, margins[key], answers[key]] for key, name, mrr in book]
    maker.accounts(rows, "id", "name", "mrr", "margin", "nps", header={"nps": "NPS"})
    maker.rules()
    nps = {key: 100.0 if answer >= 9 else 0.0 if answer >= 7 else -100.0 for key, answer in answers.items()}
    return Made(
        "scales",
        maker.folder,
        {key: mrr for key, _, mrr in book},
        {"gross_margin": {key: margin / 100 for key, margin in margins.items()}, "nps": dict(nps)},
    )


def doubles(maker: Maker) -> Made:
    """Subscriptions that stand twice, and accounts that do."""
    book = maker.book()
    lines: list[Row] = [[f"S{key}", key, dt.date(2025, 1, 1), None, mrr] for key, _, mrr in book]
    lines += [list(line) for line in maker.chance.sample(lines, 2)]
    maker.chance.shuffle(lines)
    maker.write("lines", [maker.words[key] for key in ("sub", "id", "start", "end", "mrr")], lines)
    maker.accounts([[key, name, 10, 5] for key, name, _ in book], "id", "name", "seats", "users")
    maker.rules(sources=f"  lines: {{file: lines.{maker.form}, kind: subscriptions}}\n")
    return Made("doubles", maker.folder, closing=sum(mrr for _, _, mrr in book), churned=0.0)


def currencies(maker: Maker) -> Made:
    """Money of three currencies, named by sign, code or column; one of them without a rate."""
    book = maker.book()
    rates: dict[str, float | None] = {"JPY": 1.0, "USD": DOLLAR, "EUR": None}
    way = maker.chance.choice(["column", "sign", "code"])
    rows: list[Row] = []
    right: dict[str, float | None] = {}
    for key, name, mrr in book:
        code = maker.chance.choice(list(rates))
        rate = rates[code]
        right[key] = None if rate is None else mrr * rate
        sign = {"JPY": "¥", "USD": "$", "EUR": "€"}[code]
        written: Cell = (
            mrr if way == "column" else f"{sign}{mrr:,.0f}" if way == "sign" else f"{code} {mrr:,.2f}"
        )
        rows.append([key, name, written, *([code] if way == "column" else [])])
    maker.accounts(rows, "id", "name", "mrr", *(["currency"] if way == "column" else []))
    maker.rules(more=f"exchange_rates: {{USD: {DOLLAR:g}}}\n")
    return Made("currencies", maker.folder, right)


def units(maker: Maker) -> Made:
    """Thousands and cents, said by the header or above it."""
    book = maker.book()
    name, factor = maker.chance.choice(
        [("（千円）", 1000.0), ("(千円)", 1000.0), ("（万円）", 10_000.0)]
        if maker.is_japanese
        else [(" ($K)", 1000.0), (" (thousands)", 1000.0), (" (cents)", 0.01)]
    )
    titles: tuple[str, ...] = ()
    header = {"mrr": maker.words["mrr"] + name}
    if maker.is_japanese and maker.chance.random() < 0.4:
        titles, factor, header = ("顧客一覧（単位：千円）",), 1000.0, {}
    rows: list[Row] = [[key, label, mrr / factor, 10, 5] for key, label, mrr in book]
    maker.accounts(rows, "id", "name", "mrr", "seats", "users", header=header, titles=titles)
    maker.rules(currency="USD" if "$" in name else "JPY")
    return Made("units", maker.folder, {key: mrr for key, _, mrr in book})


def statuses(maker: Maker) -> Made:
    """Words of a status column."""
    book = maker.book()
    words = {
        "paying": ["契約中", "利用中", "有償", "継続"]
        if maker.is_japanese
        else ["Active", "Customer", "active", "Paying"],
        "trial": ["お試し", "トライアル", "試用中"]
        if maker.is_japanese
        else ["Trial", "trialing", "Free trial"],
        "left": ["解約済", "解約", "退会済み"]
        if maker.is_japanese
        else ["Churned", "Cancelled", "Inactive", "canceled"],
        "paused": ["休止中", "一時停止"] if maker.is_japanese else ["Paused", "On hold"],
    }
    rows: list[Row] = []
    right: dict[str, float | None] = {}
    for at, (key, name, mrr) in enumerate(book):
        meaning = "paying" if at < 2 else maker.chance.choice(["paying", "paying", "trial", "left", "paused"])
        rows.append([key, name, mrr, maker.chance.choice(words[meaning]), dt.date(2025, 1, 1)])
        if meaning != "left":
            right[key] = mrr if meaning == "paying" else 0.0
    maker.accounts(rows, "id", "name", "mrr", "status", "start")
    maker.rules()
    return Made("statuses", maker.folder, right)


def periods(maker: Maker) -> Made:
    """Amounts of months, quarters and years."""
    book = maker.book()
    words = (
        {1: ["月払い", "月額", "毎月"], 3: ["四半期"], 12: ["年払い", "年額", "年間"]}
        if maker.is_japanese
        else {1: ["month", "Monthly"], 3: ["Quarterly"], 12: ["year", "Annual", "yearly"]}
    )
    lines: list[Row] = []
    for key, _, mrr in book:
        months = maker.chance.choice(list(words))
        lines.append(
            [f"S{key}", key, dt.date(2025, 1, 1), None, mrr * months, maker.chance.choice(words[months])]
        )
    maker.write(
        "lines", [maker.words[key] for key in ("sub", "id", "start", "end", "amount", "interval")], lines
    )
    maker.accounts([[key, name, 10, 5] for key, name, _ in book], "id", "name", "seats", "users")
    maker.rules(sources=f"  lines: {{file: lines.{maker.form}, kind: subscriptions}}\n")
    return Made("periods", maker.folder, closing=sum(mrr for _, _, mrr in book), churned=0.0)


def headers(maker: Maker) -> Made:
    """Two headers for one field, in any order; one of them the day of the last change."""
    book = maker.book()
    other = "更新日" if maker.is_japanese else "Contract end"
    day = {key: dt.date(2027, maker.chance.randint(1, 12), 15) for key, _, _ in book}
    stamp: Cell = "2026/10/30 9:15" if maker.is_japanese else "2026-12-31"
    order = [(maker.words["renews"], day), (other, None)]
    maker.chance.shuffle(order)
    rows: list[Row] = [
        [key, name, mrr, *(values[key] if values else stamp for _, values in order)]
        for key, name, mrr in book
    ]
    maker.write(
        "accounts", [maker.words[key] for key in ("id", "name", "mrr")] + [name for name, _ in order], rows
    )
    maker.rules()
    return Made("headers", maker.folder, {key: mrr for key, _, mrr in book}, {"renews_on": dict(day)})


def returns(maker: Maker) -> Made:
    """Churn dates of before they came back, of the past, and of the future."""
    book = maker.book(12)
    rows: list[Row] = []
    right: dict[str, float | None] = {}
    for at, (key, name, mrr) in enumerate(book):
        kind = at % 4
        start = dt.date(2026, 2, 1) if kind == 0 else dt.date(2024, 1, 1)
        churn = [dt.date(2025, 3, 31), dt.date(2026, 8, 31), dt.date(2026, 12, 31), None][kind]
        rows.append([key, name, mrr, start, churn])
        if kind != 1:
            right[key] = mrr
    maker.accounts(rows, "id", "name", "mrr", "start", "churn")
    maker.rules()
    notice: dict[str, object] = {key: at % 4 == 2 for at, (key, _, _) in enumerate(book) if at % 4 != 1}
    return Made("returns", maker.folder, right, {"notice_given": notice})


def forms(maker: Maker) -> Made:
    """One number in many forms, and days in forms of the language or since 1970."""
    book = maker.book()
    ways: list[Callable[[float], str]] = [
        lambda mrr: f"{mrr:,.0f}",
        lambda mrr: f"¥{mrr:,.0f}",
        lambda mrr: f"{mrr / 1000:g}K",
        lambda mrr: f"JPY {mrr:,.0f}",
        lambda mrr: f"{mrr / 10_000:g}万",
        lambda mrr: f"{mrr:,.0f}円",
        lambda mrr: f"'{mrr:.0f}",
    ]
    day = {
        key: dt.date(
            maker.chance.randint(2020, 2026), maker.chance.randint(1, 9), maker.chance.randint(13, 28)
        )
        for key, _, _ in book
    }
    epoch = maker.chance.random() < 0.4
    rows: list[Row] = []
    for key, name, mrr in book:
        written = (
            str(int(dt.datetime.combine(day[key], dt.time(12), dt.UTC).timestamp() * 1000))
            if epoch
            else _day(maker, day[key])
        )
        rows.append([key, name, maker.chance.choice(ways)(mrr), written])
    maker.accounts(rows, "id", "name", "mrr", "start")
    maker.rules()
    return Made("forms", maker.folder, {key: mrr for key, _, mrr in book}, {"started_on": dict(day)})


def _day(maker: Maker, day: dt.date) -> str:
    if not maker.is_japanese:
        return maker.chance.choice([day.isoformat(), day.strftime("%d-%b-%Y"), day.strftime("%B %d, %Y")])
    return maker.chance.choice(
        [
            f"{day.year}年{day.month}月{day.day}日",
            f"令和{day.year - 2018}年{day.month}月{day.day}日",
            f"R{day.year - 2018}.{day.month}.{day.day}",
            f"{day:%y}/{day.month}/{day.day}",
        ]
    )


def encodings(maker: Maker) -> Made:
    """Names in legacy bytes."""
    names = (
        ["株式会社青葉", "緑化学", "光運輸（株）"]
        if maker.is_japanese
        else ["Crédito del Norte", "Pébéo", "Müller & Söhne", "Société Générale"]
    )
    book = [(key, maker.chance.choice(names), mrr) for key, _, mrr in maker.book()]
    encoding = "cp932" if maker.is_japanese else "cp1252"
    rows: list[Row] = [[key, name, mrr] for key, name, mrr in book]
    maker.write("accounts", [maker.words[key] for key in ("id", "name", "mrr")], rows, encoding=encoding)
    maker.rules()
    return Made(
        "encodings",
        maker.folder,
        {key: mrr for key, _, mrr in book},
        {"name": {key: name for key, name, _ in book}},
    )


def families(maker: Maker) -> Made:
    """A parent whose money is that of its children."""
    book = maker.book(6)
    rows: list[Row] = [[key, name, mrr, "P1"] for key, name, mrr in book]
    rows.insert(maker.chance.randint(0, 6), ["P1", "Group", sum(mrr for _, _, mrr in book), None])
    maker.accounts(
        rows,
        "id",
        "name",
        "mrr",
        "parent",
        header={"parent": "親会社ID" if maker.is_japanese else "Parent account ID"},
    )
    maker.rules()
    return Made("families", maker.folder, {**{key: mrr for key, _, mrr in book}, "P1": 0.0})


def yearly(maker: Maker) -> Made:
    """A yearly amount only."""
    book = maker.book()
    header = {"arr": "年額" if maker.is_japanese else "ARR"}
    maker.accounts(
        [[key, name, mrr * 12, 10, 5] for key, name, mrr in book],
        "id",
        "name",
        "arr",
        "seats",
        "users",
        header=header,
    )
    maker.rules()
    return Made("yearly", maker.folder, {key: mrr for key, _, mrr in book})


def no_money(maker: Maker) -> Made:
    """No money anywhere."""
    book = maker.book()
    maker.accounts([[key, name, 10, 5] for key, name, _ in book], "id", "name", "seats", "users")
    maker.rules()
    return Made("no money", maker.folder, {key: None for key, _, _ in book})


KINDS: tuple[Callable[[Maker], Made], ...] = (
    totals, last_days, swapped, scales, doubles, currencies, units, statuses, periods, headers, returns, forms, encodings, families,
    yearly, no_money,
)  # fmt: skip


def make(seed: int, folder: Path) -> Made:
    """The export number `seed`: its kind, language and form follow from the number, the rest from chance."""
    kind = KINDS[seed % len(KINDS)]
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    form = "csv" if kind is encodings else "xlsx" if kind is swapped else chance.choice(["csv", "xlsx"])
    place = folder / f"{seed:05d}"
    place.mkdir()
    return kind(Maker(chance, JA if chance.random() < 0.5 else EN, form, place))
