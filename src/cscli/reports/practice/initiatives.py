"""How far initiatives are from activity to impact to the report `initiatives`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.practice.initiatives import BEHIND, HORIZONS, LONG, OVERDUE, REACHED, STATUSES
from cscli.config.schema import Config
from cscli.config.work.initiatives import STEP_KINDS
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import choice_column, family_column, pairs_of, table_sheet
from cscli.reports.kit.labels import own_labels
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet
from cscli.texts import Language, text

_FAMILY = "initiatives"
_SHORT = ("initiative", "activity", "output", "outcome", "impact", "breaks_between")
_COUNT, _NUMBER, _SHARE = Meaning.COUNT, Meaning.NUMBER, Meaning.SHARE


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class InitiativeTables:
    """`initiatives`, `steps`, `balance`: as `analysis.practice.initiatives` gives them. `course`: initiative, step, as_of, value, progress, path."""

    initiatives: pd.DataFrame
    steps: pd.DataFrame
    course: pd.DataFrame
    balance: pd.DataFrame


def initiatives_report(tables: InitiativeTables, config: Config, context: Context) -> Report:
    """Sheets initiatives, initiative_steps, initiative_course, initiative_balance."""
    language = context.language
    labels = own_labels(config.initiatives, language)
    label = family_column(_FAMILY, "initiative", Meaning.TEXT, language).label
    key = Column(id="initiative", label=label, meaning=Meaning.TEXT, labels=labels)
    sheets = (
        _initiatives(tables, key, language),
        _steps(tables, key, language),
        _course(tables, key, labels, language),
        _balance(tables, language),
    )
    headline = _headline(tables, labels, language)
    return context.report(name="initiatives", sheets=sheets, headline=headline, short=_SHORT)


def _status(name: str, language: Language) -> Column:
    """A column of statuses, under the name of the link or its own."""
    labels = {each: text(f"initiatives.status.{each}", language) for each in STATUSES}
    label = (
        text(f"phrase.initiative_step.{name}", language)
        if name in STEP_KINDS
        else text("label.status", language)
    )
    return Column(id=name, label=label, meaning=Meaning.TEXT, labels=labels)


def _link(name: str, language: Language) -> Column:
    """A column of links."""
    labels = {str(each): text(f"phrase.initiative_step.{each}", language) for each in STEP_KINDS}
    label = family_column(_FAMILY, name, Meaning.TEXT, language).label
    return Column(id=name, label=label, meaning=Meaning.TEXT, labels=labels)


def _initiatives(tables: InitiativeTables, key: Column, language: Language) -> Sheet:
    """Each initiative with its links, and where the chain breaks."""
    pairs = pairs_of(
        tables.initiatives, _FAMILY, language, key, ("owner", Meaning.TEXT), ("started_on", Meaning.DATE),
        choice_column(_FAMILY, "horizon", HORIZONS, language), ("days_to_impact", Meaning.DAYS),
        *(_status(name, language) for name in STEP_KINDS), _breaks(tables, language), _link("reached_without", language), ("hours", _NUMBER),
    )  # fmt: skip
    return table_sheet("initiatives", language, pairs)


def _breaks(tables: InitiativeTables, language: Language) -> Column:
    """Between which links, for people."""
    labels = {
        pair: text("initiatives.between", language, **_ends(pair, language))
        for pair in tables.initiatives["breaks_between"]
        if pair is not None
    }
    label = family_column(_FAMILY, "breaks_between", Meaning.TEXT, language).label
    return Column(id="breaks_between", label=label, meaning=Meaning.TEXT, labels=labels)


def _ends(pair: str, language: Language) -> dict[str, str]:
    first, _, second = pair.partition(">")
    names = {"before": first, "after": second}
    return {name: text(f"phrase.initiative_step.{step}", language) for name, step in names.items()}


def _steps(tables: InitiativeTables, key: Column, language: Language) -> Sheet:
    """Every link with its path, and the others beside it."""
    said = text("initiatives.caution", language)
    table = tables.steps.assign(caution=pd.Series([said] * len(tables.steps), dtype=object))
    pairs = pairs_of(
        table, _FAMILY, language, key, _link("step", language), _status("status", language), ("baseline", _NUMBER), ("target", _NUMBER),
        ("actual", _NUMBER), ("progress", _SHARE), ("path", _SHARE), ("days", Meaning.DAYS), ("expect_after_days", Meaning.DAYS),
        ("others_then", _NUMBER), ("others_now", _NUMBER), ("more_than_others", _NUMBER), ("caution", Meaning.LONG_TEXT),
    )  # fmt: skip
    return table_sheet("initiative_steps", language, pairs)


def _course(tables: InitiativeTables, key: Column, labels: Mapping[str, str], language: Language) -> Sheet:
    """By run, the link that was measured most often first, which is drawn."""
    table = tables.course
    names = list(zip(table["initiative"].astype(str), table["step"].astype(str), strict=True))
    known = Counter(each for each, there in zip(names, table["progress"].notna(), strict=True) if there)
    charts: tuple[Chart, ...] = ()
    if known and max(known.values()) > 1:
        most = max(known, key=lambda each: known[each])
        drawn = np.array([each == most for each in names], dtype=bool)
        table = pd.concat([table[drawn], table[~drawn]], ignore_index=True)
        step = text(f"phrase.initiative_step.{most[1]}", language)
        title = text("chart.initiative_course", language, initiative=labels[most[0]], step=step)
        chart = Chart(
            kind=ChartKind.LINES, title=title, categories="as_of", values="progress", low="path", rows=int(drawn.sum())
        )  # fmt: skip
        charts = (chart,)
    pairs = pairs_of(
        table, _FAMILY, language, key, _link("step", language), ("as_of", Meaning.DATE), ("value", _NUMBER), ("progress", _SHARE),
        ("path", _SHARE),
    )  # fmt: skip
    return table_sheet("initiative_course", language, pairs, charts)


def _balance(tables: InitiativeTables, language: Language) -> Sheet:
    """How many initiatives pay off when."""
    pairs = pairs_of(
        tables.balance, _FAMILY, language, choice_column(_FAMILY, "horizon", HORIZONS, language), ("initiatives", _COUNT), ("hours", _NUMBER)
    )  # fmt: skip
    return table_sheet("initiative_balance", language, pairs)


def _headline(tables: InitiativeTables, labels: Mapping[str, str], language: Language) -> str:
    """Where chains break, what was reached by something else perhaps, who is late, and whether anything is meant to last."""
    said = []
    table = tables.initiatives
    for row in table.to_dict("records"):
        name = labels[str(row["initiative"])]
        if row["breaks_between"] is not None:
            said.append(
                text(
                    "headline.initiatives_breaks",
                    language,
                    name=name,
                    **_ends(str(row["breaks_between"]), language),
                )
            )
        elif row["reached_without"] is not None:
            step = text(f"phrase.initiative_step.{row['reached_without']}", language)
            said.append(text("headline.initiatives_without", language, name=name, step=step))
    links = table[list(STEP_KINDS)]
    late = int(links.isin((BEHIND, OVERDUE)).any(axis=1).sum())
    done = int((_last(links) == REACHED).sum())
    said.insert(
        0, text("headline.initiatives_all", language, initiatives=len(table), late=late, reached=done)
    )
    if not (tables.balance.set_index("horizon")["initiatives"][LONG] > 0):
        said.append(text("headline.initiatives_no_long", language))
    return text("journey.join", language).join(said)


def _last(links: pd.DataFrame) -> "np.typing.NDArray[Any]":
    """The status of the last link of each."""
    return links.ffill(axis=1).iloc[:, -1].to_numpy(dtype=object)
