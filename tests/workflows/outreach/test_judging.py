"""What messages came to, from stored runs. The oracle is arithmetic: who got it rose by 20 points, the others by 10."""

import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rich.cells import cell_len
from rich.console import Console

from books.outreach_workspace import AS_OF, asked, issued, lay
from cscli.errors import CscliError
from cscli.render import show_report
from cscli.workflows.outreach.judging import results
from cscli.workflows.outreach.previewing import planned_of
from cscli.workflows.scores.scoring import score

RUN_LIMIT = "  limits: {run: 30, account: {at_most: 9, days: 1}}\n"


def use(folder: Path, shares: dict[int, float]) -> None:
    """The accounts' file with such a share of the seats in use, by number; 0.4 where nothing is told."""
    head, *lines = (folder / "accounts.csv").read_text(encoding="utf-8").splitlines()
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = line.split(",")
        cells[4] = str(float(cells[3]) * shares.get(number, 0.4))
        rows.append(",".join(cells))
    (folder / "accounts.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")


def stored(folder: Path, days: int) -> None:
    score(asked(folder, days=days), folder / "out.json")


def told(folder: Path, days: int) -> dict[str, list[dict[str, Any]]]:
    results(asked(folder, days=days), None, folder / "r.json")
    found: dict[str, list[dict[str, Any]]] = json.loads((folder / "r.json").read_text(encoding="utf-8"))[
        "sheets"
    ]
    return found


def limited(folder: Path) -> Path:
    """Sixty accounts, of which thirty a run get it: those with the most ARR, A31 to A60."""
    lay(folder, accounts=60)
    rules = (
        (folder / "cscli.yaml")
        .read_text(encoding="utf-8")
        .replace("  holdout: 0\n", f"  holdout: 0\n{RUN_LIMIT}", 1)
    )
    (folder / "cscli.yaml").write_text(rules, encoding="utf-8")
    return folder


def test_matched_with_those_that_a_limit_stopped(tmp_path: Path) -> None:
    """All at 40 then; four weeks later 60 for those that got it, 50 for the others: +10. A1 to A4 are of another touch (under 50
    seats), so that 26 controls are like the 30.
    """
    folder = limited(tmp_path / "book")
    stored(folder, 0)
    assert issued(folder, expect=30).count == 30
    use(folder, {n: 0.6 if n > 30 else 0.5 for n in range(1, 61)})
    stored(folder, 28)
    found = told(folder, 28)
    first, second = found["messages"]
    assert (first["window"], first["method"], first["verdict"]) == (28, "matched", "better")
    assert (first["issued"], first["compared"], first["control"], first["dropped"]) == (30, 30, 26, 0)
    assert (first["score_change"], first["score_change_control"], first["difference"]) == pytest.approx(
        (20.0, 10.0, 10.0)
    )
    assert (first["goal_change"], first["goal_difference"]) == pytest.approx((0.2, 0.1))
    assert (first["churned"], first["churned_control"]) == (0.0, 0.0)
    assert (second["window"], second["verdict"], second["open"]) == (90, "not_yet", 30)
    accounts = [row for row in found["accounts"] if row["window"] == 28]
    assert {row["band_change"] for row in accounts} == {"same"}
    assert found["states"] == [{"message": "hello", "state": "issued", "count": 30, "keys": None}]


def test_who_is_gone_has_left_and_moves_no_score(tmp_path: Path) -> None:
    folder = limited(tmp_path / "book")
    stored(folder, 0)
    issued(folder, expect=30)
    text = (folder / "accounts.csv").read_text(encoding="utf-8").splitlines()
    (folder / "accounts.csv").write_text("\n".join([*text[:58], ""]), encoding="utf-8")  # A58 to A60 are gone
    stored(folder, 28)
    first = told(folder, 28)["messages"][0]
    assert (first["compared"], first["score_change"]) == (27, 0.0)
    assert first["churned"] == pytest.approx(3 / 30)
    assert first["verdict"] == "no_difference"


def test_by_lot_where_some_were_held_out_and_too_few_to_judge(tmp_path: Path) -> None:
    folder = lay(tmp_path / "book", holdout=0.5)
    stored(folder, 0)
    done = issued(folder, expect=len(planned_of(asked(folder)).going))
    use(folder, dict.fromkeys(range(1, 9), 0.5))
    stored(folder, 29)
    first = told(folder, 29)["messages"][0]
    assert (first["method"], first["verdict"]) == ("holdout", "too_few")
    assert (first["issued"], first["held_out"]) == (done.count, done.held_out)
    assert first["score_change"] == pytest.approx(10.0)


def test_the_verdict_stands_in_a_narrow_terminal(tmp_path: Path) -> None:
    """In Japanese the heads alone once took 80 columns; judged and too early, each with its verdict and whole interval."""
    folder = limited(tmp_path / "book")
    stored(folder, 0)
    issued(folder, expect=30)
    use(folder, {n: 0.6 if n > 30 else 0.5 for n in range(1, 61)})
    stored(folder, 28)
    early = screen(folder, 10)
    assert all(word in early for word in ("判定", "まだ早い", "届いた", "比較用"))
    judged = screen(folder, 28)
    assert all(word in judged for word in ("判定", "よくなった", "下限", "上限"))
    assert judged.count("+10.0") == 6, "the difference and both ends of its interval, also in the sentence"


@pytest.mark.parametrize(("holdout", "is_advised"), [(0.0, True), (0.01, False)])
def test_a_holdout_is_advised_where_there_is_none(
    tmp_path: Path, holdout: float, *, is_advised: bool
) -> None:
    """All that the rule means got it and no lot left anybody out, so that there is nobody to compare with."""
    folder = lay(tmp_path / "book", holdout=holdout, accounts=7)
    stored(folder, 0)
    issued(folder)
    stored(folder, 27)
    found = results(asked(folder, days=40), None, None)
    assert ("would leave some out" in found.headline) is is_advised


def screen(folder: Path, days: int) -> str:
    """What a terminal of 80 columns shows in Japanese."""
    file = io.StringIO()
    report = results(replace(asked(folder, days=days), language="ja"), None, None)
    show_report(report, Console(file=file, width=80))
    assert all(cell_len(line) <= 80 for line in file.getvalue().splitlines())
    return file.getvalue()


def test_without_a_run_near_the_day_nothing_is_told(tmp_path: Path) -> None:
    """Runs five days off do not count."""
    folder = limited(tmp_path / "book")
    issued(folder, expect=30)
    stored(folder, 5)
    stored(folder, 33)
    first = told(folder, 40)["messages"][0]
    assert (first["compared"], first["untold"]) == (0, 30)
    assert first["verdict"] == "no_run"


def test_nothing_booked_is_an_error_and_so_is_a_message_that_there_is_not(tmp_path: Path) -> None:
    folder = lay(tmp_path / "book")
    with pytest.raises(CscliError) as error:
        results(asked(folder), None, None)
    assert [each.code for each in error.value.problems] == ["outreach.nothing_booked"]
    with pytest.raises(CscliError) as error:
        results(replace(asked(folder), as_of=AS_OF - dt.timedelta(days=1)), "helo", None)
    assert [each.code for each in error.value.problems] == ["outreach.unknown_message"]


def test_playbooks_of_people_are_judged_the_same_way(tmp_path: Path) -> None:
    """A31 to A60 had the play done, by its name or its label; the others of their touch were at risk as well. +10 as above."""
    folder = limited(tmp_path / "book")
    with (folder / "cscli.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "at_risk: {when: score < 45}\nplaybooks: [{name: Call, label: {ja: 電話}, hours: 1, due_days: 3, text: Call}]\n"
        )
    stored(folder, 0)
    lines = [f"A{n},{'電話' if n % 2 else 'call'},{AS_OF}" for n in range(31, 61)]
    (folder / "inputs").mkdir()
    book = openpyxl.Workbook()
    for line in ["Account ID,Playbook done,Playbook done on", *lines]:
        book.worksheets[0].append(line.split(","))
    book.save(folder / "inputs" / "csm.xlsx")
    use(folder, {n: 0.6 if n > 30 else 0.5 for n in range(1, 61)})
    stored(folder, 28)
    found = {(row["message"], row["window"]): row for row in told(folder, 28)["messages"]}
    play = found["Call", 28]
    assert (play["method"], play["verdict"], play["issued"], play["control"]) == ("matched", "better", 30, 26)
    assert play["difference"] == pytest.approx(10.0)


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "md"])
def test_without_a_stored_run_it_says_so_in_every_form(tmp_path: Path, suffix: str) -> None:
    """Messages went out, and `score` never ran: every figure is missing, and what would give one is said."""
    folder = lay(tmp_path / "book")
    issued(folder)
    found = results(asked(folder, days=40), None, folder / f"r.{suffix}")
    first = found.sheets[0]
    assert first.column("verdict")[0] == "no_run"
    assert list(first.column("untold")) == [7.0, 0.0]
    assert "`cscli score`" in found.headline
    assert (folder / f"r.{suffix}").stat().st_size > 0
