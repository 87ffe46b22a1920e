"""A file with many different mistakes is told about all of them in one run, each with its line."""

import pytest

from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import ConfigError, Severity

SEMANTIC = """\
version: 1
derived:
  growth: usres / seats                                   # 3 unknown column
  early: score * 2                                        # 4 before it exists
  one: two + 1                                            # 5 circular
  two: one + 1
  seats: mrr                                              # 7 already in the data
  as_of: mrr                                              # 8 computed by cscli
metrics:
  coverage: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}
  rank: {value: mrr, points: {kind: percentile, within: tuch}}    # 11 unknown segment
segments:
  touch:
    - {name: tech}
    - {name: high, when: mrr > 1}                         # 15 never reached
scorecards:
  - name: standard
    groups:                                               # 18 weights all 0
      usage: {weight: 0, metrics: {covrage: 40, rank: 1}} # 19 unknown metric
bands:                                                    # 20 out of order
  - {name: watch, from: 40}
  - {name: healthy, from: 70}
  - {name: watch, from: 20}                               # 23 gap, and a name taken twice
"""
SEMANTIC_EXPECTED = {
    (3, "config.unknown_column_nearest"), (4, "config.used_before_it_exists"), (5, "config.circular"),
    (7, "config.name_in_data"), (8, "config.name_reserved"), (11, "config.unknown_segment_nearest"),
    (15, "config.rule_never_reached"), (18, "config.no_weight"), (19, "config.unknown_metric_nearest"),
    (20, "config.bands_out_of_order"), (23, "config.band_gap"), (23, "config.name_taken"),
}  # fmt: skip

MIXED = """\
version: 1
timezone: Asia/Tokio                                      # 2 bad time zone
curency: JPY                                              # 3 unknown key
min_data_coverage: half                                   # 4 wrong type
derived:
  growth: usres / seats                                   # 6 unknown column
  early: score * 2                                        # 7 before it exists
  best: (SELECT max(mrr) FROM accounts)                   # 8 sub-query
  tidy: sqroot(mrr)                                       # 9 unknown function
metrics:
  coverage: {value: active_users / seats, points: {kind: liner, zero: 0, full: 1}}         # 11 unknown kind
  tickets: {value: open_tickets, points: {kind: steps, at: [[0, 100], [5, 50], [2, 70]]}}  # 12 corners
segments:
  touch:
    - {name: tech}
    - {name: high, when: mrr > 1}                         # 16 never reached
scorecards:
  - name: standard
    groups:                                               # 19 weights all 0
      usage: {weight: 0, metrics: {covrage: 40, tickets: 1}} # 20 unknown metric
bands:
  - {name: healthy, from: 70}
  - {name: at_risk, from: 10}                             # 23 gap
version: 1                                                # 24 duplicate key
"""
MIXED_EXPECTED = {
    (2, "config.unknown_zone"), (3, "config.unknown_key_nearest"), (4, "config.wrong_type"),
    (6, "config.unknown_column_nearest"), (7, "config.used_before_it_exists"), (8, "expressions.subquery"),
    (9, "expressions.unknown_function"), (11, "config.not_one_of_nearest"), (12, "config.corners_not_ascending"),
    (16, "config.rule_never_reached"), (19, "config.no_weight"), (20, "config.unknown_metric_nearest"),
    (23, "config.band_gap"), (24, "config.duplicate_key"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [(SEMANTIC, SEMANTIC_EXPECTED), (MIXED, MIXED_EXPECTED)], ids=["semantic", "mixed"]
)
def test_all_are_told_at_once_in_the_order_of_the_file(text: str, expected: set[tuple[int, str]]) -> None:
    headers = Headers({"accounts": frozenset({"account_id", "mrr", "seats"})}, complete=True)
    with pytest.raises(ConfigError) as caught:
        settle(read_draft(text, "cscli.yaml"), headers)
    found = [problem for problem in caught.value.problems if problem.severity is Severity.ERROR]
    assert {(problem.where.line, problem.code) for problem in found} == expected
    assert len(found) == len(expected), "each mistake is told once"
    lines = [problem.where.line or 0 for problem in caught.value.problems]
    assert lines == sorted(lines)
