"""Actions of call lists and what was done of them, worked by hand. Due: Monday 14 September 2026, five business days after the 7th."""

import datetime as dt

import pandas as pd

from cscli.analysis.acting.plays import ACTIONS, done_in_time, names_of_plays, typed_plays
from cscli.config.blocks.actions import Playbook

WINDOW = (dt.date(2026, 7, 1), dt.date(2026, 9, 29))
MONDAY = "2026-09-07"
CALL = Playbook.model_validate(
    {"name": "call", "label": {"en": "Call them", "ja": "電話"}, "hours": 1, "due_days": 5, "text": "Call"}
)


def actions(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    """account_id, playbook, due_from, gone_on."""
    table = pd.DataFrame(
        [(account, begun, play, begun, begun, gone) for account, play, begun, gone in rows],
        columns=list(ACTIONS),
    )
    days = ["since", "due_from", "last_on", "gone_on"]
    return table.assign(**{name: pd.to_datetime(table[name]) for name in days})


def test_what_was_due_and_done_by_then() -> None:
    """A and B were done in time, B then left the list; C a day late, D never, E before it was asked for: 2 of 5. Not due: F, whose reason
    was gone by then; G, due before the window; H, due after it; I, no playbook of the rules.
    """
    table = actions(
        ("A", "Call", MONDAY, None), ("B", "Call", MONDAY, "2026-09-14"), ("C", "Call", MONDAY, None), ("D", "Call", MONDAY, "2026-09-21"),
        ("E", "Call", MONDAY, None), ("F", "Call", MONDAY, "2026-09-14"), ("G", "Call", "2026-06-01", None), ("H", "Call", "2026-09-28", None),
        ("I", "Dance", MONDAY, None),
    )  # fmt: skip
    done = {("A", 14), ("B", 8), ("C", 15), ("E", 6), ("I", 8)}
    plays = {(account, "Call", dt.date(2026, 9, day)) for account, day in done}
    kept = done_in_time(table, {"Call": 5.0}, plays, WINDOW, japanese=False)
    assert kept.tolist() == [True, True, False, False, False]


def test_another_play_does_not_do_this_one() -> None:
    plays = {("A", "Visit", dt.date(2026, 9, 8))}
    kept = done_in_time(
        actions(("A", "Call", MONDAY, None)), {"Call": 5.0, "Visit": 5.0}, plays, WINDOW, japanese=False
    )
    assert kept.tolist() == [False]


def test_a_play_is_known_by_what_people_read_for_it() -> None:
    names = names_of_plays([CALL])
    frame = pd.DataFrame(
        {"account_id": ["A", "B", "C", "D"], "play_done": ["CALL", " 電話", "hop", None],
         "play_done_on": pd.to_datetime(["2026-09-08", "2026-09-09", "2026-09-10", "2026-09-11"])}
    )  # fmt: skip
    assert set(typed_plays(frame, names)) == {
        ("A", "call", dt.date(2026, 9, 8)),
        ("B", "call", dt.date(2026, 9, 9)),
    }
    assert not list(typed_plays(frame[["account_id"]], names))
