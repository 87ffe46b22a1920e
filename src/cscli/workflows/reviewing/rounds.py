"""The rounds of a self-check: a folder a round, a workbook a person, with the version of its questions in its name."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.inputs.books import ABOUT, SELFCHECK
from cscli.analysis.inputs.rows import type_rows
from cscli.analysis.practice.questionnaire import TOP, Questionnaire, read_questionnaire
from cscli.analysis.tables.raw import RawTable, ReadFacts
from cscli.config.blocks.stores import InputSettings
from cscli.config.schema import Config
from cscli.errors import CscliError, Location, Problem, Severity, SourceError
from cscli.header_keys import header_key
from cscli.sources.people import read_sheet
from cscli.sources.questions import SHIPPED_VERSION, questions_text
from cscli.texts import LANGUAGES, Phrase, catalogue
from cscli.workspace.paths import open_home

FOLDER = "selfcheck"
_FEW = 0.5
"""Share of the questions below which it is said that a person answered few."""
_BLANK = "selfcheck.blank"
_VERSION = re.compile(r"(?P<name>.+)\.v(?P<version>[0-9A-Za-z]+)")


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Round:
    """`answers`: id, person (what makes two names the same), respondent, role, level (NaN: not answered), of the version in force. `facts`: of each
    file, by its name.
    """

    name: str
    answers: pd.DataFrame
    facts: Mapping[str, ReadFacts]
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Who answered."""
        return tuple(dict.fromkeys(self.answers["respondent"]))

    @property
    def is_blank(self) -> bool:
        """Whether it was handed out and nobody has answered yet; one whose answers cannot be used is not."""
        return not len(self.answers) and {problem.code for problem in self.problems} == {_BLANK}


def name_key(name: str) -> str:
    """What makes two names the same: a file from a Mac may hold the same letters in parts."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def questionnaire_of(config: Config, workspace: Path) -> Questionnaire:
    """The questions in force. Raises SourceError, DataError for a file of one's own that cannot be used."""
    own = config.selfcheck.questions if config.selfcheck else None
    path = None if own is None else workspace / open_home(own)
    try:
        table = questions_text(path)
    except (OSError, UnicodeDecodeError) as error:
        where = Location(file=str(path))
        raise SourceError(Problem("selfcheck.no_questions", where=where, value=own)) from error
    shipped = path is None
    return read_questionnaire(table, "cscli" if shipped else str(own), SHIPPED_VERSION if shipped else None)


def rounds_folder(config: Config, workspace: Path) -> Path:
    """Where the rounds lie: beside people's workbook."""
    file = open_home((config.inputs or InputSettings()).file)
    return (workspace / file).parent / FOLDER


def round_folders(config: Config, workspace: Path) -> list[Path]:
    """The rounds that have workbooks, in the order of their names."""
    folder = rounds_folder(config, workspace)
    found = (
        [each for each in folder.iterdir() if each.is_dir() and workbooks_in(each)] if folder.is_dir() else []
    )
    return sorted(found, key=lambda each: name_key(each.name))


def workbooks_in(folder: Path) -> list[Path]:
    """The workbooks of a round, without what programs and a Mac put beside a file."""
    files = [each for each in folder.glob("*.xlsx") if not each.name.startswith(("~$", "."))]
    return sorted(files, key=lambda each: name_key(each.stem))


def file_name(respondent: str, version: str) -> str:
    """The name of a person's workbook: what it is asked with stands in it."""
    return f"{respondent}.v{version}.xlsx"


def name_in_file(path: Path) -> tuple[str, str | None]:
    """Who answers by the name of the workbook, and the version of the questions; None where it does not say."""
    stem = unicodedata.normalize("NFC", path.stem)
    found = _VERSION.fullmatch(stem)
    return (found["name"], found["version"]) if found else (stem, None)


def read_round(folder: Path, questionnaire: Questionnaire) -> Round:
    """The answers of a round; what cannot be used is said."""
    parts: list[pd.DataFrame] = []
    problems: list[Problem] = []
    facts: dict[str, ReadFacts] = {}
    files: list[Path] = []
    seen: dict[str, str] = {}
    for path in workbooks_in(folder):
        try:
            raw = read_sheet(path, SELFCHECK)
        except CscliError as error:
            problems += error.problems
            continue
        if raw is None:
            problems.append(Problem("selfcheck.no_sheet", where=Location(file=path.name)))
            continue
        facts[path.name], files = raw.facts, [*files, path]
        part, said = _answers_in(raw, path, questionnaire)
        problems += said
        if part is None:
            continue
        person = str(part["person"].iloc[0])
        if person in seen:
            details: dict[str, object] = {"other": seen[person]}
            where = Location(file=path.name)
            problems.append(
                Problem("selfcheck.twice", where=where, value=part["respondent"].iloc[0], details=details)
            )
            continue
        seen[person] = path.name
        parts.append(part)
    nothing = pd.DataFrame(
        {name: pd.Series([], dtype=object) for name in ("id", "person", "respondent", "role")}
    )
    answers = (
        pd.concat(parts, ignore_index=True) if parts else nothing.assign(level=pd.Series([], dtype="float64"))
    )
    placed = tuple(_placed(problems, folder.name))
    return Round(name=folder.name, answers=answers, facts=facts, files=tuple(files), problems=placed)


def _answers_in(
    raw: RawTable, path: Path, questionnaire: Questionnaire
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """One row a question of a workbook; None where it is of another version, by its cells or by its name, or blank."""
    about = {name: _about(raw, name) for name in ABOUT}
    where = Location(file=path.name)
    name, version = name_in_file(path)
    versions = [each for each in (about["version"], version) if each is not None]
    if set(versions) != {questionnaire.version}:
        other = next((each for each in versions if each != questionnaire.version), "-")
        details: dict[str, object] = {"version": questionnaire.version}
        return None, [Problem("selfcheck.other_version", where=where, value=other, details=details)]
    rows = type_rows(raw, SELFCHECK, None)
    levels = rows.frame["level"]
    wrong = (levels.notna() & ~(levels.between(0, TOP) & (levels % 1 == 0))).to_numpy(bool)
    rows.drop(wrong, "level", Problem("selfcheck.level"))
    unknown = ~rows.frame["question_id"].isin(questionnaire.ids).to_numpy(bool)
    rows.leave_out(unknown, "question_id", Problem("selfcheck.unknown_question", severity=Severity.WARNING))
    rows.leave_out(
        rows.frame["question_id"].duplicated().to_numpy(bool),
        "question_id",
        Problem("selfcheck.question_again"),
    )
    respondent = about["respondent"] or name
    given = rows.frame.set_index("question_id")["level"].reindex(list(questionnaire.ids))
    part = pd.DataFrame(
        {
            "id": list(questionnaire.ids), "person": name_key(respondent), "respondent": respondent,
            "role": pd.Series(about["role"], index=range(len(given)), dtype=object), "level": given.to_numpy(np.float64),
        }
    )  # fmt: skip
    said = [each for each in rows.problems if not _of_printed_column(each)]
    answered = int(given.notna().sum())
    if not answered and not said:
        return None, [Problem(_BLANK, severity=Severity.NOTE, where=where, value=respondent)]
    if answered < _FEW * len(given):
        few: dict[str, object] = {"count": answered, "total": len(given)}
        said.append(
            Problem("selfcheck.few", severity=Severity.NOTE, where=where, value=respondent, details=few)
        )
    return part, said


def _of_printed_column(problem: Problem) -> bool:
    """Whether it says that a column which nobody fills in is gone."""
    column = problem.details.get("column")
    return problem.code == "inputs.no_column" and isinstance(column, Phrase) and column.key != "input.level"


def _about(raw: RawTable, name: str) -> str | None:
    """What stands in a column about the respondent, in its first row that is filled."""
    headers = {header_key(catalogue(language)[f"phrase.input.{name}"]) for language in LANGUAGES}
    header = next((each for each in raw.headers if header_key(each) in {*headers, header_key(name)}), None)
    cells: Sequence[Any] = () if header is None else raw.column(header).tolist()
    found = next((each for each in cells if each is not None and str(each).strip()), None)
    if found is None:
        return None
    whole = isinstance(found, float) and found.is_integer()
    return unicodedata.normalize("NFC", str(int(found) if whole else found)).strip()


def _placed(problems: Iterable[Problem], round_name: str) -> Iterator[Problem]:
    """The problems of a round, with its folder before the name of the file."""
    for problem in problems:
        file = f"{FOLDER}/{round_name}/{problem.where.file}" if problem.where.file else None
        yield replace(problem, where=replace(problem.where, file=file))
