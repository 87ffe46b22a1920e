"""What is known of an account beside its score: what was promised to it, the last contact, and what people typed. A line a fact, as far as it is known."""

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from cscli.analysis.inputs.books import HANDOVER
from cscli.config.schema import Config
from cscli.reports.kit.labels import chosen_label, column_label, default_label
from cscli.reports.kit.looks import show_date
from cscli.texts import Language, text

_LATE = "_days_late"
_PEOPLE = ("sentiment", "next_step", "note")
Account = Any
"""A row of a frame: values by column."""
Line = tuple[str, str]
"""What, and its value."""


def promised_of(
    account: Account, config: Config, language: Language, goals: Iterable[Line] = ()
) -> Iterator[Line]:
    """The handover, goals, standards that are late, and the last contact. `goals`: a line for each that is open."""
    for name in (column.name for column in HANDOVER.typed):
        value = account.get(name)
        if is_known(value):
            yield column_label(name, config, language), _shown(value, config, language)
    open_goals: Any = account.get("goals_open")
    if is_known(open_goals) and open_goals > 0:
        behind: Any = account.get("goals_behind")
        count = {"open": f"{open_goals:.0f}", "behind": f"{behind if is_known(behind) else 0:.0f}"}
        yield text("brief.goals", language), text("brief.goals_value", language, **count)
    yield from goals
    for standard in config.journey.standards if config.journey else ():
        days: Any = account.get(f"{standard.name}{_LATE}")
        if is_known(days) and days > 0:
            label = chosen_label(standard.label, language, default_label(standard.name, language))
            yield label, text("brief.days_late", language, count=f"{days:.0f}")
    silent = account.get("days_silent")
    if is_known(silent):
        yield (
            column_label("days_silent", config, language),
            text("brief.days", language, count=f"{silent:.0f}"),
        )


def _shown(value: Any, config: Config, language: Language) -> str:
    """A day as people write it, a column of the rules as people read it, anything else as it was typed."""
    if isinstance(value, pd.Timestamp):
        return show_date(value.date(), language)
    is_ours = value in config.metrics or value in config.derived
    return column_label(str(value), config, language) if is_ours else str(value)


def typed_of(account: Account, language: Language) -> Iterator[Line]:
    """What people typed of how it is and what comes next."""
    for name in _PEOPLE:
        value = account.get(name)
        if is_known(value):
            yield text(f"page.{name}", language), f"{value:g}" if isinstance(value, float) else str(value)


def is_known(value: Any) -> bool:
    """Whether a value is there."""
    return value is not None and value == value and str(value) != "NaT"  # noqa: PLR0124 - NaN is not itself
