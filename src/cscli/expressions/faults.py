"""The two ways in which an expression fails: it is refused when read, or it does not fit the columns."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from cscli.texts import Language, text


class ExpressionError(ValueError):
    """Why an expression is refused, as a problem without a place: `code`, `value` and `details`."""

    def __init__(self, code: str, value: str | None = None, **details: object) -> None:
        super().__init__(f"{code}: {value}" if value else code)
        self.code = code
        self.value = None if value is None else re.sub(r"\s", " ", value)  # messages are one line
        self.details: Mapping[str, object] = MappingProxyType(details)

    def message(self, language: Language = "en") -> str:
        """What is wrong, in one line."""
        return text(f"problem.{self.code}", language, value=self.value, **self.details)


class NoSuchNameError(ExpressionError):
    """A name that none of the columns has that are read."""


class EvaluationError(ValueError):
    """Expressions that do not fit their columns: every failing one at once, as (name, error) in `faults`."""

    def __init__(self, *faults: tuple[str, ExpressionError]) -> None:
        self.faults = faults
        self.failures: tuple[tuple[str, str], ...] = tuple((name, fault.message()) for name, fault in faults)
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in self.failures))

    @property
    def name(self) -> str:
        return self.failures[0][0]

    @property
    def reason(self) -> str:
        return self.failures[0][1]
