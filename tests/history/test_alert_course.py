"""Alerts over weeks, on every kind of database: new, ongoing, cleared, new again. Oracle: the course by hand."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from alert_diary import HERE, START, Diary, make_frame, make_rules, shown, weeks
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from books.made import stored
from cscli.analysis.acting.alerts import SourceFaults, find_alerts
from cscli.analysis.acting.message_facts import AlertFacts, DigestFacts, SourceFacts
from cscli.analysis.acting.messages import Message
from cscli.errors import Location, Problem, Severity
from cscli.history import earlier_alerts, open_messages

LOW, HIGH = 30.0, 80.0


def subject_of(alert: AlertFacts) -> str:
    return alert.about.source if isinstance(alert.about, SourceFacts) else alert.about.account_id


def alerts_of(message: Message) -> tuple[AlertFacts, ...]:
    assert isinstance(message.facts, DigestFacts)
    return message.facts.alerts


def told(url: str) -> list[tuple[str, list[str]]]:
    """The messages in the outbox, each with its day and the accounts it tells of."""
    return [
        (message.as_of, [subject_of(alert) for alert in alerts_of(message)])
        for message in sorted(
            open_messages(url, HERE), key=lambda message: (message.as_of, str(alerts_of(message)))
        )
    ]


def test_new_ongoing_cleared_and_new_again(history_url: str) -> None:
    days, diary = weeks(5), Diary(history_url)
    course: list[dict[str, float | None]] = [
        {"A": LOW, "B": HIGH, "C": LOW, "D": LOW},
        {"A": LOW, "B": LOW, "C": HIGH, "D": None},
        {"A": LOW, "B": LOW, "C": HIGH, "D": HIGH},
        {"A": LOW, "C": LOW, "D": HIGH},
        {"A": LOW, "C": LOW, "D": HIGH},
    ]
    found = [shown(diary.run(day, scores)) for day, scores in zip(days, course, strict=True)]
    assert found == [
        {"A": ("new", "week 0"), "C": ("new", "week 0"), "D": ("new", "week 0")},
        {
            "B": ("new", "week 1"),
            "A": ("ongoing", "week 0"),
            "C": ("cleared", "week 0"),
            "D": ("cleared", "week 0"),
        },
        {"A": ("ongoing", "week 0"), "B": ("ongoing", "week 1")},
        {"C": ("new", "week 3"), "A": ("ongoing", "week 0"), "B": ("cleared", "week 1")},
        {"A": ("ongoing", "week 0"), "C": ("ongoing", "week 3")},
    ]
    assert told(history_url) == [
        (days[0].isoformat(), ["A", "C", "D"]), (days[1].isoformat(), ["B"]), (days[3].isoformat(), ["C"]),
    ]  # fmt: skip


def test_the_same_day_again_says_the_same_and_tells_nothing(history_url: str) -> None:
    days, diary = weeks(2), Diary(history_url)
    diary.run(days[0], {"A": LOW, "B": HIGH})
    once = shown(diary.run(days[1], {"A": LOW, "B": LOW}))
    messages = told(history_url)
    states = stored(
        history_url, "SELECT as_of, rule, kind, subject, status, since FROM alert_states ORDER BY 1, 4"
    )
    assert shown(diary.run(days[1], {"A": LOW, "B": LOW})) == once
    assert told(history_url) == messages
    again = stored(
        history_url, "SELECT as_of, rule, kind, subject, status, since FROM alert_states ORDER BY 1, 4"
    )
    assert again == states


def test_a_day_that_is_corrected_tells_only_what_is_new(history_url: str) -> None:
    [day] = weeks(1)
    diary = Diary(history_url)
    diary.run(day, {"A": LOW, "B": HIGH})
    diary.run(day, {"A": HIGH, "B": LOW})
    diary.run(day, {"A": LOW, "B": LOW})
    assert told(history_url) == [(day.isoformat(), ["A"]), (day.isoformat(), ["B"])]


def test_what_was_not_sent_at_first_is_sent_when_it_is_asked_for(history_url: str) -> None:
    days = weeks(3)
    Diary(history_url, sending=False).run(days[0], {"A": LOW, "B": LOW})
    assert told(history_url) == []
    Diary(history_url).run(days[1], {"A": LOW, "B": HIGH})
    Diary(history_url).run(days[2], {"A": LOW, "B": HIGH})
    assert told(history_url) == [(days[1].isoformat(), ["A"])]


def test_a_day_that_is_filled_in_later_tells_nothing_twice(history_url: str) -> None:
    """Between two runs a third is made: the alert turns out to be older, and is still the one that was told."""
    days, diary = weeks(3), Diary(history_url)
    diary.run(days[0], {"A": HIGH})
    diary.run(days[2], {"A": LOW})
    Diary(history_url, sending=False).run(days[1], {"A": LOW})
    assert shown(diary.run(days[2], {"A": LOW})) == {"A": ("ongoing", "week 1")}
    assert told(history_url) == [(days[2].isoformat(), ["A"])]


def test_channels_are_told_apart(history_url: str) -> None:
    """One rule goes to one channel; a channel that comes later is told of what is on."""
    rules = """alerts: [{name: low, when: score <= 40, channels: [a]}, {name: high, when: score >= 70}]
channels: [{name: a, kind: file, path: a}%s]
"""
    days = weeks(2)
    Diary(history_url, make_rules(rules % "")).run(days[0], {"A": LOW, "B": HIGH})
    Diary(history_url, make_rules(rules % ", {name: b, kind: file, path: b}")).run(
        days[1], {"A": LOW, "B": HIGH}
    )
    messages = {(m.channel, tuple(map(subject_of, alerts_of(m)))) for m in open_messages(history_url, HERE)}
    assert messages == {("a", ("A", "B")), ("b", ("B",))}


def test_nothing_is_known_so_nothing_clears(history_url: str) -> None:
    """One value gone: that alert clears. The whole column gone: they all stay, and it is said of which."""
    rules = make_rules("alerts: [{name: unhappy, when: sentiment <= 2}, {name: fell, when: score <= 40}]\n")
    days, diary = weeks(4), Diary(history_url, rules)
    scores: dict[str, float | None] = {"A": HIGH, "B": HIGH, "C": HIGH}
    nothing = [float("nan")] * 3
    diary.run(days[0], scores, sentiment=[1.0, 2.0, 5.0])
    found = diary.run(days[1], scores, sentiment=[1.0, float("nan"), 5.0])
    assert shown(found) == {"A": ("ongoing", "week 0"), "B": ("cleared", "week 0")}
    gone = diary.run(days[2], scores, sentiment=nothing)
    assert shown(gone) == {"A": ("ongoing", "week 0")}
    assert gone.kept == {"unhappy": ("sentiment",)}
    left = diary.run(days[3], {"B": HIGH, "C": HIGH}, sentiment=nothing[:2])
    assert shown(left) == {"A": ("cleared", "week 0")}, "an account that has left has no alerts"


def test_a_book_without_any_band_clears_nothing(history_url: str) -> None:
    rules = make_rules("alerts: [{name: bad, when: band = 'at_risk'}]\n")
    days, diary = weeks(2), Diary(history_url, rules)
    diary.run(days[0], {"A": LOW}, band=["at_risk"])
    assert shown(diary.run(days[1], {"A": None}, band=["unknown"])) == {"A": ("ongoing", "week 0")}


def test_problems_with_the_data(history_url: str) -> None:
    """One alert a rule and source, by code, by topic, by severity; a source that was not read keeps its alerts."""
    rules = make_rules("""alerts:
  - {name: stale, problems: [data.stale_file]}
  - {name: drifted, problems: [drift.*]}
  - {name: broken, severity: error}
channels: [{name: log, kind: file, path: x}]
""")
    days, diary = weeks(4), Diary(history_url, rules)
    stale = Problem(
        "data.stale_file",
        severity=Severity.WARNING,
        where=Location(file="u.csv"),
        details={"days": 9, "limit": 7},
    )
    details = {"as_of": "2026-10-01"}
    fell = [
        Problem(code, severity=Severity.WARNING, where=Location(file="a.csv"), value="x", details=details)
        for code in ("drift.not_refreshed", "drift.column_new")
    ]
    broken = Problem(
        "data.stale_file",
        severity=Severity.ERROR,
        where=Location(file="a.csv"),
        details={"days": 9, "limit": 7},
    )
    first = diary.run(days[0], {"A": HIGH}, faults={"usage": [stale], "accounts": [*fell, broken]})
    assert sorted(zip(first.table["rule"], first.table["subject"], strict=True)) == [
        ("broken", "accounts"), ("drifted", "accounts"), ("stale", "accounts"), ("stale", "usage"),
    ]  # fmt: skip
    assert first.faults["drifted", "accounts"] == tuple(fell)
    second = diary.run(days[1], {"A": HIGH}, read=("accounts",))
    assert {(row.rule, row.subject): row.status for row in second.table.itertuples()} == {
        ("broken", "accounts"): "cleared", ("drifted", "accounts"): "cleared", ("stale", "accounts"): "cleared",
        ("stale", "usage"): "ongoing",
    }  # fmt: skip
    assert second.kept == {"stale": ("usage",)}
    assert shown(diary.run(days[2], {"A": HIGH})) == {"usage": ("cleared", "week 0")}
    assert shown(diary.run(days[3], {"A": HIGH}, faults={"usage": [stale]})) == {"usage": ("new", "week 3")}


def test_a_rule_that_is_renamed_or_removed_clears(history_url: str) -> None:
    days = weeks(2)
    Diary(history_url, make_rules("alerts: [{name: old, when: score <= 40}]\n")).run(days[0], {"A": LOW})
    found = Diary(history_url, make_rules("alerts: [{name: new, when: score <= 40}]\n")).run(
        days[1], {"A": LOW}
    )
    assert list(zip(found.table["rule"], found.table["status"], strict=True)) == [
        ("new", "new"),
        ("old", "cleared"),
    ]


def test_without_a_history_nobody_knows_what_is_new() -> None:
    faults = SourceFaults({}, frozenset({"accounts"}))
    found = find_alerts(make_frame({"A": LOW, "B": HIGH}), faults, make_rules(), START, None)
    assert found.table[["subject", "status"]].to_numpy().tolist() == [["A", None]]
    assert found.table["since"].isna().all()
    assert len(found.active) == 1


COURSES = st.lists(
    st.dictionaries(st.sampled_from("ABC"), st.sampled_from([LOW, HIGH, None])), min_size=1, max_size=6
)


@pytest.mark.whole
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(course=COURSES, again=st.lists(st.integers(0, 5), max_size=3))
def test_each_stretch_is_told_once_whatever_the_course(
    tmp_path_factory: pytest.TempPathFactory, course: list[dict[str, Any]], again: list[int]
) -> None:
    """Each stretch in which an account is low is told exactly once, however often its last day is run again."""
    url = f"sqlite:///{tmp_path_factory.mktemp('course')}/h.db"
    diary = Diary(url)
    expected: Counter[str] = Counter()
    low: set[str] = set()
    for number, scores in enumerate(course):
        day = START + dt.timedelta(weeks=number)
        for _ in range(1 + again.count(number)):
            diary.run(day, scores)
        known = any(score is not None for score in scores.values())
        now = {key for key, score in scores.items() if score == LOW}
        now |= {key for key in low if key in scores and not known}
        expected.update(now - low)
        low = now
    assert Counter(name for _, names in told(url) for name in names) == expected
    assert set(earlier_alerts(url, HERE, START + dt.timedelta(weeks=52)).active["subject"]) == low
