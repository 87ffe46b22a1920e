"""Where over a tenth of those who left have no date, nobody can say what a customer is worth."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from cscli.workflows import Request, RevenueOptions, ltv_report
from cscli.workspace.rules import find_rules

AS_OF = dt.date(2026, 10, 31)
HEADER = "account_id,name,mrr,gross_margin,started_on,churned_on,status\n"


@pytest.mark.parametrize(("undated", "is_withheld"), [(1, False), (2, True)])
def test_the_headline_needs_the_dates_of_those_who_left(
    undated: int, is_withheld: bool, tmp_path: Path
) -> None:
    """Nine have left with a date: one without is a tenth of ten, two are more."""
    dated = [f"D{at},Old {at},100,0.8,2024-01-01,2025-0{at + 1}-15,Churned" for at in range(9)]
    lost = [f"L{at},Lost {at},100,0.8,2024-01-01,,Churned" for at in range(undated)]
    here = [f"A{at},Firm {at},100,0.8,2024-01-01,,Active" for at in range(20)]
    (tmp_path / "accounts.csv").write_text(
        HEADER + "\n".join([*dated, *lost, *here]) + "\n", encoding="utf-8"
    )
    now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
    request = Request(
        rules=find_rules(None, tmp_path),
        now=now,
        as_of=AS_OF,
        accounts=tmp_path / "accounts.csv",
        remember=False,
    )
    report = ltv_report(request, RevenueOptions(), tmp_path / "ltv.json")
    assert ("have no date" in report.headline) is is_withheld
    summary = {sheet.id: sheet for sheet in report.sheets}["summary"]
    ltv = summary.column("value")[0]
    assert bool(np.isnan(ltv)) is is_withheld
