"""Of accounts without any amount nothing is said in money: what is not known is not 0."""

import datetime as dt
from pathlib import Path

import pytest

from cscli.reports.actions.at_risk import owner_lines
from cscli.reports.kit.model import Report
from cscli.workflows import Request, RevenueOptions, at_risk, ltv_report, opportunities
from cscli.workspace.rules import find_rules

AS_OF = dt.date(2026, 10, 31)


@pytest.fixture
def request_of_no_money(tmp_path: Path) -> Request:
    text = "account_id,name,seats,active_users,started_on\nA1,Acme,10,1,2024-01-01\nA2,Beta,10,9,2024-05-01\n"
    (tmp_path / "accounts.csv").write_text(text, encoding="utf-8")
    now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
    return Request(
        rules=find_rules(None, tmp_path),
        now=now,
        as_of=AS_OF,
        accounts=tmp_path / "accounts.csv",
        remember=False,
    )


def says_money(report: Report) -> bool:
    return any(sign in report.headline.lower() for sign in ("¥", "nan"))


def test_lists_rank_by_score_and_say_so(request_of_no_money: Request, tmp_path: Path) -> None:
    calls = at_risk(request_of_no_money, tmp_path / "out.json")
    offers = opportunities(request_of_no_money, tmp_path / "out.json")
    assert not says_money(calls)
    assert not says_money(offers)
    assert "no ARR is known" in calls.headline
    assert "no MRR is known" in offers.headline
    assert owner_lines(calls) == ["(no owner): 1 account, 3 h"]


def test_no_month_has_an_mrr_of_0(request_of_no_money: Request, tmp_path: Path) -> None:
    report = ltv_report(request_of_no_money, RevenueOptions(), tmp_path / "out.json")
    sheets = {sheet.id: sheet for sheet in report.sheets}
    summary = dict(zip(sheets["summary"].column("measure"), sheets["summary"].column("value"), strict=True))
    assert summary["mrr"] != summary["mrr"]  # missing
    assert len(sheets["movements"]) == len(sheets["bridge"]) == 0
    assert not says_money(report)
