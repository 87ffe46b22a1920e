"""Expressions that do not fit their columns, as config errors with the key where each stands."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from cscli.errors import ConfigError, Location, Problem
from cscli.expressions import EvaluationError, ExpressionError


@contextmanager
def keyed(keys: Mapping[str, str]) -> Iterator[None]:
    """Turns an EvaluationError of the block into a ConfigError; `keys`: where each name stands in the config."""
    try:
        yield
    except EvaluationError as error:
        raise ConfigError(*(_problem(keys, name, fault) for name, fault in error.faults)) from error


def _problem(keys: Mapping[str, str], name: str, fault: ExpressionError) -> Problem:
    where = Location(key=keys.get(name, name))
    return Problem(fault.code, where=where, value=fault.value, details=fault.details)
