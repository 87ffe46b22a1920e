"""`ltv-report` on orders: the sheets, CDNOW's published parameters through the command, orders beside subscriptions."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from books.revenue_tables import values
from cscli.reports.kit.model import Report, Sheet
from cscli.texts import as_language, text
from cscli.workflows import Request, RevenueOptions, ltv_report
from cscli.workspace.rules import find_rules
from places import NO_SHARED_DATA, SHARED_DATA

CDNOW = SHARED_DATA / "clv" / "cdnow_customers_summary_with_transactions.csv"
ORDERS = "  orders: {file: orders.csv, kind: orders, columns: {account_id: Customer, at: Day, amount: Paid}}"


def report_of(folder: Path, as_of: dt.date, sources: str, language: str = "en") -> Report:
    head = f"version: 1\nlanguage: {language}\nfiscal_year_start: 4\nsources:\n"
    (folder / "cscli.yaml").write_text(head + sources + "\n", encoding="utf-8")
    now = dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC)
    request = Request(rules=find_rules(None, folder), now=now, as_of=as_of, remember=False)
    return ltv_report(request, RevenueOptions(), folder / "ltv.xlsx")


def sheets_of(report: Report) -> dict[str, Sheet]:
    return {sheet.id: sheet for sheet in report.sheets}


def measures(sheet: Sheet) -> dict[str, float]:
    return dict(zip(sheet.column("measure"), sheet.column("value"), strict=True))


def rebuild(frame: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """An order a row: the first T weeks before the end, the last at t_x, the others on days between."""
    rows = []
    columns = [frame[name].to_numpy(np.float64) for name in ("ID", "T", "t_x", "x", "zbar")]
    for who, age, recency, repeats, mean in zip(*columns, strict=True):
        first, span, again = end - pd.Timedelta(days=round(age * 7)), round(recency * 7), int(repeats)
        days = {0, span} | set(np.linspace(0, span, again + 1).astype(int).tolist())
        spare = (day for day in range(1, span) if day not in days)
        days |= {next(spare) for _ in range(again + 1 - len(days))}
        rows += [(int(who), first + pd.Timedelta(days=day), mean if day else 10.0) for day in sorted(days)]
    return pd.DataFrame(rows, columns=["Customer", "Day", "Paid"])


@pytest.mark.slow
def test_cdnow_through_the_command(tmp_path: Path) -> None:
    """Whole days in place of hundredths of a week move the fit by less than the reference's tolerance."""
    if not CDNOW.exists():
        pytest.skip(NO_SHARED_DATA)
    orders = rebuild(pd.read_csv(CDNOW), pd.Timestamp("1997-09-30"))
    orders.to_csv(tmp_path / "orders.csv", index=False)
    report = report_of(tmp_path, dt.date(1997, 9, 30), ORDERS)
    found, expected = measures(sheets_of(report)["orders_summary"]), values("cdnow_params.csv")
    assert (found["orders_customers"], found["orders_repeaters"]) == (2357, 946)
    names = [name for name in found if name.startswith(("bgnbd", "gg"))]
    assert len(names) == 11
    for name in names:
        assert found[name] == pytest.approx(expected[name], abs=5e-3 if name.endswith("LL") else 2e-3), name
    ahead = sheets_of(report)["orders_forecast"]
    first = list(ahead.column("account_id")).index("1")
    assert ahead.column("p_alive")[first] == pytest.approx(
        expected["bgnbd_palive_x2_tx30.43_T38.86"], abs=1e-3
    )
    per_order = ahead.column("value_12m")[first] / ahead.column("orders_12m")[first]
    assert per_order == pytest.approx(expected["gg_condE_customer1_x2_m22.35"], abs=2e-3)
    order = list(found)
    assert order.index("hold_out_seen") < order.index("orders_12m")


@pytest.mark.parametrize(("language", "word"), [("en", "Won"), ("ja", "新規")])
def test_orders_alone_have_their_own_sheets(tmp_path: Path, language: str, word: str) -> None:
    """Of 100 in 2023 A and B paid 80 in 2024, of 87 then 9 in 2025; of 2022 ten months are known, which is no base for 2023;
    nothing is called MRR.
    """
    rows = (
        "Z,2022-03-01,5\nA,2023-05-01,60\nB,2023-06-01,40\nA,2024-05-01,80\nC,2024-07-01,7\nA,2025-05-01,9\n"
        "A,2026-02-01,9\n"
    )
    (tmp_path / "orders.csv").write_text("Customer,Day,Paid\n" + rows, encoding="utf-8")
    report = report_of(tmp_path, dt.date(2025, 12, 31), ORDERS, language)
    sheets = sheets_of(report)
    assert list(sheets) == [
        "orders_summary", "orders_years", "orders_cohorts", "rfm", "orders_forecast", "definitions",
    ]  # fmt: skip
    years = sheets["orders_years"]
    assert word in [column.label for column in years.columns]
    nrr = {
        (kind, period): value
        for kind, period, value in zip(years.column("kind"), years.column("period"), years.column("nrr"), strict=True)
    }  # fmt: skip
    assert nrr["calendar", "2024"] == pytest.approx(0.8)
    assert nrr["calendar", "2025"] == pytest.approx(9 / 87)
    assert nrr["fiscal", "FY2024"] == pytest.approx(0.8)
    assert np.isnan(nrr["calendar", "2023"])
    assert text("label.orders.begins", as_language(language)) == years.column("note")[1]
    assert "MRR" not in report.headline
    assert {problem.code for problem in report.problems} & {"revenue.no_start", "ltv.accounts_alone"} == set()
    assert "orders.later" in {problem.code for problem in report.problems}


def test_orders_beside_subscriptions_are_a_section_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("Customer,Day,Paid\nA,2024-05-01,500\n", encoding="utf-8")
    (tmp_path / "subs.csv").write_text("account_id,started_on,ended_on,mrr\nA,2024-01-01,,100\nB,2024-01-01,2025-01-15,50\n", encoding="utf-8")  # fmt: skip
    (tmp_path / "accounts.csv").write_text("account_id,started_on,churned_on\nA,2024-01-01,\nB,2024-01-01,2025-01-15\n", encoding="utf-8")  # fmt: skip
    sources = f"  accounts: {{file: accounts.csv}}\n  subs: {{file: subs.csv, kind: subscriptions}}\n{ORDERS}"
    sheets = sheets_of(report_of(tmp_path, dt.date(2025, 12, 31), sources))
    assert next(iter(sheets)) == "summary"
    assert {"movements", "orders_years", "rfm"} <= set(sheets)
    assert list(sheets)[-1] == "definitions"
    assert sheets["movements"].column("closing")[-1] == 100
    assert sheets["orders_years"].column("revenue")[0] == 500


BOTH = """\
version: 1
sources:
  accounts: {file: accounts.csv}
  orders: {file: orders.csv, kind: orders}
segments:
  buyers: [{name: regular, when: rfm_recency >= 4 AND rfm_frequency >= 4}, {name: other}]
"""


@pytest.mark.parametrize(("by", "of_a"), [("rfm", "555"), ("buyers", "regular")])
def test_rfm_is_a_column_of_the_account_and_of_rules(tmp_path: Path, by: str, of_a: str) -> None:
    """Five accounts, one a fifth: A bought last; A and B three times each share places 4 and 5: (4.5 - 0.5) / 5 = 0.8 begins
    the last fifth; A paid the most.
    """
    (tmp_path / "accounts.csv").write_text(
        "account_id,mrr,started_on\n" + "".join(f"{who},100,2024-01-01\n" for who in "ABCDEF"),
        encoding="utf-8",
    )
    days = {"A": (1, 2, 9), "B": (1, 2, 8), "C": (6, 7), "D": (5,), "E": (4,)}
    lines = [
        f"{who},2025-{month:02}-01,{500 if who == 'A' else ord(who)}\n" for who in days for month in days[who]
    ]
    (tmp_path / "orders.csv").write_text("account_id,at,amount\n" + "".join(lines), encoding="utf-8")
    (tmp_path / "cscli.yaml").write_text(BOTH, encoding="utf-8")
    now = dt.datetime(2025, 12, 31, 12, tzinfo=dt.UTC)
    request = Request(rules=find_rules(None, tmp_path), now=now, as_of=dt.date(2025, 9, 30))
    sheets = sheets_of(ltv_report(request, RevenueOptions(by=by), tmp_path / "ltv.xlsx"))
    segment = dict(
        zip(sheets["accounts"].column("account_id"), sheets["accounts"].column("segment"), strict=True)
    )
    assert segment["A"] == of_a
    assert segment["F"] == (None if by == "rfm" else "other")  # who never bought is in no fifth
    rfm = dict(zip(sheets["rfm"].column("account_id"), sheets["rfm"].column("rfm"), strict=True))
    assert rfm["A"] == "555"


def test_orders_alone_say_that_they_are_not_split(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "Customer,Day,Paid\nA,2025-05-01,60\nB,2025-06-01,40\n", encoding="utf-8"
    )
    report = report_of(tmp_path, dt.date(2026, 3, 31), f"{ORDERS}\nltv: {{by: rfm}}")
    assert [each.value for each in report.problems if each.code == "orders.not_split"] == ["rfm"]
