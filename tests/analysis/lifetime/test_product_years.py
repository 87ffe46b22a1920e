"""LTV by product and fiscal year. Oracles: a book by hand, and Shapley values over all orders (Shapley 1953)."""

import datetime as dt
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from books.revenue_tables import history_of
from cscli.analysis.lifetime.decomposition import LtvFactors, decompose, effort_shares
from cscli.analysis.lifetime.ltv import LtvTerms
from cscli.analysis.lifetime.product_years import COLUMNS, Products, YearTerms, tabulate_products

AS_OF = dt.date(2026, 10, 31)
TERMS = YearTerms(as_of=AS_OF, first_month=4, ltv=LtvTerms(60, 0.0), since=None)
FACTORS = st.tuples(
    st.floats(1, 1e6), st.floats(0.01, 1), st.floats(1, 60), st.floats(0, 1e4)
)  # ARPA, margin, months, effort


def worth(arpa: float, margin: float, months: float, effort: float) -> float:
    return (arpa * margin - effort) * months


@given(FACTORS, FACTORS)
def test_each_share_is_its_effect_over_all_orders(
    before: tuple[float, ...], after: tuple[float, ...]
) -> None:
    shares = np.zeros(4)
    for order in permutations(range(4)):
        now = list(before)
        for each in order:
            held = worth(*now)
            now[each] = after[each]
            shares[each] += (worth(*now) - held) / 24
    change = decompose(LtvFactors(*before[:3]), LtvFactors(*after[:3]))
    effort, churn = effort_shares(LtvFactors(*before[:3]), LtvFactors(*after[:3]), (before[3], after[3]))
    found = (change.arpa, change.margin, change.churn + churn, effort)
    assert found == pytest.approx(shares, rel=1e-9, abs=1e-3)
    assert sum(found) == pytest.approx(worth(*after) - worth(*before), rel=1e-9, abs=1e-3)


def book() -> pd.DataFrame:
    """Two accounts a product since April 2023: of A one left in May 2025, one's price is 200; B is all the same."""
    days = {name: pd.Timestamp("2023-04-01") for name in ("A1", "A2", "B1", "B2")}
    frame = pd.DataFrame(
        {"account_id": list(days), "started_on": list(days.values()), "mrr": [100.0, 200.0, 50.0, 50.0]}
    )
    left = [pd.Timestamp("2025-05-31"), pd.NaT, pd.NaT, pd.NaT]
    return frame.assign(churned_on=pd.Series(left, dtype="datetime64[us]"), gross_margin=0.5, cac=np.nan)


def table_of(effort: list[float] | None) -> pd.DataFrame:
    frame = book()
    lines = frame[["account_id", "started_on", "mrr"]].assign(ended_on=frame["churned_on"])
    history = history_of(lines, AS_OF.isoformat())
    products = Products(
        of=np.array(["A", "A", "B", "B"], dtype=object), effort=None if effort is None else np.array(effort)
    )
    return tabulate_products(frame, products, history, TERMS)


def test_a_product_by_hand() -> None:
    """Of B nobody leaves: 60 months of 50 x 0.5, 1,500 in each year. Of all, four pay 100 on the mean at the end of FY2024."""
    table = table_of(None)
    assert list(table.columns) == list(COLUMNS)
    assert table["product"].unique().tolist() == ["all", "A", "B"]
    of_b = table[table["product"] == "B"]
    assert of_b["fiscal_year"].tolist() == ["FY2023", "FY2024", "FY2025", "FY2026"]
    assert of_b["ltv"].tolist() == [1500.0] * 4
    assert of_b["from_churn"].fillna(0).tolist() == [0.0] * 4
    of_a = table[table["product"] == "A"].set_index("fiscal_year").to_dict("index")
    assert [row["accounts"] for row in of_a.values()] == [2, 2, 1, 1]
    assert of_a["FY2024"]["ltv"] == 60 * 150 * 0.5
    last = of_a["FY2025"]
    assert last["from_churn"] < 0
    moved = last["from_churn"] + last["from_arpa"] + last["from_margin"]
    assert moved == pytest.approx(last["ltv"] - of_a["FY2024"]["ltv"])


def test_effort_is_taken_from_each_month() -> None:
    """10 a month of each account of B: (25 - 10) x 60."""
    table = table_of([5.0, 5.0, 10.0, 10.0])
    of_b = table[table["product"] == "B"]
    assert of_b["ltv"].tolist() == [900.0] * 4
    assert of_b["from_effort"].fillna(0).tolist() == [0.0] * 4
    assert table[table["product"] == "all"]["effort"].tolist() == pytest.approx([7.5, 7.5, 25 / 3, 25 / 3])
