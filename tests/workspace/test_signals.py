"""A signal ends the program with 128 + n, also where a library makes another error of it, and nothing is published."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from books.small_book import MONDAY, digests, make_book

SWALLOWED = {
    "in a query": "import duckdb; duckdb.sql('SELECT sum(hash(a.range * b.range) % 7) FROM range(20000000) a, range(2000) b').fetchall()",
    "by a bare except": """
import time
try:
    time.sleep(30)
except BaseException:
    raise RuntimeError('something else')
""",
    "for good": """
import time
try:
    time.sleep(30)
except BaseException:
    pass
""",
}
NEVER_BACK = {
    "goes on for long": """
import time
end = time.monotonic() + 100
while time.monotonic() < end:
    try:
        time.sleep(100)
    except BaseException:
        pass
""",
    "in native code": """
import ctypes
lock = ctypes.create_string_buffer(64)
for _ in range(2):
    ctypes.CDLL(None).pthread_mutex_lock(lock)
""",
}
PROGRAM = """
import sys
from cscli.cli import main
from cscli.workflows.run import running, steps as run_steps
def made(whole):
    open('at_work', 'w').close()
    exec({work!r})
    return step.make(whole)
import dataclasses
step = run_steps.RUN_STEPS[1]
steps = running.steps_of
running.steps_of = lambda *given: [dataclasses.replace(each, make=made) if each.name == 'score' else each for each in steps(*given)]
sys.argv = ['cscli', 'run', '--as-of', {day!r}]
main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("work", SWALLOWED.values(), ids=SWALLOWED.keys())
def test_a_signal_that_is_swallowed_ends_a_run_all_the_same(
    tmp_path: Path, work: str, sent: signal.Signals
) -> None:
    ends_and_publishes_nothing(make_book(tmp_path / "book"), work, sent)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("work", NEVER_BACK.values(), ids=NEVER_BACK.keys())
def test_a_step_that_never_comes_back_ends_after_a_while(
    tmp_path: Path, work: str, sent: signal.Signals
) -> None:
    ends_and_publishes_nothing(make_book(tmp_path / "book"), work, sent)


def ends_and_publishes_nothing(book: Path, work: str, sent: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(work=work, day=MONDAY)],
        cwd=book, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    while process.poll() is None and not (book / "at_work").exists():
        time.sleep(0.01)
    time.sleep(0.5)
    process.send_signal(sent)
    try:
        said, told = process.communicate(timeout=50)
    finally:
        process.kill()
    assert (process.returncode, said, told) == (128 + sent, "", "")
    assert not [name for name in digests(book / "out") if not name.startswith(".staging/")]
    assert not (book / ".cscli" / "history.db").exists()


def test_the_first_lines_of_the_program_look_after_signals() -> None:
    """Nothing large is loaded before."""
    program = "import sys, cscli.__main__; print([each for each in ('typer', 'rich', 'pandas') if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"


def test_a_hang_up_that_is_ignored_stays_ignored() -> None:
    program = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from cscli.workspace.signals import catch_signals; "
    program += "catch_signals(); print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "True\n"
