"""The presets: free of faults, complete in both languages, believable on the sample book."""

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from books.practice_books import write_book
from cscli.errors import Severity
from cscli.reports.score.report import ScoredAccounts
from cscli.workflows.book.read import Book, read_book
from cscli.workflows.book.request import Request
from cscli.workflows.scores.scoring import score_book
from cscli.workspace.rules import find_rules, preset_text, presets
from places import CONFIGS, ROOT, SAMPLE

pytestmark = pytest.mark.whole  # each scores the sample company

ACCOUNTS = SAMPLE / "accounts.xlsx"
AS_OF = dt.date(2026, 10, 31)
NOW = dt.datetime(2026, 10, 31, 9, tzinfo=dt.UTC)
NAMES = tuple(presets())
OF_METHOD = tuple(name for name in NAMES if name != "starter")


@cache
def scored(name: str, accounts: Path = ACCOUNTS) -> tuple[Book, ScoredAccounts]:
    chosen = str(CONFIGS / f"{name}.yaml")
    request = Request(rules=find_rules(chosen, ROOT), now=NOW, as_of=AS_OF, accounts=accounts, remember=False)
    book = read_book(request)
    return book, score_book(request, book)[1]


def test_the_presets_are_those_that_the_manual_names() -> None:
    assert NAMES == (
        "coverage-database-activity", "deployment-engagement-adoption-roi", "depth-breadth-maturity",
        "profile-usage-satisfaction", "starter",
    )  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_preset_has_a_config_problem(name: str) -> None:
    book, _ = scored(name)
    assert [
        problem for problem in book.problems if problem.code.startswith(("config.", "expressions."))
    ] == []
    assert [p for p in book.problems if p.code in ("data.column_twice", "reading.optional_absent")] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_found_beside_the_accounts(name: str) -> None:
    book, _ = scored(name)
    assert set(book.tables.raw) == {
        source for source, given in book.config.sources.items() if not given.of_revenue
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_spread_of_bands_is_that_of_an_ordinary_book(name: str) -> None:
    _, accounts = scored(name)
    share = pd.Series(accounts.scores.band).value_counts(normalize=True)
    assert 0.50 <= share["healthy"] <= 0.70
    assert 0.20 <= share["watch"] <= 0.34
    assert 0.08 <= share["at_risk"] <= 0.20
    assert share.get("unknown", 0) <= 0.02


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_has_data_and_tells_accounts_apart(name: str) -> None:
    book, accounts = scored(name)
    for index, metric in enumerate(accounts.scores.metrics):
        if book.config.metrics[metric].optional:
            continue  # waits until somebody types it
        points = accounts.scores.points[:, index]
        assert np.isfinite(points).mean() > 0.5, metric
        assert np.nanstd(points) > 5, metric


@pytest.mark.parametrize("name", NAMES)
def test_the_score_follows_adoption(name: str) -> None:
    """Oracle: in the sample book, active users / seats of the last month is what churn comes from."""
    book, accounts = scored(name)
    adoption = (book.frame["active_users"] / book.frame["seats"]).to_numpy()
    score = accounts.scores.score
    worst, best = score <= np.nanquantile(score, 0.25), score >= np.nanquantile(score, 0.75)
    assert np.nanmean(adoption[best]) - np.nanmean(adoption[worst]) > 0.3


@pytest.mark.parametrize("name", OF_METHOD)
def test_the_presets_of_a_method_run_on_the_accounts_alone(name: str, tmp_path: Path) -> None:
    alone = tmp_path / "book.xlsx"
    alone.write_bytes(ACCOUNTS.read_bytes())
    book, accounts = scored(name, alone)
    absent = [
        problem.details["source"] for problem in book.problems if problem.code == "reading.optional_absent"
    ]
    assert absent == [source for source in book.config.sources if source != "accounts"]
    assert not any(
        problem.severity is Severity.ERROR for problem in book.problems if "config" in problem.code
    )
    assert np.isfinite(accounts.scores.score).sum() > 160


OF_GOALS = tuple(name for name in NAMES if "goal_progress" in preset_text(name))


@pytest.mark.parametrize("name", OF_GOALS)
def test_goals_that_people_typed_count_in_place_of_counts(name: str, tmp_path: Path) -> None:
    """Oracle: by hand. Half of the way is 0.5 of the metric; whose goal nobody typed keeps the share of the two columns of the export."""
    alone = tmp_path / "book.xlsx"
    alone.write_bytes(ACCOUNTS.read_bytes())
    goal = {"Account ID": "A0001", "Goal": "Quicker", "Measure": "minutes", "Baseline": 10, "Target": 2}
    seen = {"Actual": 6, "Actual on": "2026-10-20", "Agreed on": "2026-09-01", "Due": "2027-09-01"}
    write_book(tmp_path / "inputs" / "journey.xlsx", {"Goals": [goal | seen]})
    (tmp_path / "cscli.yaml").write_text(preset_text(name), encoding="utf-8")
    request = Request(rules=find_rules(None, tmp_path), now=NOW, as_of=AS_OF, accounts=alone, remember=False)
    frame = score_book(request, read_book(request))[1].frame.set_index("account_id")
    assert frame.loc["A0001", "goals"] == pytest.approx(0.5)
    others = frame.drop(index="A0001")
    pd.testing.assert_series_equal(
        others["goals"], others["goals_met"] / others["goals_agreed"], check_names=False
    )


@pytest.mark.parametrize("name", NAMES)
def test_metrics_groups_reasons_and_bands_are_named_in_both_languages(name: str) -> None:
    rules = yaml.safe_load(preset_text(name))
    groups = [group for card in rules["scorecards"] for group in card["groups"].values()]
    labels = [entry["label"] for entry in (*rules["metrics"].values(), *groups)]
    labels += [cap["reason"] for card in rules["scorecards"] for cap in card.get("caps", [])]
    assert all(set(label) == {"en", "ja"} for label in labels)
    assert all(band["label"]["ja"] for band in rules["bands"])


@pytest.mark.parametrize("name", NAMES)
def test_the_summary_is_one_line_of_its_own(name: str) -> None:
    first, second = preset_text(name).splitlines()[:2]
    assert first == f"# {presets()[name]}"
    assert second == "#"
    assert len(first) < 115


@pytest.mark.parametrize("name", NAMES)
def test_every_number_that_is_a_judgement_is_explained(name: str) -> None:
    lines = preset_text(name).splitlines()
    assert [line for line in lines if "points: {" in line and "#" not in line] == []


def test_five_teams_by_size_and_phase() -> None:
    _, accounts = scored("coverage-database-activity")
    found = set(accounts.frame["team"])
    assert found == {"Enterprise CSM", "Enterprise sales", "Onboarding", "SMB CSM", "Renewal sales"}
    large_renewal = (accounts.frame["size"] == "large") & (accounts.frame["phase"] == "renewal")
    assert set(accounts.frame.loc[large_renewal, "team"]) == {"Enterprise sales"}


def test_the_touch_score_is_the_mean_of_the_rates_there_are() -> None:
    _, accounts = scored("coverage-database-activity")
    frame = accounts.frame
    rates = frame[["mail_open_rate", "call_connect_rate", "course_view_rate"]]
    np.testing.assert_allclose(frame["touch_score"], rates.mean(axis=1), atol=1e-12)


def test_four_hundred_cards_are_due_by_month_two() -> None:
    """Oracle: 200 cards are full marks after one month (half of the time), half marks after two."""
    book, accounts = scored("coverage-database-activity")
    column = accounts.scores.metrics.index("cards_per_person")
    points = accounts.scores.points[:, column]
    cards, months = accounts.frame["cards_per_person"], book.frame["tenure_months"]
    old = (months >= 2).to_numpy()
    expected = np.minimum(cards / 4, 100)
    np.testing.assert_allclose(points[old], expected[old], atol=1e-9)


@pytest.mark.parametrize(("share", "colour"), [(0.5, 100), (0.35, 80), (0.2, 55), (0.1, 30), (0.09, 0)])
def test_the_bands_of_adoption_depth(share: float, colour: float) -> None:
    """Oracle: the published bands: 50% green, 35% lime, 20% yellow, 10% orange."""
    rules = yaml.safe_load(preset_text("deployment-engagement-adoption-roi"))
    at = rules["metrics"]["depth"]["points"]["at"]
    assert max((points for edge, points in at if edge <= share)) == colour
    adoption = rules["scorecards"][-1]["groups"]["adoption"]["metrics"]
    assert adoption == {"depth": 50, "breadth": 50}
