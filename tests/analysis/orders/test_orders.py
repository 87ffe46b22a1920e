"""Orders worked by hand and by pandas: windows, cohorts, fifths, and what is left out and said."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.orders.forecast import Refusal, forecast_orders
from cscli.analysis.orders.lines import Orders, read_orders
from cscli.analysis.orders.rfm import tabulate_rfm
from cscli.analysis.orders.study import study_orders
from cscli.analysis.orders.years import sum_months, tabulate_cohorts, tabulate_years
from cscli.errors import Location, Problem

AS_OF = dt.date(2025, 12, 31)


def read(*rows: tuple[str | None, str, float], as_of: dt.date = AS_OF) -> tuple[Orders, dict[str, Problem]]:
    frame = pd.DataFrame(rows, columns=["account_id", "at", "amount"]).astype({"account_id": object})
    frame["at"] = pd.to_datetime(frame["at"])
    orders, problems = read_orders(frame, as_of, {}, None, lambda row: Location(line=row + 2))
    return orders, {problem.code: problem for problem in problems}


def of_year(table: pd.DataFrame, period: str) -> dict[str, float]:
    return dict(table.set_index("period").loc[period].drop("kind"))


BOOK = (
    ("A", "2023-01-31", 100), ("A", "2024-03-01", 150), ("A", "2025-03-01", 90), ("B", "2023-05-05", 50), ("B", "2025-01-01", 60),
    ("C", "2024-01-31", 80), ("C", "2024-12-31", 20), ("D", "2025-06-30", 10), ("D", "2025-07-01", -4),
)  # fmt: skip


def test_years_by_hand() -> None:
    """2025: of A and C (250 in 2024) A bought again for 90; B, of 2023, is back; D is won, 6 after its refund."""
    table = tabulate_years(sum_months(read(*BOOK)[0]), 1)
    assert set(table["kind"]) == {"calendar", "rolling"}
    last = of_year(table[table["kind"] == "calendar"], "2025")
    counts = {"revenue": 156, "customers": 3, "won": 1, "kept": 1, "lost": 1, "back": 1}
    assert {name: last[name] for name in counts} == counts
    assert (last["nrr"], last["grr"]) == pytest.approx((90 / 250, 90 / 250))
    before = of_year(table[table["kind"] == "calendar"], "2024")
    assert (before["nrr"], before["grr"]) == pytest.approx((150 / 150, 100 / 150))
    rolling = of_year(table[table["kind"] == "rolling"], "2025-12")
    assert rolling["nrr"] == last["nrr"]


def test_part_of_a_year_is_no_base() -> None:
    """The orders begin in November 2023: of 2023 two months are known, so 2024 is compared with nothing, as is each rolling year
    up to 2025-09; the year to 2025-10 is the first whose year before is whole (November 2023 to October 2024: 1000).
    """
    rows = [("A", f"{year}-{month:02}-05", 100.0) for year in (2024, 2025) for month in range(1, 13)]
    table = tabulate_years(sum_months(read(("A", "2023-11-05", 100), *rows)[0]), 1)
    calendar, rolling = (table[table["kind"] == kind].set_index("period") for kind in ("calendar", "rolling"))
    assert calendar["begins"].tolist() == [False, True, False]
    assert calendar["is_begun"].tolist() == [True, False, False]
    assert calendar.loc["2024", ["nrr", "grr", "lost"]].isna().all()
    assert calendar.loc["2025", "nrr"] == 1
    known = rolling["nrr"].dropna()
    assert known.index[0] == "2025-10"
    assert known.iloc[0] == pytest.approx(1200 / 1100)


def test_a_year_that_is_not_over_is_compared_with_nothing() -> None:
    orders, found = read(*BOOK, as_of=dt.date(2025, 3, 15))
    table = tabulate_years(sum_months(orders), 4)
    last = of_year(table[table["kind"] == "calendar"], "2025")
    assert (last["revenue"], last["is_whole"]) == (150, False)
    assert np.isnan(last["nrr"])
    assert found["orders.later"].details["count"] == 2
    fiscal = table[table["kind"] == "fiscal"]["period"].tolist()
    assert fiscal == ["FY2022", "FY2023", "FY2024"]
    assert table[table["kind"] == "rolling"]["period"].iloc[-1] == "2025-02"


@pytest.mark.parametrize("seed", range(4))
def test_every_window_equals_pandas(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = 400
    days = pd.Timestamp("2022-01-01") + pd.to_timedelta(random.integers(0, 1461, count), unit="D")
    amount = np.round(random.lognormal(5, 1, count), 2) * random.choice([1, 1, 1, 1, -0.2], count)
    ids = [f"C{each}" for each in random.integers(0, 60, count)]
    rows = [(who, str(day), money) for who, day, money in zip(ids, days, amount, strict=True)]
    table = tabulate_years(sum_months(read(*rows)[0]), 1)
    frame = pd.DataFrame(rows, columns=["who", "at", "money"])
    pivot = frame.pivot_table(
        index="who", columns=frame["at"].str[:4], values="money", aggfunc="sum", fill_value=0.0
    )
    for year in ("2023", "2024", "2025"):
        before, now = pivot[str(int(year) - 1)], pivot[year]
        had = before > 0
        found = of_year(table[table["kind"] == "calendar"], year)
        assert found["nrr"] == pytest.approx(now[had].sum() / before[had].sum(), rel=1e-12)
        kept = np.minimum(before, now.clip(lower=0))[had].sum()
        assert found["grr"] == pytest.approx(kept / before[had].sum(), rel=1e-12)
        assert found["revenue"] == pytest.approx(now.sum(), rel=1e-12)
        assert found["won"] + found["back"] + found["kept"] == found["customers"]


def test_cohorts_by_hand() -> None:
    """Of the first quarter of 2023 A alone; it bought again in the fifth and the ninth quarter."""
    table = tabulate_cohorts(sum_months(read(*BOOK)[0]))
    first = table[table["cohort"] == "2023-Q1"].set_index("quarter_number")
    assert first.index.tolist() == list(range(12))
    assert first["logo_retention"].sum() == 3
    assert first["revenue_retention"][[0, 4, 8]].tolist() == pytest.approx([1, 1.5, 0.9])


def test_fifths_are_shared_by_those_that_are_alike() -> None:
    rows = [(f"C{at}", "2025-01-01", 10.0) for at in range(8)] + [("C8", "2025-12-01", 99.0)] * 2
    table = tabulate_rfm(read(*rows)[0]).set_index("account_id")
    assert set(table["rfm"][:8]) == {"333"}
    assert (table["rfm"]["C8"], table["orders"]["C8"], table["recency_days"]["C8"]) == ("555", 2, 30)


def test_what_does_not_count_is_said_with_its_place() -> None:
    orders, found = read(
        ("A", "2025-01-01", 10), ("A", "2025-01-02", 0), (None, "2025-01-01", 5), ("B", "NaT", 5), ("C", "2025-01-01", float("nan")),
        ("D", "2025-02-01", 10), ("D", "2025-03-01", -30),
    )  # fmt: skip
    counts = {code: problem.details["count"] for code, problem in found.items()}
    assert counts == {
        "orders.no_account": 1,
        "orders.unreadable": 2,
        "orders.nothing": 1,
        "orders.refunds_above": 1,
    }
    assert (found["orders.unreadable"].value, found["orders.unreadable"].where.line) == ("B, C", 5)
    study = study_orders(orders, 1)
    assert study.rfm["account_id"].tolist() == ["A", "D"]
    assert study.rfm["revenue"].tolist() == [10, -20]


def test_another_currency_needs_a_rate() -> None:
    frame = pd.DataFrame({"account_id": ["A", "A", "B"], "at": pd.to_datetime(["2025-01-01"] * 3), "amount": [1.0, 2.0, 4.0]})  # fmt: skip
    frame["currency"] = ["JPY", "USD", "EUR"]
    orders, problems = read_orders(frame, AS_OF, {"USD": 150.0}, "JPY", lambda _: Location())
    assert orders.lines["amount"].tolist() == [1, 300]
    assert [(problem.code, problem.value) for problem in problems] == [("orders.no_rate", "B")]


def test_a_column_of_words_is_no_day() -> None:
    frame = pd.DataFrame({"account_id": ["A"], "at": ["soon"], "amount": [1.0]})
    orders, problems = read_orders(frame, AS_OF, {}, None, lambda _: Location())
    assert orders.lines.empty
    assert [problem.code for problem in problems] == ["orders.unreadable"]


def test_few_that_bought_again_are_no_forecast() -> None:
    """One customer with one order; 99 that bought twice: nothing, and why."""
    alone = study_orders(read(("A", "2025-12-31", 10.0))[0], 4)
    assert (alone.forecast.refusal, alone.forecast.customers, alone.last_year) == (Refusal.FEW, 1, None)
    twice = [(f"C{at}", day, 10.0) for at in range(99) for day in ("2025-01-01", "2025-06-01")]
    assert forecast_orders(read(*twice)[0]).refusal is Refusal.FEW


def test_orders_that_fit_no_model_are_no_forecast() -> None:
    """Everybody buys at the same two days: nothing differs between them, and the fit runs off."""
    twice = [(f"C{at}", day, 10.0) for at in range(150) for day in ("2025-01-01", "2025-12-31")]
    found = forecast_orders(read(*twice)[0])
    assert (found.refusal, len(found.table)) == (Refusal.NO_FIT, 0)
