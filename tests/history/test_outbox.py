"""The outbox on every kind of database: stored with the run or not at all, claimed by one, never forgotten."""

import datetime as dt
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace

import pytest
from alert_diary import HERE, SUNDAY, Diary, weeks

from books.made import alter, stored
from cscli.analysis.acting.messages import MessageState
from cscli.errors import SourceError
from cscli.history import claim, expire, messages_of, open_messages, record, revive, told_of
from cscli.history.outgoing.outbox import CLAIM_SECONDS

DAY = weeks(1)[0]
LATER = SUNDAY + dt.timedelta(days=7, seconds=1)


@pytest.fixture
def queued(history_url: str) -> str:
    """A history with one message."""
    Diary(history_url).run(DAY, {"A": 30.0})
    return history_url


def only(url: str) -> str:
    [message] = open_messages(url, HERE)
    return message.key


def test_a_message_comes_back_as_it_was_stored(queued: str) -> None:
    [message] = open_messages(queued, HERE)
    assert (message.channel, message.as_of, message.state, message.tries) == (
        "team",
        "2026-10-05",
        MessageState.WAITING,
        0,
    )
    assert message.created_at == message.next_try_at == "2026-10-05T07:00:00.000+00:00"
    assert message.facts.key == message.key
    assert message.facts.record()["alerts"] == [
        {
            "rule": "fell", "text": "fell", "status": "new", "since": "2026-10-05", "account_id": "A", "band": "watch",
            "band_label": "watch", "score": 30.0, "score_change": 0.0, "mrr": 100.0, "arr": 1200.0, "days_to_renewal": 30.0,
        }
    ]  # fmt: skip
    assert told_of(queued, HERE, "team") == {("fell", "account", "A"): "2026-10-05"}


def test_no_history_has_no_messages(history_url: str) -> None:
    assert open_messages(history_url, HERE) == []
    assert messages_of(history_url, HERE, DAY) == []
    assert told_of(history_url, HERE, "team") == {}


def test_a_snapshot_that_fails_leaves_no_message(history_url: str) -> None:
    """The message and the run are one transaction: what cannot be stored is not told."""
    Diary(history_url).run(DAY, {"A": 90.0})
    alter(history_url, "ALTER TABLE outbox_alerts RENAME TO elsewhere")
    with pytest.raises(SourceError):
        Diary(history_url).run(DAY + dt.timedelta(weeks=1), {"A": 30.0})
    assert stored(history_url, "SELECT count(*) FROM outbox") == [(0,)]
    assert stored(history_url, "SELECT as_of FROM runs") == [("2026-10-05",)]
    assert stored(history_url, "SELECT as_of FROM alert_days") == [("2026-10-05",)]


@pytest.mark.slow
def test_one_of_many_gets_a_message(queued: str) -> None:
    """Three processes, all alive until the last has asked."""
    program = (
        "import datetime as dt; from pathlib import Path; from cscli.history import claim; now = dt.datetime(2026, 10, 5, 7, "
        f"tzinfo=dt.UTC); print(claim({queued!r}, Path('/nonexistent'), {only(queued)!r}, now), flush=True); input()"
    )
    with ExitStack() as stack:
        command = [sys.executable, "-c", program]
        processes = [stack.enter_context(_piped(command)) for _ in range(3)]
        taken = [process.stdout.readline().strip() for process in processes if process.stdout]
        for process in processes:
            process.communicate("\n")
    assert sorted(taken) == ["False", "False", "True"]


def _piped(command: list[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.whole
def test_who_is_killed_gives_its_message_back(queued: str) -> None:
    key = only(queued)
    program = (
        "import datetime as dt, os; from pathlib import Path; from cscli.history import claim; "
        f"assert claim({queued!r}, Path('/nonexistent'), {key!r}, dt.datetime(2026, 10, 5, 7, tzinfo=dt.UTC)); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    assert [message.state for message in open_messages(queued, HERE)] == [MessageState.SENDING]
    assert claim(queued, HERE, key, SUNDAY)


def test_a_claim_of_another_computer_ends_by_itself(queued: str) -> None:
    key = only(queued)
    assert claim(queued, HERE, key, SUNDAY)
    alter(queued, "UPDATE outbox SET claimed_by = 'elsewhere:1'")
    assert not claim(queued, HERE, key, SUNDAY + dt.timedelta(seconds=CLAIM_SECONDS - 1))
    assert claim(queued, HERE, key, SUNDAY + dt.timedelta(seconds=CLAIM_SECONDS + 1))


def test_a_process_that_lives_keeps_its_message(queued: str) -> None:
    key = only(queued)
    assert claim(queued, HERE, key, SUNDAY)
    parent = f"UPDATE outbox SET claimed_by = replace(claimed_by, ':{os.getpid()}', ':{os.getppid()}')"  # noqa: S608 - numbers
    alter(queued, parent)
    assert not claim(queued, HERE, key, SUNDAY)


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.REFUSED])
def test_what_is_done_is_done(queued: str, state: MessageState) -> None:
    [message] = open_messages(queued, HERE)
    assert claim(queued, HERE, message.key, SUNDAY)
    record(queued, HERE, replace(message, state=state, tries=1, last_error="x"), SUNDAY)
    assert open_messages(queued, HERE) == []
    assert not claim(queued, HERE, message.key, SUNDAY)
    [found] = messages_of(queued, HERE, DAY)
    assert (found.state, found.tries, found.last_error) == (state, 1, "x")
    later = messages_of(queued, HERE, DAY + dt.timedelta(weeks=1))
    assert len(later) == (state is MessageState.REFUSED), "what was not delivered is shown on later days too"
    sent = stored(queued, "SELECT sent_at, claimed_by FROM outbox")
    assert sent == [("2026-10-05T07:00:00.000+00:00" if state is MessageState.SENT else None, None)]


def test_a_message_expires_once_and_can_be_revived(queued: str) -> None:
    key = only(queued)
    assert expire(queued, HERE, SUNDAY + dt.timedelta(days=7)) == []
    assert [message.key for message in expire(queued, HERE, LATER)] == [key]
    assert expire(queued, HERE, LATER) == []
    assert open_messages(queued, HERE) == []
    assert revive(queued, HERE, LATER) == 1
    assert expire(queued, HERE, LATER) == []
    assert only(queued) == key, "it keeps its key"
    assert revive(queued, HERE, LATER) == 0
