"""Columns of any content through the history and back. The oracle is the column itself, to the last bit."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from books.made import AS_OF, made
from cscli.history import append, read_snapshot
from cscli.history.database.blobs import decode, encode

ROWS = 3


def of(values: st.SearchStrategy[Any], dtype: str) -> "st.SearchStrategy[pd.Series[Any]]":
    rows = st.lists(st.none() | values, min_size=ROWS, max_size=ROWS)
    return rows.map(lambda found: pd.Series(found, dtype=dtype))


FLOATS = of(st.floats(width=64), "float64")
DATES = of(st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31)), "datetime64[us]")  # noqa: DTZ001 - exports have no zone
BOOLEANS = of(st.booleans(), "boolean")
TEXTS = of(st.text(st.characters()), "object")
COLUMNS = FLOATS | DATES | BOOLEANS | TEXTS


def bits(values: "pd.Series[Any]") -> object:
    """What tells 0.0 from -0.0 and finds every missing value."""
    if values.dtype.kind in "fM":
        return values.to_numpy().view(np.int64).tolist()
    return values.astype(object).where(values.notna(), None).tolist()


@given(COLUMNS)
def test_a_column_comes_back_to_the_last_bit(column: "pd.Series[Any]") -> None:
    found = decode(*encode(column))
    assert found.dtype == column.dtype
    assert bits(found) == bits(column)


@pytest.mark.whole
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(COLUMNS, max_size=6),
    st.lists(COLUMNS, min_size=2, max_size=2),
    st.lists(FLOATS, min_size=2, max_size=2),
)
def test_a_snapshot_comes_back_exactly(history_url: str, columns: Any, values: Any, points: Any) -> None:
    ids = pd.Series(["乙", "甲", "A b"], dtype=object)
    joined = pd.DataFrame(
        {"name": ids, "account_id": ids, **{f"c{i}": each for i, each in enumerate(columns)}}
    )
    score = points[0].replace([np.inf, -np.inf], np.nan)
    snapshot = made(AS_OF, **dict.fromkeys(ids, 50.0))
    snapshot = replace(
        snapshot,
        metrics=("m", "n"),
        accounts=snapshot.accounts.assign(score=score),
        values=pd.DataFrame(dict(zip("mn", values, strict=True))),
        points=np.column_stack([each.to_numpy() for each in points]),
        columns=joined,
    )
    append(history_url, Path(), snapshot)
    found = read_snapshot(history_url, Path(), snapshot.as_of)
    assert found is not None
    for name in ("columns", "values"):
        expected, table = getattr(snapshot, name), getattr(found, name)
        assert list(table.columns) == list(expected.columns)
        assert [bits(table[key]) for key in table] == [bits(expected[key]) for key in expected]
        assert table.dtypes.tolist() == expected.dtypes.tolist()
    assert found.points.tobytes() == snapshot.points.tobytes()
    pd.testing.assert_frame_equal(found.accounts, snapshot.accounts, check_exact=True)
    for name in (
        "as_of",
        "taken_at",
        "version",
        "config_text",
        "config_digest",
        "overrides",
        "metrics",
        "relative",
        "inputs",
    ):
        assert getattr(found, name) == getattr(snapshot, name)


def test_an_unknown_kind_of_column_is_refused() -> None:
    with pytest.raises(ValueError, match="sculpture"):
        decode("sculpture", encode(pd.Series([1.0]))[1])
