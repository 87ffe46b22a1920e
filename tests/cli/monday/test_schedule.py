"""`cscli schedule`: its texts, judged by the programs that they are for where those are installed, and run by sh and
by a real cron daemon; where not, by the formats' own rules.
"""

import os
import plistlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from books.small_book import (
    MONDAY,
    bare_environment,
    cscli,
    make_book,
    run_here,
    write_accounts,
)
from cscli.workspace.xlsx_package import parse_xml

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
ODD = "my 100% $book's \\ 顧客"
"""A folder with everything that a shell, cron, systemd or XML gives a meaning of its own."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_book(tmp_path / ODD)


def schedule(book: Path, *arguments: str) -> str:
    return cscli(book, "schedule", *arguments).stdout


def line_of(text: str) -> str:
    (line,) = (line for line in text.splitlines() if line and not line.startswith(("#", "MAILTO")))
    return line


def in_utc(book: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "cscli", "schedule", *arguments],
        cwd=book, env={**os.environ, "TZ": "UTC"}, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize(
    ("at", "on", "expected"),
    [
        ("07:00", ("monday",), "0 22 * * 0 "),  # Tokyo is nine hours ahead: Sunday evening
        ("09:30", ("monday", "thursday"), "30 0 * * 1,4 "),
        ("07:00", ("daily",), "0 22 * * * "),
        ("18:05", ("weekdays",), "5 9 * * 1,2,3,4,5 "),
        ("00:00", ("weekdays",), "0 15 * * 0,1,2,3,4 "),
    ],
)
def test_cron_goes_by_the_clock_of_the_computer(
    book: Path, at: str, on: tuple[str, ...], expected: str
) -> None:
    text = in_utc(book, "--for", "crontab", "--at", at, *(part for day in on for part in ("--on", day)))
    assert line_of(text).startswith(expected)
    assert "Asia/Tokyo" in text


def test_the_zone_of_the_computer_needs_no_note(book: Path) -> None:
    rules = (book / "cscli.yaml").read_text(encoding="utf-8").replace("timezone: Asia/Tokyo\n", "")
    (book / "cscli.yaml").write_text(rules, encoding="utf-8")
    text = in_utc(book, "--at", "07:00", "--for", "crontab")
    assert line_of(text).startswith("0 7 * * 1 ")
    assert "shows" not in text


@pytest.mark.slow
def test_crontab_accepts_the_line(book: Path, tmp_path: Path) -> None:
    if shutil.which("crontab") is None:
        pytest.skip("cron is not installed")
    for number, more in enumerate(((), ("--mail", "csm@example.com"), ("--lang", "ja"))):
        table = tmp_path / f"table{number}"
        table.write_text(schedule(book, "--for", "crontab", *more), encoding="utf-8")
        done = subprocess.run(["crontab", "-n", table], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def as_cron_does(line: str) -> str:
    """The command of a line of a crontab: a percent sign that is not escaped would end it."""
    command = line.split(maxsplit=5)[5]
    assert not re.search(r"(?<!\\)%", command)
    return command.replace("\\%", "%")


@pytest.mark.slow
def test_the_line_runs_with_nothing_around_it(book: Path) -> None:
    """No terminal, no variables, LANG=C: nothing is printed while nothing matters, and one line when it does."""
    run_here(book, MONDAY)
    write_accounts(book, lowest=41)
    command = as_cron_does(line_of(schedule(book, "--mail", "csm@example.com")))
    variables = [f"{key}={value}" for key, value in {**bare_environment(), "LANG": "C"}.items()]

    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["env", "-i", *variables, "/bin/sh", "-c", command],
            cwd="/", stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    quiet = run()
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    assert (book / "out" / "latest" / "scored.xlsx").exists()
    (book / "accounts.csv").unlink()
    loud = run()
    assert (loud.returncode, loud.stdout, loud.stderr.count("\n")) == (5, "", 1)


def test_without_mail_what_it_prints_goes_to_the_log(book: Path) -> None:
    (book / "accounts.csv").unlink()
    command = as_cron_does(line_of(schedule(book, "--for", "crontab")))
    environment = {**bare_environment(), "LANG": "C"}
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, cwd="/", capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (5, b"", b"")
    assert "accounts.csv" in (book / ".cscli" / "log" / "schedule.log").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_real_cron_daemon_runs_it(book: Path) -> None:
    """Installed for this user on a machine that is thrown away, for the next minute, and taken out again."""
    if os.geteuid() != 0 or not (shutil.which("cron") and shutil.which("crontab")):
        pytest.skip("needs root and Debian's cron")
    if subprocess.run(["crontab", "-l"], capture_output=True, check=False).returncode == 0:
        pytest.skip("this user has a crontab of its own")
    if subprocess.run(["pgrep", "-x", "cron"], capture_output=True, check=False).returncode == 0:
        pytest.skip("a cron daemon is running already")
    line = line_of(schedule(book, "--for", "crontab"))
    variables = [f"{key}={value}" for key, value in bare_environment().items()]
    table = "\n".join([*variables, "* * * * * " + line.split(maxsplit=5)[5], ""])
    subprocess.run(["crontab", "-"], input=table, encoding="utf-8", check=True)
    daemon = subprocess.Popen(["cron", "-f"])
    try:
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline and not (book / "out" / "latest" / "run.json").exists():
            time.sleep(0.5)
        assert (book / "out" / "latest" / "scored.xlsx").exists()
    finally:
        daemon.terminate()
        daemon.wait()
        subprocess.run(["crontab", "-r"], check=True)


def test_systemd_accepts_the_units(book: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    text = schedule(book, "--for", "systemd", "--at", "07:00", "--on", "monday", "--on", "friday")
    parts = re.split(r"^# ~/\.config/systemd/user/(.+)$", text, flags=re.MULTILINE)
    paths = []
    for name, content in zip(parts[1::2], parts[2::2], strict=True):
        paths.append(tmp_path / name)
        paths[-1].write_text(content, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (when,) = re.findall(r"^OnCalendar=(.+)$", text, flags=re.MULTILINE)
    found = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=2", when],
        env={**os.environ, "TZ": "UTC", "LC_ALL": "C"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    times = sorted(re.findall(r"(\w{3}) \d{4}-\d\d-\d\d (\d\d:\d\d):00 UTC", found.stdout))
    assert set(times) == {("Sun", "22:00"), ("Thu", "22:00")}


def test_systemd_starts_what_is_meant(book: Path) -> None:
    """The quoting of ExecStart and WorkingDirectory, read back by the rules of systemd.service(5)."""
    text = schedule(book, "--for", "systemd")
    (start,) = re.findall(r"^ExecStart=(.+)$", text, flags=re.MULTILINE)
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', start)
    plain = [re.sub(r"\\(.)", r"\1", word).replace("$$", "$").replace("%%", "%") for word in words]
    assert plain == [sys.executable, "-m", "cscli", "run", "--config", str(book / "cscli.yaml")]
    (folder,) = re.findall(r"^WorkingDirectory=(.+)$", text, flags=re.MULTILINE)
    assert folder.replace("%%", "%") == str(book)


def test_launchd_reads_the_property_list(book: Path) -> None:
    found = plistlib.loads(in_utc(book, "--for", "launchd", "--on", "monday", "--on", "sunday").encode())
    assert found["ProgramArguments"] == [
        sys.executable, "-m", "cscli", "run", "--config", str(book / "cscli.yaml"),
    ]  # fmt: skip
    assert found["WorkingDirectory"] == str(book)
    assert found["StartCalendarInterval"] == [
        {"Weekday": 6, "Hour": 22, "Minute": 0},
        {"Weekday": 0, "Hour": 22, "Minute": 0},
    ]


def test_windows_reads_the_task(book: Path) -> None:
    task = parse_xml(in_utc(book, "--for", "windows", "--at", "07:00").encode())
    trigger = task.find(f"{TASK}Triggers/{TASK}CalendarTrigger")
    assert trigger is not None
    assert trigger.findtext(f"{TASK}StartBoundary", "").endswith("T22:00:00")
    (day,) = trigger.findall(f"{TASK}ScheduleByWeek/{TASK}DaysOfWeek/*")
    assert day.tag == f"{TASK}Sunday"
    run = task.find(f"{TASK}Actions/{TASK}Exec")
    assert run is not None
    assert run.findtext(f"{TASK}Command") == sys.executable
    assert run.findtext(f"{TASK}WorkingDirectory") == str(book)
    arguments = run.findtext(f"{TASK}Arguments", "")
    assert arguments == f'-m cscli run --config "{book / "cscli.yaml"}"'


def test_all_of_them_and_nothing_is_installed(book: Path) -> None:
    before = sorted(book.rglob("*"))
    text = schedule(book, "--for", "all")
    assert all(part in text for part in ("* *", "OnCalendar=", "<plist", "<Task "))
    assert sorted(book.rglob("*")) == before


def test_a_folder_with_a_line_break_is_refused(tmp_path: Path) -> None:
    book = make_book(tmp_path / "two\nlines")
    done = cscli(book, "schedule", code=2)
    assert "control character" in done.stderr


def test_a_schedule_of_rules_that_are_wrong_is_refused(book: Path) -> None:
    (book / "cscli.yaml").write_text("version: 1\nmetric: {}\n", encoding="utf-8")
    assert "metric" in cscli(book, "schedule", code=3).stderr
