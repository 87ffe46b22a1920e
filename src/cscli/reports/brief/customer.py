"""The page of an account for the customer: what the rules name, and nothing else.

It is made of its own few values, never of the data of other pages, so that nothing else can be in it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.config.schema import Config
from cscli.errors import ConfigError, Location, Problem
from cscli.nearest import nearest_name
from cscli.reports.dashboard.metrics import value_of_full_points
from cscli.reports.dashboard.words import long_day
from cscli.reports.kit.labels import column_label
from cscli.reports.kit.looks import look_of, shown_values
from cscli.texts import Language, text

_CONTRACT = ("plan", "seats", "started_on", "renews_on")
WIDTH, HEIGHT = 160, 34
"""Of the picture of a course, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One figure in words. `points`: the corners of its course, in pixels; None: fewer than two are known. `first`: its
    earliest value with the day. `goal`: None without one.
    """

    label: str
    value: str
    first: str | None
    points: str | None
    goal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerBrief:
    """`contract`: labels and values of what was agreed. `next_step`: None where there is none, or it is not shown."""

    language: Language
    title: str
    as_of: dt.date
    contract: tuple[tuple[str, str], ...]
    figures: tuple[Shown, ...]
    has_goals: bool
    next_step: str | None


@dataclass(frozen=True, eq=False, kw_only=True)
class CustomerMaterial:
    """`account`: one row with every column and metric. `past`: as_of, and the columns that are shown, of this account,
    ascending.
    """

    account: pd.DataFrame
    past: pd.DataFrame
    config: Config
    as_of: dt.date
    language: Language


def check_shown(config: Config, frame: pd.DataFrame) -> None:
    """ConfigError for names that the accounts do not have."""
    known = sorted(map(str, frame.columns))
    problems = [
        Problem(
            "config.unknown_shown",
            where=Location(key=f"brief.customer_shows[{index}]"),
            value=name,
            details={"nearest": nearest_name(name, known) or "-"},
        )
        for index, name in enumerate(config.brief.customer_shows)
        if name not in frame
    ]
    if problems:
        raise ConfigError(*problems)


def make_customer_brief(material: CustomerMaterial) -> CustomerBrief:
    """The page of the account."""
    account, language, settings = material.account, material.language, material.config.brief
    name = account["name"].iloc[0] if "name" in account else None
    figures = tuple(_figure(each, material) for each in settings.customer_shows)
    step = account["next_step"].iloc[0] if settings.customer_next_step and "next_step" in account else None
    return CustomerBrief(
        language=language,
        title=text("brief.customer.title", language) if pd.isna(name) else str(name),
        as_of=material.as_of,
        contract=tuple(
            (column_label(each, material.config, language), value)
            for each in _CONTRACT
            if (value := _value(each, material)) is not None
        ),
        figures=figures,
        has_goals=any(figure.goal is not None for figure in figures),
        next_step=None if pd.isna(step) else str(step),
    )


def _value(column: str, material: CustomerMaterial) -> str | None:
    """A value of the account in words; None: it is missing."""
    if column not in material.account:
        return None
    values = material.account[column]
    if values.dtype.kind == "M":
        return None if pd.isna(values.iloc[0]) else long_day(values.iloc[0].date(), material.language)
    return _shown(column, values, material)[0]


def _shown(column: str, values: "pd.Series[Any]", material: CustomerMaterial) -> list[str | None]:
    return shown_values(values, look_of(column, material.config), material.config, material.language)


def _figure(name: str, material: CustomerMaterial) -> Shown:
    config, language = material.config, material.language
    value = _value(name, material)
    now = material.account[name]
    first = points = None
    if now.dtype == np.float64:
        past = material.past[name].to_numpy(np.float64, na_value=np.nan)
        course = np.append(past, now.iloc[0])
        known = np.flatnonzero(~np.isnan(course))
        points = _corners(course) if len(known) > 1 else None
        if points is not None and known[0] < len(past):
            earliest = _shown(name, pd.Series(past[known[:1]]), material)[0]
            day = long_day(material.past["as_of"].iloc[known[0]], language)
            first = text("brief.customer.first", language, value=earliest, day=day)
    return Shown(
        label=column_label(name, config, language),
        value=value or text("reason.no_data", language),
        first=first,
        points=points,
        goal=_goal(name, material),
    )


def _goal(name: str, material: CustomerMaterial) -> str | None:
    metric = material.config.metrics.get(name)
    if not material.config.brief.customer_goals or metric is None:
        return None
    goal = value_of_full_points(metric)
    return None if goal is None else _shown(name, pd.Series([goal], dtype=np.float64), material)[0]


def _corners(course: NDArray[np.float64]) -> str:
    """A line through the known values, from left to right, whole pixels."""
    known = np.flatnonzero(~np.isnan(course))
    low, high = course[known].min(), course[known].max()
    x = np.rint(2 + known / (len(course) - 1) * (WIDTH - 4)).astype(int)
    part = (course[known] - low) / (high - low) if high > low else np.full(len(known), 0.5)
    y = np.rint(2 + (1 - part) * (HEIGHT - 4)).astype(int)
    return " ".join(f"{left},{top}" for left, top in zip(x.tolist(), y.tolist(), strict=True))
