"""A cap above the score changes nothing now; it does once the score would rise above it. Worked out by hand."""

import datetime as dt
from pathlib import Path

from cscli.workflows import Asked, Request, explain
from cscli.workspace.rules import find_rules

RULES = """\
version: 1
currency: USD
timezone: UTC
sources: {accounts: {file: accounts.csv}}
metrics: {use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}}
scorecards:
  - name: s
    groups: {g: {weight: 1, metrics: {use: 1}}}
    caps: [{when: p1 > 0, at_most: 64, reason: Open P1}]
bands: [{name: healthy, from: 65}, {name: watch, from: 40}, {name: at_risk, from: 0}]
"""


def test_the_cap_is_told_as_what_binds_later_and_not_now(tmp_path: Path) -> None:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("account_id,active_users,seats,p1\nA1,4,10,1\n", encoding="utf-8")
    now = dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC)
    request = Request(rules=find_rules(None, tmp_path), now=now, as_of=dt.date(2026, 10, 31), remember=False)
    report = explain(request, Asked("A1"), None)
    assert "Up to 64 it is" in report.headline
    assert "Open P1 changes nothing yet" in report.headline
    assert "Open P1 has to go too" in report.headline
