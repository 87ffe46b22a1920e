"""Normalisers against values worked by hand from their formulas, and the properties that all of them have."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from cscli.normalizers import AnyNormalizer, Categories
from cscli.points import Peers

ADAPTER: TypeAdapter[AnyNormalizer] = TypeAdapter(AnyNormalizer)
NAN = math.nan
UNTIMED = settings(deadline=None)  # the first call loads pandas
finite = st.floats(-1e9, 1e9)
cells = st.lists(st.one_of(st.just(NAN), finite), max_size=30)


def points(spec: dict[str, object], values: list[float], peers: Peers | None = None) -> list[float]:
    normalizer = ADAPTER.validate_python(spec)
    alone = Peers(np.full(len(values), 12.0), {})
    given_values: NDArray[np.float64] = np.array(values, dtype="float64")
    result = normalizer.points(given_values, peers or alone)  # type: ignore[arg-type]  # numbers fit every kind here
    return [float(value) for value in result]


def close(found: list[float], expected: list[float]) -> bool:
    return bool(np.allclose(found, expected, rtol=1e-12, atol=1e-12, equal_nan=True))


@pytest.mark.parametrize(
    ("spec", "values", "expected"),
    [
        ({"kind": "linear", "zero": 0, "full": 0.8}, [NAN, -1, 0, 0.2, 0.4, 0.8, 2], [NAN, 0, 0, 25, 50, 100, 100]),
        ({"kind": "linear", "zero": 30, "full": 3}, [40, 30, 16.5, 3, 0, NAN], [0, 0, 50, 100, 100, NAN]),
        ({"kind": "piecewise", "at": [[-100, 0], [0, 40], [50, 100]]}, [-200, -100, -50, 0, 25, 50, 80, NAN], [0, 0, 20, 40, 70, 100, 100, NAN]),
        ({"kind": "piecewise", "at": [[5, 60]]}, [0, 5, 9, NAN], [60, 60, 60, NAN]),
        ({"kind": "steps", "at": [[0, 100], [1, 30], [2, 0]]}, [-0.1, 0, 0.9, 1, 1.99, 2, 50, NAN], [0, 100, 100, 30, 30, 0, 0, NAN]),
        ({"kind": "logistic", "middle": 10, "scale": 2}, [10, 12, 8, 1e9, -1e9, NAN], [50, 100 / (1 + math.exp(-1)), 100 / (1 + math.e), 100, 0, NAN]),
        ({"kind": "logistic", "middle": 10, "scale": -2}, [10, 12], [50, 100 / (1 + math.e)]),
        ({"kind": "decay", "half_life": 14}, [-3, 0, 14, 28, 7, NAN], [100, 100, 50, 25, 100 / math.sqrt(2), NAN]),
        ({"kind": "percentile"}, [10, 30, 20, NAN, 40], [12.5, 62.5, 37.5, NAN, 87.5]),
        ({"kind": "percentile"}, [5, 5, 7, 1], [50, 50, 87.5, 12.5]),
        ({"kind": "percentile", "lower_is_better": True}, [1, 2], [75, 25]),
        ({"kind": "percentile"}, [3], [50]),
        ({"kind": "percentile"}, [NAN, NAN], [NAN, NAN]),
    ],
)  # fmt: skip
def test_values_worked_by_hand(spec: dict[str, object], values: list[float], expected: list[float]) -> None:
    assert close(points(spec, values), expected)


def test_a_target_grows_with_tenure() -> None:
    """400 cards by the end of month 2: 200 are due after month 1; in month 0 nothing is due yet."""
    peers = Peers(np.array([0, 1, 1, 2, 24, 2, NAN, 1]), {})
    found = points(
        {"kind": "target", "target": 400, "after_months": 2}, [50, 100, 300, 100, 400, NAN, 10, -5], peers
    )
    assert close(found, [NAN, 50, 100, 25, 100, NAN, NAN, 0])


def test_a_percentile_within_a_segment() -> None:
    peers = Peers(np.zeros(6), {"touch": np.array(["a", "b", "a", "b", "a", None], dtype=object)})
    found = points({"kind": "percentile", "within": "touch"}, [1, 100, 2, 50, NAN, 7], peers)
    assert close(found, [25, 75, 75, 25, NAN, NAN])


def test_categories_give_their_points() -> None:
    spec = Categories.model_validate({"kind": "categories", "map": {"gold": 100, " silver ": 60, "1": 10}})
    values = np.array(["gold", " gold ", "silver", "Gold", "bronze", None, 1.0, "1", NAN], dtype=object)
    found = [float(value) for value in spec.points(values, Peers(np.zeros(9), {}))]
    assert close(found, [100, 100, 60, NAN, NAN, NAN, 10, 10, NAN])
    assert spec.unknown(["gold", "bronze", 1.0, 1.5]) == ["1.5", "bronze"]


def test_other_is_for_unknown_values_and_not_for_missing_ones() -> None:
    spec = Categories.model_validate({"kind": "categories", "map": {"gold": 100}, "other": 20})
    found = spec.points(np.array(["gold", "bronze", None], dtype=object), Peers(np.zeros(3), {}))
    assert close([float(value) for value in found], [100, 20, NAN])


def test_categories_without_any_value() -> None:
    spec = Categories.model_validate({"kind": "categories", "map": {"gold": 100}, "other": 20})
    found = spec.points(np.array([None, None], dtype=object), Peers(np.zeros(2), {}))
    assert close([float(value) for value in found], [NAN, NAN])


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "linear", "zero": 1, "full": 1},
        {"kind": "linear", "zero": 0, "full": math.inf},
        {"kind": "steps", "at": [[1, 0], [0, 1]]},
        {"kind": "steps", "at": [[0, 101]]},
        {"kind": "logistic", "middle": 0, "scale": 0},
        {"kind": "decay", "half_life": 0},
        {"kind": "target", "target": 0, "after_months": 1},
        {"kind": "categories", "map": {}},
        {"kind": "cubic"},
    ],
)
def test_what_cannot_be_a_normaliser(spec: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(spec)


SPECS: list[dict[str, object]] = [
    {"kind": "linear", "zero": 0, "full": 100},
    {"kind": "linear", "zero": 1e-9, "full": 0},
    {"kind": "piecewise", "at": [[-5, 3], [0, 90], [1e6, 10]]},
    {"kind": "steps", "at": [[-5, 3], [0, 90], [1e6, 10]]},
    {"kind": "target", "target": 1e-3, "after_months": 24},
    {"kind": "logistic", "middle": 0, "scale": 1e-6},
    {"kind": "logistic", "middle": 0, "scale": -1e6},
    {"kind": "decay", "half_life": 1e-6},
    {"kind": "percentile"},
    {"kind": "percentile", "lower_is_better": True},
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: "-".join(map(str, spec.values()))[:40])
@UNTIMED
@given(values=cells)
def test_points_stay_in_range_and_exactly_the_missing_is_missing(
    spec: dict[str, object], values: list[float]
) -> None:
    found = points(spec, values)
    assert [math.isnan(point) for point in found] == [math.isnan(value) for value in values]
    assert all(0 <= point <= 100 for point in found if not math.isnan(point))


@UNTIMED
@given(
    values=st.lists(finite, min_size=2, max_size=30),
    ends=st.tuples(finite, finite).filter(lambda e: e[0] != e[1]),
)
def test_linear_follows_the_value(values: list[float], ends: tuple[float, float]) -> None:
    found = points({"kind": "linear", "zero": ends[0], "full": ends[1]}, sorted(values))
    assert_monotone(found if ends[1] > ends[0] else found[::-1])


@UNTIMED
@given(
    values=st.lists(finite, min_size=2, max_size=30),
    middle=finite,
    scale=st.floats(0, 1e6, exclude_min=True),
    better=st.booleans(),
)
def test_logistic_follows_the_value(
    values: list[float], middle: float, scale: float, *, better: bool
) -> None:
    found = points(
        {"kind": "logistic", "middle": middle, "scale": scale if better else -scale}, sorted(values)
    )
    assert_monotone(found if better else found[::-1])


@UNTIMED
@given(values=st.lists(finite, min_size=2, max_size=30), half_life=st.floats(0, 1e6, exclude_min=True))
def test_decay_falls_as_the_value_rises(values: list[float], half_life: float) -> None:
    assert_monotone(points({"kind": "decay", "half_life": half_life}, sorted(values))[::-1])


@UNTIMED
@given(values=st.lists(st.one_of(st.just(NAN), st.integers(-5, 5).map(float)), max_size=40))
def test_percentile_is_the_mid_rank_by_counting(values: list[float]) -> None:
    """Reference: the mid-rank of x is the number below it, plus half of one more than those equal to it."""
    present = [value for value in values if not math.isnan(value)]

    def by_counting(x: float) -> float:
        if math.isnan(x):
            return NAN
        mid_rank = sum(y < x for y in present) + (sum(y == x for y in present) + 1) / 2
        return (mid_rank - 0.5) / len(present) * 100

    assert close(points({"kind": "percentile"}, values), [by_counting(x) for x in values])


def assert_monotone(found: list[float]) -> None:
    assert all(before <= after for before, after in pairwise(found)), found
