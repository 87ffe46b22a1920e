"""What Windows does otherwise, played on this system: open files stay, locks are of ranges, paths have drive letters."""

import os
import sys
import types
from contextlib import suppress
from pathlib import Path, PureWindowsPath

import pytest

from cscli.sources.engine import spark_inputs
from cscli.sources.tabular.files import load_file
from cscli.workspace import lock, paths, publish, scratch
from cscli.workspace.signals import ending_signals


def open_paths() -> set[str]:
    """Every file that this process has open."""
    found = set()
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.add(str(link.readlink()))
    return found


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open files can neither be removed nor replaced, as there."""
    unlink, replace = Path.unlink, Path.replace

    def refuse(path: Path) -> None:
        if str(path.absolute()) in open_paths():
            raise PermissionError(13, "The process cannot access the file", str(path))

    def checked_unlink(path: Path, missing_ok: bool = False) -> None:
        refuse(path)
        unlink(path, missing_ok=missing_ok)

    def checked_replace(path: Path, target: Path) -> Path:
        refuse(path)
        refuse(Path(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "unlink", checked_unlink)
    monkeypatch.setattr(Path, "replace", checked_replace)
    monkeypatch.setattr(scratch, "_IS_WINDOWS", True)


@pytest.mark.usefixtures("windows")
def test_a_scratch_folder_goes_with_its_lock(tmp_path: Path) -> None:
    with scratch.scratch_folder(tmp_path) as folder:
        (folder / "x").write_text("x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("windows")
def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / "cscli-scratch-old.lock").touch()
    (tmp_path / "cscli-scratch-old").mkdir()
    with scratch.scratch_folder(tmp_path):
        assert not (tmp_path / "cscli-scratch-old").exists()
        assert not (tmp_path / "cscli-scratch-old.lock").exists()


def test_a_file_that_excel_holds_is_waited_for_and_then_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "_PATIENCE_SECONDS", 0.2)
    tries: list[int] = []

    def held(_path: Path, _target: Path) -> None:
        tries.append(1)
        raise PermissionError(13, "held")

    monkeypatch.setattr(Path, "replace", held)
    (tmp_path / "new").write_text("x")
    with pytest.raises(PermissionError):
        publish.replace_file(tmp_path / "new", tmp_path / "old")
    assert len(tries) > 1


@pytest.mark.parametrize("is_held", [False, True])
def test_ranges_are_locked_far_behind_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_held: bool
) -> None:
    seen: list[int] = []

    def locking(handle: int, mode: int, count: int) -> None:
        seen.append(os.lseek(handle, 0, os.SEEK_CUR))
        assert (mode, count) == (2, 1)
        if is_held:
            raise OSError(13, "held")

    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(LK_NBLCK=2, locking=locking))
    handle = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    with monkeypatch.context() as there:
        there.setattr(sys, "platform", "win32")
        taken = lock.take_lock(handle)
    assert taken is not is_held
    assert seen == [1 << 30]
    os.close(handle)


def test_folders_are_not_flushed_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "_IS_WINDOWS", True)
    publish.flush_folder(tmp_path / "none")  # opening it would fail
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PureWindowsPath("C:/data/a b.csv"), "file:///C:/data/a b.csv"),
        (PureWindowsPath("//server/share/x.csv"), "file:////server/share/x.csv"),
    ],
)
def test_spark_names_files_of_drives_and_shares(path: PureWindowsPath, expected: str) -> None:
    class Resolved:
        def resolve(self) -> PureWindowsPath:
            return path

    assert spark_inputs.spark_path(Resolved()) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("C:\\book\\a.csv", "C:\\book\\a.csv"),
        ("C:\\" + "x" * 250, "\\\\?\\C:\\" + "x" * 250),
        ("\\\\server\\share\\" + "x" * 250, "\\\\?\\UNC\\server\\share\\" + "x" * 250),
        ("\\\\?\\C:\\" + "x" * 250, "\\\\?\\C:\\" + "x" * 250),
    ],
    ids=["short", "drive", "share", "already"],
)
def test_a_long_path_is_named_in_the_form_without_a_limit(path: str, expected: str) -> None:
    """As Microsoft's page on the maximum length of paths has it."""
    assert paths.taken_as_it_stands(PureWindowsPath(path)) == expected


def test_long_paths_are_read_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both go through the one function that names them."""
    folder = tmp_path / ("x" * 200) / ("y" * 100)
    marked: list[str] = []

    def named(path: PureWindowsPath) -> str:
        marked.append(str(path))
        return str(path).replace("\\", "/")

    monkeypatch.setattr(paths, "_IS_WINDOWS", True)
    monkeypatch.setattr(paths, "taken_as_it_stands", named)
    with publish.publish(folder / "a.csv") as temporary:
        temporary.write_text("id\n1\n")
    assert load_file(folder / "a.csv").raw == b"id\n1\n"
    assert len(marked) == 2


def test_signals_that_there_are_not_are_not_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    import signal  # noqa: PLC0415 - changed here

    monkeypatch.delattr(signal, "SIGHUP")
    assert ending_signals() == (signal.SIGTERM, signal.SIGINT)


def test_a_console_without_the_signs_of_a_name_shows_their_numbers() -> None:
    import subprocess  # noqa: PLC0415 - for this alone

    done = subprocess.run(
        [sys.executable, "-m", "cscli", "score", "山田—.csv"], capture_output=True, check=False,
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    assert done.returncode == 5
    assert b"\\u5c71\\u7530\x97.csv" in done.stderr
