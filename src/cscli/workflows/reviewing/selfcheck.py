"""How good our own practice is on eight axes, whether we agree, and what to mend first."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cscli.analysis.inputs.books import SELFCHECK
from cscli.analysis.practice.questionnaire import LEVELS_IN_WORDS, Questionnaire
from cscli.analysis.practice.selfcheck import (
    axis_table,
    own_table,
    paired_change,
    proposal_table,
    question_table,
    total_points,
)
from cscli.analysis.scoring.columns import add_columns
from cscli.errors import ConfigError, CscliError, DataError, Location, Problem, UsageError
from cscli.nearest import nearest_name
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.practice.selfcheck import CheckTables, axis_label, own_report, selfcheck_report
from cscli.texts import Language
from cscli.workflows.book.read import inputs_of, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.reviewing.evidence import Workspace, find_evidence
from cscli.workflows.reviewing.rounds import (
    Round,
    file_name,
    name_in_file,
    name_key,
    questionnaire_of,
    read_round,
    round_folders,
    rounds_folder,
    workbooks_in,
)
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import ltv_of
from cscli.workflows.work.lost_books import say_lost_answers
from cscli.workspace.publish import publish

if TYPE_CHECKING:
    from cscli.config.schema import Config

_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_NRR = "nrr_12m"


def new_selfcheck(
    request: Request, round_name: str, respondent: str, role: str | None
) -> tuple[Path, Language]:
    """A workbook for one person to answer; its path, and the language in which it is. Raises UsageError for a name that cannot be one of a file, or
    where that person has one in this round.
    """
    whole = WholeBook(request)
    with speaking(request.language_of(whole.draft)):
        config = whole.draft.config
        if config is None:
            raise ConfigError(*whole.draft.problems)
        for name in (round_name, respondent):
            if not name.strip() or name.startswith(".") or set(name) & _NOT_IN_NAMES:
                raise UsageError(Problem("selfcheck.bad_name", value=name))
        workspace, language = request.rules.workspace, request.language or config.language
        folder = rounds_folder(config, workspace) / round_name
        same = [
            path for path in workbooks_in(folder) if name_key(name_in_file(path)[0]) == name_key(respondent)
        ]
        if same:
            raise UsageError(Problem("selfcheck.exists", value=str(same[0])))
        questionnaire = questionnaire_of(config, workspace)
        path = folder / file_name(respondent, questionnaire.version)
        _write_new(path, questionnaire, (respondent, role), request, language)
        return path, language


def _write_new(
    path: Path,
    questionnaire: Questionnaire,
    who: tuple[str, str | None],
    request: Request,
    language: Language,
) -> None:
    from cscli.render.excel.books.selfcheck_book import Respondent, create_selfcheck

    asked = Respondent(
        name=who[0], role=who[1], version=questionnaire.version, language=language, made_on=request.day(None)
    )
    texts = [
        {
            "question_id": question.id, "axis": axis_label(question.axis, language), "question": question.text("question", language),
            **{f"level_{level}": question.text(f"level{level}", language) for level in LEVELS_IN_WORDS},
        }
        for question in questionnaire.questions
    ]  # fmt: skip
    if set(texts[0]) != set(SELFCHECK.keys):
        raise TypeError("every printed column of the sheet has its text")
    with publish(path) as temporary:
        create_selfcheck(temporary, texts, asked)


def selfcheck(request: Request, output: Path, respondent: str | None = None) -> Report:
    """The newest round, or of it what one person answered, written to `output`. Raises CscliError with every problem that stops the run; then no file is
    written.
    """
    whole = WholeBook(request)
    with speaking(request.language_of(whole.draft)):
        if respondent is None:
            report, files = report_selfcheck(whole)
        else:
            report, files = _report_own(whole, respondent)
        write_report(report, output, (*whole.revenue_book.files, *files))
        return report


def report_selfcheck(whole: WholeBook) -> tuple[Report, tuple[Path, ...]]:
    """The report `selfcheck`, and the workbooks that it was made of. Raises DataError where nobody has answered."""
    tables, rounds = check_tables(whole)
    context = report_context(whole.request, whole.revenue_book)
    said = [*_say_lost(whole), *(problem for each in rounds for problem in each.problems)]
    facts = {f"selfcheck.{number}": read for number, read in enumerate(rounds[0].facts.values(), start=1)}
    context = replace(
        context, inputs=(*context.inputs, *inputs_of(facts)), problems=(*context.problems, *said)
    )
    return selfcheck_report(tables, context), tuple(file for each in rounds for file in each.files)


def _say_lost(whole: WholeBook) -> list[Problem]:
    """Which answers were there and are gone."""
    request, workspace = whole.request, whole.request.rules.workspace
    if request.archive is not None or not request.rules.remembers:
        return []
    book = whole.revenue_book
    files = [path for folder in round_folders(book.config, workspace) for path in workbooks_in(folder)]
    read_on = book.as_of if request.remember else None
    return say_lost_answers(workspace, rounds_folder(book.config, workspace), files, read_on)


def _report_own(whole: WholeBook, respondent: str) -> tuple[Report, tuple[Path, ...]]:
    config, workspace = whole.revenue_book.config, whole.request.rules.workspace
    questionnaire = questionnaire_of(config, workspace)
    newest = _newest(config, workspace, questionnaire)[0]
    person = name_key(respondent)
    if person not in set(newest.answers["person"]):
        details: dict[str, object] = {
            "nearest": nearest_name(respondent, newest.people) or "-",
            "round": newest.name,
        }
        raise DataError(Problem("selfcheck.nobody", value=respondent, details=details))
    questions = question_table(questionnaire, newest.answers, {})
    own = own_table(newest.answers, person, questions)
    context = replace(report_context(whole.request, whole.revenue_book), inputs=())
    return own_report(own, questionnaire, respondent, context), newest.files


def _newest(config: "Config", workspace: Path, questionnaire: Questionnaire) -> list[Round]:
    """The newest round that somebody has answered, and the one before it; what was handed out since is said with the newest. Raises
    DataError where nobody has answered.
    """
    folders = round_folders(config, workspace)
    if not folders:
        place = rounds_folder(config, workspace).relative_to(workspace).as_posix()
        raise DataError(Problem("selfcheck.no_round", value=place))
    rounds: list[Round] = []
    blank: list[Problem] = []
    for folder in reversed(folders):
        found = read_round(folder, questionnaire)
        if found.is_blank:
            blank += found.problems
        else:
            rounds.append(found)
        if len(rounds) == 2:
            break
    if not rounds or not len(rounds[0].answers):
        said = rounds[0].problems if rounds else ()
        where = Location(file=rounds[0].name if rounds else folders[-1].name)
        raise DataError(*blank, *said, Problem("selfcheck.no_answers", where=where))
    return [replace(rounds[0], problems=(*blank, *rounds[0].problems)), *rounds[1:]]


def check_tables(whole: WholeBook) -> tuple[CheckTables, list[Round]]:
    """What the newest round and the workspace tell, and the rounds it was made of, newest first."""
    book, workspace = whole.revenue_book, whole.request.rules.workspace
    config, as_of = book.config, book.as_of
    questionnaire = questionnaire_of(config, workspace)
    _check_targets(config, questionnaire)
    rounds = _newest(config, workspace, questionnaire)
    frame = placed(book.draft, lambda: add_columns(book.frame, config, as_of, book.practice.nodes)).frame
    live = frame[~(frame["churned_on"] <= pd.Timestamp(as_of)).to_numpy(bool)].reset_index(drop=True)
    at = Workspace(whole=whole, book=book, config=config, as_of=as_of, frame=frame, live=live)
    questions = question_table(questionnaire, rounds[0].answers, find_evidence(at))
    axes = _over_time(axis_table(questions, questionnaire.axes), rounds, questionnaire)
    targets = config.selfcheck.targets if config.selfcheck else {}
    target = axes["axis"].map(targets).astype("float64")
    people = _people_by_axis(rounds[0], questionnaire)
    axes = axes.assign(
        target=target, gap=target - axes["points"], answers=axes["axis"].map(people).astype("float64")
    )
    tables = CheckTables(
        questionnaire=questionnaire, round_name=rounds[0].name, before_name=rounds[1].name if len(rounds) > 1 else None, axes=axes,
        questions=questions, proposals=proposal_table(questionnaire, questions), total=total_points(axes), people=len(rounds[0].people),
        nrr=_own_nrr(whole),
    )  # fmt: skip
    return tables, rounds


def _over_time(axes: pd.DataFrame, rounds: list[Round], questionnaire: Questionnaire) -> pd.DataFrame:
    """`axes` with before and change, of answers alone, and the change of those who answered both rounds."""
    if len(rounds) < 2 or not len(rounds[1].answers):
        nothing = dict.fromkeys(("before", "change", "change_same", "pairs"), np.nan)
        return axes.assign(**nothing)
    earlier = axis_table(question_table(questionnaire, rounds[1].answers, {}), questionnaire.axes)
    pairs = paired_change(rounds[0].answers, rounds[1].answers, questionnaire)
    found = axes.assign(before=earlier["felt"].to_numpy(), change=(axes["felt"] - earlier["felt"]).to_numpy())
    return found.merge(pairs, on="axis", how="left")


def _people_by_axis(newest: Round, questionnaire: Questionnaire) -> dict[str, int]:
    """How many people answered a question of each axis."""
    axis = {question.id: question.axis for question in questionnaire.questions}
    known = newest.answers[newest.answers["level"].notna().to_numpy(bool)]
    counts = known.assign(axis=known["id"].map(axis)).groupby("axis")["person"].nunique()
    return {name: int(counts.get(name, 0)) for name in questionnaire.axes}


def _check_targets(config: "Config", questionnaire: Questionnaire) -> None:
    """Raises ConfigError for a target of an axis that there is not."""
    for axis in config.selfcheck.targets if config.selfcheck else ():
        if axis not in questionnaire.axes:
            details: dict[str, object] = {
                "nearest": nearest_name(axis, questionnaire.axes) or "-",
                "known": ", ".join(questionnaire.axes),
            }
            where = Location(key=f"selfcheck.targets.{axis}")
            raise ConfigError(Problem("selfcheck.no_axis", where=where, value=axis, details=details))


def _own_nrr(whole: WholeBook) -> float:
    """Net revenue retention of twelve months, from the report `ltv`; NaN where it cannot be told."""
    try:
        if not whole.has_revenue():
            return np.nan
        sheet = next((each for each in ltv_of(whole).sheets if each.id == "summary"), None)
    except CscliError:
        return np.nan
    if sheet is None:
        return np.nan
    values = dict(zip(sheet.column("measure"), sheet.column("value"), strict=True))
    return float(values.get(_NRR, np.nan))
