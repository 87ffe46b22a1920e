"""What every report of a run has in common: language, dates, inputs, problems and what a figure means."""

import datetime as dt
from dataclasses import dataclass

from cscli.errors import Problem
from cscli.reports.kit.live import LiveScore
from cscli.reports.kit.long_texts import say_long_texts
from cscli.reports.kit.looks import show_money
from cscli.reports.kit.model import Input, Report, Sheet
from cscli.reports.kit.periods import name_periods
from cscli.texts import Language, text

_DEFINED = (
    "as_of",
    "score",
    "band",
    "data_coverage",
    "reasons",
    "score_change",
    "trend",
    "trend_change",
    "mrr",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The run a report belongs to; `plain` asks for a workbook without formulas."""

    language: Language
    as_of: dt.date
    currency: str | None
    config_digest: str
    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...]
    plain: bool = False

    def report(
        self,
        *,
        name: str,
        sheets: tuple[Sheet, ...],
        headline: str,
        short: tuple[str, ...],
        live: LiveScore | None = None,
        plain_because: str | None = None,
    ) -> Report:
        """A report of this run."""
        sheets = name_periods(sheets, self.language)
        return Report(
            name=name,
            title=text(f"report.{name}", self.language),
            language=self.language,
            as_of=self.as_of,
            config_digest=self.config_digest,
            inputs=self.inputs,
            sheets=sheets,
            problems=(*self.problems, *say_long_texts(sheets)),
            headline=headline,
            short=short,
            currency=self.currency,
            definitions=self._definitions(),
            live=live,
            plain_because=plain_because,
        )

    def money(self, amount: float) -> str:
        """An amount for people, in the book's currency."""
        return show_money(amount, self.currency)

    def _definitions(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (text(f"label.{key}", self.language), text(f"definition.{key}", self.language))
            for key in _DEFINED
        )
