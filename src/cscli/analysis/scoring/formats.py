"""Whether the formats that rules ask for fit the values: a day is no amount, and a text no number."""

from collections.abc import Iterator

import pandas as pd

from cscli.config.blocks.shown import Format
from cscli.config.schema import Config
from cscli.errors import ConfigError, Location, Problem
from cscli.texts import Phrase


def check_formats(frame: pd.DataFrame, config: Config) -> None:
    """Raises ConfigError with each `format:` that asks for a number of what is none, or for a date of what is none.
    `frame`: the accounts with derived columns and metrics. A column without any value fits every format.
    """
    wrong = [problem for name, key, given in _formats(config) for problem in _check(frame, name, key, given)]
    if wrong:
        raise ConfigError(*wrong)


def _formats(config: Config) -> Iterator[tuple[str, str, Format]]:
    """Columns with a format, each with its key."""
    for source, settings in config.sources.items():
        for name, rollup in settings.rollup.items():
            if rollup.format:
                yield name, f"sources.{source}.rollup.{name}.format", rollup.format
    for name, column in config.derived.items():
        if column.format:
            yield name, f"derived.{name}.format", column.format
    for name, metric in config.metrics.items():
        if metric.format:
            yield name, f"metrics.{name}.format", metric.format


def _check(frame: pd.DataFrame, name: str, key: str, given: Format) -> Iterator[Problem]:
    if name not in frame or frame[name].isna().all():
        return
    found = {"f": "number", "M": "date"}.get(frame[name].dtype.kind, "text")
    if found != ("date" if given.kind == "date" else "number"):
        details = {"found": Phrase(f"values.{found}")}
        yield Problem("scoring.format_misfit", where=Location(key=key), value=given.kind, details=details)
