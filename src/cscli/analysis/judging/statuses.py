"""A status column of accounts to who pays, tries, pauses or has left; what does not pay counts 0."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.judging.status_words import Status, read_status
from cscli.analysis.judging.values import listed
from cscli.analysis.tables.conform import TypedTable
from cscli.analysis.tables.raw import RawTable
from cscli.config.schema import Source
from cscli.errors import Problem, Severity
from cscli.header_keys import header_key
from cscli.texts import Phrase

COUNTS_AS = "_counts_as"
"""A column of the typed accounts: the meaning of each status, None where there is none."""
_ENDS = frozenset(
    map(
        header_key,
        (
            "契約終了日",
            "契約満了日",
            "満了日",
            "契約終了予定日",
            "Contract end date",
            "Contract end",
            "End date",
            "契約期限",
        ),
    )
)
_OF_WHOM = (
    "契約",
    "利用",
    "取引",
    "顧客",
    "会員",
    "アカウント",
    "customer",
    "account",
    "subscription",
    "contract",
    "client",
    "member",
)
_STATE = ("状態", "状況", "ステータス", "区分", "status", "state", "stage", "standing")
_MOST_WORDS = 12
_MOST_KNOWN = 0.7
"""Of the rows, where a header that is not known is taken for the status; the words that are not known are told."""
_NOTHING = (Status.TRIAL, Status.PAUSED, Status.FUTURE, Status.INTERNAL)


def settle_status(table: TypedTable, raw: RawTable, source: Source) -> TypedTable:
    """`table` with the meaning of its status column, where it has one: the MRR of trials, pauses and the like is 0, and
    an account that has left has the end of its contract as its churn date where it has no other. All is said.
    """
    table = _without_money_of_trial_plans(table, raw)
    header = _status_header(table, raw, source)
    if header is None:
        return table
    words = raw.column(header)
    codes, uniques = pd.factorize(words)
    meanings = [read_status(str(word), header, source.status) for word in uniques]
    found = np.array([*meanings, None], dtype=object)[codes]
    if all(meaning is None for meaning in meanings):
        return table  # not a status of customers
    frame = table.frame.assign(**{COUNTS_AS: found})
    unknown = [word for word, meaning in zip(uniques, meanings, strict=True) if meaning is None]
    problems = [
        *_say_found(table, raw, header, source),
        *_say_unknown(raw, header, words, unknown),
        *_say_nothing(raw, header, frame, found),
    ]
    nothing = np.isin(found.astype(str), _NOTHING)
    frame = frame.assign(
        **{
            name: np.where(nothing, 0.0, frame[name])
            for name in ("mrr", "arr")
            if name in frame and nothing.any()
        }
    )
    frame, more = _date_from_end(frame, table, raw, found)
    return replace(table, frame=frame, problems=(*table.problems, *problems, *more))


def _without_money_of_trial_plans(table: TypedTable, raw: RawTable) -> TypedTable:
    """`table` with no money of those whose plan is a trial, as lines of subscriptions have none."""
    plan = next((each.mapped.header for each in table.columns if each.mapped.name == "plan"), None)
    if plan is None or "mrr" not in table.frame:
        return table
    codes, words = pd.factorize(raw.column(plan))
    trial = np.array([read_status(str(word), plan) is Status.TRIAL for word in words] + [False])[codes]
    said = list(_say_nothing(raw, plan, table.frame, np.where(trial, Status.TRIAL, "").astype(object)))
    if not any(each.severity is Severity.WARNING for each in said):
        return table  # they have none anyway
    frame = table.frame.assign(
        **{name: np.where(trial, 0.0, table.frame[name]) for name in ("mrr", "arr") if name in table.frame}
    )
    return replace(table, frame=frame, problems=(*table.problems, *said))


def _status_header(table: TypedTable, raw: RawTable, source: Source) -> str | None:
    if source.status and source.status.column in raw.headers:
        return source.status.column
    known = next((each.mapped.header for each in table.columns if each.mapped.name == "status"), None)
    return known or next((header for header in raw.headers if _reads_like_status(raw, header)), None)


def _reads_like_status(raw: RawTable, header: str) -> bool:
    """Whether a header that nobody knows speaks of the state of a contract or customer, and of the words below it some are
    known to be of those who pay, some of those who do not, and most rows have a known one.
    """
    key = header_key(header)
    of_whom = any(part in key for part in _OF_WHOM) or key in _STATE
    if not (of_whom and any(part in key for part in _STATE)):
        return False
    codes, words = pd.factorize(raw.column(header))
    if not 1 < len(words) <= _MOST_WORDS:
        return False
    meanings = [read_status(str(word), header) for word in words]
    known = np.array([meaning is not None for meaning in meanings] + [False])[codes]
    others = set(meanings) - {None, Status.PAYING}
    return Status.PAYING in meanings and bool(others) and known.sum() >= _MOST_KNOWN * (codes >= 0).sum()


def _say_found(table: TypedTable, raw: RawTable, header: str, source: Source) -> Iterator[Problem]:
    pinned = source.status is not None and source.status.column == header
    if not pinned and all(each.mapped.name != "status" for each in table.columns):
        yield Problem(
            "data.status_found", severity=Severity.WARNING, where=raw.locate(header=header), value=header
        )


def _say_unknown(
    raw: RawTable, header: str, words: NDArray[np.object_], unknown: list[object]
) -> Iterator[Problem]:
    if unknown:
        count = int(np.isin(words.astype(str), [str(word) for word in unknown]).sum())
        details = {"count": count, "column": header}
        yield Problem(
            "data.status_unknown",
            severity=Severity.WARNING,
            where=raw.locate(header=header),
            value=listed(unknown),
            details=details,
        )


def _say_nothing(
    raw: RawTable, header: str, frame: pd.DataFrame, found: NDArray[np.object_]
) -> Iterator[Problem]:
    for status in _NOTHING:
        rows = np.flatnonzero(found == status)
        if len(rows):
            money = frame["mrr"].to_numpy(np.float64)[rows] if "mrr" in frame else np.zeros(len(rows))
            details = {
                "count": len(rows),
                "money": f"{np.nansum(money):,.0f}",
                "status": Phrase(f"status.{status}"),
            }
            ids = listed(frame["account_id"].to_numpy(dtype=object)[rows]) if "account_id" in frame else ""
            severity = Severity.WARNING if np.nansum(money) else Severity.NOTE
            yield Problem(
                "data.status_counts_nothing",
                severity=severity,
                where=raw.locate(header=header),
                value=ids,
                details=details,
            )


def _date_from_end(
    frame: pd.DataFrame, table: TypedTable, raw: RawTable, found: NDArray[np.object_]
) -> tuple[pd.DataFrame, list[Problem]]:
    """The day after the contract's end as the churn date of those that have left and have none."""
    header = next((each.mapped.header for each in table.columns if each.mapped.name == "renews_on"), None)
    if header is None or header_key(header) not in _ENDS:
        return frame, []
    known = (
        frame["churned_on"]
        if "churned_on" in frame
        else pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    )
    wanted = (found == Status.LEFT) & known.isna().to_numpy() & frame["renews_on"].notna().to_numpy()
    if not wanted.any():
        return frame, []
    dates = known.where(~wanted, frame["renews_on"] + dt.timedelta(days=1))
    details = {"count": int(wanted.sum()), "column": header}
    ids = listed(frame["account_id"].to_numpy(dtype=object)[wanted])
    said = Problem(
        "data.left_at_end",
        severity=Severity.WARNING,
        where=raw.locate(header=header),
        value=ids,
        details=details,
    )
    return frame.assign(churned_on=dates), [said]
