"""`cscli alerts` as people run it: real processes, a real server on this computer, every output read back."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oracles.loopback import Answer, Web, mail_server, sleep, status, web_server

RULES = """version: 1
currency: JPY
sources: {accounts: {file: accounts.csv}}
metrics: {nps: {value: nps, points: {kind: linear, zero: 0, full: 100}}}
scorecards: [{name: all, groups: {g: {weight: 1, metrics: {nps: 1}}}}]
alerts:
  - {name: Low, when: score <= 40, text: {en: The score is low, ja: スコアが低い}}
  - {name: Fell a band, when: band <> band_before}
  - {name: Not refreshed, problems: [drift.not_refreshed]}
"""
HOOK = "channels: [{name: team, kind: webhook, url_env: CSCLI_HOOK}]\n"
COLUMNS = [
    "rule",
    "account_id",
    "source",
    "name",
    "owner",
    "status",
    "since",
    "score",
    "band",
    "score_change",
    "trend",
    "trend_change",
    "arr",
    "text",
]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "cscli.yaml").write_text(RULES + HOOK, encoding="utf-8")
    export(tmp_path, A=90, B=30)
    return tmp_path


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server(status(200)) as server:
        yield server


def export(folder: Path, **scores: int) -> None:
    """Accounts whose names would steer a terminal or a chat."""
    lines = [
        "account_id,name,mrr,nps",
        *(f"{key},<!channel> {key},100,{score}" for key, score in scores.items()),
    ]
    (folder / "accounts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def environment(hook: str | None = None, **more: str) -> dict[str, str]:
    hidden = {"CSCLI_HOOK"} - set(more)
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {
        **kept,
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
        "COLUMNS": "80",
        **({"CSCLI_HOOK": hook} if hook else {}),
        **more,
    }


def run(
    folder: Path,
    *arguments: str,
    code: int = 0,
    hook: str | None = None,
    day: str = "2026-10-31",
    **more: str,
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cscli", "alerts", *([f"--as-of={day}"] if day else []), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment(hook, **more), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == code, done.stderr
    return done


def sheet(folder: Path, name: str = "alerts") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((folder / "out" / "alerts.json").read_text("utf-8"))["sheets"][
        name
    ]
    return rows


@pytest.mark.slow
def test_three_weeks(book: Path) -> None:
    """By hand: B is low, then both are, then B is well again."""
    output = "-o", "out/alerts.json"
    assert "Alerts: 1 new, 0 ongoing, 0 cleared." in run(book, *output, day="2026-10-05").stdout
    assert list(sheet(book)[0]) == COLUMNS
    export(book, A=35, B=30)
    shown = run(book, *output, day="2026-10-12")
    assert "Compared with 2026-10-05." in shown.stdout
    assert all(len(line) <= 80 for line in shown.stdout.splitlines()[:8])
    rows = [
        (row["rule"], row["account_id"], row["status"], row["since"], row["score_change"])
        for row in sheet(book)
    ]
    assert rows == [
        ("Low", "A", "new", "2026-10-12", -55.0), ("Fell a band", "A", "new", "2026-10-12", -55.0),
        ("Low", "B", "ongoing", "2026-10-05", 0.0),
    ]  # fmt: skip
    export(book, A=35, B=80)
    run(book, *output, day="2026-10-19")
    assert [(row["rule"], row["account_id"], row["status"]) for row in sheet(book)] == [
        ("Fell a band", "B", "new"), ("Low", "A", "ongoing"), ("Low", "B", "cleared"), ("Fell a band", "A", "cleared"),
    ]  # fmt: skip
    run(book, *output, day="2026-10-19")
    before = (book / "out" / "alerts.json").read_bytes()
    run(book, *output, day="2026-10-19")
    assert (book / "out" / "alerts.json").read_bytes() == before


@pytest.mark.slow
def test_an_export_that_nobody_refreshed(book: Path) -> None:
    run(book, day="2026-10-05")
    run(book, "-o", "out/alerts.json", day="2026-10-12")
    [row] = [row for row in sheet(book) if row["rule"] == "Not refreshed"]
    assert (row["source"], row["account_id"], row["status"]) == ("accounts", None, "new")
    assert "has not changed since 2026-10-05" in row["text"]


@pytest.mark.slow
def test_other_forms_of_output(book: Path) -> None:
    run(book, "-q")
    assert (book / "out" / "alerts.xlsx").stat().st_size > 1000
    run(book, "-o", "out/alerts.csv", "-q")
    with (book / "out" / "alerts.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == COLUMNS


@pytest.mark.slow
def test_nothing_goes_out_unless_asked(book: Path, web: Web) -> None:
    run(book, hook=web.url)
    run(book, "--dry-run", hook=web.url)
    assert web.received == []
    run(book, "--send", hook=web.url)
    assert len(web.received) == 1


@pytest.mark.slow
def test_a_dry_run_shows_what_is_sent_then_and_stores_nothing(book: Path, web: Web) -> None:
    shown = run(book, "--dry-run", hook=web.url)
    assert not (book / ".cscli").exists()
    assert not (book / "out").exists()
    run(book, "--send", hook=web.url)
    [request] = web.received
    assert request.body.decode() in shown.stdout
    assert f"Idempotency-Key: {request.headers['Idempotency-Key']}" in shown.stdout
    assert "SECRET" not in shown.stdout + shown.stderr
    assert "<!channel>" not in request.body.decode(), "no names unless asked"
    text = json.loads(request.body)["text"]
    assert (
        text
        == "*cscli alerts as of 2026-10-31: 1*\n• The score is low · B · score 30.0 (at risk) · ARR ¥1,200"
    )
    assert "There is nothing to send." in run(book, "--dry-run", hook=web.url).stdout


@pytest.mark.slow
def test_each_alert_is_sent_once(book: Path, web: Web) -> None:
    for _ in range(2):
        run(book, "--send", hook=web.url)
    export(book, A=20, B=30)
    run(book, "--send", hook=web.url, day="2026-11-07")
    run(book, "--deliver", hook=web.url, day="")
    bodies = [json.loads(request.body)["text"].splitlines() for request in web.received]
    assert [len(lines) - 1 for lines in bodies] == [1, 2], "the second tells of A: low, and in another band"
    assert len({request.headers["Idempotency-Key"] for request in web.received}) == 2


@pytest.mark.slow
def test_a_day_that_is_past_is_not_told(book: Path, web: Web) -> None:
    run(book, hook=web.url, day="2026-11-07")
    done = run(book, "--send", hook=web.url)
    assert "2026-10-31 is before the last day looked at (2026-11-07)" in done.stderr
    assert web.received == []


@pytest.mark.slow
def test_a_time_out_then_three_times_500_and_then_200(book: Path) -> None:
    """Tried again after 1, 2, 4 and 8 seconds, each up to a quarter longer, with the same key."""
    broken = status(500, b"try later")
    with web_server(sleep(60), broken, broken, broken, status(200)) as web:
        begun = time.monotonic()
        done = run(book, "--send", "-o", "out/alerts.json", hook=web.url)
        assert 25 <= time.monotonic() - begun < 55
    assert len(web.received) == 5
    assert len({(request.headers["Idempotency-Key"], request.body) for request in web.received}) == 1
    assert "team: alerts of 2026-10-31 (1) sent" in done.stderr
    [message] = sheet(book, "outbox")
    assert (message["state"], message["tries"], message["next_try"]) == ("sent", 5, None)


def wait_until_due(folder: Path) -> None:
    """The message's next try is at most a minute away; here it is now."""
    alter(folder, "UPDATE outbox SET next_try_at = created_at")


def alter(folder: Path, statement: str) -> None:
    import sqlite3  # noqa: PLC0415 - past our own code

    with sqlite3.connect(folder / ".cscli" / "history.db") as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "verdict"), [(status(410, b"channel is archived"), "refused"), (status(302, Location="http://localhost:1/"), "waits")]
)  # fmt: skip
def test_a_refusal_and_a_redirect(book: Path, answer: Answer, verdict: str) -> None:
    """410 is for ever, until a person lets it be tried again; a redirect is no success."""
    with web_server(answer) as web:
        done = run(book, "--send", "-o", "out/alerts.json", hook=web.url, code=7)
        tries = len(web.received)
    assert (tries == 1) == (verdict == "refused")
    assert {request.method for request in web.received} == {"POST"}
    [message] = sheet(book, "outbox")
    assert message["state"] == {"refused": "refused", "waits": "waiting"}[verdict]
    with web_server(status(200)) as mended:
        if verdict == "refused":
            assert "HTTP 410: channel is archived" in done.stderr
            run(book, "--deliver", hook=mended.url, day="")
            assert mended.received == []
        wait_until_due(book)
        run(book, "--retry", hook=mended.url, day="")
    assert [request.headers["Idempotency-Key"] for request in mended.received] == [message["key"]]


@pytest.mark.slow
def test_too_many_requests_wait_as_long_as_they_are_asked_to(book: Path) -> None:
    with web_server(status(429, Retry_After="2"), status(204)) as web:
        begun = time.monotonic()
        run(book, "--send", hook=web.url)
        assert time.monotonic() - begun >= 2
    assert len(web.received) == 2
    export(book, A=10, B=30)
    with web_server(status(429, Retry_After="3600")) as busy:
        begun = time.monotonic()
        done = run(book, "--send", hook=busy.url, day="2026-11-07", code=7)
        assert time.monotonic() - begun < 20, "nobody waits an hour"
    assert len(busy.received) == 1
    assert "HTTP 429" in done.stderr


def test_a_variable_that_is_not_set(book: Path) -> None:
    done = run(book, "--send", code=7)
    assert "the environment variable CSCLI_HOOK is not set" in done.stderr


@pytest.mark.slow
def test_a_process_killed_after_the_server_has_the_message(book: Path) -> None:
    """Kill -9 while the answer is awaited: the server has the message, the outbox does not know it. The next run
    sends it again under the same key, as the help says; the one after that sends nothing.
    """
    with web_server(sleep(60), status(200)) as web:
        process = started(book, web)
        while not web.received:
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        run(book, "--send", hook=web.url)
        run(book, "--send", hook=web.url)
    keys = [request.headers["Idempotency-Key"] for request in web.received]
    assert (len(keys), len(set(keys))) == (2, 1), "the one message, twice"


@pytest.mark.slow
def test_a_process_killed_somewhere_before_that(book: Path) -> None:
    """As soon as there is a history: whether or not the run was stored, the next one tells what there is to tell."""
    with web_server(status(200)) as web:
        process = started(book, web)
        while not (book / ".cscli" / "history.db").exists():
            assert process.poll() is None
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(0.5)  # what is on its way arrives
        before = len(web.received)
        run(book, "--send", hook=web.url)
    keys = [request.headers["Idempotency-Key"] for request in web.received]
    assert len(set(keys)) == 1
    assert 1 <= len(keys) <= before + 1


def started(folder: Path, web: Web) -> "subprocess.Popen[bytes]":
    """The command, sending, while the test goes on."""
    command = [sys.executable, "-m", "cscli", "alerts", "--as-of=2026-10-31", "--send"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, env=environment(web.url), stdout=quiet, stderr=quiet)


@pytest.mark.slow
def test_messages_that_nobody_can_deliver(book: Path, web: Web) -> None:
    """Their channel is renamed; a week passes; then somebody asks for them all the same."""
    run(book, "--send", code=7)
    rules = (book / "cscli.yaml").read_text(encoding="utf-8")
    (book / "cscli.yaml").write_text(rules.replace("name: team", "name: renamed"), encoding="utf-8")
    gone = run(book, "--deliver", hook=web.url, day="", code=7)
    assert "Messages wait for the channel team, which the rules no longer have" in gone.stderr
    (book / "cscli.yaml").write_text(rules, encoding="utf-8")
    alter(book, "UPDATE outbox SET created_at = '2026-01-01T00:00:00.000+00:00'")
    old = run(book, "--deliver", hook=web.url, day="", code=7)
    assert (
        "team: alerts of 2026-10-31 (1) given up after 7 days: the environment variable CSCLI_HOOK"
        in old.stderr
    )
    assert web.received == []
    assert "There is nothing to send." in run(book, "--deliver", hook=web.url, day="").stdout
    run(book, "--retry", hook=web.url, day="")
    assert len(web.received) == 1


@pytest.mark.slow
def test_while_one_sends_another_does_not(book: Path) -> None:
    """The second finds the workspace held, and says who holds it."""
    with web_server(sleep(60)) as web:
        first = started(book, web)
        while not web.received:
            assert first.poll() is None
            time.sleep(0.01)
        assert str(first.pid) in run(book, "--deliver", hook=web.url, day="", code=6).stderr
        first.kill()
        first.wait()
    assert len({request.headers["Idempotency-Key"] for request in web.received}) == 1


@pytest.mark.slow
def test_mail_and_a_file(book: Path) -> None:
    with mail_server() as box:
        channels = f"""channels:
  - {{name: mail, kind: email, host: localhost, port: {box.port}, security: none, from: cs@example.com, to: [a@example.com], include_names: true}}
  - {{name: log, kind: file, path: out/alerts.jsonl}}
"""
        (book / "cscli.yaml").write_text(RULES + channels, encoding="utf-8")
        shown = run(book, "--dry-run", "--lang", "ja").stdout
        run(book, "--send", "--lang", "ja")
    [mail] = box.mails
    assert "スコアが低い · <!channel> B（B）" in shown
    assert b"Message-ID: <" in mail
    [line] = (book / "out" / "alerts.jsonl").read_text("utf-8").splitlines()
    facts = json.loads(line)
    assert facts["alerts"][0]["account_id"] == "B"
    assert "name" not in facts["alerts"][0]


@pytest.mark.slow
def test_what_ends_with_10(book: Path) -> None:
    run(book, "--fail-on", "alert", code=10)
    export(book, A=90, B=90)
    run(book, "--fail-on", "alert")


@pytest.mark.slow
def test_run_names_a_rule_by_its_label_and_programs_by_its_name(book: Path) -> None:
    rules = RULES.replace("{name: Low,", "{name: Low, label: {ja: 低スコア},")
    (book / "cscli.yaml").write_text(rules, encoding="utf-8")
    command = [sys.executable, "-m", "cscli", "run", "--as-of=2026-10-05", "--lang", "ja"]
    shown = subprocess.run(command, cwd=book, env=environment(), capture_output=True, text=True, check=True)
    assert "新しいアラート: 低スコア（1件）" in shown.stdout
    shutil.rmtree(book / ".cscli")
    told = subprocess.run(
        [*command, "--json"], cwd=book, env=environment(), capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout)["new_alerts"] == {"Low": 1}


@pytest.mark.slow
def test_run_tells_the_channels_that_the_rules_let_it_tell(book: Path, web: Web) -> None:
    command = [sys.executable, "-m", "cscli", "run"]
    for day, send in (("2026-10-05", False), ("2026-10-12", True), ("2026-10-12", True)):
        (book / "cscli.yaml").write_text(
            RULES + HOOK.replace("}", f", send: {str(send).lower()}}}"), encoding="utf-8"
        )
        done = subprocess.run(
            [*command, f"--as-of={day}"],
            cwd=book,
            env=environment(web.url),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert len(web.received) == int(send)
        if day == "2026-10-05":
            assert "New alerts: Low (1)" in done.stdout
            export(book, A=91, B=30)
    assert (book / "out" / "2026-10-12" / "alerts.xlsx").exists()
    done = subprocess.run(
        [*command, "--as-of=2026-10-19"],
        cwd=book,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, "the export is the same: that is new, and cannot be sent"


@pytest.mark.slow
def test_the_band_before_is_a_column_of_segments_too_also_from_the_history(book: Path) -> None:
    segments = "segments: {course: [{name: slipped, when: band <> band_before}, {name: steady}]}\n"
    (book / "cscli.yaml").write_text(RULES + segments, encoding="utf-8")
    run(book, "-q", day="2026-10-05")
    export(book, A=35, B=30)
    for options in ([], ["--from-history"]):
        command = [
            sys.executable,
            "-m",
            "cscli",
            "score",
            "--as-of=2026-10-12",
            "-q",
            "-o",
            "s.csv",
            *options,
        ]
        subprocess.run(command, cwd=book, env=environment(), check=True)
        with (book / "s.csv").open(encoding="utf-8-sig", newline="") as file:
            found = {row["account_id"]: row["course"] for row in csv.DictReader(file)}
        assert found == {"A": "slipped", "B": "steady"}


def test_a_log_in_several_files_is_one_source(book: Path) -> None:
    """The problem stands in the second file; the alert is about the log."""
    (book / "cscli.yaml").write_text(
        RULES.replace("{accounts: {file: accounts.csv}}", "{accounts: {file: accounts.csv}, clicks: {kind: events, file: 'clicks-*.csv', windows: [7], max_bad_lines: 0.9}}")
        .replace("  - {name: Not refreshed, problems: [drift.not_refreshed]}\n", "  - {name: Log, problems: [events.*, data.*]}\n"),
        encoding="utf-8",
    )  # fmt: skip
    for number, second in enumerate(("2026-10-30T09:00:00Z", "no time")):
        lines = [
            "account_id,occurred_at,event,user_id",
            "A,2026-10-29T09:00:00Z,login,u1",
            f"B,{second},login,u2",
        ]
        (book / f"clicks-{number}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run(book, "-o", "out/alerts.json", "-v")
    assert {row["source"] for row in sheet(book) if row["rule"] == "Log"} == {"clicks"}, done.stderr
