"""Oracle: lines made by hand; each expected day is worked out beside its test."""

import numpy as np
import pandas as pd

from cscli.analysis.backtesting.outcomes import (
    compare_outcomes,
    contracted,
    ends_of_mrr,
    ends_of_subscriptions,
    terms_at,
)
from cscli.analysis.revenue.mrr import MrrHistory


def lines(*rows: tuple[str, str, str | None, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["account_id", "started_on", "ended_on", "period_months"])
    return table.assign(
        started_on=pd.to_datetime(table["started_on"]), ended_on=pd.to_datetime(table["ended_on"])
    )


def test_the_end_of_the_last_line_is_the_end_and_a_gap_of_more_than_31_days_too() -> None:
    found = ends_of_subscriptions(
        lines(
            ("goes_on", "2025-01-01", "2025-06-01", 1), ("goes_on", "2025-06-20", None, 1),
            ("ended", "2025-01-01", "2025-06-01", 1),
            ("came_back", "2025-01-01", "2025-03-01", 1), ("came_back", "2025-05-01", None, 1),
            ("two_lines", "2025-01-01", None, 1), ("two_lines", "2025-01-01", "2025-02-01", 1),
        )
    )  # fmt: skip
    assert found["ended"] == pd.Timestamp("2025-06-01")
    assert found["came_back"] == pd.Timestamp("2025-03-01")
    assert pd.isna(found["goes_on"])
    assert pd.isna(found["two_lines"])


def history() -> MrrHistory:
    """A pays all four months, b stops after two, c halves in the last."""
    months = np.arange("2025-01", "2025-05", dtype="datetime64[M]")
    units = np.array([[5, 5, 5, 5], [5, 5, 0, 0], [10, 10, 10, 5]], dtype=np.int64) * 10_000
    return MrrHistory(account_ids=np.array(["a", "b", "c"], dtype=object), months=months, units=units)


def test_mrr_ends_at_the_first_month_end_without() -> None:
    found = ends_of_mrr(history())
    assert found["b"] == pd.Timestamp("2025-03-31")
    assert found[["a", "c"]].isna().all()


def test_a_contraction_is_less_than_nine_tenths() -> None:
    t0 = pd.Timestamp("2025-02-28")
    assert contracted(history(), t0, pd.Timestamp("2025-04-30")) == {"b", "c"}
    assert contracted(history(), t0, pd.Timestamp("2025-03-31")) == {"b"}


def test_two_sources_of_ten_that_differ_in_three_disagree() -> None:
    days = pd.Series(pd.Timestamp("2025-06-10"), index=[f"A{place}" for place in range(10)])
    other = days.copy()
    other = other.mask(other.index.isin(["A0", "A1"]))
    other.iloc[2] = pd.Timestamp("2025-08-10")
    span = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-12-31")
    found = compare_outcomes({"churned_on": days, "mrr_zero": other}, *span)[0]
    assert (found.either, found.who, found.when, found.is_grave) == (10, 2, 1, True)
    other.iloc[2] = days.iloc[2]
    assert not compare_outcomes({"churned_on": days, "mrr_zero": other}, *span)[0].is_grave


def test_an_annual_contract_renews_on_its_next_start_after_the_lead() -> None:
    """Begun 2024-02-01: the starts after 2025-01-31 + 30 days (2025-03-02) are 2026-02-01 and so on."""
    found = terms_at(
        lines(("year", "2024-02-01", None, 12), ("month", "2024-02-01", None, 1)),
        pd.Timestamp("2025-01-31"),
        30,
    )
    assert found["term"].to_dict() == {"year": "annual", "month": "monthly"}
    assert found["renews_on"].to_dict()["year"] == pd.Timestamp("2026-02-01")
    assert found["renews_on"].isna().to_dict()["month"]
