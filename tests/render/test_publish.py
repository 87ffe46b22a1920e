"""A file is replaced whole or not at all, and whatever forbids it is said. Oracle: the file system."""

import os
import stat
import sys
from pathlib import Path

import pytest

from books.live_books import random_book, report_of
from cscli.errors import SourceError, UsageError
from cscli.render import WRITERS, publish, write_report
from cscli.texts import problem_hint, problem_message

REPORT = report_of(random_book(1, 5))


def codes(error: SourceError | UsageError) -> list[str]:
    assert all(
        problem_message(problem, "en") and problem_message(problem, "ja") for problem in error.problems
    )
    return [problem.code for problem in error.problems]


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_form_is_written_into_a_new_folder(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "new" / "deep" / f"report{suffix}"
    assert write_report(REPORT, path) == path
    assert path.stat().st_size > 400
    assert list(path.parent.iterdir()) == [path]


def test_unknown_form(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        write_report(REPORT, tmp_path / "report.pdf")
    assert codes(caught.value) == ["writing.unknown_form"]
    assert ".xlsx, .csv, .json, .md" in problem_message(caught.value.problems[0], "en")


def test_input_is_never_overwritten(tmp_path: Path) -> None:
    given = tmp_path / "accounts.csv"
    given.write_text("mine")
    link = tmp_path / "link.csv"
    link.symlink_to(given)
    for path in (given, link, tmp_path / "." / "accounts.csv"):
        with pytest.raises(SourceError) as caught:
            write_report(REPORT, path, [tmp_path / "gone.csv", given])
        assert codes(caught.value) == ["writing.output_is_input"]
    assert given.read_text() == "mine"


def test_failure_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("earlier")
    with pytest.raises(KeyboardInterrupt), publish(path) as temporary:
        _write_half(temporary)
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_temporary_file_is_private_and_beside(tmp_path: Path) -> None:
    with publish(tmp_path / "report.csv") as temporary:
        assert temporary.parent == tmp_path
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_new_file_honours_umask_and_old_one_keeps_its_mode(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        path = write_report(REPORT, tmp_path / "report.csv")
        assert stat.S_IMODE(path.stat().st_mode) == mode
        path.chmod(0o640)
        write_report(REPORT, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    finally:
        os.umask(before)


def test_link_goes_on_pointing(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("earlier")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_report(REPORT, tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() != "earlier"


def test_folder_and_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").write_text("")
    for path, code in [
        ("folder.csv", "is_folder"),
        ("file/x.csv", "parent_is_file"),
        ("file/y/x.csv", "parent_is_file"),
    ]:
        with pytest.raises(SourceError) as caught:
            write_report(REPORT, tmp_path / path)
        assert codes(caught.value) == [f"writing.{code}"]
        assert problem_hint(caught.value.problems[0], "ja")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("suffix", WRITERS)
def test_full_disk(tmp_path: Path, suffix: str) -> None:
    """The temporary file stands for one on a full disk."""
    path = tmp_path / f"report{suffix}"
    path.write_text("earlier")
    with pytest.raises(SourceError) as caught, publish(path) as temporary:
        _write_to_full_disk(suffix, temporary)
    assert codes(caught.value) == ["writing.no_space"]
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_held_file_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to replace a file that Excel holds; here the first two tries are refused."""
    real, tries = Path.replace, []

    def replace(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    path = write_report(REPORT, tmp_path / "report.csv")
    assert (len(tries), path.exists()) == (3, True)


def test_file_held_for_long_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(sys.modules[publish.__module__], "_PATIENCE_SECONDS", 0.1)
    with pytest.raises(SourceError) as caught:
        write_report(REPORT, tmp_path / "report.csv")
    assert codes(caught.value) == ["writing.no_permission"]
    assert "Excel" in str(problem_hint(caught.value.problems[0], "en"))
    assert list(tmp_path.iterdir()) == []


def _write_half(temporary: Path) -> None:
    temporary.write_text("half")
    raise KeyboardInterrupt


def _write_to_full_disk(suffix: str, temporary: Path) -> None:
    temporary.unlink()
    temporary.symlink_to("/dev/full")
    WRITERS[suffix](REPORT, temporary)
