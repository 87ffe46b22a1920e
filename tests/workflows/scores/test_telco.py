"""A real dataset of 7,043 customers; scores and bands were computed customer by customer in exact fractions."""

import datetime as dt
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from cscli.reports.score.report import ScoredAccounts
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workflows.scores.scoring import score_book
from cscli.workspace.rules import Rules
from places import SHARED_DATA, needs_shared_data

DATA = SHARED_DATA / "telco"
RULES = Path(__file__).parent / "telco.yaml"

pytestmark = needs_shared_data


@pytest.fixture(scope="module")
def scored() -> ScoredAccounts:
    rules = Rules(
        name=RULES.name,
        text=RULES.read_text(encoding="utf-8"),
        sources_folder=DATA,
        workspace=DATA,
        remembers=False,
    )
    request = Request(rules=rules, now=dt.datetime(2026, 1, 31, 7, tzinfo=dt.UTC))
    _, found, problems = score_book(request, read_book(request))
    assert problems == []
    return found


def test_the_first_five_customers(scored: ScoredAccounts) -> None:
    first = scored.scores.score_before_caps[:5]
    np.testing.assert_allclose(first, [5.6944, 48.6111, 11.3889, 61.25, 1.3889], rtol=0, atol=5e-5)
    assert scored.scores.score[:5].tolist() == [5.7, 48.6, 11.4, 61.3, 1.4]
    assert scored.frame["account_id"].head(2).tolist() == ["7590-VHVEG", "5575-GNVDE"]


def test_how_many_customers_each_band_holds(scored: ScoredAccounts) -> None:
    assert Counter(scored.scores.band.tolist()) == {"at_risk": 3924, "watch": 1637, "healthy": 1482}
    assert (scored.scores.data_coverage == 1).all()
