"""Cases of hints, from the files beside this: a topic a file, a case a problem's code.

A case is a workspace, a command, and under `then` what the hint says to do. Keys, all of them optional:

- `of`: a folder of `tests/errors`, with its files and its command; without it, the book of `books.small_book`.
- `files`: texts by path, over those; of a workbook (`.xlsx`) its rows, or the rows of each sheet. `encoding`: of the texts.
- `odd`: files of `odd_files.py` by path. `env`: variables of the environment.
- `rules`: the whole `cscli.yaml`. `more`: lines at its end.
- `first`: command lines that ran before, and files that were written meanwhile, or went (null). `ask`: the command line (`rules`: the rules alone are judged).
- `then`: what is done. A path with pairs of texts, the old and the new (the old one blank: at the end of the file);
  `files`, `ask`, `run` as above; `delete` and `rename` of paths.
- `choice`: why nothing of what stands in backticks is done. `leaves`: errors that are right then.
- `slow`: takes a second or more.
"""

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from openpyxl import Workbook
from pydantic import BaseModel, ConfigDict, Field

from books.small_book import make_book
from hints.odd_files import make_odd
from places import TESTS

FOLDER = TESTS / "hints"
ERRORS = TESTS / "errors"
COMMAND = "score -v --no-history --as-of 2026-01-05 -o out.csv"
RULES: Literal["rules"] = "rules"
Rows = list[list[str | int | float | dt.date | None]]
Content = str | Rows | dict[str, Rows]
Step = str | dict[str, Content | None]


class Deed(BaseModel):
    """What is done to mend it."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, list[tuple[str, str]]] = Field(init=False)
    files: dict[str, Content] = {}
    run: list[Step] = []
    delete: list[str] = []
    env: dict[str, str] = {}
    rename: dict[str, str] = {}
    ask: str | None = None

    @property
    def edits(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        return self.__pydantic_extra__

    @property
    def words(self) -> str:
        """Everything that is written in doing it."""
        edited = [new for pairs in self.edits.values() for _, new in pairs]
        written = [content for content in self.files.values() if isinstance(content, str)]
        lines = [step for step in self.run if isinstance(step, str)]
        return "\n".join([*edited, *written, *lines, *self.rename.values(), self.ask or ""])


class Case(BaseModel):
    """A workspace in which a hint is given, and what mends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    of: str | None = None
    files: dict[str, Content] = {}
    encoding: str = "utf-8"
    odd: dict[str, str] = {}
    env: dict[str, str] = {}
    rules: str | None = None
    more: str = ""
    first: list[Step] = []
    ask: str | None = None
    then: Deed
    choice: str | None = None
    leaves: list[str] = []
    slow: bool = False

    @property
    def command(self) -> str:
        """The command line, in which the hint is given."""
        if self.ask is not None:
            return self.ask
        if self.of is None:
            return COMMAND
        told = ERRORS / self.of / "command.txt"
        return " ".join(told.read_text(encoding="utf-8").splitlines()) if told.exists() else RULES


@cache
def cases() -> tuple[Case, ...]:
    """Those of every file, in the order in which they stand there."""
    return tuple(each for path in sorted(FOLDER.glob("*.yaml")) for each in _cases_in(path))


def _cases_in(path: Path) -> Iterator[Case]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    for code, told in found.items():
        if not code.startswith("_"):  # what several cases have in common
            yield Case(code=code.split()[0], **told)


def lay_out(case: Case, folder: Path) -> None:
    """The workspace of the case, in `folder`."""
    if case.of is None:
        make_book(folder)
    else:
        told = shutil.ignore_patterns("expected.txt", "command.txt", "earlier", "day.txt")
        shutil.copytree(ERRORS / case.of, folder, ignore=told, dirs_exist_ok=True)
    write_files(folder, case.files, case.encoding)
    for name, kind in case.odd.items():
        make_odd(kind, folder / name)
    rules = folder / "cscli.yaml"
    if case.rules is not None:
        rules.write_text(case.rules, encoding="utf-8")
    if case.more:
        rules.write_text(rules.read_text(encoding="utf-8") + case.more, encoding="utf-8")


def write_files(folder: Path, files: Mapping[str, Content | None], encoding: str = "utf-8") -> None:
    """Texts, and workbooks of rows, by their path in `folder`; None: the file goes."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink()
        elif isinstance(content, str):
            path.write_bytes(content.encode(encoding))
        else:
            _write_workbook(path, content if isinstance(content, dict) else {"Sheet1": content})


def _write_workbook(path: Path, sheets: Mapping[str, Rows]) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
