"""Texts in rules that no row has: a comparison that can never hold, with the value that was probably meant."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from cscli.config.document import Document
from cscli.config.linting.names import OF_ROWS, Use
from cscli.errors import Problem, Severity
from cscli.nearest import nearest_name

_MOST_VALUES = 500


def find_unmet_texts(
    uses: Iterable[Use], accounts: pd.DataFrame, rows: Mapping[str, pd.DataFrame], document: Document
) -> Iterator[Problem]:
    """A warning for each column that a rule compares with texts of which no row has any. `rows`: the tables that
    are rolled up, by source.
    """
    told: set[tuple[str, ...]] = set()
    own = {
        *document.mapping("segments"),
        "team",
        "scorecard",
        "band",
    }  # a value of the rules' own may have nobody today
    for use in uses:
        frame = rows.get(use.source) if use.space in OF_ROWS else accounts
        for column, texts in _by_column(use).items():
            if column in own or frame is None or column not in frame.columns or (column, *texts) in told:
                continue
            values = frame[column].dropna()
            every = rows.get("accounts")  # with those that have left
            if (
                every is not None
                and use.space != "rollup"
                and column in every.columns
                and values.dtype == object
            ):
                values = pd.concat([values, every[column].dropna().astype(object)])
            if values.dtype != object or values.empty or values.isin(texts).any():
                continue
            told.add((column, *texts))
            known = [str(each) for each in values.unique()[:_MOST_VALUES]]
            details = {"column": column, "nearest": _nearest(texts[0], known), "values": ", ".join(known[:5])}
            yield Problem(
                "rules.text_never_met",
                severity=Severity.WARNING,
                where=document.place(use.path),
                value=", ".join(texts),
                details=details,
            )


def _by_column(use: Use) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, text in use.expression.texts:
        found.setdefault(column, []).append(text)
    return found


def _nearest(text: str, known: list[str]) -> str:
    same = next((value for value in known if value.casefold().strip() == text.casefold().strip()), None)
    return same or nearest_name(text, known) or "-"
