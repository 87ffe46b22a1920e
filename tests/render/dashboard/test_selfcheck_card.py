"""The radar of the self-check on the page. Oracle: the answers that the test types: three axes of five questions, five without any."""

import json
import re
from pathlib import Path

import pytest

from books.practice_books import AS_OF, cscli_here, example, write_book
from books.shown_pages import Look

RULES = """version: 1
sources:
  accounts: {file: accounts.csv}
metrics: {use: {value: seats, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: standard, groups: {use: {weight: 1, metrics: {use: 1}}}}]
selfcheck: {targets: {team: 80}}
"""
ANSWERED = {"alignment": 1, "team": 3, "playbook": 2}
SENTENCE = "It is not the Customer Success Performance Index™"


@pytest.fixture
def dashboard(tmp_path: Path) -> Path:
    accounts = "account_id,mrr,seats,started_on\n" + "".join(
        f"A{n},1000,{10 * n},2020-01-01\n" for n in range(1, 6)
    )
    (tmp_path / "accounts.csv").write_text(accounts, encoding="utf-8")
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    questions = example("selfcheck_questions")
    rows = [
        {"ID": row["id"], "Level (0-4)": ANSWERED.get(row["axis"]), "Version": "1"}
        for row in questions.assign(evidence=None).to_dict("records")
    ]
    write_book(tmp_path / "inputs" / "selfcheck" / "2026H2" / "Tanabe.xlsx", {"Self-check": rows})
    cscli_here(tmp_path, "dashboard", "--as-of", AS_OF, "-q")
    return tmp_path / "out" / "dashboard.html"


def test_an_axis_without_points_is_missing_and_so_is_the_total(dashboard: Path) -> None:
    html = dashboard.read_text(encoding="utf-8")
    found = re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', html, flags=re.DOTALL)
    assert found
    panels = {name: own for name, _, own in json.loads(found[1])["panels"]}
    card = panels["selfcheck"]
    points = {axis["label"]: axis["points"] for axis in card["axes"]}
    assert points == {
        "Alignment": 25, "Team": 75, "Segmentation": None, "Playbook": 50, "Resources": None, "Onboarding": None,
        "Relationship": None, "Outcome": None,
    }  # fmt: skip
    assert card["total"] is None
    assert SENTENCE in card["said"]


@pytest.mark.browser
def test_the_line_is_drawn_between_neighbours_that_have_points(dashboard: Path, look: Look) -> None:
    page = look().at(dashboard)
    card = page.locator("section.card.selfcheck")
    assert card.locator("line.web-now").count() == 1  # alignment to team; playbook stands alone
    assert card.locator("circle.web-now").count() == 3
    assert card.locator("circle.web-target").count() == 1
    said = card.inner_text()
    assert SENTENCE in said
    assert "No total" in said
