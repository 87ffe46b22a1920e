"""A clean book of 200 accounts says nothing louder than a note, in English and in Japanese, with lines and without."""

import csv
import datetime as dt
import random
from pathlib import Path

import pytest

from cscli.errors import Severity
from cscli.workflows import RevenueOptions, ltv_report, score
from cscli.workflows.book.request import Request
from cscli.workflows.init.in_memory import with_rules_for
from cscli.workspace.rules import find_rules

AS_OF = dt.date(2026, 10, 31)
HEADERS = {
    "en": "Account ID,Account name,Account owner,Plan,MRR,Seats,Active users,Start date,Renewal date,Churn date,Last login,NPS,CSAT,Open tickets,Gross margin,Status",
    "ja": "顧客ID,会社名,担当CSM,プラン,月額,契約ID数,利用者数,契約開始日,契約更新日,解約日,最終ログイン日,NPS,満足度,未解決チケット数,粗利率,ステータス",
}
WORDS = {"en": ("Active", "Churned"), "ja": ("契約中", "解約")}


def write_book(folder: Path, language: str) -> list[Path]:
    chance = random.Random(5)  # noqa: S311 - repeatable on purpose
    rows: list[list[object]] = []
    lines: list[list[object]] = []
    for at in range(1, 201):
        start = dt.date(2023, 1, 1) + dt.timedelta(days=chance.randint(0, 1000))
        churn = start + dt.timedelta(days=chance.randint(90, 300)) if at % 9 == 0 else ""
        seats, login = chance.randint(5, 200), AS_OF - dt.timedelta(days=chance.randint(0, 60))
        renews = AS_OF + dt.timedelta(days=chance.randint(1, 360))
        key, mrr = f"A{at:04d}", seats * chance.choice([1000, 1500, 2000])
        rows.append([
            key, f"Alder {at}", "Ann", chance.choice(["Pro", "Basic"]), mrr, seats, chance.randint(1, seats), start, "" if churn else renews, churn,
            "" if churn else login, chance.randint(-100, 100), round(chance.uniform(1, 5), 1), chance.randint(0, 5), round(chance.uniform(0.4, 0.9), 2),
            WORDS[language][bool(churn)],
        ])  # fmt: skip
        lines.append([f"S{at}", key, start, churn, mrr, "JPY"])
    heads = HEADERS[language], "subscription_id,account_id,start_date,end_date,mrr,currency"
    files = [folder / "accounts.csv", folder / "subscriptions.csv"]
    for file, head, body in zip(files, heads, (rows, lines), strict=True):
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([head.split(","), *body])
    return files


@pytest.mark.whole
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_clean_book_warns_of_nothing(tmp_path: Path, language: str) -> None:
    files = write_book(tmp_path, language)
    now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
    bare = Request(rules=find_rules(None, tmp_path), now=now, as_of=AS_OF, remember=False)
    request = with_rules_for(bare, files)
    reports = (
        score(request, tmp_path / "s.json"),
        ltv_report(request, RevenueOptions(), tmp_path / "l.json"),
    )
    said = [each.code for report in reports for each in report.problems if each.severity is not Severity.NOTE]
    assert said == []
