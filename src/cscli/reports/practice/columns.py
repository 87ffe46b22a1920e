"""Columns of these reports: statuses and departments by id with what people read."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.promises import goals as g
from cscli.analysis.promises import milestones as m
from cscli.config.work.journey import Standard
from cscli.reports.kit.families import Pair, family_column, pairs_of
from cscli.reports.kit.labels import own_label
from cscli.reports.kit.model import Column, Meaning
from cscli.texts import Language, catalogue, text


def status_column(language: Language) -> Column:
    """The status of a milestone or goal."""
    labels = {status: text(f"journey.status.{status}", language) for status in (*m.STATUSES, *g.STATUSES)}
    return Column(id="status", label=text("label.status", language), meaning=Meaning.TEXT, labels=labels)


def milestone_labels(standards: Iterable[Standard], language: Language) -> dict[str, str]:
    """What people read for each milestone of `standards`."""
    return {each.name: own_label(each, language) for standard in standards for each in standard.milestones}


def promise_texts(late: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """What people read for each of `late_promises`: a milestone by its label, a goal in the customer's words."""
    pairs = zip(late["kind"], late["promise"], strict=True)
    return [labels.get(promise, promise) if kind == "milestone" else promise for kind, promise in pairs]


def department_column(name: str, values: "pd.Series[Any]", language: Language) -> Column:
    """Departments, several of them joined by +, with what people read."""
    found = {each for each in values.dropna() if each}
    labels = {each: _departments(str(each), language) for each in sorted(map(str, found))}
    column = family_column("timeline", name, Meaning.TEXT, language)
    return Column(id=name, label=column.label, meaning=Meaning.TEXT, labels=labels)


def _departments(joined: str, language: Language) -> str:
    return " + ".join(department_label(each, language) for each in joined.split("+"))


def department_label(name: str, language: Language) -> str:
    """What people read for a department; one of the rules' own keeps its name."""
    key = f"timeline.department.{name}"
    return text(key, language) if key in catalogue(language) else name.replace("_", " ")


VERDICTS = ("fewer_left", "more_left", "no_difference_seen", "too_few")


def difference_pairs(table: pd.DataFrame, family: str, language: Language) -> list[Pair]:
    """Of a `difference_table`: the counts, the difference with its interval, the verdict, and what it does not show."""
    own = f"comparing.caution_{family}"
    key = own if own in catalogue(language) else "comparing.caution"
    said = np.full(len(table), text(key, language), dtype=object)
    counts = [(name, Meaning.COUNT) for name in ("used", "used_left", "not_used", "not_used_left")]
    shares = [(name, Meaning.SHARE) for name in ("difference", "adjusted", "low", "high")]
    labels = {each: text(f"comparing.verdict.{each}", language) for each in VERDICTS}
    verdict = Column(
        id="verdict", label=text("label.comparing.verdict", language), meaning=Meaning.TEXT, labels=labels
    )
    caution = family_column("comparing", "caution", Meaning.LONG_TEXT, language)
    return [*pairs_of(table, family, language, *counts, *shares, verdict), (caution, said)]
