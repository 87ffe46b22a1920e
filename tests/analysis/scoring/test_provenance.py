"""Where metrics come from in time: each rule of it by hand."""

import pytest

from books.raw_tables import typed
from cscli.analysis.scoring.provenance import Provenance, Provenances, find_provenances
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config

RULES = """\
version: 1
sources:
  accounts: {file: a.csv, columns: {plan_code: Plan}}
  log: {file: e.csv, kind: events}
  tickets:
    file: t.csv
    kind: rows
    at: opened_at
    columns: {opened_at: Opened, closed_at: Closed, status: Status, priority: Priority, fixed: Fixed}
    types: {fixed: date}
    rollup:
      tickets_90d: count(*) FILTER (WHERE opened_at > as_of - 90)
      urgent: count(*) FILTER (WHERE priority = 'P1')
      open_then: count(*) FILTER (WHERE closed_at IS NULL OR closed_at > as_of)
      open_now: count(*) FILTER (WHERE closed_at IS NULL)
      by_status: count(*) FILTER (WHERE status = 'open')
      unfixed: count(*) FILTER (WHERE fixed IS NULL)
  calls: {file: c.csv, kind: rows, columns: {day: Day}, rollup: {calls: count(*) FILTER (WHERE day <= as_of)}}
  orders: {file: o.csv, kind: orders, columns: {at: At, amount: Amount}, rollup: {spent: sum(amount)}}
derived:
  days_idle: as_of - last_seen_on
  left: churned_on IS NOT NULL
  per_seat: users_28d / seats
  mixed: per_seat + nps
segments:
  size: [{name: big, when: seats > 9}, {name: small}]
metrics:
%s
scorecards: [{name: s, groups: {g: {weight: 1, metrics: {m: 1}}}}]
"""
LINEAR = "{kind: linear, zero: 0, full: 1}"


def settled(text: str) -> Config:
    return settle(read_draft(text, "cscli.yaml"), Headers())[0]


def found(value: str, points: str = LINEAR, of_lines: frozenset[str] = frozenset()) -> Provenances:
    return find_provenances(settled(RULES % f"  m: {{value: '{value}', points: {points}}}"), {}, of_lines)


@pytest.mark.parametrize(
    ("value", "provenance", "because"),
    [
        ("users_28d", Provenance.DATED, ()),
        ("days_idle", Provenance.DATED, ()),
        ("tickets_90d", Provenance.DATED, ()),
        ("urgent", Provenance.DATED, ()),
        ("open_then", Provenance.DATED, ()),
        ("spent", Provenance.DATED, ()),
        ("tenure_months", Provenance.DATED, ()),
        ("1", Provenance.DATED, ()),
        ("open_now", Provenance.SNAPSHOT, ("open_now",)),  # closed_at changes in the row
        ("by_status", Provenance.SNAPSHOT, ("by_status",)),
        ("unfixed", Provenance.SNAPSHOT, ("unfixed",)),
        ("calls", Provenance.SNAPSHOT, ("calls",)),  # without at:, whatever the filter
        ("nps", Provenance.SNAPSHOT, ("nps",)),
        ("plan_code", Provenance.SNAPSHOT, ("plan_code",)),
        ("days_to_renewal", Provenance.SNAPSHOT, ("days_to_renewal",)),
        ("sentiment", Provenance.SNAPSHOT, ("sentiment",)),
        ("mixed", Provenance.SNAPSHOT, ("nps", "seats")),  # the worst of its columns
        ("arr", Provenance.SNAPSHOT, ("arr",)),
        ("left", Provenance.KNOWN_LATER, ("churned_on",)),
        ("left AND nps > 0", Provenance.KNOWN_LATER, ("churned_on", "nps")),
        ("notice_given", Provenance.KNOWN_LATER, ("notice_given",)),
    ],
)
def test_a_metric_is_as_good_as_the_worst_of_its_columns(
    value: str, provenance: Provenance, because: tuple[str, ...]
) -> None:
    provenances = found(value)
    assert provenances.metrics == {"m": provenance}
    assert provenances.because.get("m", ()) == because


def test_points_may_read_more_than_the_value() -> None:
    """Peers of today's size are those of today; a target grows with the tenure, which is dated."""
    assert found("users_28d", "{kind: percentile, within: size}").because == {"m": ("seats",)}
    assert found("users_28d", "{kind: percentile}").metrics == {"m": Provenance.DATED}
    target = "{kind: target, target: 1, after_months: 2}"
    assert found("users_28d", target).metrics == {"m": Provenance.DATED}


def test_money_that_subscriptions_give_is_dated() -> None:
    lines = frozenset({"mrr", "arr"})
    assert found("mrr + arr", of_lines=lines).metrics == {"m": Provenance.DATED}


def test_rules_over_segments_and_scores_have_a_provenance_too() -> None:
    provenances = found("nps")
    assert provenances.columns["size"] is Provenance.SNAPSHOT
    assert provenances.columns["score"] is Provenance.SNAPSHOT
    assert found("users_28d").columns["score"] is Provenance.DATED
    config = settled(RULES % f"  m: {{value: users_28d, points: {LINEAR}}}")
    rule = config.segment_rules["size"][0].when
    assert rule is not None
    assert provenances.of([rule]) is Provenance.SNAPSHOT
    assert provenances.of([]) is Provenance.DATED


def test_the_file_tells_more_than_the_rules() -> None:
    """A column of dates that no name and no type gives away."""
    rules = RULES.replace("    types: {fixed: date}\n", "")
    config = settled(rules % f"  m: {{value: unfixed, points: {LINEAR}}}")
    dates = typed(("account_id", "fixed"), ("A", "2026-01-01"), source="tickets")
    texts = typed(("account_id", "fixed"), ("A", "yes"), source="tickets")
    assert find_provenances(config, {"tickets": dates}).metrics == {"m": Provenance.SNAPSHOT}
    assert find_provenances(config, {"tickets": texts}).metrics == {"m": Provenance.DATED}
