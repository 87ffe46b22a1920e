"""SQL in DuckDB's dialect as Spark's.

A zone's two hundred ranges of offsets, which Spark would compile into megabytes of code, become a few and a table.
"""

from functools import lru_cache

import sqlglot
from sqlglot import exp

_INLINE = 8
"""Ranges that stay as they are: the nearest four years of a zone that changes its clocks."""


@lru_cache(maxsize=64)
def carried(sql: str) -> str:
    """SQL of `stage_sql` or `rollup_sql` for Spark."""
    return sqlglot.parse_one(sql, read="duckdb").transform(shorten_ranges).sql(dialect="spark")


def shorten_ranges(node: exp.Expr) -> exp.Expr:
    """A CASE over the ranges of a zone, shortened; anything else as it is."""
    if not isinstance(node, exp.Case) or len(node.args["ifs"]) <= _INLINE + 1:
        return node
    ranges = [_range_of(branch) for branch in node.args["ifs"]]
    found = [each for each in ranges if each is not None]
    if len(found) < len(ranges):
        return node
    kept = node.copy()
    kept.set("ifs", kept.args["ifs"][:_INLINE])
    kept.set("default", _looked_up(node.args["ifs"][0].this.this.this, sorted(found)))
    return kept


def _range_of(branch: exp.If) -> tuple[str, str, int] | None:
    """From, to and seconds of `WHEN at >= from AND at < to THEN at + INTERVAL 'seconds' SECOND`."""
    within, shifted = branch.this, branch.args["true"]
    if not (
        isinstance(within, exp.And)
        and isinstance(within.this, exp.GTE)
        and isinstance(within.expression, exp.LT)
    ):
        return None
    start, end = within.this.expression.this, within.expression.expression.this
    if not (isinstance(shifted, exp.Add) and isinstance(shifted.expression, exp.Interval)):
        return None
    return start.name, end.name, int(shifted.expression.this.name)


def _looked_up(at: exp.Expr, ranges: list[tuple[str, str, int]]) -> exp.Expr:
    """The same by the place of the last range that begins by then: one ends where the next begins."""
    moment = at.sql(dialect="spark")
    starts = ", ".join(f"TIMESTAMP_NTZ '{start}'" for start, _, _ in ranges)
    seconds = ", ".join(str(shift) for _, _, shift in ranges)
    place = f"SIZE(FILTER(ARRAY({starts}), start -> start <= {moment})) - 1"
    within = f"{moment} >= TIMESTAMP_NTZ '{ranges[0][0]}' AND {moment} < TIMESTAMP_NTZ '{ranges[-1][1]}'"
    shift = f"MAKE_DT_INTERVAL(0, 0, 0, GET(ARRAY({seconds}), {place}))"
    return exp.Var(this=f"CASE WHEN {within} THEN {moment} + {shift} END")
