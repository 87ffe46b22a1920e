"""A file of messages, as a crash may leave it: every whole line stays, a torn one goes, none is written twice."""

import json
from pathlib import Path

import pytest
from told import account, facts_of

from cscli.delivery.bodies import whole_line
from cscli.delivery.lines import append_line
from cscli.delivery.outcome import Outcome, Verdict

LINE = whole_line(facts_of(account("株式会社A")))
KEY = "ab" * 32
OTHER = b'{"schema_version": 1, "key": "other"}\n'


def appended(path: Path) -> bytes:
    assert append_line(path, LINE, KEY) == Outcome(Verdict.SENT)
    return path.read_bytes()


def test_a_new_file_and_its_folder_are_made(tmp_path: Path) -> None:
    path = tmp_path / "out" / "alerts.jsonl"
    assert appended(path) == LINE + b"\n"
    assert appended(path) == LINE + b"\n", "the same message again adds nothing"


@pytest.mark.parametrize("cut", [1, 5, 20, len(LINE) // 2, len(LINE) - 1])
def test_a_line_that_a_crash_tore_off_is_written_whole(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(OTHER + LINE[:cut])
    assert appended(path) == OTHER + LINE + b"\n"


def test_only_the_line_feed_was_lost(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(OTHER + LINE)
    assert appended(path) == OTHER + LINE + b"\n"


@pytest.mark.parametrize("end", [b"a note of mine", b'{"mine": 1}', b"\xff\xfe"])
def test_what_others_wrote_stays(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(OTHER + end)
    assert appended(path) == OTHER + end + b"\n" + LINE + b"\n"


def test_a_long_last_line_is_known_again(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    long = json.dumps({"schema_version": 1, "key": KEY, "text": "x" * 300_000}).encode()
    path.write_bytes(OTHER + long + b"\n")
    assert appended(path) == OTHER + long + b"\n"


def test_a_file_that_cannot_be_written_waits_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "alerts.jsonl").mkdir()
    assert append_line(tmp_path / "alerts.jsonl", LINE, KEY) == Outcome(Verdict.LATER, "Is a directory")
