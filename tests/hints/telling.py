"""What the program tells in a folder, as problems, with all of it in this process."""

import contextlib
import io
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

from cscli import texts
from cscli.cli import make_app, reader
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.errors import CscliError, Problem
from cscli.render.text import problems as in_reports
from cscli.texts import Language, problem_hint
from hints.cases import RULES, Case, Deed, Step, write_files

HEADERS = frozenset({"account_id", "name", "mrr", "seats", "active_users", "nps"})


def told_in(folder: Path, command: str) -> list[Problem]:
    """The problems of a command line in `folder`, or of the rules there alone."""
    return _judged(folder) if command == RULES else _told_by(folder, shlex.split(command))


def do(folder: Path, step: Step) -> None:
    """Runs a command line, or writes files."""
    if isinstance(step, str):
        told_in(folder, step)
    else:
        write_files(folder, step)


def mend(folder: Path, deed: Deed) -> None:
    """Does what the hint says, but for asking anew."""
    for name in deed.delete:
        (folder / name).unlink()
    for name, other in deed.rename.items():
        (folder / name).rename(folder / other)
    write_files(folder, deed.files)
    for name, pairs in deed.edits.items():
        _edit(folder / name, pairs)
    for step in deed.run:
        do(folder, step)


def _edit(path: Path, pairs: Sequence[tuple[str, str]]) -> None:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for old, new in pairs:
        assert old in text, f"{path.name} has no {old!r}"
        text = text.replace(old, new) if old else text + new
    path.write_text(text, encoding="utf-8", newline="")


def _judged(folder: Path) -> list[Problem]:
    text = (folder / "cscli.yaml").read_text(encoding="utf-8")
    try:
        _, problems = settle(read_draft(text, "cscli.yaml"), Headers({"accounts": HEADERS}, complete=True))
    except CscliError as error:
        return list(error.problems)
    return list(problems)


def _told_by(folder: Path, arguments: Sequence[str]) -> list[Problem]:
    told: list[Problem] = []

    def heard(line_of: Callable[[Problem, Language], str]) -> Callable[[Problem, Language], str]:
        def tell(problem: Problem, language: Language) -> str:
            told.append(problem)
            return line_of(problem, language)

        return tell

    said = io.StringIO()
    reader.reader_language.cache_clear()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        patch.object(texts, "problem_line", heard(texts.problem_line)),
        patch.object(in_reports, "problem_message", heard(texts.problem_message)),
        patch.object(sys, "argv", ["cscli", *arguments]),
    ):
        try:
            make_app(arguments[:1])(arguments, standalone_mode=False)
        except CscliError as error:
            told += error.problems
    return told


def hints_of(case: Case, problems: Sequence[Problem]) -> list[str]:
    """The hints that stand at the problems of this case."""
    return [str(problem_hint(each, "en")) for each in problems if each.code == case.code]
