"""The Monday page on its way to channels: real runs, files of lines and a real server on this computer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oracles.loopback import status, web_server

RULES = """version: 1
currency: JPY
sources: {accounts: {file: accounts.csv}}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
bands: [{name: good, from: 50}, {name: bad, from: 0}]
run: {steps: [score, at-risk, monday], monday: {channels: [CHANNELS]}}
channels:
  - {name: team, kind: file, path: told.jsonl, include_names: true}
  - {name: all, kind: file, path: counted.jsonl}
  - {name: hook, kind: webhook, url_env: CSCLI_HOOK}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    rules(tmp_path, "team, all")
    (tmp_path / "accounts.csv").write_text("account_id,name,mrr,nps\nA,Acme,100,90\nB,Beta,50,10\n", "utf-8")
    return tmp_path


def rules(folder: Path, channels: str) -> None:
    (folder / "cscli.yaml").write_text(RULES.replace("CHANNELS", channels), encoding="utf-8")


def run(folder: Path, day: str, code: int = 0, *more: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "cscli", "run", f"--as-of={day}", *more],
        cwd=folder, env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1", **variables},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@pytest.mark.slow
def test_each_date_is_told_once_with_names_only_where_they_may_go(book: Path) -> None:
    """Acme has 1,200 a year, Beta 600; Beta alone is on the list and decides."""
    for day in ("2026-10-05", "2026-10-05", "2026-10-12", "2026-10-05"):
        run(book, day)
    told, counted = lines(book / "told.jsonl"), lines(book / "counted.jsonl")
    assert (
        [line["as_of"] for line in told]
        == [line["as_of"] for line in counted]
        == ["2026-10-05", "2026-10-12"]
    )
    page = (book / "out" / "2026-10-05" / "monday.md").read_text("utf-8")
    sentences = told[0]["lines"]
    assert isinstance(sentences, list)
    assert sentences[0] == "1 account is on the call list: Beta (¥600)."
    assert all(str(line).removeprefix("To decide: ") in page.replace("\\", "") for line in sentences)
    assert counted[0]["lines"][0] == "1 account is on the call list, with ¥600 ARR."  # type: ignore[index]
    assert "Beta" not in json.dumps(counted)
    assert "Acme" not in json.dumps(counted)


@pytest.mark.slow
def test_what_cannot_be_sent_waits_and_goes_with_the_next_run(book: Path) -> None:
    rules(book, "hook")
    assert "hook: the Monday page of 2026-10-05 waiting in the outbox" in run(book, "2026-10-05", 7, "-v")
    with web_server(status(200)) as web:
        run(book, "2026-10-12", CSCLI_HOOK=web.url)
        assert len(web.received) == 2


@pytest.mark.slow
def test_without_a_history_there_is_no_outbox_and_that_is_said(book: Path) -> None:
    said = run(book, "2026-10-05", 0, "--no-history")
    assert "Messages wait in the history until they are sent, and no history is kept here" in said
    assert not (book / "told.jsonl").exists()
