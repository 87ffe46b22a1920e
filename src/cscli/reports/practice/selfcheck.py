"""A round of the self-check to the report `selfcheck`, and to a person's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.practice.questionnaire import AXES, Questionnaire
from cscli.analysis.practice.selfcheck import DISAGREE
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import Pair, choice_column, family_column, pairs_of, table_sheet
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet, Values
from cscli.reports.practice.selfcheck_help import helping_command
from cscli.texts import Language, catalogue, text

_FAMILY = "selfcheck"
_SHORT = ("axis", "points", "target", "agreement", "answers", "data_questions")
_COUNT, _NUMBER, _POINTS = Meaning.COUNT, Meaning.NUMBER, Meaning.POINTS
TOTAL = "total"
_PUBLISHED = (
    ("nrr_japan", 1.09),
    ("nrr_us", 1.17),
    ("nrr_private_saas", 1.01),
    ("total_first", 289.0),
    ("total_second", 330.0),
)
_APART = 1.0
"""Levels by which data and answers differ, from which it is a finding."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class CheckTables:
    """`axes`: with felt, before and change (both of answers alone), change_same, pairs, target, gap. `questions`, `proposals`: as
    `analysis.practice.selfcheck` gives them. `total`: NaN unless all eight axes have points. `people`: how many answered; `nrr`: our own.
    """

    questionnaire: Questionnaire
    round_name: str
    before_name: str | None
    axes: pd.DataFrame
    questions: pd.DataFrame
    proposals: pd.DataFrame
    total: float
    people: int
    nrr: float


def axis_label(axis: str, language: Language) -> str:
    """What people read for an axis; one of a questionnaire of one's own keeps its name."""
    key = f"selfcheck.axis.{axis}"
    return text(key, language) if key in catalogue(language) else axis.replace("_", " ")


def selfcheck_report(tables: CheckTables, context: Context) -> Report:
    """Sheets selfcheck_axes (with the radar), selfcheck_proposals, selfcheck_questions, selfcheck_perception, selfcheck_orientation."""
    language = context.language
    axis = _axis_column(tables.questionnaire, language)
    sheets = (
        _axes(tables, axis, language),
        _proposals(tables, axis, language),
        _questions(tables, axis, language),
        _perception(tables, axis, language),
        _orientation(tables, language),
    )
    return context.report(name="selfcheck", sheets=sheets, headline=_headline(tables, language), short=_SHORT)


def own_report(own: pd.DataFrame, questionnaire: Questionnaire, respondent: str, context: Context) -> Report:
    """The sheet of one person: own answers, and what the others said together where there are enough of them."""
    language = context.language
    axis = _axis_column(questionnaire, language)
    table = own.assign(question=_words(questionnaire, own["id"], "question", language))
    pairs = pairs_of(
        table, _FAMILY, language, ("id", Meaning.ID), axis, ("question", Meaning.PROSE), ("own", _COUNT)
    )
    if table["rest"].notna().any():
        pairs += pairs_of(table, _FAMILY, language, ("rest", _NUMBER))
    sheet = table_sheet("selfcheck_own", language, pairs)
    answered = int(own["own"].notna().sum())
    said = text("headline.selfcheck_own", language, who=respondent, answered=answered, questions=len(own))
    headline = text("journey.join", language).join([said, text("selfcheck.own", language)])
    short = tuple(column.id for column in sheet.columns if column.id != "question")
    return context.report(name="selfcheck", sheets=(sheet,), headline=headline, short=short)


def _axis_column(questionnaire: Questionnaire, language: Language) -> Column:
    labels = {axis: axis_label(axis, language) for axis in questionnaire.axes}
    labels[TOTAL] = text("selfcheck.total", language)
    label = family_column(_FAMILY, "axis", Meaning.TEXT, language).label
    return Column(id="axis", label=label, meaning=Meaning.TEXT, labels=labels)


def _words(
    questionnaire: Questionnaire, ids: "pd.Series[str]", name: str, language: Language
) -> "pd.Series[Any]":
    texts = {question.id: question.text(name, language) for question in questionnaire.questions}
    return pd.Series([texts.get(each) for each in ids], dtype=object)


def _axes(tables: CheckTables, axis: Column, language: Language) -> Sheet:
    """The eight axes, and their sum where all of them have points."""
    total = pd.DataFrame([{"axis": TOTAL, "points": tables.total}])
    table = pd.concat([tables.axes, total], ignore_index=True)
    pairs = pairs_of(
        table, _FAMILY, language, axis, ("points", _POINTS), ("felt", _POINTS), ("before", _POINTS), ("change", Meaning.CHANGE),
        ("change_same", Meaning.CHANGE), ("pairs", _COUNT), ("target", _POINTS), ("gap", _POINTS), ("agreement", _NUMBER),
        ("answers", _COUNT), ("questions", _COUNT), ("data_questions", _COUNT),
    )  # fmt: skip
    defined = ("points", "felt", "change", "change_same", "agreement", "data_questions")
    pairs = [
        (replace(column, definition=text(f"definition.selfcheck.{column.id}", language)), values)
        if column.id in defined
        else (column, values)
        for column, values in pairs
    ]
    more = tuple(name for name in ("target", "before") if tables.axes[name].notna().any())
    chart = Chart(
        kind=ChartKind.RADAR, title=text("chart.selfcheck_axes", language, round=tables.round_name), categories="axis",
        values="points", more=more, rows=len(tables.axes),
    )  # fmt: skip
    return table_sheet("selfcheck_axes", language, pairs, (chart,))


def _proposals(tables: CheckTables, axis: Column, language: Language) -> Sheet:
    """What to mend first."""
    table, questionnaire = tables.proposals, tables.questionnaire
    commands = {each.id: helping_command(each) for each in questionnaire.questions}
    ids = table["id"]
    first = [
        None if each is None else text("selfcheck.after", language, id=each, question=questions[each])
        for questions in [
            dict(
                zip(
                    questionnaire.ids,
                    _words(questionnaire, pd.Series(questionnaire.ids), "question", language),
                    strict=True,
                )
            )
        ]
        for each in table["first"]
    ]
    table = table.assign(
        question=_words(questionnaire, ids, "question", language), proposal=_words(questionnaire, ids, "proposal", language),
        command=pd.Series([commands[each] for each in ids], dtype=object),
    )  # fmt: skip
    shown = dict(
        zip([each for each in table["first"] if each], [each for each in first if each], strict=True)
    )
    label = family_column(_FAMILY, "first", Meaning.TEXT, language).label
    waits = Column(id="first", label=label, meaning=Meaning.LONG_TEXT, labels=shown)
    pairs = pairs_of(
        table, _FAMILY, language, ("rank", _COUNT), ("id", Meaning.ID), axis, ("question", Meaning.PROSE), ("level", _NUMBER),
        ("proposal", Meaning.PROSE), choice_column(_FAMILY, "effort", ("S", "M", "L"), language), ("leverage", _NUMBER), waits,
        ("command", Meaning.TEXT), ("levels_to_3", _NUMBER),
    )  # fmt: skip
    return table_sheet("selfcheck_proposals", language, pairs)


def _questions(tables: CheckTables, axis: Column, language: Language) -> Sheet:
    """Every question: what people say, what the data says, whether people agree."""
    table = tables.questions
    talk = pd.Series(["yes" if each < DISAGREE else None for each in table["agreement"]], dtype=object)
    roles = pd.Series([_roles(each, language) for each in table["by_role"]], dtype=object)
    table = table.assign(
        question=_words(tables.questionnaire, table["id"], "question", language), talk=talk, by_role=roles
    )
    pairs = pairs_of(
        table, _FAMILY, language, ("id", Meaning.ID), axis, ("question", Meaning.PROSE), ("answers", _COUNT), ("felt", _NUMBER),
        ("data", _COUNT), ("level", _NUMBER), ("data_minus_felt", Meaning.CHANGE), ("agreement", _NUMBER), ("lowest", _COUNT),
        ("highest", _COUNT), choice_column(_FAMILY, "talk", ("yes",), language), ("by_role", Meaning.TEXT), ("measured", Meaning.SHARE),
    )  # fmt: skip
    return table_sheet("selfcheck_questions", language, pairs)


def _roles(means: tuple[tuple[str, float], ...] | None, language: Language) -> str | None:
    if not isinstance(means, tuple):
        return None
    parts = [text("selfcheck.role_mean", language, role=role, level=f"{level:.1f}") for role, level in means]
    return text("fit.between", language).join(parts)


def _perception(tables: CheckTables, axis: Column, language: Language) -> Sheet:
    """Where people and data differ by a level and more, most first."""
    apart = tables.questions["data_minus_felt"].abs()
    table = tables.questions.assign(apart=apart)[(apart >= _APART).to_numpy(bool)]
    table = table.sort_values(["apart", "id"], ascending=[False, True], ignore_index=True)
    table = table.assign(question=_words(tables.questionnaire, table["id"], "question", language))
    pairs = pairs_of(
        table, _FAMILY, language, ("id", Meaning.ID), axis, ("question", Meaning.PROSE), ("felt", _NUMBER), ("data", _COUNT),
        ("data_minus_felt", Meaning.CHANGE), ("measured", Meaning.SHARE),
    )  # fmt: skip
    return table_sheet("selfcheck_perception", language, pairs)


def _orientation(tables: CheckTables, language: Language) -> Sheet:
    """What others published with another questionnaire, beside our own NRR; no comparison."""
    rows = [(name, value, np.nan if name.startswith(TOTAL) else tables.nrr) for name, value in _PUBLISHED]
    table = pd.DataFrame(rows, columns=["published", "value", "ours"])
    said = text("selfcheck.orientation", language)
    table = table.assign(status=pd.Series([said] * len(table), dtype=object))
    meanings = tuple(_NUMBER if name.startswith(TOTAL) else Meaning.RATE for name, _ in _PUBLISHED)
    names = {name: text(f"selfcheck.published.{name}", language) for name, _ in _PUBLISHED}
    label = family_column(_FAMILY, "published", Meaning.TEXT, language).label
    key = Column(id="published", label=label, meaning=Meaning.TEXT, labels=names)
    pairs: list[Pair] = pairs_of(table, _FAMILY, language, key)
    for name in ("value", "ours"):
        column = replace(family_column(_FAMILY, name, _NUMBER, language), by_row=meanings)
        values: Values = table[name].to_numpy(np.float64)
        pairs.append((column, values))
    pairs += pairs_of(table, _FAMILY, language, ("status", Meaning.PROSE))
    return table_sheet("selfcheck_orientation", language, pairs)


def _headline(tables: CheckTables, language: Language) -> str:
    """The weakest axis, where people disagree most, what is first, why there is no total; and what this is not."""
    said = [text("headline.selfcheck_round", language, round=tables.round_name, count=tables.people)]
    known = tables.axes[tables.axes["points"].notna().to_numpy(bool)]
    if len(known):
        ordered = known.sort_values("points", kind="stable")
        low, high = ordered.iloc[0], ordered.iloc[-1]
        ends = {
            "low": axis_label(str(low["axis"]), language), "low_points": f"{low['points']:.0f}",
            "high": axis_label(str(high["axis"]), language), "high_points": f"{high['points']:.0f}",
        }  # fmt: skip
        said.append(
            text(
                "headline.selfcheck_axis" if len(known) == 1 else "headline.selfcheck_axes", language, **ends
            )
        )
    said.append(_total(tables, language))
    split = tables.questions[(tables.questions["agreement"] < DISAGREE).to_numpy(bool)]
    if len(split):
        row = split.sort_values(["agreement", "id"], kind="stable").iloc[0]
        words = _one(tables.questionnaire, str(row["id"]), "question", language)
        said.append(
            text(
                "headline.selfcheck_talk",
                language,
                question=words,
                low=int(row["lowest"]),
                high=int(row["highest"]),
            )
        )
    if len(tables.proposals):
        first = str(tables.proposals["id"].iloc[0])
        said.append(
            text(
                "headline.selfcheck_first",
                language,
                proposal=_one(tables.questionnaire, first, "proposal", language),
            )
        )
    return text("journey.join", language).join([*said, text("selfcheck.own", language)])


def _total(tables: CheckTables, language: Language) -> str:
    if not np.isnan(tables.total):
        return text("headline.selfcheck_total", language, points=f"{tables.total:.0f}", most=100 * len(AXES))
    have = int(tables.axes["points"].notna().sum())
    return text("headline.selfcheck_no_total", language, have=have, axes=len(AXES))


def _one(questionnaire: Questionnaire, question_id: str, name: str, language: Language) -> str:
    texts: Mapping[str, str] = {each.id: each.text(name, language) for each in questionnaire.questions}
    return texts[question_id]
