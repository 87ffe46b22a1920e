"""Histories that cannot be opened, from real databases: each is one line, and no password stands in it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from test_migrations import make_first_form

from books.made import AS_OF, alter, made, server_address, stored
from cscli.errors import Problem, SourceError
from cscli.history import append, read_snapshot, snapshot_days
from cscli.history.database import connection
from cscli.texts import problem_line
from oracles import postgres
from places import TESTS

HERE = Path()
NOBODY = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="rights are taken away by becoming another user")


def fault(use: Callable[[], object]) -> Problem:
    with pytest.raises(SourceError) as caught:
        use()
    (problem,) = caught.value.problems
    assert "\n" not in problem_line(problem, "en")
    return problem


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/.cscli/history.db"


def file_of(url: str) -> Path:
    return Path(str(make_url(url).database))


def test_asking_makes_no_file(url: str) -> None:
    assert snapshot_days(url, HERE) == ()
    assert not file_of(url).parent.exists()


def test_a_file_in_the_place_of_the_folder(url: str) -> None:
    file_of(url).parent.write_text("a file where the folder should be")
    assert fault(lambda: append(url, HERE, made(A=1))).code == "history.not_usable"


@pytest.mark.parametrize(
    "content", [b"this is no database, whatever its name says", b"SQLite format 3\0" + b"x" * 99]
)
def test_no_database_or_a_damaged_one(url: str, content: bytes) -> None:
    file_of(url).parent.mkdir()
    file_of(url).write_bytes(content)
    assert fault(lambda: append(url, HERE, made(A=1))).code == "history.damaged_aside"
    file_of(url).write_bytes(content)
    assert fault(lambda: read_snapshot(url, HERE)).code == "history.damaged_aside"
    for name in ("history.db.damaged", "history.db.damaged-2"):
        assert file_of(url).with_name(name).read_bytes() == content
    append(url, HERE, made(A=1))


def test_an_empty_file_is_a_history_without_runs(url: str) -> None:
    file_of(url).parent.mkdir()
    file_of(url).touch()
    assert read_snapshot(url, HERE) is None
    append(url, HERE, made(A=1))
    assert len(snapshot_days(url, HERE)) == 1


def test_a_page_that_was_overwritten(url: str) -> None:
    append(url, HERE, made(AS_OF, **{f"A{at}": 1.0 for at in range(2000)}))
    path = file_of(url)
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xa5" * (len(content) - 4096 * 3)
    path.write_bytes(content)
    assert fault(lambda: read_snapshot(url, HERE)).code == "history.damaged_aside"


def test_a_writer_that_waits_too_long(history_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 1)
    append(history_url, HERE, made(A=1))
    with connection.writing(history_url, HERE):
        problem = fault(lambda: append(history_url, HERE, made(A=2)))
        found = read_snapshot(history_url, HERE)  # readers do not wait
    assert (problem.code, problem.details["seconds"]) == ("history.locked", 1)
    assert found is not None
    assert found.accounts["score"].tolist() == [1]


def test_a_reader_sees_one_moment(history_url: str) -> None:
    """What another writes meanwhile does not mix with what was read before."""
    append(history_url, HERE, made(A=1))
    with connection.reading(history_url, HERE) as reader:
        assert reader is not None
        before = reader.exec_driver_sql("SELECT count(*) FROM runs").scalar()
        writer = threading.Thread(target=append, args=(history_url, HERE, made(AS_OF.replace(day=1), A=2)))
        writer.start()
        writer.join()
        assert reader.exec_driver_sql("SELECT count(*) FROM runs").scalar() == before == 1
    assert len(snapshot_days(history_url, HERE)) == 2


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("nonsense", "history.not_usable"),
        ("postgresql+nodriver://ann:s3cret@db/book", "history.not_usable"),
        ("mysql+nodriver://ann:s3cret@db/book", "history.unknown_kind"),
        ("postgresql+psycopg://ann:s3cret@127.0.0.1:1/book", "history.not_usable"),
        ("postgresql://127.0.0.1:1/book?user=ann&password=s3cret", "history.not_usable"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_without_its_password(url: str, code: str) -> None:
    problem = fault(lambda: append(url, HERE, made(A=1)))
    assert problem.code == code
    assert "s3cret" not in repr(problem)


@pytest.mark.whole
def test_a_driver_that_is_not_installed(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pathlib import Path; from cscli.history import snapshot_days\n"
        "from cscli.errors import SourceError\n"
        "try: snapshot_days('postgresql://db/book', Path())\n"
        "except SourceError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "history.no_driver\n"


def test_the_password_comes_from_the_environment(
    postgres_server: postgres.Server, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = str(make_url(postgres_url).database)
    url = postgres_server.url_by_network(name).replace("+psycopg", "")
    assert fault(lambda: append(url, HERE, made(A=1))).code == "history.not_usable"
    monkeypatch.setenv("PGPASSWORD", postgres.PASSWORD)
    append(url, HERE, made(A=1))
    monkeypatch.delenv("PGPASSWORD")
    escaped = postgres.PASSWORD.replace(":", r"\:")
    (tmp_path / "pass").write_text(f"127.0.0.1:{postgres_server.port}:{name}:postgres:{escaped}\n")
    (tmp_path / "pass").chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pass"))
    assert snapshot_days(url, HERE) == (AS_OF,)
    monkeypatch.delenv("PGPASSFILE")
    wrong = url.replace("postgres@", "postgres:s3cret@")
    assert "s3cret" not in repr(fault(lambda: snapshot_days(wrong, HERE)))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can go into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(url: str, action: str, spare: Path) -> str:
    """What an action says as a user who may read everything and write nothing. All is loaded before: Python itself
    may lie where only root reads.
    """
    program = (
        "import os, sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path; from books.made import made; from cscli.errors import SourceError\n"
        "from cscli.history import append, is_read_only, read_snapshot; url = sys.argv[1]\n"
        "append(sys.argv[3], Path(), made(A=1)); read_snapshot(sys.argv[3], Path())\n"
        f"os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        f"try: print({action})\nexcept SourceError as error: print(error)"
    )
    command = [sys.executable, "-c", program, url, str(TESTS), f"sqlite:///{spare}/warm.db"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.slow
@needs_root
def test_who_may_only_read_reads(open_folder: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{open_folder}/history.db"
    append(url, HERE, made(A=1))
    assert as_nobody(url, "read_snapshot(url, Path()).accounts['score'].tolist()", tmp_path) == "[1.0]"
    assert as_nobody(url, "is_read_only(url, Path())", tmp_path) == "True"
    assert as_nobody(url, "append(url, Path(), made(A=2))", tmp_path) == "history.read_only"
    assert stored(url, "SELECT score FROM accounts") == [(1,)]
    assert [path.name for path in open_folder.iterdir()] == ["history.db"]


@pytest.mark.whole
@needs_root
def test_who_may_only_read_reads_beside_a_writer(open_folder: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{open_folder}/history.db"
    append(url, HERE, made(A=1))
    with closing(sqlite3.connect(open_folder / "history.db")) as other:
        other.execute("UPDATE accounts SET score = 2")
        other.commit()  # in the log that lies beside the file
        assert as_nobody(url, "read_snapshot(url, Path()).accounts['score'].tolist()", tmp_path) == "[2.0]"


@pytest.mark.whole
@needs_root
def test_an_earlier_form_that_cannot_be_written(open_folder: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{open_folder}/old/history.db"
    make_first_form(url)
    (open_folder / "old").chmod(0o755)
    assert as_nobody(url, "read_snapshot(url, Path())", tmp_path) == "history.old_form"
    assert stored(url, "SELECT version FROM cscli_schema") == [(1,)]


def test_a_full_disk_leaves_what_was_there(url: str) -> None:
    """The database may grow to no more than it has: what a full disk says, said by SQLite itself."""
    append(url, HERE, made(A=1))
    with closing(sqlite3.connect(file_of(url))) as whole:
        (pages,) = whole.execute("PRAGMA page_count").fetchone()
    original = connection._log_ahead

    def limited(opened: sqlite3.Connection) -> None:
        original(opened)
        opened.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_log_ahead", limited)
        many = made(AS_OF.replace(day=1), **{f"A{at}": 1.0 for at in range(5000)})
        assert fault(lambda: append(url, HERE, many)).code == "history.no_space"
    assert snapshot_days(url, HERE) == (AS_OF,)


def test_a_server_that_goes_away(postgres_url: str) -> None:
    append(postgres_url, HERE, made(A=1))
    end_others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"

    def write() -> None:
        with connection.writing(postgres_url, HERE) as opened:
            with psycopg.connect(server_address(postgres_url)) as other:
                other.execute(end_others)
            opened.exec_driver_sql("DELETE FROM accounts")

    assert fault(write).code == "history.not_usable"
    assert stored(postgres_url, "SELECT score FROM accounts") == [(1,)]
    alter(postgres_url, "DROP TABLE accounts")
    assert fault(lambda: read_snapshot(postgres_url, HERE)).code == "history.not_usable"
