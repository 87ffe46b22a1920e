"""What people and exports get wrong in promises, the shared history and voice. Oracle: each fault was put in by hand, and stands in the table beside it."""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from books.latin import english_in, words_of
from books.practice_books import AS_OF, cscli_here, sheets_of, write_book
from cscli.errors import CscliError, Problem, SourceError
from cscli.texts import LANGUAGES, problem_hint, problem_line
from cscli.workflows import extend_inputs, journey, timeline, voice
from cscli.workflows.book.request import Request
from cscli.workspace.rules import find_rules

RULES = """version: 1
sources:
  accounts: {file: accounts.csv}
  touches: {file: touches.csv, kind: rows, at: at, types: {at: date, said: text}, rollup: {touches_ever: count(*)}}
journey:
  standards:
    - name: onboarding
      label: {en: First steps, ja: 導入}
      start: started_on
      milestones:
        - {name: kickoff, days: 14, label: {en: Kick off, ja: キックオフ}}
        - {name: seen, days: 30, on: seen_on}
    - {name: typed_alone, start: started_on, milestones: [{name: report, days: 60}]}
goals: {}
timeline:
  events: [{source: touches, department: cs, at: at, kind: "'call'", text: said, two_way: "true"}]
voice:
  texts: [{source: touches, at: at, text: said}]
  themes: [{name: price, any: [price]}, {name: export, any: [export]}]
metrics: {use: {value: seats, points: {kind: linear, zero: 0, full: 10}}}
scorecards: [{name: all, groups: {use: {weight: 1, metrics: {use: 1}}}}]
"""
ACCOUNTS = """account_id,name,mrr,seats,started_on,seen_on
A1,Acme,100,5,2026-08-01,2026-08-10
A2,Bond,200,5,2026-08-01,
A3,Cove,300,5,,
"""
EMOJI = "Save an hour 🙂\nand write “less”, 100 %\tquickly"
GOAL = {"Baseline": 1, "Target": 5, "Agreed on": "2026-08-01", "Due": "2027-01-01"}
Rows = Sequence[Mapping[Any, Any]]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "touches.csv").write_text("account_id,at,said\nA1,2026-10-01,the price\n", encoding="utf-8")
    return tmp_path


def type_in(folder: Path, *, goals: Rows = (), milestones: Rows = ()) -> None:
    sheets = {
        "Goals": goals or [{"Account ID": None, "Goal": None}],
        "Milestones": milestones or [{"Account ID": None, "Milestone": None}],
    }
    write_book(folder / "inputs" / "journey.xlsx", sheets)


def asked(folder: Path, day: str = AS_OF) -> Request:
    on = dt.date.fromisoformat(day)
    return Request(rules=find_rules(None, folder), now=dt.datetime.combine(on, dt.time(9), dt.UTC), as_of=on)


def said(folder: Path, command: Any = journey) -> dict[str, list[tuple[int | None, str | None]]]:
    """By code, the line and the value of each problem of a command; each can be read in both languages."""
    try:
        problems: Sequence[Problem] = command(asked(folder), folder / "out.xlsx").problems
    except CscliError as error:
        problems = error.problems
    found: dict[str, list[tuple[int | None, str | None]]] = {}
    for each in problems:
        found.setdefault(each.code, []).append((each.where.line, each.value))
        assert "{" not in problem_line(each, "en")
        known = words_of(
            RULES,
            ACCOUNTS,
            EMOJI,
            *map(str, (each.value, each.where.file, each.where.sheet, each.where.column)),
        )
        assert english_in(problem_line(each, "ja"), known | {"xlsx", "CRM"}) == set()
    return found


def test_milestones_as_people_mistype_them(workspace: Path) -> None:
    """Lines 2 to 9 are wrong, each in its own way; the last is right and counts."""
    rows = [
        ("A1", "onboarding", "kikoff", "2026-08-05", None),
        ("A1", "onbording", "kickoff", "2026-08-05", None),
        ("A1", "onboarding", "seen", "2026-08-05", None),
        ("A2", "onboarding", "kickoff", "2026-12-01", None),
        ("A2", "typed_alone", "report", "2020-01-01", None),
        ("A1", "", "report", None, None),
        ("A9", "", "report", "2026-08-05", None),
        ("A2", "", None, "2026-08-05", None),
        ("A1", "導入", "ｋｉｃｋ　ＯＦＦ", "2026-08-05", None),
    ]
    heads = ("Account ID", "Standard", "Milestone", "Reached on", "Waived because")
    type_in(workspace, milestones=[dict(zip(heads, row, strict=True)) for row in rows])
    found = said(workspace)
    assert found["journey.unknown_milestone_nearest"] == [(2, "kikoff")]
    assert found["journey.unknown_standard"] == [(3, "onbording")]
    assert found["journey.seen_in_data"] == [(4, "2026-08-05")]
    assert found["journey.reached_later"] == [(5, "2026-12-01")]
    assert found["journey.reached_too_early"] == [(6, "2020-01-01")]
    assert found["journey.no_date"] == [(7, "report")]
    assert found["people.unknown_account"] == [(8, "A9")]
    assert found["journey.no_milestone"] == [(9, None)]
    assert found["journey.all_typed"] == [(None, "typed alone")]
    assert len(found["journey.no_start"]) == 2  # A3, of both standards
    course = {
        (row["account_id"], row["milestone"]): row
        for row in sheets_of(workspace, "journey")["milestones"].to_dict("records")
    }
    assert course["A1", "kickoff"]["reached_on"] == "2026-08-05"
    assert course["A1", "kickoff"]["status"] == "in_time"
    assert course["A2", "kickoff"]["status"] == "overdue"


def test_a_milestone_that_there_is_not_is_answered_by_what_people_read(workspace: Path) -> None:
    """Labels of the rules, not their names: people type what they see. Oracle: the labels in RULES."""
    rows = [{"Account ID": "A1", "Milestone": name, "Reached on": "2026-08-05"} for name in ("kikoff", "🎂")]
    type_in(workspace, milestones=rows)
    told = journey(asked(workspace), workspace / "out.xlsx").problems
    nearest, none = (each for each in told if each.code.startswith("journey.unknown_milestone"))
    assert problem_hint(nearest, "en") == "Did you mean Kick off? The rules have Kick off, seen, report."
    assert (
        problem_hint(nearest, "ja")
        == "キックオフ のことでしょうか。設定にあるのは キックオフ、seen、report です。"
    )
    assert str(problem_hint(none, "en")).startswith("The rules have Kick off, seen, report.")


def test_a_measure_that_names_nothing_is_said(workspace: Path) -> None:
    """A warning for what is nearly a column (seats), or one of words (name); one note of all others that no typed value measures either. What is not open is left alone."""
    measured = {"seats": 2, "Seets": 3, "hours a list": 4, "name": 5, "minutes": 6, "days": 7, "calls": 8}
    typed = {"Actual": 2, "Actual on": "2026-10-20"}
    rows: Rows = [
        {
            **GOAL,
            "Account ID": "A1",
            "Goal": name,
            "Measure": name,
            "Status": "dropped" if name == "days" else None,
            **(typed if name == "calls" else {}),
        }
        for name in measured
    ]
    type_in(workspace, goals=rows)
    told = journey(asked(workspace), workspace / "out.xlsx").problems
    found = {each.code: (each.where.line, each.value) for each in told if each.code.startswith("goals.")}
    assert found == {
        "goals.measure_nearest": (3, "Seets"),
        "goals.measure_of_words": (5, "name"),
        "goals.by_people": (None, "hours a list, minutes"),
    }
    hints = [
        problem_hint(each, to) for each in told if each.code == "goals.measure_nearest" for to in LANGUAGES
    ]
    assert hints == ["Did you mean Seats?", "Seats のことでしょうか。"]


def test_a_milestone_typed_twice_counts_once(workspace: Path) -> None:
    row = {"Account ID": "A1", "Milestone": "kickoff", "Reached on": "2026-08-05"}
    type_in(workspace, milestones=[row, {**row, "Reached on": "2026-10-05"}])
    assert said(workspace)["journey.milestone_twice"] == [(3, "kickoff")]
    course = sheets_of(workspace, "journey")["milestones"]
    assert "2026-08-05" in course["reached_on"].tolist()
    assert "2026-10-05" not in course["reached_on"].tolist()


def test_goals_as_people_mistype_them(workspace: Path) -> None:
    """Each line from 2 on has one fault; what is wrong of it is left out, and the goal stays where it can."""
    rows: Rows = [
        {**GOAL, "Account ID": "A1", "Goal": "same", "Target": 1},
        {**GOAL, "Account ID": "A1", "Goal": "due first", "Due": "2026-07-01"},
        {**GOAL, "Account ID": "A1", "Goal": "ours", "Measure": "Score"},
        {**GOAL, "Account ID": "A1", "Goal": "undated", "Actual": 3},
        {**GOAL, "Account ID": "A1", "Goal": "Twice"},
        {**GOAL, "Account ID": "A1", "Goal": " ｔｗｉｃｅ "},
        {**GOAL, "Account ID": "A1", "Goal": None, "Reason": "why not"},
        {**GOAL, "Account ID": "A1", "Goal": "tomorrow", "Agreed on": "2026-12-01"},
        {**GOAL, "Account ID": "A1", "Goal": "reviewed tomorrow", "Reviewed on": "2026-12-01"},
        {**GOAL, "Account ID": "A1", "Goal": "state", "Status": "finished"},
        {**GOAL, "Account ID": "A1", "Goal": "number", "Baseline": "many"},
        {**GOAL, "Account ID": "A9", "Goal": "of nobody"},
    ]
    type_in(workspace, goals=rows)
    found = said(workspace)
    assert found["goals.target_is_baseline"] == [(2, "1")]
    assert found["goals.due_before_agreed"] == [(3, "2026-07-01")]
    assert found["goals.own_score"] == [(4, "Score")]
    assert found["goals.actual_undated"] == [(5, "3")]
    assert [line for line, _ in found["goals.twice"]] == [7]
    assert [line for line, _ in found["goals.no_text"]] == [8]
    assert found["goals.agreed_later"] == [(9, "2026-12-01")]
    assert found["goals.later"] == [(10, "2026-12-01")]
    assert found["inputs.not_a_choice"] == [(11, "finished")]
    assert found["people.unknown_account"] == [(13, "A9")]
    assert 12 in {line for each in found.values() for line, _ in each}
    kept = sheets_of(workspace, "journey")["goals"]["goal"].tolist()
    assert sorted(kept) == [
        "Twice",
        "due first",
        "number",
        "ours",
        "reviewed tomorrow",
        "same",
        "state",
        "undated",
    ]


def test_a_text_corrected_by_a_letter_is_a_new_goal_and_the_old_one_is_named(workspace: Path) -> None:
    type_in(workspace, goals=[{**GOAL, "Account ID": "A1", "Goal": "Save an huor"}])
    cscli_here(workspace, "score", "--as-of", "2026-10-24")
    type_in(workspace, goals=[{**GOAL, "Account ID": "A1", "Goal": "Save an hour"}])
    ((_, value),) = said(workspace)["goals.gone"]
    assert value == "A1 save an huor"


def test_times_without_a_zone_are_said_and_days_alone_are_not(workspace: Path) -> None:
    """Two of the five cells have a time of the day and no offset: they are of the zone of the rules. The others need none. Oracle: by hand."""
    (workspace / "cscli.yaml").write_text(RULES + "timezone: Asia/Tokyo\n", encoding="utf-8")
    days = [
        "2026-10-01",
        "2026-10-01 09:30",
        "2026-10-02 23:30",
        "2026-10-02T23:30:00Z",
        "2026-10-03 08:00+09:00",
    ]
    rows = "".join(f"A1,{day},call {number}\n" for number, day in enumerate(days))
    (workspace / "touches.csv").write_text(f"account_id,at,said\n{rows}", encoding="utf-8")
    (told,) = (
        each
        for each in timeline(asked(workspace), workspace / "out.xlsx").problems
        if each.code == "timeline.no_zone"
    )
    assert (told.where.file, told.where.column, told.details) == (
        "touches.csv", "at", {"count": "2", "zone": "Asia/Tokyo"},
    )  # fmt: skip
    events = sheets_of(workspace, "timeline", "--texts")["events"]["at"].tolist()
    assert sorted(events) == [
        "2026-10-01", "2026-10-01T09:30", "2026-10-02T23:30", "2026-10-03T08:00", "2026-10-03T08:30",
    ]  # fmt: skip


def test_a_new_book_offers_the_names_of_the_rules(workspace: Path) -> None:
    """Oracle: the labels in RULES; a name without one is shown with blanks. Another name may be typed: no error is shown."""
    extend_inputs(asked(workspace))
    sheet = openpyxl.load_workbook(workspace / "inputs" / "journey.xlsx")["Milestones"]
    lists = {
        sheet.cell(1, next(iter(rule.sqref.ranges)).min_col).value: (rule.formula1, rule.showErrorMessage)
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists == {
        "Standard": ('"First steps,typed alone"', False),
        "Milestone": ('"Kick off,seen,report"', False),
    }


def test_emoji_and_line_breaks_stay_as_they_were_typed(workspace: Path) -> None:
    type_in(workspace, goals=[{**GOAL, "Account ID": "A1", "Goal": EMOJI, "Measure": "seats"}])
    (workspace / "touches.csv").write_text(
        f'account_id,at,said\nA1,2026-10-01,"{EMOJI}"\nA2,2026-10-02,{"long " * 200}\n', encoding="utf-8"
    )
    assert sheets_of(workspace, "journey")["goals"]["goal"].tolist() == [EMOJI]
    assert said(workspace, timeline)["timeline.cut"] == [(None, None)]
    events = sheets_of(workspace, "timeline", "--texts")["events"]["text"].tolist()
    assert events[0] == EMOJI
    assert len(events[1]) == 501
    assert EMOJI in sheets_of(workspace, "voice")["unmatched"]["text"].tolist()
    cscli_here(workspace, "journey", "--share", "A1", "-o", "shared.xlsx", "--as-of", AS_OF)
    cells = [
        cell
        for sheet in openpyxl.load_workbook(workspace / "shared.xlsx")
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    assert EMOJI in cells


def test_a_row_that_was_moved_says_the_same(workspace: Path) -> None:
    goals = [{**GOAL, "Account ID": account, "Goal": f"of {account}"} for account in ("A1", "A2")]
    type_in(workspace, goals=goals)
    first = sheets_of(workspace, "journey")
    type_in(workspace, goals=[*goals[::-1]])
    again = sheets_of(workspace, "journey")
    assert sorted(first["goals"]["goal"]) == sorted(again["goals"]["goal"])
    assert first["journey_accounts"].equals(again["journey_accounts"])


def test_a_sheet_that_was_renamed_is_said_and_nothing_is_added_to_it(workspace: Path) -> None:
    type_in(workspace, goals=[{**GOAL, "Account ID": "A1", "Goal": "kept"}])
    path = workspace / "inputs" / "journey.xlsx"
    book = openpyxl.load_workbook(path)
    book["Goals"].title = "Old"
    book["Old"]["B1"] = "words"
    book.save(path)
    assert said(workspace)["inputs.no_sheet"]
    cscli_here(workspace, "inputs", "journey", "--as-of", AS_OF)
    after = openpyxl.load_workbook(path)
    assert [[cell.value for cell in row] for row in after["Old"]] == [
        [cell.value for cell in row] for row in book["Old"]
    ]


def test_an_account_merged_in_the_crm_keeps_its_rows_and_is_named(workspace: Path) -> None:
    type_in(workspace, goals=[{**GOAL, "Account ID": "A2", "Goal": "kept"}])
    (workspace / "accounts.csv").write_text(ACCOUNTS.replace("A2,Bond", "M2,Bond"), encoding="utf-8")
    assert said(workspace)["people.unknown_account"] == [(2, "A2")]
    cscli_here(workspace, "inputs", "journey", "--as-of", AS_OF)
    rows = list(
        openpyxl.load_workbook(workspace / "inputs" / "journey.xlsx")["Goals"].iter_rows(values_only=True)
    )
    assert "kept" in rows[1]


def test_two_books_open_at_once_are_left_alone_and_the_others_are_done(workspace: Path) -> None:
    extend_inputs(asked(workspace))
    (workspace / "accounts.csv").write_text(f"{ACCOUNTS}A4,Dune,10,5,2026-08-01,\n", encoding="utf-8")
    inputs = workspace / "inputs"
    before = {name: (inputs / name).read_bytes() for name in ("csm.xlsx", "journey.xlsx", "handover.xlsx")}
    for name in ("csm.xlsx", "journey.xlsx"):
        (inputs / f"~${name}").write_bytes(b"")
    with pytest.raises(SourceError) as raised:
        extend_inputs(asked(workspace))
    assert [(each.code, each.where.file) for each in raised.value.problems] == [
        ("people.open_elsewhere", "csm.xlsx"), ("people.open_elsewhere", "journey.xlsx"),
    ]  # fmt: skip
    assert [(inputs / name).read_bytes() == content for name, content in before.items()] == [
        True,
        True,
        False,
    ]


@pytest.mark.slow
def test_ten_thousand_goals_are_judged_in_no_time(workspace: Path) -> None:
    """With as many of an earlier run: their number must not be multiplied by itself."""
    goals = [
        {**GOAL, "Account ID": f"A{1 + number % 2}", "Goal": f"goal {number}"} for number in range(10_000)
    ]
    type_in(workspace, goals=goals)
    cscli_here(workspace, "score", "--as-of", "2026-10-24", "-q")
    begun = time.process_time()
    assert len(sheets_of(workspace, "journey")["goals"]) == 10_000
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    ("command", "wrong", "code"),
    [
        (timeline, ("at: at, kind: \"'call'\"", "at: said, kind: \"'call'\""), "journey.not_a_date"),
        (timeline, ('two_way: "true"', "two_way: said"), "config.not_a_condition"),
        (timeline, ("events: [{source: touches", "events: [{source: calls"), "timeline.no_source"),
        (voice, ("texts: [{source: touches, at: at, text: said}]", "texts: [{source: touches, at: at, text: words}]"), "voice.no_column"),
        (voice, ("texts: [{source: touches, at: at", "texts: [{source: touches, at: said"), "journey.not_a_date"),
        (journey, ("on: seen_on", "on: name"), "journey.not_a_date"),
        (journey, ("start: started_on\n      milestones", "start: name\n      milestones"), "journey.not_a_date"),
    ],
)  # fmt: skip
def test_rules_that_do_not_fit_their_columns(
    workspace: Path, command: Any, wrong: tuple[str, str], code: str
) -> None:
    assert wrong[0] in RULES
    (workspace / "cscli.yaml").write_text(RULES.replace(*wrong), encoding="utf-8")
    assert list(said(workspace, command)) == [code]


def test_texts_that_are_damaged_or_not_there_are_said(workspace: Path) -> None:
    (workspace / "touches.csv").write_text(
        "account_id,at,said\nA1,2026-10-01,the pr\ufffdce\nA2,2026-10-01,price\n", encoding="utf-8"
    )
    assert said(workspace, voice)["voice.damaged"] == [(None, "touches")]
    (workspace / "touches.csv").write_text("account_id,at,said\nA1,2026-10-01,\n", encoding="utf-8")
    assert said(workspace, voice)["voice.no_texts"] == [(None, "touches")]


def test_days_of_voice_that_cannot_be(workspace: Path) -> None:
    """Told before the release does not count: the account is still to be told. A day after the run is dropped, a status without a day told."""
    themes: Rows = [
        {"Theme": "price", "Status": "released", "Status since": "2026-10-10"},
        {"Theme": "export", "Status": "declined", "Status since": None},
    ]
    told: Rows = [
        {"Theme": "price", "Account ID": "A1", "Told on": day} for day in ("2026-10-05", "2026-12-01")
    ]
    write_book(workspace / "inputs" / "voice.xlsx", {"Themes": themes, "Tell": told})
    found = said(workspace, voice)
    assert found["voice.later"] == [(3, "2026-12-01")]
    assert found["voice.status_undated"] == [(3, "declined")]
    assert sheets_of(workspace, "voice")["tell"]["loop"].tolist() == ["to_tell"]


def test_who_left_an_old_cohort_early_does_not_stay_in_it_alone(workspace: Path) -> None:
    """Oracle: by hand. The rule concerns the first 18 months; all three began 30 months ago, and the one that left after five is as old as the others."""
    rows = [
        "O1,One,100,5,2024-04-01,,2024-09-01",
        "O2,Two,100,5,2024-04-01,,",
        "N1,New,100,5,2026-08-01,2026-08-05,",
    ]
    (workspace / "accounts.csv").write_text(
        "\n".join(["account_id,name,mrr,seats,started_on,seen_on,churned_on", *rows, ""]), encoding="utf-8"
    )
    rules = RULES.replace(
        "start: started_on\n      milestones",
        "start: started_on\n      when: tenure_months < 18\n      milestones",
    )
    assert rules != RULES
    (workspace / "cscli.yaml").write_text(rules, encoding="utf-8")
    course = sheets_of(workspace, "journey")["milestones"]
    assert set(course["account_id"][course["standard"] == "onboarding"]) == {"N1"}
