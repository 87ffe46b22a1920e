"""What customers are worth to sheets: segments, survival, accounts, unit_economics, economics, decomposition."""

from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.lifetime.ltv import ALL, tabulate_segments
from cscli.analysis.revenue.estimate import Remark
from cscli.reports.kit.model import Chart, ChartKind, Meaning, Sheet
from cscli.reports.revenue.parts import Subject, tabulate
from cscli.texts import label, text

_SEGMENTS = {
    "segment": Meaning.TEXT,
    **dict.fromkeys(("accounts", "churned", "account_months"), Meaning.COUNT),
    "arpa": Meaning.MONEY,
    "gross_margin": Meaning.RATE,
    "monthly_churn": Meaning.RATE,
    **dict.fromkeys(("ltv_simple", "ltv", "ltv_low", "ltv_high", "ltv_shrunk"), Meaning.MONEY),
    "note": Meaning.PROSE,
}
_ACCOUNTS = {
    "account_id": Meaning.ID,
    "name": Meaning.TEXT,
    "segment": Meaning.TEXT,
    "tenure_months": Meaning.COUNT,
    "mrr": Meaning.MONEY,
    "expected_months": Meaning.NUMBER,
    **dict.fromkeys(("ltv_remaining", "ltv_total", "cac"), Meaning.MONEY),
    "ltv_cac": Meaning.NUMBER,
    "churned_on": Meaning.DATE,
}
_ECONOMICS = {
    "year": Meaning.TEXT,
    **dict.fromkeys(
        ("revenue", "gross_margin_money", "acquisition", "cost_to_keep", "margin", "cumulative_margin"),
        Meaning.NUMBER,
    ),
}
_CHANGES = {
    **dict.fromkeys(("segment", "from", "to"), Meaning.TEXT),
    **dict.fromkeys(("ltv_before", "churn", "arpa", "margin", "ltv_after"), Meaning.MONEY),
    **dict.fromkeys(("months_before", "months_after"), Meaning.NUMBER),
    **dict.fromkeys(("arpa_before", "arpa_after"), Meaning.MONEY),
    **dict.fromkeys(("gross_margin_before", "gross_margin_after"), Meaning.RATE),
    "note": Meaning.PROSE,
}
_MOVES = {"churn": "from_churn", "arpa": "from_arpa", "margin": "from_margin"}
_PRODUCTS = {
    **dict.fromkeys(("product", "fiscal_year"), Meaning.TEXT),
    "accounts": Meaning.COUNT,
    "arpa": Meaning.MONEY,
    **dict.fromkeys(("monthly_churn", "gross_margin"), Meaning.RATE),
    **dict.fromkeys(
        ("effort", "ltv", "from_churn", "from_arpa", "from_margin", "from_effort"), Meaning.MONEY
    ),
    "note": Meaning.PROSE,
}
_OF_EFFORT = ("effort", "from_effort")


def segments_sheet(subject: Subject) -> Sheet:
    """`all` first, then the segments."""
    table = tabulate_segments(subject.study.estimates)
    notes = [subject.note(remarks) for remarks in table["remarks"]]
    charts = []
    if len(table) > 1 and table["ltv"].notna().any():
        title = text("chart.ltv_by_segment", subject.language)
        charts = [
            Chart(
                kind=ChartKind.COLUMNS,
                title=title,
                categories="segment",
                values="ltv",
                low="ltv_low",
                high="ltv_high",
            )
        ]
    return tabulate(subject, "segments", table.assign(note=pd.Series(notes, dtype=object)), _SEGMENTS, charts)


def survival_sheet(subject: Subject) -> Sheet:
    """The curve of all accounts by month, as far as it was seen within the horizon."""
    curve = subject.whole.curve
    months = min(len(curve.survival), subject.study.terms.ltv.horizon_months + 1) if curve.n else 0
    table = pd.DataFrame(
        {
            "month_number": np.arange(months),
            "survival": curve.survival[:months],
            "survival_low": curve.low[:months],
            "survival_high": curve.high[:months],
            "at_risk": curve.at_risk[:months],
            "churned": curve.events[:months],
        }
    )
    shares = ("survival", "survival_low", "survival_high")
    meanings = {"month_number": Meaning.COUNT, **dict.fromkeys(shares, Meaning.RATE)}
    meanings |= dict.fromkeys(("at_risk", "churned"), Meaning.COUNT)
    title = text("chart.survival", subject.language)
    chart = Chart(
        kind=ChartKind.LINES,
        title=title,
        categories="month_number",
        values="survival",
        low=shares[1],
        high=shares[2],
    )
    return tabulate(subject, "survival", table, meanings, (chart,) if months > 1 else ())


def accounts_sheet(subject: Subject) -> Sheet:
    """What remains of each account, the most first; those that have left come last."""
    study = subject.study
    table = study.accounts.assign(
        name=study.accounts["account_id"].map(subject.names),
        segment=study.accounts["segment"] if study.segment is not None else ALL,
        churned_on=study.tenures["churned_on"].to_numpy(),
    )
    order = table.assign(worth=-table["ltv_remaining"].fillna(-1.0), gone=table["churned_on"].notna())
    order = order.sort_values(["gone", "worth", "account_id"], kind="stable")
    return tabulate(subject, "accounts", order, _ACCOUNTS)


def unit_economics_sheet(subject: Subject) -> Sheet:
    """What winning a customer costs against what it brings, by segment."""
    found = subject.study.economics
    table = pd.DataFrame(
        {
            "segment": [one.segment for one in found],
            "cac": [one.cac for one in found],
            "payback_months": [one.payback_months.value for one in found],
            "payback_adjusted": [one.payback_adjusted.value for one in found],
            "ltv_cac": [one.ltv_cac.value for one in found],
            "ltv_cac_low": [one.ltv_cac.low for one in found],
            "ltv_cac_high": [one.ltv_cac.high for one in found],
            "note": [
                subject.note(dict.fromkeys((*one.ltv_cac.remarks, *one.payback_adjusted.remarks)))
                for one in found
            ],
        }
    )
    ratios = ("payback_months", "payback_adjusted", "ltv_cac", "ltv_cac_low", "ltv_cac_high")
    meanings = {"segment": Meaning.TEXT, "cac": Meaning.MONEY, **dict.fromkeys(ratios, Meaning.NUMBER)}
    return tabulate(subject, "unit_economics", table, {**meanings, "note": Meaning.PROSE})


def economics_sheet(subject: Subject) -> Sheet:
    """What 100 of first-year revenue of a new customer brings, year by year."""
    years = subject.study.years
    if years is None:
        return tabulate(subject, "economics", pd.DataFrame({name: [] for name in _ECONOMICS}), _ECONOMICS)
    words = [text("label.ltv.year_n", subject.language, number=year) for year in years["year"]]
    table = years.rename(columns={"gross_margin": "gross_margin_money"}).assign(year=words)
    title = text("chart.cumulative_margin", subject.language)
    charts = (Chart(kind=ChartKind.COLUMNS, title=title, categories="year", values="cumulative_margin"),)
    return tabulate(subject, "economics", table, _ECONOMICS, charts)


def decomposition_sheet(subject: Subject) -> Sheet:
    """How much of each year's change of LTV came from churn, from ARPA and from margin."""
    table = subject.study.changes
    few = subject.words((Remark.TOO_FEW,))
    notes = [few if judged else None for judged in table["few"]]
    sheet = tabulate(subject, "decomposition", table.assign(note=pd.Series(notes, dtype="object")), _CHANGES)
    columns = (
        replace(column, label=label(f"ltv.{_MOVES[column.id]}", subject.language))
        if column.id in _MOVES
        else column
        for column in sheet.columns
    )
    return replace(sheet, columns=tuple(columns))


def products_sheet(subject: Subject) -> Sheet | None:
    """LTV by product and fiscal year, and what moved it; None where there is no whole year."""
    table = subject.products
    if table is None or table.empty:
        return None
    few = text("label.ltv.few_left", subject.language)  # short, so that no paper is without it
    table = table.assign(note=pd.Series([few if judged else None for judged in table["few"]], dtype="object"))
    charts = []
    of_all = table[table["product"] == ALL]
    if len(of_all) > 1 and of_all["ltv"].notna().any():
        title = text("chart.ltv_by_year", subject.language)
        charts = [
            Chart(
                kind=ChartKind.COLUMNS, title=title, categories="fiscal_year", values="ltv", rows=len(of_all)
            )
        ]
    sheet = tabulate(replace(subject, by=subject.product), "products", table, _PRODUCTS, charts)
    sheet = replace(sheet, first=tuple(name for name in _PRODUCTS if name not in _OF_EFFORT))
    if table["effort"].isna().all():
        return sheet
    columns = tuple(
        replace(each, label=text("label.ltv.ltv_after_effort", subject.language))
        if each.id == "ltv"
        else each
        for each in sheet.columns
    )
    return replace(sheet, columns=columns)
