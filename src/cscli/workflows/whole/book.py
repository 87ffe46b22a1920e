"""One reading of the exports with all that is made of it; each part when it is first asked for, and then kept."""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar, cast

import numpy as np

from cscli.analysis.acting.alerts import AlertList
from cscli.analysis.acting.risk import CallList
from cscli.analysis.acting.status import BACK, NEW
from cscli.config.load import Draft
from cscli.reports.kit.model import Report
from cscli.workflows.alerting.alerts import list_alerts
from cscli.workflows.book.read import Book, draft_of, read_book
from cscli.workflows.book.reading import SourceReader
from cscli.workflows.book.request import Request
from cscli.workflows.forecasting.renewals import Forecast, forecast_renewals
from cscli.workflows.scores.actions import list_judged
from cscli.workflows.scores.scoring import JudgedBook, judge_book

Result = TypeVar("Result")


class WholeBook:
    """What the steps of a run, and the check of what they need, have in common."""

    def __init__(
        self, request: Request, reader: SourceReader | None = None, draft: Draft | None = None
    ) -> None:
        self.request = request
        self.reader = reader or SourceReader()
        self.draft = draft or draft_of(request)
        self._reports: dict[str, Report] = {}
        self._made: dict[object, object] = {}

    @cached_property
    def book(self) -> Book:
        """The accounts that are scored. Raises CscliError."""
        return read_book(self.request, reader=self.reader, draft=self.draft)

    @cached_property
    def revenue_book(self) -> Book:
        """The accounts with those that had left, and with the sources of revenue. Raises CscliError."""
        return read_book(self.request, of_revenue=True, reader=self.reader, draft=self.draft)

    @cached_property
    def judged(self) -> JudgedBook:
        """The scores. Raises ConfigError."""
        return judge_book(self.request, self.book)

    @cached_property
    def calls(self) -> CallList:
        """Who is at risk. Raises ConfigError."""
        return list_judged(self.request, self.judged)

    @cached_property
    def alerts(self) -> AlertList:
        """What must be told. Raises ConfigError."""
        return list_alerts(self.request, self.judged)

    @cached_property
    def forecast(self) -> Forecast:
        """What is expected of renewals. Raises CscliError."""
        return forecast_renewals(self.request, self.judged, self.revenue_book)

    def report(self, name: str, make: "Callable[[WholeBook], Report]") -> Report:
        """The report `name`, made once. Raises CscliError."""
        if name not in self._reports:
            self._reports[name] = make(self)
        return self._reports[name]

    def once(self, make: "Callable[[WholeBook], Result]") -> Result:
        """What `make` gives of this book, made once. Raises what it raises."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Result", self._made[make])

    def new_at_risk(self) -> list[str]:
        """The accounts that were not on the last list; none without a history."""
        ids = self.judged.scored.frame["account_id"].iloc[self.calls.rows]
        return [str(account) for account in ids[np.isin(self.calls.status.astype(str), (NEW, BACK))]]

    def has_revenue(self) -> bool:
        """Whether a source of revenue or orders has a file, or must have one."""
        return any(
            not source.optional or self.reader.find(name, source, self.request) is not None
            for name, source in self.book.config.sources.items()
            if source.of_revenue or source.kind == "orders"
        )
