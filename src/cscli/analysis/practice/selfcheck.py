"""Answers and measures to levels, axes, agreement, and what to mend first.

Agreement: r*wg = 1 - s^2 / sigma^2 with sigma^2 = (5^2 - 1) / 12 = 2 of five levels answered at random (Lindell, Brandt & Whitney 1999).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cscli.analysis.practice.questionnaire import AXES, TOP, Question, Questionnaire

FEWEST_QUESTIONS = 4
"""Of an axis, below which it has no points."""
FEWEST_ANSWERS = 3
"""Of a question, below which there is no agreement."""
FEWEST_OF_ROLE = 2
DISAGREE = 0.5
GOOD = 3
"""A level from which nothing is proposed."""
_BEFORE_ANOTHER = 2
"""A level below which another question has to come first."""
_WEIGHTS = {"S": 3, "M": 2, "L": 1}
_RANDOM_VARIANCE = 2.0


def question_table(
    questionnaire: Questionnaire, answers: pd.DataFrame, evidence: Mapping[str, float]
) -> pd.DataFrame:
    """One row a question: id, axis, answers, felt (their mean), data (level by its measure), level (data, else felt), data_minus_felt, agreement,
    lowest, highest, measured (value of the measure), by_role (means by role, two answers each at least; None). NaN where there is none.

    `answers`: id, respondent, role, level (NaN: not answered); `evidence`: measures by name.
    """
    rows = [
        _judged(question, answers[(answers["id"] == question.id).to_numpy(bool)], evidence)
        for question in questionnaire.questions
    ]
    return pd.DataFrame(rows)


def _judged(question: Question, given: pd.DataFrame, evidence: Mapping[str, float]) -> dict[str, object]:
    known = given[given["level"].notna().to_numpy(bool)]
    levels = known["level"].to_numpy(np.float64)
    felt = float(levels.mean()) if len(levels) else np.nan
    value = evidence.get(question.measure, np.nan) if question.measure else np.nan
    data = np.nan if np.isnan(value) else question.level_of(value)
    enough = len(levels) >= FEWEST_ANSWERS
    agreement = max(0.0, 1 - float(levels.var(ddof=1)) / _RANDOM_VARIANCE) if enough else np.nan
    return {
        "id": question.id, "axis": question.axis, "answers": float(len(levels)), "felt": felt, "data": data,
        "level": felt if np.isnan(data) else data, "data_minus_felt": data - felt, "agreement": agreement,
        "lowest": float(levels.min()) if len(levels) else np.nan, "highest": float(levels.max()) if len(levels) else np.nan,
        "measured": value, "by_role": _by_role(known),
    }  # fmt: skip


def _by_role(known: pd.DataFrame) -> tuple[tuple[str, float], ...] | None:
    """The mean of each role where two of them at least have two answers each; nobody can be picked out by it."""
    means = [
        (str(role), float(mine["level"].mean()))
        for role, mine in known[known["role"].notna().to_numpy(bool)].groupby("role", sort=True)
        if len(mine) >= FEWEST_OF_ROLE
    ]
    return tuple(means) if len(means) > 1 else None


def axis_table(questions: pd.DataFrame, axes: Sequence[str]) -> pd.DataFrame:
    """One row an axis: axis, questions (with a level), points (100 x mean level / 4; NaN with fewer than four), felt (the same of answers alone),
    agreement (mean), data_questions.
    """
    rows = []
    for axis in axes:
        mine = questions[(questions["axis"] == axis).to_numpy(bool)]
        rows.append({
            "axis": axis, "questions": float(mine["level"].notna().sum()), "points": _points(mine["level"]), "felt": _points(mine["felt"]),
            "agreement": mine["agreement"].mean(), "data_questions": float(mine["data"].notna().sum()),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _points(levels: "pd.Series[float]") -> float:
    known = levels.dropna()
    return 100 * float(known.mean()) / TOP if len(known) >= FEWEST_QUESTIONS else np.nan


def total_points(axes: pd.DataFrame) -> float:
    """Of all axes; NaN unless every one of the eight has points."""
    points = axes["points"].to_numpy(np.float64)
    return float(points.sum()) if len(points) == len(AXES) and not np.isnan(points).any() else np.nan


def proposal_table(questionnaire: Questionnaire, questions: pd.DataFrame) -> pd.DataFrame:
    """What to mend, best first: rank, id, axis, level, levels_to_3, effort, leverage, first (the question that must be mended before; None). Those that
    wait for another stand last.
    """
    level = dict(zip(questions["id"], questions["level"], strict=True))
    rows = []
    for number, question in enumerate(questionnaire.questions):
        here = level[question.id]
        if np.isnan(here) or here >= GOOD:
            continue
        before = level.get(question.needs, np.nan) if question.needs else np.nan
        waits = not np.isnan(before) and before < _BEFORE_ANOTHER
        rows.append({
            "id": question.id, "axis": question.axis, "level": here, "levels_to_3": GOOD - here, "effort": question.effort,
            "leverage": (GOOD - here) * _WEIGHTS[question.effort], "first": question.needs if waits else None, "order": number, "waits": waits,
        })  # fmt: skip
    names = ["id", "axis", "level", "levels_to_3", "effort", "leverage", "first", "order", "waits"]
    table = pd.DataFrame(rows, columns=names).astype({"first": object})
    ordered = table.sort_values(
        ["waits", "leverage", "order"], ascending=[True, False, True], kind="stable", ignore_index=True
    )
    first = ordered["first"].where(ordered["first"].notna(), None)
    ranked = ordered.assign(first=first, rank=np.arange(1, len(ordered) + 1, dtype=np.float64))
    return ranked.drop(columns=["order", "waits"])


def paired_change(now: pd.DataFrame, before: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """By axis, of the people who answered both rounds: pairs (how many), change_same (points of their answers now less then; NaN without a pair)."""
    axis = {question.id: question.axis for question in questionnaire.questions}
    both = now.merge(before, on=["person", "id"], suffixes=("", "_before"))
    both = both[(both["level"].notna() & both["level_before"].notna()).to_numpy(bool)]
    both = both.assign(axis=both["id"].map(axis), gained=both["level"] - both["level_before"])
    rows = []
    for name in questionnaire.axes:
        mine = both[(both["axis"] == name).to_numpy(bool)]
        change = 100 * float(mine["gained"].mean()) / TOP if len(mine) else np.nan
        rows.append({"axis": name, "pairs": float(mine["person"].nunique()), "change_same": change})
    return pd.DataFrame(rows)


def own_table(answers: pd.DataFrame, person: str, questions: pd.DataFrame) -> pd.DataFrame:
    """A person's own answers: id, axis, own, rest (mean of the others; NaN unless three people answered the round), data."""
    everyone = answers["person"].nunique()
    mine = answers[(answers["person"] == person).to_numpy(bool)].set_index("id")["level"]
    others = answers[(answers["person"] != person).to_numpy(bool)].groupby("id")["level"].mean()
    ids = questions["id"]
    rest = (
        others.reindex(ids).to_numpy(np.float64) if everyone >= FEWEST_ANSWERS else np.full(len(ids), np.nan)
    )
    return questions[["id", "axis"]].assign(own=mine.reindex(ids).to_numpy(np.float64), rest=rest)
