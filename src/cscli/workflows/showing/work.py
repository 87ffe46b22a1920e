"""What the dashboard and the Monday page show of the work with customers, where the rules ask for it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from cscli.errors import CscliError, Problem, Severity
from cscli.reports.dashboard.model import Work
from cscli.workflows.whole.book import WholeBook
from cscli.workflows.whole.steps import has_promises, promises_of

if TYPE_CHECKING:
    import pandas as pd


def gather_work(whole: WholeBook) -> tuple[Work, tuple[Problem, ...]]:
    """Late promises, silent accounts, and who spoke of which theme; what cannot be judged is missing, and said."""
    said: list[Problem] = []
    config = whole.book.config
    late = _found(_late, whole, said) if has_promises(whole) else None
    goals = _found(_open_goals, whole, said) if late is not None else None
    silent = _found(_silent, whole, said) if config.timeline is not None else None
    spoken = _found(_spoken, whole, said) if config.voice is not None else None
    statuses = {} if spoken is None else _statuses(whole)
    return Work(late=late, goals=goals, silent=silent, spoken=spoken, statuses=statuses), tuple(said)


def _found(
    find: "Callable[[WholeBook], pd.DataFrame | None]", whole: WholeBook, said: list[Problem]
) -> "pd.DataFrame | None":
    try:
        return find(whole)
    except CscliError as error:
        said += [replace(each, severity=Severity.WARNING) for each in error.problems]
        return None


def _late(whole: WholeBook) -> "pd.DataFrame":
    from cscli.analysis.promises.overview import late_promises

    return late_promises(whole.once(promises_of))


def _open_goals(whole: WholeBook) -> "pd.DataFrame":
    goals = whole.once(promises_of).goals
    return goals[goals["is_open"]]


def _silent(whole: WholeBook) -> "pd.DataFrame":
    from cscli.workflows.practice.timeline import silent_accounts

    return silent_accounts(whole.book)


def _spoken(whole: WholeBook) -> "pd.DataFrame | None":
    from cscli.analysis.conversations.voices import spoken_of

    voices = whole.revenue_book.practice.voices
    return None if voices is None else spoken_of(voices)


def _statuses(whole: WholeBook) -> dict[str, str]:
    from cscli.workflows.practice.voice import status_of_themes

    return status_of_themes(whole.revenue_book)
