"""How Spark starts, ends, and what is said where it cannot; each in a process of its own, as for a user."""

import datetime as dt
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from books.event_logs import skewed_rows, write_csv
from cscli.sources.engine.spark_session import first_line
from places import TESTS

pytestmark = pytest.mark.spark

_PROGRAM = """
import sys
from cscli.errors import CscliError
from cscli.sources.engine.model import EventEngine
from cscli.sources.engine.spark_session import open_spark
from cscli.texts import problem_message
try:
    with open_spark(EventEngine(name="spark", master=sys.argv[1] or None)):
        print("open")
except CscliError as error:
    print(int(error.exit_code), *(problem_message(problem, "en") for problem in error.problems))
"""
_TWICE = """
import datetime as dt, sys
from pathlib import Path
from books.event_logs import log_of
from cscli.sources.engine.model import EventEngine
from cscli.sources.events import roll_up_events
conf = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1", "spark.sql.shuffle.partitions": "1"}
engine = EventEngine(name="spark", master="local[1]", conf=conf)
log = log_of(Path(sys.argv[1]), engine=engine, windows=(7,))
first, second = roll_up_events(log), roll_up_events(log)
print(first.accounts.equals(second.accounts), first.rows)
"""


def tell(program: str, argument: str, **settings: str) -> tuple[str, str]:
    """What the program prints, and what it says beside that."""
    paths = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-c", program, argument],
        env={**os.environ, "PYTHONPATH": paths, **settings},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.stdout.strip(), done.stderr


def test_without_a_master() -> None:
    assert tell(_PROGRAM, "")[0] == "3 `engine: {name: spark}` does not say where Spark runs"


def test_without_java(tmp_path: Path) -> None:
    assert tell(_PROGRAM, "local[1]", PATH=str(tmp_path), JAVA_HOME="")[0] == (
        "5 Spark needs Java 17 or later, which is not installed"
    )
    assert tell(_PROGRAM, "local[1]", JAVA_HOME=str(tmp_path))[0] == (
        f"5 JAVA_HOME is {tmp_path}, where there is no Java"
    )


def test_without_pyspark(tmp_path: Path) -> None:
    hidden = "import sys\nsys.modules['pyspark'] = None\n"  # as Python itself marks what cannot be imported
    (tmp_path / "sitecustomize.py").write_text(hidden)
    paths = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "local[1]"],
        env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "5 `engine: {name: spark}` needs PySpark, which is not installed\n"


def test_a_master_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        master = f"spark://127.0.0.1:{free.getsockname()[1]}"
    assert tell(_PROGRAM, master)[0] == f"5 The Spark master {master} does not answer: Connection refused"
    assert tell(_PROGRAM, "spark://host")[0] == (
        "3 spark://host is no address of a Spark master; spark://host:7077 was expected"
    )


def test_java_that_does_not_start(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'Error: this Java is too old' >&2\nexit 1\n")
    program.chmod(0o700)
    assert tell(_PROGRAM, "local[1]", JAVA_HOME=str(tmp_path))[0] == (
        "5 Spark did not start: Error: this Java is too old"
    )


@pytest.mark.slow
def test_two_sessions_one_after_the_other_without_a_word(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "log.csv", skewed_rows(50, dt.date(2026, 9, 1), 60))
    assert tell(_TWICE, str(path)) == ("True 50", "")


def test_the_first_line_of_an_error() -> None:
    assert first_line(ValueError("\n  what went wrong  \n at Some.java")) == "what went wrong"
    assert first_line(ValueError()) == "ValueError"
