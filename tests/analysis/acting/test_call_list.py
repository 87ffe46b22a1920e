"""The call list of ten accounts, worked out by hand; and what must hold for every book."""

import numpy as np
import pytest
from call_list_books import AS_OF, RULES, calls_of, ids_of, make_book, make_config
from hypothesis import given, settings
from hypothesis import strategies as st

from cscli.analysis.acting.opportunities import find_opportunities
from cscli.analysis.acting.risk import at_risk_rule, churn_probabilities
from cscli.config.schema import Config

#  id, owner, score, arr, days to renewal, seats          -> band; ARR at risk
TEN = [
    ("A", "Ito", 30.0, 1200.0, 200.0, 5.0),  # at_risk: 660
    ("B", "Ito", 39.9, 2400.0, 20.0, 50.0),  # at_risk: 1320
    ("C", "Abe", 40.0, 2400.0, 90.0, 50.0),  # watch, renews in 90 days: 600
    ("D", "Abe", 40.0, 9999.0, 91.0, 50.0),  # watch, renews later: not on the list
    ("E", "Ito", 20.0, 1200.0, 200.0, 50.0),  # at_risk: 660, as A, with a lower score
    ("F", None, 10.0, None, 10.0, 5.0),  # at_risk, no ARR: last
    ("G", "Abe", 95.0, 9999.0, 10.0, 50.0),  # healthy: not on the list
    ("H", "Ito", 30.0, 1200.0, 10.0, 5.0),  # at_risk: 660, as A: the id decides
    ("I", "Abe", 69.9, 1000.0, 0.0, 9.0),  # watch, renews today: 250
    ("J", "Abe", 50.0, 1000.0, -1.0, 9.0),  # watch, has renewed: not on the list
]


CONFIG = make_config()


@pytest.fixture
def config() -> Config:
    return CONFIG


def test_the_ten_by_rank(config: Config) -> None:
    book = make_book(config, TEN)
    calls = calls_of(config, book)
    assert ids_of(book, calls) == ["B", "E", "A", "H", "C", "I", "F"]
    np.testing.assert_allclose(calls.arr_at_risk, [1320, 660, 660, 660, 600, 250, np.nan])
    np.testing.assert_allclose(calls.churn_probability, [0.55, 0.55, 0.55, 0.55, 0.25, 0.25, 0.55])


def test_the_first_playbook_is_the_action_and_all_are_kept(config: Config) -> None:
    calls = calls_of(config, make_book(config, TEN))
    #                        B     E      A     H     C      I     F
    assert calls.playbook.tolist() == [1, -1, 0, 0, -1, 0, 0]
    assert calls.playbooks_hold.astype(int).tolist() == [
        [0, 1],
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
        [1, 1],
        [1, 1],
    ]
    np.testing.assert_allclose(calls.hours, [1.5, np.nan, 3, 3, np.nan, 3, 3])


def test_due_dates_count_from_saturday_over_culture_day(config: Config) -> None:
    """Two business days after 31 October 2026 in Japan: Monday the 2nd, Wednesday the 4th; five: Monday the 9th."""
    due = calls_of(config, make_book(config, TEN)).due_on.astype("datetime64[D]").astype(str).tolist()
    two, five = "2026-11-04", "2026-11-09"
    assert due == [five, "NaT", two, two, "NaT", two, two]


def test_hours_fit_from_the_top_of_each_owners_list(config: Config) -> None:
    """A week is 20 / 4 = 5 hours. Ito: B 1.5, A 4.5, H 7.5; Abe: I 3; F has no owner, E and C no hours."""
    within = calls_of(config, make_book(config, TEN)).within_capacity
    np.testing.assert_array_equal(within, [1, np.nan, 1, 0, np.nan, 1, np.nan])


def test_without_effort_nobody_knows_what_fits() -> None:
    config = make_config(RULES.replace("effort:", "derived: {}\n#"))
    assert np.isnan(calls_of(config, make_book(config, TEN)).within_capacity).all()


def test_without_history_status_is_not_known(config: Config) -> None:
    calls = calls_of(config, make_book(config, TEN))
    assert set(calls.status) == {None}
    assert np.isnat(calls.since).all()


@pytest.mark.parametrize(
    ("bands", "rule", "chances"),
    [
        ("[{name: all, from: 0}]", "band = 'all'", {"all": 0.55, "unknown": 0.25}),
        ("[{name: up, from: 50}, {name: down, from: 0}]", "band = 'down'", {"up": 0.05, "down": 0.55, "unknown": 0.25}),
        (
            "[{name: it's bad, from: 0}, {name: so so, from: 30}, {name: good, from: 60}, {name: top, from: 90}]",
            "band = 'it''s bad' OR (band = 'so so' AND days_to_renewal BETWEEN 0 AND 90)",
            {"it's bad": 0.55, "so so": 0.25, "good": 0.25, "top": 0.05, "unknown": 0.25},
        ),
    ],
)  # fmt: skip
def test_defaults_follow_the_configured_bands(bands: str, rule: str, chances: dict[str, float]) -> None:
    config = make_config(f"{RULES}\nbands: {bands}")
    assert at_risk_rule(config).text == rule
    assert churn_probabilities(config) == chances


def test_a_probability_that_is_given_replaces_the_default() -> None:
    config = make_config(f"{RULES}\nat_risk: {{churn_probability: {{watch: 0.4}}}}")
    assert churn_probabilities(config) == {"at_risk": 0.55, "watch": 0.4, "healthy": 0.05, "unknown": 0.25}


def test_opportunities_of_the_ten(config: Config) -> None:
    """D and G have 20 seats and are not at risk; G alone has 70 points. Potential: a fifth of ARR / 12, then score."""
    book = make_book(config, TEN)
    at_risk = calls_of(config, book).membership.holds
    found = find_opportunities(book, config, AS_OF, at_risk)
    pairs = list(zip(book["account_id"].iloc[found.rows], found.play.tolist(), strict=True))
    assert pairs == [("G", 0), ("D", 0), ("G", 1)]
    np.testing.assert_allclose(found.potential_mrr, [9999 / 60, 9999 / 60, np.nan])
    assert found.held_back == 3  # B, C and E


number = st.floats(0, 100).map(lambda value: round(value, 1))
accounts = st.lists(
    st.tuples(
        st.integers(0, 999).map("{:03}".format), st.sampled_from(["Abe", "Ito", None]), number,
        st.none() | st.sampled_from([0.0, 600.0, 1200.0]) | st.floats(0, 1e6), st.integers(-30, 200).map(float),
        st.integers(1, 60).map(float),
    ),
    min_size=1, max_size=12, unique_by=lambda row: row[0],
)  # fmt: skip


@pytest.mark.whole
@given(accounts)
@settings(max_examples=25, deadline=None)
def test_one_account_more_changes_no_other_order(
    rows: list[tuple[str, str | None, float, float | None, float, float]],
) -> None:
    config = CONFIG
    book, fewer = make_book(config, rows), make_book(config, rows[1:])
    without = [each for each in ids_of(book, calls_of(config, book)) if each != rows[0][0]]
    assert without == (ids_of(fewer, calls_of(config, fewer)) if rows[1:] else [])


@pytest.mark.whole
@given(accounts)
@settings(max_examples=25, deadline=None)
def test_nobody_is_at_risk_and_an_opportunity(
    rows: list[tuple[str, str | None, float, float | None, float, float]],
) -> None:
    config = CONFIG
    book = make_book(config, rows)
    calls = calls_of(config, book)
    found = find_opportunities(book, config, AS_OF, calls.membership.listed | calls.membership.holds)
    assert set(calls.rows) & set(found.rows) == set()
    potential = found.potential_mrr[~np.isnan(found.potential_mrr)]
    assert (np.diff(potential) <= 0).all()
