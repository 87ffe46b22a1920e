"""Random rules and accounts for the comparison with the reference; all numbers are eighths, so exact as floats."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

NUMBERS = ("x0", "x1", "x2")
TEXTS = ("t0", "t1")
WORDS = ("Gold", "Silver", " Gold ", "gold", "重要", "0")
SEGMENTS = ("touch", "phase")
Settings = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

eighths = st.integers(-80, 880).map(lambda number: number / 8)
points = st.integers(0, 800).map(lambda number: number / 8)
positive = st.integers(1, 400).map(lambda number: number / 8)
weights = st.sampled_from([0, 0, 1, 2, 3, 5, 6.5, 10, 40, 60])
numbers = st.none() | eighths | st.sampled_from([0, 50, 100, -1])
words = st.none() | st.sampled_from(WORDS)
corners = st.lists(
    st.tuples(eighths, points), min_size=1, max_size=4, unique_by=lambda corner: corner[0]
).map(lambda at: sorted([list(corner) for corner in at]))


@st.composite
def conditions(draw: Draw) -> tuple[str, str, Any]:
    """A comparison as the reference takes it."""
    kind = draw(st.sampled_from([">", "<=", "IS NULL", "="]))
    if kind == "=":
        return (draw(st.sampled_from(TEXTS)), kind, draw(st.sampled_from(WORDS)))
    column = draw(st.sampled_from(NUMBERS))
    return (column, kind, None if kind == "IS NULL" else draw(eighths))


def as_sql(condition: tuple[str, str, Any]) -> str:
    """The same comparison as a person writes it."""
    column, operator, operand = condition
    if operand is None:
        return f"{column} {operator}"
    return f"{column} {operator} " + (f"'{operand}'" if isinstance(operand, str) else repr(operand))


def _kind(name: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Settings]:
    return st.fixed_dictionaries({"kind": st.just(name), **keys})


NUMERIC_KINDS = st.one_of(
    _kind("linear", zero=eighths, full=eighths).filter(lambda rule: rule["zero"] != rule["full"]),
    _kind("piecewise", at=corners),
    _kind("steps", at=corners),
    _kind("target", target=positive, after_months=st.integers(1, 12)),
    _kind("logistic", middle=eighths, scale=positive | positive.map(lambda scale: -scale)),
    _kind("decay", half_life=positive),
    _kind("percentile", lower_is_better=st.booleans()),
    _kind("percentile", within=st.sampled_from(SEGMENTS)),
)
CATEGORY_KINDS = st.one_of(
    _kind(
        "categories", map=st.dictionaries(st.sampled_from(["Gold", " Silver", "重要"]), points, min_size=1)
    ),
    _kind("categories", map=st.just({"Gold": 80, "0": 7.5}), other=points),
)


@st.composite
def metrics(draw: Draw) -> Settings:
    """One metric: a column, a normaliser of one of the eight kinds, what a missing value counts."""
    text = draw(st.integers(0, 4)) == 0
    value = draw(st.sampled_from(TEXTS if text else NUMBERS))
    rule = draw(CATEGORY_KINDS if text else NUMERIC_KINDS)
    metric = {"value": value, "points": rule}
    missing = draw(st.none() | st.just("skip") | points)
    return metric if missing is None else {**metric, "missing": missing}


@st.composite
def rules(draw: Draw, *, last_open: bool) -> list[Settings]:
    """Named rules, the last without a condition if `last_open`."""
    found: list[Settings] = [
        {"name": f"n{index}", "when": draw(conditions())} for index in range(draw(st.integers(1, 2)))
    ]
    return [*found, {"name": "rest"}] if last_open else found


@st.composite
def scorecards(draw: Draw, names: list[str], number: int) -> Settings:
    """Groups over some of the metrics, at least one of which counts; caps and floors."""
    groups = {}
    for index in range(draw(st.integers(1, 4))):
        members = draw(st.lists(st.sampled_from(names), min_size=1, max_size=5, unique=True))
        groups[f"g{index}"] = {
            "weight": draw(weights),
            "metrics": {name: draw(weights) for name in members},
        }
    if not any(group["weight"] and any(group["metrics"].values()) for group in groups.values()):
        groups["g0"] = {"weight": 1, "metrics": {names[0]: 1}}
    limits = [
        [
            {"when": draw(conditions()), bound: draw(points), "reason": f"{bound} {number} {index}"}
            for index in range(draw(st.integers(0, 2)))
        ]
        for bound in ("at_most", "at_least")
    ]
    return {"name": f"card{number}", "groups": groups, "caps": limits[0], "floors": limits[1]}


@st.composite
def configs(draw: Draw) -> Settings:
    """A whole file, with conditions as the reference takes them."""
    names = [f"m{index}" for index in range(draw(st.integers(1, 8)))]
    cards = [draw(scorecards(names, number)) for number in range(draw(st.integers(1, 3)))]
    for card in cards[:-1]:
        card["when"] = draw(conditions())
    if draw(st.booleans()):
        cards[-1]["when"] = draw(conditions())
    edges = sorted({0, *draw(st.lists(points, max_size=3))}, reverse=draw(st.booleans()))
    return {
        "version": 1,
        "metrics": {name: draw(metrics()) for name in names},
        "segments": {name: draw(rules(last_open=draw(st.booleans()))) for name in SEGMENTS},
        "scorecards": cards,
        "min_data_coverage": draw(st.sampled_from([0, 0.25, 0.5, 0.75, 1])),
        "bands": [{"name": f"b{index}", "from": edge} for index, edge in enumerate(edges)],
    }


accounts = st.fixed_dictionaries(
    {
        **dict.fromkeys(NUMBERS, numbers),
        **dict.fromkeys(TEXTS, words),
        "override_score": st.none() | st.none() | points,
        "tenure_months": st.none() | st.integers(0, 14),
    }
)
books = st.lists(accounts, min_size=1, max_size=12)


def as_yaml(config: Settings) -> str:
    """The file's text; JSON is YAML."""
    return json.dumps(_written(config), ensure_ascii=False, indent=1)


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_sql(part) if key == "when" else _written(part) for key, part in value.items()}
    return [_written(part) for part in value] if isinstance(value, list) else value
