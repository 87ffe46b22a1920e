"""Values of an account as a message to it writes them, or why they cannot be written."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.acting.one_line import one_line
from cscli.analysis.outreach.deciding import Refused
from cscli.config.schema import Config
from cscli.config.work.placeholders import Asked
from cscli.reports.kit.looks import Look, look_of, show_money, show_number, show_share, show_value
from cscli.reports.kit.model import Meaning
from cscli.texts import Language, text

LONGEST = 200
"""Characters of a value."""


def write_value(
    asked: Asked, value: Any, config: Config, language: Language, after: dt.date
) -> "str | Refused | None":
    """The value in words; None where it is missing; why not, where it cannot be: a share over 100%, a count below 0, a day that
    should come and is not after `after`.
    """
    if value is None or pd.isna(value):
        return None
    if isinstance(value, dt.date | np.datetime64):
        return _day(asked, pd.Timestamp(value).date(), language, after)
    if isinstance(value, bool | np.bool_) or not isinstance(value, float | int | np.number):
        if asked.form not in (None, "text"):
            return Refused("form", asked.key)
        return one_line(str(value), LONGEST) or None
    return _number(asked, float(value), config, language)


def _number(asked: Asked, value: float, config: Config, language: Language) -> str | Refused:
    look = look_of(asked.name, config)
    match asked.form:
        case "percent":
            return show_share(value) if 0 <= value <= 1 else Refused("impossible", asked.key)
        case "money":
            return show_money(value, config.currency) if value >= 0 else Refused("impossible", asked.key)
        case "text":
            return show_value(value, None, None, language)
        case "number":
            return show_number(value) if value >= 0 else Refused("impossible", asked.key)
        case None:
            return _as_it_looks(asked, value, look, config, language)
        case _:
            return Refused("form", asked.key)


def _as_it_looks(
    asked: Asked, value: float, look: Look | None, config: Config, language: Language
) -> str | Refused:
    is_share = look is not None and look.meaning is Meaning.SHARE
    if value < 0 or (is_share and value > 1):
        return Refused("impossible", asked.key)
    fitting = look if look is not None and look.meaning is not Meaning.DATE else None
    return show_value(value, fitting, config.currency, language)


def _day(asked: Asked, day: dt.date, language: Language, after: dt.date) -> str | Refused:
    match asked.form:
        case "month":
            return _written("letter.month", day, language)
        case "date:future" if day <= after:
            return Refused("past", asked.key)
        case "date" | "date:future" | None:
            return _written("letter.day", day, language)
        case "text":
            return day.isoformat()
        case _:
            return Refused("form", asked.key)


def _written(form: str, day: dt.date, language: Language) -> str:
    month = text(f"page.month.{day.month}", language)
    return text(form, language, year=day.year, month=month, day=day.day)
