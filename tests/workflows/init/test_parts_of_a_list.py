"""Customers in three files, one row each in all of them, with tenures and a flag in place of dates: one book, one LTV."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from books.revenue_tables import TELCO, table
from cscli.reports.kit.model import Report
from cscli.workflows import Request, RevenueOptions, ltv_report
from cscli.workflows.init.write import NewRules, init
from cscli.workspace.rules import find_rules
from places import NO_SHARED_DATA

NOW = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
PARTS = {
    "demographics": {"customerID": "Customer ID", "gender": "Gender", "Partner": "Married"},
    "services": {
        "customerID": "Customer ID",
        "tenure": "Tenure in Months",
        "Contract": "Contract",
        "MonthlyCharges": "Monthly Charge",
    },
    "status": {"customerID": "Customer ID", "Churn": "Churn Label"},
}


def report_of(folder: Path, margin: float | None) -> Report:
    request = Request(rules=find_rules(None, folder), now=NOW, as_of=NOW.date(), remember=False)
    return ltv_report(request, RevenueOptions(gross_margin=margin), folder / "ltv.json")


@pytest.mark.parametrize("count", [400, pytest.param(7043, marks=pytest.mark.slow)])
def test_three_files_are_one_list(tmp_path: Path, count: int) -> None:
    """The reference of the whole file; of its first rows, months and flags by pandas."""
    if not TELCO.exists():
        pytest.skip(NO_SHARED_DATA)
    whole = pd.read_csv(TELCO).head(count)
    for name, columns in PARTS.items():
        path = tmp_path / f"telco_churn_{name}.csv"
        whole[list(columns)].rename(columns=columns).to_csv(path, index=False)
    init_in(tmp_path)
    report = report_of(tmp_path, 0.7)
    sheets = {sheet.id: sheet for sheet in report.sheets}
    summary = sheets["summary"]
    rows = {name: at for at, name in enumerate(summary.column("measure"))}
    churn = summary.column("value")[rows["monthly_churn"]]
    assert churn == pytest.approx((whole["Churn"] == "Yes").sum() / whole["tenure"].sum(), rel=1e-9)
    assert summary.column("n")[rows["monthly_churn"]] == count
    if count == len(pd.read_csv(TELCO)):
        expected = table("telco_ltv_methods.csv").set_index("group").loc["all"]
        assert summary.column("value")[rows["ltv"]] == pytest.approx(expected["LTV_disc60_gm70"], abs=5.1e-3)
        assert summary.column("value")[rows["ltv_simple"]] == pytest.approx(
            expected["LTV_naive_gm70"], abs=5.1e-3
        )
    # nobody knows when they left: no retention, no movements, and it is said
    assert np.isnan(summary.column("value")[rows["nrr_12m"]])
    assert len(sheets["movements"]) == len(sheets["cohorts"]) == len(sheets["retention"]) == 0
    assert "ltv.churn_months_few" in {problem.code for problem in report.problems}


def test_without_a_margin_revenue_is_told(tmp_path: Path) -> None:
    rows = "".join(
        f"C{at:03d},{at % 30 + 1},{10 + at},{'Yes' if at % 4 == 0 else 'No'}\n" for at in range(80)
    )
    (tmp_path / "customers.csv").write_text(
        "Customer ID,tenure,MonthlyCharges,Churn\n" + rows, encoding="utf-8"
    )
    init_in(tmp_path)
    report = report_of(tmp_path, None)
    assert "of revenue over 60 months" in report.headline
    assert "No accounts" not in report.headline


def init_in(folder: Path) -> None:
    exports = tuple(sorted(folder.glob("*.csv")))
    init(NewRules(path=folder / "cscli.yaml", preset="starter", exports=exports, now=NOW))
