"""The ids of every source against the accounts, reported; what nobody can be sure of is put to a person."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from cscli.analysis.matching.decisions import Decided
from cscli.analysis.matching.match import Decisions, unique_accounts
from cscli.analysis.matching.match_summary import summarise
from cscli.errors import Location, Problem, Severity, SourceError
from cscli.render import publish, write_report
from cscli.reports.data.match import Matches, match_report
from cscli.reports.kit.model import Report
from cscli.sources.crosswalk import Crosswalk, with_suggestions
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workspace.paths import CROSSWALK

_NOTHING_DECIDED = Decided(Decisions(), frozenset(), ())


def match(request: Request, output: Path | None) -> Report:
    """What of each source joins the accounts, and how, written to `output` if given. Suggestions that the crosswalk
    of the workspace does not have yet are put below it. Raises CscliError; then no file is changed.
    """
    book = read_book(request, of_revenue=True)
    with speaking(book.language):
        return _match(request, book, output)


def _match(request: Request, book: Book, output: Path | None) -> Report:
    accounts = unique_accounts(book.typed["accounts"])
    staying = accounts[~(accounts["churned_on"] <= pd.Timestamp(book.as_of)).to_numpy(dtype=bool)]
    suggested = _suggestions(book, staying)
    further = {
        name: table
        for name, table in book.typed.items()
        if name != "accounts" and "account_id" in table.frame  # a log of mails knows addresses alone
    }
    matches = Matches(
        summarise(further, book.resolved.matches, suggested, staying),
        _joined(book, accounts),
        _named(suggested, accounts),
        _doubles(staying),
    )
    added = _new_rows(matches.suggestions, book)
    said = _said(matches, added, book)
    report = match_report(matches, replace(report_context(request, book), problems=(*book.problems, *said)))
    if output is None:
        _store(book.resolved.crosswalk, added)
    else:
        write_report(report, output, book.files, lambda: _store(book.resolved.crosswalk, added))
    return report


def _suggestions(book: Book, staying: pd.DataFrame) -> dict[str, pd.DataFrame]:
    from cscli.analysis.matching.suggestions import suggest

    return {
        name: suggest(match, staying, book.resolved.decided[name].decisions)
        for name, match in book.resolved.matches.items()
        if len(match.open)
    }


def _joined(book: Book, accounts: pd.DataFrame) -> pd.DataFrame:
    """Every id that joined an account without being its id."""
    by_id = accounts.set_index("account_id")
    columns = ["source", "source_id", "account_id", "account_name", "method", "mrr"]
    found = [match.joined.assign(source=name) for name, match in book.resolved.matches.items()]
    every = pd.concat(
        [pd.DataFrame({name: [] for name in columns[:3]}, dtype=object), *found], ignore_index=True
    )
    named = every.assign(
        account_name=every["account_id"].map(by_id["name"]),
        mrr=every["account_id"].map(by_id["mrr"]).astype("float64"),
    )
    return named.reindex(columns=columns)


def _named(suggested: Mapping[str, pd.DataFrame], accounts: pd.DataFrame) -> pd.DataFrame:
    """The suggestions of every source with name and MRR of the accounts; within a source the largest MRR first."""
    columns = ["source", "source_id", "source_name", "account_id", "account_name", "method", "score", "mrr"]
    by_id = accounts.set_index("account_id")
    found = [pd.DataFrame({name: [] for name in columns})]
    for source, frame in suggested.items():
        named = frame.assign(
            source=source,
            account_name=frame["account_id"].map(by_id["name"]),
            mrr=frame["account_id"].map(by_id["mrr"]).astype("float64"),
        )
        largest = named.groupby("source_id")["mrr"].transform("max").fillna(0.0)
        order = named.assign(largest=-largest).sort_values(
            ["largest", "source_id", "score", "account_id"],
            ascending=[True, True, False, True],
            kind="stable",
        )
        found.append(order[columns])
    return pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)


def _doubles(accounts: pd.DataFrame) -> pd.DataFrame:
    from cscli.analysis.matching.suggestions import find_doubles

    by_id = accounts.set_index("account_id")
    pairs = find_doubles(accounts)
    one, other = pairs["account_id"].map(by_id["mrr"]), pairs["other_id"].map(by_id["mrr"])
    named = pairs.assign(
        name=pairs["account_id"].map(by_id["name"]),
        other_name=pairs["other_id"].map(by_id["name"]),
        mrr=one.add(other, fill_value=0).astype("float64"),
    )
    return named[["account_id", "name", "other_id", "other_name", "method", "mrr"]]


def _new_rows(suggestions: pd.DataFrame, book: Book) -> list[dict[str, str]]:
    """The suggestions that the crosswalk does not have yet, as its rows."""
    decided = book.resolved.decided
    return [
        {**_texts(row), "accepted": "", "note": ""}
        for row in suggestions.to_dict("records")
        if (row["source_id"], row["account_id"]) not in decided.get(row["source"], _NOTHING_DECIDED).pairs
    ]


def _texts(row: Mapping[Any, Any]) -> dict[str, str]:
    return {
        str(name): "" if pd.isna(value) else f"{value:.15g}" if isinstance(value, float) else str(value)
        for name, value in row.items()
    }


def _said(matches: Matches, added: list[dict[str, str]], book: Book) -> list[Problem]:
    crosswalk = book.resolved.crosswalk
    if crosswalk is None or matches.suggestions.empty:
        return []
    details = {"count": len(matches.suggestions), "added": len(added)}
    place = Location(file=CROSSWALK.as_posix())
    return [Problem("match.to_decide", severity=Severity.NOTE, where=place, details=details)]


def _store(crosswalk: Crosswalk | None, added: list[dict[str, str]]) -> None:
    """Puts the rows below the crosswalk, unless somebody has saved it in the meantime."""
    if crosswalk is None or not added:
        return
    with publish(crosswalk.path) as temporary:
        temporary.write_bytes(with_suggestions(crosswalk, added))
        now = crosswalk.path.read_bytes() if crosswalk.path.exists() else None
        if now != crosswalk.raw:
            raise SourceError(Problem("match.crosswalk_changed", where=Location(file=CROSSWALK.as_posix())))
