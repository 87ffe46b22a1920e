"""What is said before anything goes: messages in doubt, names that are gone. The oracle is the small book, changed by hand."""

from pathlib import Path

import pytest

from books.outreach_workspace import COUNT, asked, issued, lay
from cscli.analysis.outreach.reasons import Stop
from cscli.analysis.outreach.sent import State
from cscli.errors import SourceError
from cscli.history import entries_of
from cscli.workflows.outreach import sending
from cscli.workflows.outreach.gathering import Planned
from cscli.workflows.outreach.previewing import planned_of, report_planned
from cscli.workflows.outreach.sending import SendOptions, send
from cscli.workflows.outreach.settling import cancel, resolve
from oracles.loopback import mail_server

SQLITE = "sqlite:///.cscli/history.db"


def said(planned: Planned, code: str) -> list[tuple[object, object]]:
    """Value and details of each problem of this code."""
    return [(each.value, dict(each.details)) for each in planned.problems if each.code == code]


def test_a_message_in_doubt_is_told_until_a_person_settles_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends between the server's answer and the ledger, and nobody sends again: the preview tells it all the same."""

    def end(*_: object) -> str:
        raise KeyboardInterrupt

    with mail_server() as box:
        server = f"{{host: localhost, port: {box.port}, security: none, per_minute: 6000}}"
        folder = lay(tmp_path, smtp=server)
        with monkeypatch.context() as patched:
            patched.setattr(sending, "record_message", end)
            with pytest.raises(KeyboardInterrupt):
                send(asked(folder), SendOptions(expect=COUNT, pause=lambda _: None), planned_of)
    (row,) = entries_of(SQLITE, folder)
    planned = planned_of(asked(folder))
    assert said(planned, "outreach.unsettled") == [
        (row.key, {"count": 1, "names": f"{row.key} (hello, {row.account_id})"})
    ]
    assert [each.about for each in planned.decisions if each.stop is Stop.UNSETTLED] == [row.key]
    assert entries_of(SQLITE, folder)[0].state is State.SENDING, "the preview changes nothing"
    assert resolve(asked(folder), [row.key], was_sent=True).count == 1
    planned = planned_of(asked(folder))
    assert said(planned, "outreach.unsettled") == []
    assert [each.stop for each in planned.decisions if each.pair is not None].count(Stop.HAD) == 1


def test_a_message_under_a_new_name_is_told(tmp_path: Path) -> None:
    """`hello` went out and is called `greeting` now: by name nobody had it. Once that has gone too, or nothing went, nothing is said."""
    folder = lay(tmp_path)
    done = issued(folder)
    rules = (folder / "cscli.yaml").read_text(encoding="utf-8")
    (folder / "cscli.yaml").write_text(rules.replace("name: hello", "name: greeting"), encoding="utf-8")
    planned = planned_of(asked(folder, days=10))
    assert said(planned, "outreach.renamed") == [("hello", {"names": "greeting"})]
    cancel(asked(folder), [each.key for each in entries_of(SQLITE, folder, run_id=done.run)])
    assert said(planned_of(asked(folder, days=10)), "outreach.renamed") == []
    issued(folder, "more", days=10)
    assert said(planned_of(asked(folder, days=20)), "outreach.renamed") == []


def test_the_headline_says_what_texts_are_refused_for(tmp_path: Path) -> None:
    """Of seven people two have no name, one speaks a language without a text."""
    folder = lay(tmp_path)
    people = (folder / "contacts.csv").read_text(encoding="utf-8").splitlines()
    rows = [people[0] + ",language", *(line + ",en" for line in people[1:])]
    rows[1], rows[2] = (each.replace("Aoi 1", "").replace("Aoi 2", "") for each in rows[1:3])
    rows[3] = rows[3].removesuffix("en") + "fr"
    (folder / "contacts.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    request = asked(folder)
    assert report_planned(request, planned_of(request)).headline == (
        "4 messages to 4 accounts would go; 0 wait, 3 texts are refused. "
        "Texts are refused for: no value for contact_name (2), no text in the language fr (1)"
    )


@pytest.mark.parametrize("how", ["deleted", "another one"])
def test_a_ledger_that_is_gone_stops_everything(tmp_path: Path, how: str) -> None:
    """Seven had it. Without the ledger nobody knows, and until a person says that all may go again, nothing goes."""
    folder = lay(tmp_path)
    issued(folder)
    if how == "deleted":
        for each in (folder / ".cscli").glob("history.db*"):
            each.unlink()
    else:
        rules = (folder / "cscli.yaml").read_text(encoding="utf-8")
        (folder / "cscli.yaml").write_text(rules.replace("history.db", "other.db"), encoding="utf-8")
    with pytest.raises(SourceError) as error:
        planned_of(asked(folder, days=1))
    assert [each.code for each in error.value.problems] == ["outreach.ledger_gone"]
    (folder / ".cscli" / "ledger.json").unlink()
    assert len(planned_of(asked(folder, days=1)).going) == COUNT


def test_a_header_that_nobody_knew_is_told(tmp_path: Path) -> None:
    """`Name` in a list of people could be the company's: nobody has a name, and every text that says one is refused."""
    folder = lay(tmp_path)
    people = (folder / "contacts.csv").read_text(encoding="utf-8")
    (folder / "contacts.csv").write_text(people.replace("contact_name", "Name", 1), encoding="utf-8")
    planned = planned_of(asked(folder))
    assert said(planned, "outreach.empty_column") == [("contact_name", {})]
    assert planned.going == []
