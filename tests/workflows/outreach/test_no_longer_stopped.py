"""Opt-outs that vanish line by line. The oracle is the small book: eight accounts, A8 opted out in the export, A1 in the list of people."""

import json
import stat
from pathlib import Path

import pytest

from books.outreach_workspace import COUNT, asked, issued, lay
from cscli.errors import UsageError
from cscli.texts import LANGUAGES, problem_line
from cscli.workflows.outreach.issuing import IssueOptions, issue
from cscli.workflows.outreach.previewing import planned_of
from cscli.workflows.outreach.settling import forget

FIRST, OTHER = "p@a1.example", "q@elsewhere.example"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Where one run has seen that A1 and A8 opted out."""
    folder = lay(tmp_path / "book")
    listed(folder, FIRST, OTHER)
    assert told(folder) == []
    return folder


def listed(folder: Path, *addresses: str) -> None:
    (folder / "inputs").mkdir(exist_ok=True)
    (folder / "inputs" / "optout.csv").write_text("\n".join(["address", *addresses, ""]), encoding="utf-8")


def told(folder: Path, days: int = 0) -> list[tuple[int, str]]:
    """How many are said to be stopped no longer, and who."""
    found = [
        each
        for each in planned_of(asked(folder, days=days)).problems
        if each.code == "outreach.no_longer_stopped"
    ]
    return [(int(str(each.details["count"])), str(each.details["names"])) for each in found]


def known(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / ".cscli" / "stopped.json").read_text())["addresses"]
    return found


def test_a_line_that_is_gone_is_told_by_its_address(workspace: Path) -> None:
    listed(workspace, OTHER)
    assert told(workspace, 1) == [(1, FIRST)]
    assert told(workspace, 1) == [(1, FIRST)], "a preview makes nobody forget it"
    listed(workspace, FIRST, OTHER)
    assert told(workspace, 1) == []


def test_nothing_goes_there_before_a_person_said_how_many(workspace: Path) -> None:
    """Seven would get it, of whom one could get nothing the day before."""
    listed(workspace, OTHER)
    options = IssueOptions(folder=workspace / "mails", ask=lambda _: True)
    with pytest.raises(UsageError) as error:
        issue(asked(workspace, days=1), options, planned_of)
    assert [each.code for each in error.value.problems] == ["outreach.no_longer_stopped_going"]
    for language in LANGUAGES:
        said = problem_line(error.value.problems[0], language)
        assert FIRST in said
        assert f"--expect {COUNT}" in said
    done = issued(workspace, days=1)
    assert (done.count, [each.code for each in done.problems if "no_longer_stopped" in each.code]) == (
        COUNT,
        ["outreach.no_longer_stopped"],
    )
    assert told(workspace, 2) == [], "a person was told, and meant it"


def test_who_is_stopped_no_longer_by_the_export_is_told_too(workspace: Path) -> None:
    people = workspace / "contacts.csv"
    people.write_text(people.read_text(encoding="utf-8").replace(",yes", ","), encoding="utf-8")
    assert told(workspace, 1) == [(1, "p@a8.example")]


def test_of_addresses_hashes_alone_are_kept_and_of_who_is_forgotten_none(workspace: Path) -> None:
    """Three: A1, A8, and one that is in no export."""
    assert len(known(workspace)) == 3
    assert not any("@" in each for each in known(workspace))
    assert stat.S_IMODE((workspace / ".cscli" / "address-hashes.key").stat().st_mode) == 0o600
    forget(asked(workspace), FIRST)
    listed(workspace, OTHER)
    assert len(known(workspace)) == 2
    assert told(workspace, 1) == []
    assert len(planned_of(asked(workspace, days=1)).going) == COUNT - 1, "nothing goes to who was forgotten"
    assert len(known(workspace)) == 2


def test_a_state_that_somebody_changed_stops_nothing(workspace: Path) -> None:
    listed(workspace, OTHER)
    (workspace / ".cscli" / "stopped.json").write_text('{"schema_version": 1, "addresses": {"ab": "x"}}')
    assert told(workspace, 1) == []
