"""`cscli ltv-report` as people run it: a real process, every form read back, figures worked again from the files."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from places import REFERENCE, SAMPLE

AS_OF = "2026-10-31"
SUMMARY = ["measure", "value", "low", "high", "n", "events", "definition"]
SHEETS = [
    "summary", "segments", "survival", "accounts", "bridge", "movements", "retention", "cohort_map", "cohorts",
    "unit_economics", "economics", "decomposition", "products", "definitions",
]  # fmt: skip
RULES = """\
version: 1
language: en
currency: JPY
timezone: Asia/Tokyo
sources:
  accounts: {file: accounts.csv}
SOURCE
exchange_rates: {USD: RATE}
metrics:
  mrr: {value: mrr, points: {kind: linear, zero: 0, full: 1000}}
scorecards:
  - {name: all, groups: {one: {weight: 1, metrics: {mrr: 1}}}}
segments:
  size: [{name: big, when: mrr >= 100}, {name: small}]
  mood: [{name: good, when: score >= 50}, {name: bad}]
"""


def run(folder: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", "ltv-report", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    return result


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    sheets: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))["sheets"]
    return sheets


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample book's report in every form."""
    folder = tmp_path_factory.mktemp("ltv")
    for name in ("accounts.xlsx", "subscriptions.csv"):
        shutil.copy(SAMPLE / name, folder)
    for output in ("ltv.json", "ltv.csv", "ltv.md", "ltv.xlsx"):
        run(folder, "accounts.xlsx", "--as-of", AS_OF, "-o", output, "-q")
    run(folder, "accounts.xlsx", "--as-of", AS_OF, "-o", "ja.xlsx", "--lang", "ja", "-q")
    return folder


def book(folder: Path, accounts: str, rules: str = "", rate: str = "150") -> Path:
    """A book of its own: `accounts` as CSV, `rules` as further sources."""
    text = RULES.replace("SOURCE", rules).replace("RATE", rate)
    (folder / "cscli.yaml").write_text(text, encoding="utf-8")
    (folder / "accounts.csv").write_text(accounts, encoding="utf-8")
    return folder


def subscriptions_by_month() -> dict[str, float]:
    """MRR of every month end worked from subscriptions.csv, row by row, in yen at 150."""
    with (SAMPLE / "subscriptions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    total: dict[str, float] = {}
    for month in pd.period_range("2021-05", "2026-10", freq="M"):
        day = str(month.end_time.date())
        live = [
            float(row["amount"]) / float(row["period_months"]) * (150 if row["currency"] == "USD" else 1)
            for row in rows
            if row["kind"] == "paid"
            and row["started_on"] <= day
            and (not row["ended_on"] or row["ended_on"] > day)
        ]
        total[str(month)] = sum(live)
    return total


@pytest.mark.slow
def test_the_sheets_and_columns_are_the_contract(sample: Path) -> None:
    sheets = rows_of(sample / "ltv.json")
    assert list(sheets) == SHEETS
    assert list(sheets["summary"][0]) == SUMMARY
    assert list(sheets["segments"][0]) == [
        "segment", "accounts", "churned", "account_months", "arpa", "gross_margin", "monthly_churn", "ltv_simple",
        "ltv", "ltv_low", "ltv_high", "ltv_shrunk", "note",
    ]  # fmt: skip
    assert list(sheets["movements"][0]) == [
        "month", "opening", "new", "reactivation", "expansion", "contraction", "churn", "fx", "closing", "nrr", "grr",
        "logo_churn", "quick_ratio", "accounts_opening", "accounts_churned",
    ]  # fmt: skip
    assert list(sheets["accounts"][0])[:10] == [
        "account_id", "name", "segment", "tenure_months", "mrr", "expected_months", "ltv_remaining", "ltv_total",
        "cac", "ltv_cac",
    ]  # fmt: skip
    assert sheets["segments"][0]["segment"] == "all"


def test_movements_reconcile_with_the_subscriptions(sample: Path) -> None:
    """Oracle: every month end summed from the file in this test; the yen's hundredths are rounding."""
    movements = rows_of(sample / "ltv.json")["movements"]
    expected = subscriptions_by_month()
    assert [row["month"] for row in movements] == list(expected)
    for row in movements:
        assert row["closing"] == pytest.approx(expected[row["month"]], abs=0.01)
        gains = row["new"] + row["reactivation"] + row["expansion"] + row["fx"]
        ends = row["opening"] + gains - row["contraction"] - row["churn"]
        assert ends == pytest.approx(row["closing"], abs=0.01)


def test_the_last_closing_is_the_mrr_of_the_live_accounts(sample: Path) -> None:
    """Oracle: accounts_ja.csv, whose rows agree; without its total, its double, and with the one that reads n/a."""
    table = pd.read_csv(SAMPLE / "accounts_ja.csv", encoding="cp932", dtype=str)
    live = table[table["解約日"].isna() & (table["顧客ID"] != "合計")].drop_duplicates("顧客ID")
    written = live[["顧客ID", "月額"]].set_index("顧客ID")["月額"].str.normalize("NFKC")
    known = pd.to_numeric(written.str.replace(r"[^0-9.]", "", regex=True), errors="coerce")
    closing = rows_of(sample / "ltv.json")["movements"][-1]["closing"]
    unread = {row["account_id"]: row["mrr"] for row in rows_of(sample / "ltv.json")["accounts"]}["A0021"]
    assert closing == pytest.approx(float(known.sum()) + unread, abs=0.5)


def test_retention_of_a_year_is_worked_again(sample: Path) -> None:
    """Oracle: sums over the accounts of the file in this test, with pandas."""
    frame = pd.read_csv(SAMPLE / "subscriptions.csv", dtype={"account_id": str})
    rate = frame["currency"].map({"USD": 150}).fillna(1)
    frame["mrr"] = frame["amount"] / frame["period_months"] * rate * (frame["kind"] == "paid")

    def at(day: str) -> "pd.Series[float]":
        live = frame[(frame["started_on"] <= day) & ~(frame["ended_on"] <= day)]
        return live.groupby("account_id")["mrr"].sum()

    opening = at("2025-10-31")
    opening = opening[opening > 0]
    closing = at("2026-10-31").reindex(opening.index).fillna(0)
    found = rows_of(sample / "ltv.json")["retention"]
    year = next(row for row in found if row["window"] == "12m" and row["segment"] == "all")
    assert year["nrr"] == pytest.approx(closing.sum() / opening.sum(), abs=1e-9)
    assert year["grr"] == pytest.approx(closing.clip(upper=opening).sum() / opening.sum(), abs=1e-9)
    assert year["logo_churn"] == pytest.approx((closing == 0).mean(), abs=1e-12)
    assert year["nrr_low"] < year["nrr"] < year["nrr_high"]
    assert [row["window"] for row in found if row["segment"] == "all"][:3] == ["1m", "3m", "12m"]


def test_the_summary_says_what_the_segments_say(sample: Path) -> None:
    sheets = rows_of(sample / "ltv.json")
    summary = {row["measure"]: row for row in sheets["summary"]}
    whole = sheets["segments"][0]
    assert summary["ltv"]["value"] == whole["ltv"]
    assert summary["ltv"]["low"] < whole["ltv"] < summary["ltv"]["high"]
    margin = whole["arpa"] * whole["gross_margin"]
    assert whole["ltv_simple"] == pytest.approx(margin * whole["account_months"] / whole["churned"])
    assert whole["ltv"] < whole["ltv_simple"]
    assert all(row["definition"] for row in sheets["summary"])
    few = [row for row in sheets["segments"][1:] if row["churned"] < 20]
    assert few
    assert all("Too few to judge" in row["note"] for row in few)


def test_changes_of_ltv_add_up(sample: Path) -> None:
    for row in rows_of(sample / "ltv.json")["decomposition"]:
        parts = row["ltv_before"] + row["churn"] + row["arpa"] + row["margin"]
        assert parts == pytest.approx(row["ltv_after"], rel=1e-12)


def test_the_workbook_has_its_charts_in_both_languages(sample: Path) -> None:
    for name, first in (("ltv.xlsx", "Summary"), ("ja.xlsx", "集計")):
        workbook = openpyxl.load_workbook(sample / name)
        assert workbook.sheetnames[0] == first
        assert len(workbook.sheetnames) == len(SHEETS) + 1
        drawn = [sheet.title for sheet in workbook.worksheets if sheet._charts]  # type: ignore[attr-defined]  # openpyxl has no other way to tell
        assert len(drawn) == 5, "bridge, survival, segments, economics, products"
        coloured = [sheet for sheet in workbook.worksheets if sheet.conditional_formatting]
        assert any(
            rule.type == "colorScale"
            for sheet in coloured
            for area in sheet.conditional_formatting
            for rule in area.rules
        )


def test_csv_and_markdown_hold_the_summary(sample: Path) -> None:
    with (sample / "ltv.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert list(table[0]) == SUMMARY
    assert float(table[0]["value"]) == rows_of(sample / "ltv.json")["summary"][0]["value"]
    assert "LTV (60 months)" in (sample / "ltv.md").read_text(encoding="utf-8")


def test_the_reference_book_through_the_command(tmp_path: Path) -> None:
    """Oracle: the published expected values of the reference tables: NRR 345/330 and GRR 320/330."""
    lines = pd.read_csv(REFERENCE / "mrr_subscriptions.csv").rename(columns={"account": "account_id"})
    accounts = lines.groupby("account_id")["start_date"].min().reset_index()
    columns = "{account_id: account, started_on: start_date, ended_on: end_date}"
    source = f"  subscriptions: {{file: subscriptions.csv, kind: subscriptions, columns: {columns}}}"
    book(tmp_path, accounts.to_csv(index=False), source)
    shutil.copy(REFERENCE / "mrr_subscriptions.csv", tmp_path / "subscriptions.csv")
    run(tmp_path, "--as-of", "2024-06-30", "--from", "2023-12", "--to", "2024-06", "-o", "out.json", "-q")
    window = rows_of(tmp_path / "out.json")["retention"]
    assert [row["window"] for row in window] == ["2023-12..2024-06"]
    assert window[0]["nrr"] == pytest.approx(345 / 330)
    assert window[0]["grr"] == pytest.approx(320 / 330)


def test_mrr_by_month_gives_movements_too(tmp_path: Path) -> None:
    """Worked by hand: A grows by 20, B leaves in March."""
    table = "account_id,month,mrr\nA,2026-01,100\nA,2026-02,100\nA,2026-03,120\nB,2026-01,50\nB,2026-02,50\n"
    (tmp_path / "mrr.csv").write_text(table, encoding="utf-8")
    accounts = "account_id,started_on,churned_on\nA,2026-01-01,\nB,2026-01-01,2026-03-01\n"
    book(tmp_path, accounts, "  monthly: {file: mrr.csv, kind: mrr}")
    run(tmp_path, "--as-of", "2026-03-31", "-o", "out.json", "-q")
    last = rows_of(tmp_path / "out.json")["movements"][-1]
    assert last | {"month": "2026-03", "opening": 150, "expansion": 20, "churn": 50, "closing": 120} == last
    assert last["nrr"] == pytest.approx(120 / 150)


def test_dates_that_the_accounts_lack_come_from_their_revenue(tmp_path: Path) -> None:
    """Worked by hand: A pays from January on, B in January and February and left in March."""
    lines = "account_id,started_on,ended_on,mrr\nA,2026-01-01,,100\nB,2026-01-01,2026-03-15,50\n"
    (tmp_path / "subscriptions.csv").write_text(lines, encoding="utf-8")
    book(
        tmp_path,
        "account_id,name\nA,One\nB,Two\n",
        "  subs: {file: subscriptions.csv, kind: subscriptions}",
    )
    result = run(tmp_path, "--as-of", "2026-04-30", "-o", "out.json")
    found = {row["account_id"]: row for row in rows_of(tmp_path / "out.json")["accounts"]}
    assert (found["A"]["tenure_months"], found["A"]["churned_on"]) == (3, None)
    assert (found["B"]["tenure_months"], found["B"]["churned_on"]) == (2, "2026-03-01")
    assert "no churn dates: 1 account" in result.stderr


DEGENERATE = {
    "no churn": ("A,2024-01-01,,100,0.7\nB,2024-06-01,,200,0.7\n", "ltv", "No account has left yet"),
    "one account": ("A,2024-01-01,,100,0.7\n", "ltv", "No account has left yet"),
    "one month": ("A,2026-06-01,,100,0.7\nB,2026-06-15,,50,0.7\n", "nrr_12m", "Fewer than 12 months"),
    "all left in month one": ("A,2026-05-01,2026-05-20,100,0.7\nB,2026-05-02,2026-05-25,9,0.7\n", "ltv_simple", "There is no time at risk"),
    "no margin": ("A,2024-01-01,2025-01-01,100,\nB,2024-06-01,,200,\n", "ltv", "No gross margin is known"),
    "no MRR": ("A,2024-01-01,2025-01-01,,0.7\nB,2024-06-01,,,0.7\n", "ltv", "No MRR is known"),
    "no start": ("A,,,100,0.7\nB,,,200,0.7\n", "ltv", "No start dates"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEGENERATE)
@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_what_cannot_be_said_is_said(tmp_path: Path, name: str, form: str) -> None:
    rows, measure, words = DEGENERATE[name]
    book(tmp_path, "account_id,started_on,churned_on,mrr,gross_margin\n" + rows)
    run(tmp_path, "--as-of", "2026-06-30", "-o", f"out.{form}", "--by", "size")
    if form == "json":
        summary = {row["measure"]: row for row in rows_of(tmp_path / "out.json")["summary"]}
        assert words in summary[measure]["definition"]
        # where nobody left, the low end is what the bound of churn leaves
        is_known = name in {"no churn", "one account"}
        assert (summary[measure]["value"] is not None) is is_known
        assert (summary[measure]["low"] is not None) is is_known
        assert summary[measure]["high"] is None


def test_options_replace_the_terms(tmp_path: Path) -> None:
    """Worked by hand: nobody leaves, so 12 months without discount at 75% of 50,000 are 450,000."""
    book(tmp_path, "account_id,started_on,mrr,plan\nA,2024-01-01,50000,x\nB,2024-01-01,50000,y\n")
    terms = ["--horizon", "12", "--discount", "0", "--margin", "0.75", "--by", "plan"]
    run(tmp_path, "--as-of", "2026-06-30", *terms, "-o", "out.json", "-q")
    segments = rows_of(tmp_path / "out.json")["segments"]
    assert [(row["segment"], row["ltv"]) for row in segments] == [
        ("all", 450000),
        ("x", 450000),
        ("y", 450000),
    ]


def test_month_end_rates_have_their_own_line(tmp_path: Path) -> None:
    """Worked by hand: 10 dollars at 150, worth 140 at the end of June: 100 yen less, and no contraction."""
    lines = "account_id,started_on,mrr,currency\nA,2026-05-01,10,USD\nB,2026-05-01,500,JPY\n"
    (tmp_path / "subscriptions.csv").write_text(lines, encoding="utf-8")
    rate = "{constant: 150, by_month: {2026-06: 140}}"
    source = "  subscriptions: {file: subscriptions.csv, kind: subscriptions}"
    book(tmp_path, "account_id,started_on\nA,2026-05-01\nB,2026-05-01\n", source, rate)
    run(tmp_path, "--as-of", "2026-06-30", "-o", "out.json", "-q")
    last = rows_of(tmp_path / "out.json")["movements"][-1]
    assert (last["opening"], last["fx"], last["contraction"], last["closing"]) == (2000, -100, 0, 1900)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--by", "mood"], "depends on the score"),
        (["--by", "sise"], "nearest: size"),
        (["--from", "2026"], "is not a month"),
        (["--from", "2030-01"], "is no window"),
    ],
)
def test_wrong_use_says_what_is_possible(tmp_path: Path, arguments: list[str], words: str) -> None:
    book(tmp_path, "account_id,started_on,mrr\nA,2024-01-01,100\n")
    result = run(tmp_path, "--as-of", "2026-06-30", *arguments, "-o", "out.json", code=2)
    assert words in result.stderr
    assert not (tmp_path / "out.json").exists()


def test_benchmarks_stand_beside_the_figures(tmp_path: Path) -> None:
    book(tmp_path, "account_id,started_on,mrr\nA,2024-01-01,100\nB,2024-01-01,100\n")
    published = "ltv.published_benchmarks=[nrr_japan_mean]"
    own = "ltv.benchmarks=[{measure: grr_12m, value: 0.9, source: Board 2026}]"
    run(tmp_path, "--as-of", "2026-06-30", "--set", published, "--set", own, "-o", "out.json", "-q")
    summary = {row["measure"]: row for row in rows_of(tmp_path / "out.json")["summary"]}
    assert summary["benchmark_nrr_japan_mean"]["value"] == 1.09
    assert "2018" in summary["benchmark_nrr_japan_mean"]["definition"]
    assert summary["benchmark_1_grr_12m"]["definition"] == "Board 2026"
