"""The report `score` of a book of seven accounts: order, words and sums, worked out by hand."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cscli.analysis.scoring.columns import add_columns
from cscli.analysis.scoring.health import score_accounts
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.reports.kit.context import Context
from cscli.reports.kit.looks import show_number
from cscli.reports.kit.model import Meaning, Report
from cscli.reports.score.report import ScoredAccounts, scorecard_report
from cscli.texts import Language

AS_OF = dt.date(2026, 1, 31)
RULES = """
version: 1
metrics:
  visits: {label: {en: Visits, ja: 訪問}, value: visits, points: {kind: linear, zero: 0, full: 2000}}
  nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}
  answer: {label: {en: Answer, ja: 回答}, value: answer, points: {kind: categories, map: {yes: 100, no: 0}}, missing: 50}
scorecards:
  - name: all
    groups:
      usage: {weight: 50, metrics: {visits: 1}, label: {en: Usage of it, ja: 利用}}
      voice: {weight: 50, metrics: {nps: 6, answer: 4}}
    caps:
      - {when: nps = 1, at_most: 30, reason: {en: Angry, ja: 不満}}
      - {when: nps = 1, at_most: 20, reason: Very angry}
    floors: [{when: nps = 1, at_least: 20, reason: Never}]
bands: [{name: low, from: 0, label: {en: Low, ja: 低}}, {name: high, from: 50}]
"""
#  id, mrr, visits, nps, answer -> score by hand
BOOK = [
    ("E", 10.0, 2000.0, 100.0, "yes"),  # 100
    ("B", 50.0, 1000.0, 50.0, None),  # (50 + 50) / 2 = 50; half of the points of answer are imputed
    ("D", 50.0, 1000.0, 50.0, None),  # likewise: the id decides
    ("A", 90.0, 1000.0, 50.0, None),  # likewise, with more MRR: first
    ("C", None, 1000.0, 50.0, None),  # likewise, without MRR: last of them
    ("U", 500.0, None, None, "no"),  # coverage 0.5 x 0.4 = 0.2: unknown, last
    ("X", 7.0, 2000.0, 1.0, "yes"),  # (100 + 40.6) / 2 = 70.3, capped at 30, then at 20
]


def report_in(language: Language, **context: Any) -> Report:
    names = frozenset({"account_id", "mrr", "visits", "nps", "answer"})
    config, _ = settle(read_draft(RULES, "cscli.yaml"), Headers({"accounts": names}, complete=True))
    ids, mrr, visits, nps, answer = zip(*BOOK, strict=True)
    text = {
        name: pd.Series(each, dtype=object) for name, each in {"account_id": ids, "answer": answer}.items()
    }
    numbers = {
        "mrr": mrr,
        "visits": visits,
        "nps": nps,
        "tenure_months": (5.0,) * 7,
        "days_to_renewal": (9.0,) * 7,
    }
    frame = pd.DataFrame(
        {**text, **{name: pd.Series(each, dtype="float64") for name, each in numbers.items()}}
    )
    frame = frame.assign(
        name=pd.Series([None] * 7, dtype=object), owner=pd.Series([None] * 7, dtype=object), arr=12 * frame["mrr"],
        renews_on=pd.Series([pd.Timestamp("2026-02-09")] * 7, dtype="datetime64[us]"),
        trend=pd.Series([None] * 7, dtype=object), trend_change=np.nan,
    )  # fmt: skip
    columns = add_columns(frame, config, AS_OF)
    scores = score_accounts(columns.frame, columns.conditions, config)
    scored = ScoredAccounts(
        frame=columns.frame, scores=scores, previous={"E": 99.5, "B": 50.04, "U": 1.0}, left=3
    )
    settings = {"currency": "JPY", "config_digest": "d", "inputs": (), "problems": (), **context}
    return scorecard_report(scored, config, Context(language=language, as_of=AS_OF, **settings))


@pytest.fixture(scope="module")
def english() -> Report:
    return report_in("en")


@pytest.fixture(scope="module")
def japanese() -> Report:
    return report_in("ja")


def by_id(report: Report, column: str, sheet: int = 0) -> dict[str, Any]:
    table = report.sheets[sheet]
    return dict(zip(table.column("account_id").tolist(), table.column(column).tolist(), strict=True))


def test_worst_first_then_the_larger_mrr_then_the_id_and_unknown_last(english: Report) -> None:
    accounts = english.sheets[0]
    assert accounts.column("account_id").tolist() == ["X", "A", "B", "D", "C", "E", "U"]
    assert accounts.column("score").tolist()[:6] == [20, 50, 50, 50, 50, 100]
    assert accounts.column("band").tolist() == ["low", "high", "high", "high", "high", "high", "unknown"]
    assert accounts.column("score")[6] == 0  # shown, though too little data backs it


def test_reasons_name_value_and_loss_in_the_reports_language(english: Report, japanese: Report) -> None:
    # A: visits lose 0.5 x 50, nps 0.5 x 0.6 x 50, the answer (no data) 0.5 x 0.4 x 50.
    assert by_id(english, "reasons")["A"] == "Visits 1,000 (−25.0); NPS 50 (−15.0); Answer no data (−10.0)"
    assert by_id(japanese, "reasons")["A"] == "訪問 1,000（−25.0）、NPS 50（−15.0）、回答 データなし（−10.0）"
    assert by_id(english, "reasons")["U"] == "Answer no (−100.0)"
    assert by_id(english, "reasons")["E"] is None


def test_what_capped_a_score_is_named_and_what_changed_nothing_is_not(
    english: Report, japanese: Report
) -> None:
    assert by_id(english, "capped_by") == {**dict.fromkeys("ABCDEU"), "X": "Angry; Very angry"}
    assert by_id(japanese, "capped_by")["X"] == "不満; Very angry"


def test_the_change_is_rounded_and_missing_for_new_accounts(english: Report) -> None:
    change = by_id(english, "score_change")
    assert (change["E"], change["B"], change["U"]) == (0.5, 0.0, -1.0)
    assert not np.signbit(change["B"])
    assert np.isnan(change["A"])


def test_ids_of_columns_are_the_same_in_both_languages_and_labels_are_not(
    english: Report, japanese: Report
) -> None:
    ids = [[column.id for column in report.sheets[0].columns] for report in (english, japanese)]
    assert ids[0] == ids[1]
    assert ids[0] == [
        "account_id", "name", "owner", "team", "scorecard", "score", "band", "data_coverage", "score_change",
        "trend", "trend_change", "capped_by", "group_usage", "group_voice", "reasons", "mrr", "arr", "renews_on", "days_to_renewal",
    ]  # fmt: skip
    labels = {column.id: column.label for column in japanese.sheets[0].columns}
    assert labels["group_usage"] == "利用"
    band = next(column for column in japanese.sheets[0].columns if column.id == "band")
    assert list(band.labels) == ["high", "low", "unknown"]
    assert band.labels["low"] == "低"


def test_metrics_carry_value_and_points(english: Report) -> None:
    assert by_id(english, "answer", 1) == {**dict.fromkeys("ABCD"), "E": "yes", "X": "yes", "U": "no"}
    assert by_id(english, "answer_points", 1) == {**dict.fromkeys("ABCD", 50), "E": 100, "X": 100, "U": 0}
    assert np.isnan(by_id(english, "nps_points", 1)["U"])


def test_the_summary_sums_to_the_whole(english: Report) -> None:
    summary = english.sheets[2]
    assert summary.column("band").tolist() == ["high", "low", "unknown"]
    assert summary.column("accounts").tolist() == [5, 1, 1]
    assert summary.column("mrr").tolist() == [200, 7, 500]
    assert summary.column("arr").tolist() == [2400, 84, 6000]
    assert summary.column("share").sum() == pytest.approx(1)


def test_the_headline_tells_the_worst_band(english: Report) -> None:
    assert english.headline.startswith("1 of 7 accounts are Low (14%), with ¥7 MRR. ")
    unknown, left = english.headline.split(". ")[1:]
    assert "1" in unknown
    assert "3" in left


def test_plain_reports_have_no_formulas_and_say_so(english: Report) -> None:
    plain = report_in("en", plain=True)
    assert plain.live is None
    assert plain.plain_because == "Values only, as asked with --plain."
    assert english.live is not None
    assert english.plain_because is None


def test_what_makes_the_workbook_live_follows_the_order_of_the_rows(english: Report) -> None:
    live = english.live
    assert live is not None
    assert live.imputed.tolist() == [[False] * 3, *[[False, False, True]] * 4, [False] * 3, [False] * 3]
    assert live.limits_hold.tolist() == [[True] * 3, *[[False] * 3] * 6]
    np.testing.assert_allclose(live.score_before_caps, [70.3, 50, 50, 50, 50, 100, 0], rtol=0, atol=1e-9)
    assert [band.lower_edge for band in live.bands] == [0, 50]


def test_columns_bear_their_meaning(english: Report) -> None:
    meanings = {column.id: column.meaning for column in english.sheets[0].columns}
    assert meanings["account_id"] is Meaning.ID
    assert meanings["mrr"] is Meaning.MONEY
    assert meanings["renews_on"] is Meaning.DATE
    assert meanings["data_coverage"] is Meaning.SHARE


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1000.0, "1,000"), (1234.5, "1,234"), (12.34, "12.3"), (0.456, "0.46"), (-3.0, "-3"), (0.0, "0")],
)
def test_numbers_for_people(value: float, shown: str) -> None:
    assert show_number(value) == shown
