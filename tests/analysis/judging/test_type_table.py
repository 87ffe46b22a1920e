"""Units, scales, currencies and status words: decided from the whole column, once, and said."""

import pytest

from books.raw_tables import TOKYO, codes, raw_table
from cscli.analysis.judging.table import type_any_table
from cscli.analysis.tables.conform import TypedTable
from cscli.config.schema import Source
from cscli.errors import Severity


def typed(headers: tuple[str, ...], *rows: tuple[object, ...], **keys: object) -> TypedTable:
    return type_any_table(raw_table(headers, *rows), Source.model_validate(keys), TOKYO)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "factor"),
    [
        ("MRR（千円）", 1000),
        ("月額（万円）", 10_000),
        ("MRR ($K)", 1000),
        ("MRR (cents)", 0.01),
        ("MRR", 1),
        ("MRR (USD)", 1),
    ],
)
def test_the_unit_of_a_header_is_applied_and_said(header: str, factor: float) -> None:
    table = typed(("Account ID", header), ("C1", 120.0))
    assert table.frame["mrr"].tolist() == [120 * factor]
    assert ("data.unit_applied" in codes(table.problems)) == (factor != 1)


def test_a_pinned_unit_is_applied_and_not_said() -> None:
    table = typed(("Account ID", "MRR"), ("C1", 120.0), unit={"mrr": 1000})
    assert table.frame["mrr"].tolist() == [120_000]
    assert codes(table.problems) == []


def test_scales_are_decided_from_the_whole_column() -> None:
    rows = [("C1", 72.0, 9.0, 95.0), ("C2", 65.0, 0.0, 40.0), ("C3", 80.0, 7.0, 70.0)]
    table = typed(("Account ID", "Gross margin", "NPS", "CSAT"), *rows)
    assert table.frame["gross_margin"].tolist() == [0.72, 0.65, 0.8]
    assert table.frame["nps"].tolist() == [100, -100, 0]
    assert table.frame["csat"].tolist() == pytest.approx([4.8, 2.6, 3.8])
    assert codes(table.problems) == ["data.scale_found"] * 3
    assert {problem.severity for problem in table.problems} == {Severity.WARNING}


def test_a_scale_that_is_pinned_wins_over_what_the_column_looks_like() -> None:
    table = typed(("Account ID", "NPS"), ("C1", 9.0), ("C2", 0.0), ("C3", 7.0), scale={"nps": "score"})
    assert table.frame["nps"].tolist() == [9, 0, 7]
    assert codes(table.problems) == []


def test_one_value_outside_of_the_range_is_a_problem_and_missing() -> None:
    table = typed(("Account ID", "Gross margin"), ("C1", 0.7), ("C2", 0.6), ("C3", 72.0))
    assert table.frame["gross_margin"].isna().tolist() == [False, False, True]
    assert codes(table.problems) == ["data.out_of_range"]


def test_currencies_of_cells_and_headers_are_a_column() -> None:
    table = typed(("Account ID", "MRR (USD)"), ("C1", "1,200"), ("C2", "€500"), ("C3", None))
    assert table.frame["currency"].tolist() == ["USD", "EUR", None]


def test_status_words_say_who_pays_and_what_they_mean_can_be_pinned() -> None:
    rows = [("C1", 100.0, "契約中"), ("C2", 200.0, "お試し"), ("C3", 300.0, "謎")]
    table = typed(("Account ID", "MRR", "ステータス"), *rows)
    assert table.frame["mrr"].tolist() == [100, 0, 300]
    assert codes(table.problems) == ["data.status_unknown", "data.status_counts_nothing"]
    pinned = typed(("Account ID", "MRR", "ステータス"), *rows, status={"paused": ["謎"]})
    assert pinned.frame["mrr"].tolist() == [100, 0, 0]


@pytest.mark.parametrize(
    ("header", "word", "left"),
    [
        ("Churn flag", "Yes", True),
        ("Churn flag", "No", False),
        ("Is active", "No", True),
        ("Is active", "true", False),
    ],
)
def test_yes_and_no_say_what_the_header_asks(header: str, word: str, left: bool) -> None:
    table = typed(("Account ID", header), ("C1", word), ("C2", word))
    assert (table.frame["_counts_as"] == "left").tolist() == [left, left]


def test_the_day_of_the_last_change_is_no_renewal_date() -> None:
    table = typed(("顧客ID", "更新日"), ("C1", "2026/10/30 9:15"), ("C2", "2026/10/28 11:02"))
    assert "renews_on" not in table.frame
    assert codes(table.problems) == ["data.last_modified"]
    pinned = typed(("顧客ID", "更新日"), ("C1", "2026/10/30 9:15"), columns={"renews_on": "更新日"})
    assert pinned.frame["renews_on"].notna().all()


@pytest.mark.parametrize("order", [("更新日", "契約更新日"), ("契約更新日", "更新日")])
def test_the_more_specific_header_wins_whatever_the_order(order: tuple[str, str]) -> None:
    days = {"更新日": "2026/10/30", "契約更新日": "2027/3/31"}
    table = typed(("顧客ID", *order), ("C1", *(days[name] for name in order)))
    assert str(table.frame["renews_on"][0].date()) == "2027-03-31"
