"""Columns of the user's own to metrics. Oracle: by hand."""

import datetime as dt
from pathlib import Path

import pandas as pd

from cscli.analysis.proposing.own_metrics import OwnMetric, propose_metrics
from cscli.analysis.recognising.facts import facts_of
from cscli.sources import read_table

AS_OF = dt.date(2026, 10, 31)
HEADER = "account_id,Satisfaction Score,Weekly sessions,Complaints,Churn Risk Score,Phone calls used id,Sessions copy"


def proposed(folder: Path) -> dict[str, OwnMetric]:
    rows = [f"A{n},{1 + n % 5},{10 * n},{n % 3},{n},{n},{10 * n}" for n in range(11)]
    path = folder / "accounts.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    frame = pd.DataFrame({"account_id": [f"A{n}" for n in range(11)]})
    found = propose_metrics(
        {"accounts": facts_of(read_table(path, "accounts"))}, frozenset(), [], frame, frozenset(), AS_OF
    )
    return {metric.name: metric for metric in found}


def test_direction_and_group_come_from_the_name(tmp_path: Path) -> None:
    found = proposed(tmp_path)
    assert {name: (metric.concept.better, metric.concept.group) for name, metric in found.items()} == {
        "satisfaction_score": (1, "satisfaction"), "weekly_sessions": (1, "usage"), "complaints": (-1, "support"),
    }  # fmt: skip


def test_a_known_scale_gives_the_corners_else_the_percentiles_of_the_book(tmp_path: Path) -> None:
    """Sessions are 0 to 100 in tens: the 10th, 50th and 90th percentile are 10, 50 and 90. Satisfaction is 1 to 5."""
    found = proposed(tmp_path)
    assert found["weekly_sessions"].at == ((10, 20), (50, 65), (90, 95))
    assert found["satisfaction_score"].at == ((2, 0), (5, 100))
    assert found["complaints"].at == ((0, 95), (1, 65), (2, 20))


def test_the_better_answer_of_a_flag_costs_no_points(tmp_path: Path) -> None:
    """Who is not past due is as good as one can be; who had the training likewise."""
    path = tmp_path / "accounts.csv"
    rows = [f"A{n},{'yes' if n < 3 else 'no'},{'no' if n % 2 else 'yes'}" for n in range(11)]
    path.write_text("\n".join(["account_id,Past due,Training done", *rows]) + "\n", encoding="utf-8")
    frame = pd.DataFrame({"account_id": [f"A{n}" for n in range(11)]})
    tables = {"accounts": facts_of(read_table(path, "accounts"))}
    found = propose_metrics(tables, frozenset(), [], frame, frozenset(), AS_OF)
    assert [metric.at for metric in found] == [((0, 100), (1, 45)), ((0, 45), (1, 100))]


def test_predictions_ids_and_twins_are_no_metrics(tmp_path: Path) -> None:
    assert not {"churn_risk_score", "phone_calls_used_id", "sessions_copy"} & set(proposed(tmp_path))


def test_a_crm_s_last_activity_counts_only_where_nothing_else_tells_anything() -> None:
    """20, 10 and 0 days before the day asked about; the least is best."""
    days = pd.to_datetime(["2026-10-11", "2026-10-21", "2026-10-31"])
    frame = pd.DataFrame({"account_id": ["A", "B", "C"], "last_activity_on": days})
    found = propose_metrics({}, frozenset(), [], frame, frozenset(), AS_OF)
    assert [(metric.concept.group, metric.at) for metric in found] == [
        ("commercial", ((2.0, 95), (10.0, 65), (18.0, 20)))
    ]
    assert not propose_metrics({}, frozenset({"open_tickets"}), [], frame, frozenset(), AS_OF)
