"""Periods as people read them. Oracle: the forms by hand."""

import pytest

from cscli.reports.kit.periods import moment_label, period_label


@pytest.mark.parametrize(
    ("period", "japanese"),
    [
        ("2026-10", "2026年10月"), ("2026-10-31", "2026/10/31"), ("FY2026", "2026年度"), ("FY2026 Q3", "2026年度 3Q"),
        ("2021-Q2", "2021年4〜6月"), ("12m", "直近12か月"), ("2025-10..2026-10", "2025年10月〜2026年10月"), ("2026", "2026"),
        ("all", "all"), ("20266-10", "20266-10"),
    ],
)  # fmt: skip
def test_a_period_in_both_languages(period: str, japanese: str) -> None:
    assert period_label(period, "ja") == japanese
    assert period_label(period, "en") == period


@pytest.mark.parametrize(
    ("moment", "english", "japanese"),
    [
        ("2026-10-08T15:17", "2026-10-08 15:17", "2026/10/08 15:17"),
        ("2026-10-08", "2026-10-08", "2026/10/08"),
    ],
)
def test_a_moment_in_both_languages(moment: str, english: str, japanese: str) -> None:
    assert moment_label(moment, "en") == english
    assert moment_label(moment, "ja") == japanese
