"""Whether messages helped: those that got them against those held out, or against accounts that were like them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cscli.analysis.outreach.candidates import UNLESS, account_masks, when_key
from cscli.analysis.outreach.outcomes import (
    CONTROL,
    HELD_OUT,
    ISSUED,
    WINDOWS,
    Course,
    Judged,
    first_cases,
    follow,
    judge,
)
from cscli.analysis.outreach.sent import COUNTING, Sent, SentMessage, State, index_sent, ledger_frame
from cscli.analysis.scoring.columns import add_columns
from cscli.config.schema import Config
from cscli.config.work.outreach import Outreach
from cscli.errors import ConfigError, Problem, Severity, SourceError, UsageError
from cscli.history import read_ledger, read_snapshot, snapshot_days
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.outreach.results import Results, results_report
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import zone_of
from cscli.workflows.outreach.gathering import needed_outreach

if TYPE_CHECKING:
    from cscli.analysis.past.snapshots import StoredSnapshot

_TOUCH = "touch"


@dataclass(frozen=True, eq=False, slots=True)
class _Then:
    """A stored run: its day, and its accounts with every column that today's rules can make of it."""

    day: dt.date
    frame: pd.DataFrame


def results(request: Request, message: str | None, output: Path | None) -> Report:
    """What the messages came to, at `output`, if there is one. Raises CscliError with every problem that stops the run."""
    book = read_book(request)
    with speaking(book.language):
        outreach = needed_outreach(book.config)
        names = [each.name for each in outreach.messages]
        if message is not None and message not in names:
            raise UsageError(
                Problem("outreach.unknown_message", value=message, details={"names": ", ".join(names)})
            )
        url = history_url(request, book)
        if url is None:
            raise UsageError(Problem("outreach.needs_history"))
        ledger = read_ledger(url, request.rules.workspace, zone_of(book.config))
        if not ledger.rows:
            raise SourceError(Problem("outreach.nothing_booked"))
        wanted = [message] if message is not None else names
        found = _judge_all(request, book, url, ledger.rows, wanted)
        problems = (*book.problems, *found.problems)
        report = results_report(found, outreach, report_context(request, replace(book, problems=problems)))
        if output is not None:
            write_report(report, output, book.files)
        return report


def _judge_all(
    request: Request, book: Book, url: str, rows: tuple[SentMessage, ...], wanted: list[str]
) -> Results:
    outreach = needed_outreach(book.config)
    past = list(_past(request, book, url))
    goals = {each.name: each.goal for each in outreach.messages}
    course = _course(past, sorted({goal for goal in goals.values() if goal}))
    sent = index_sent(rows)
    judged: list[Judged] = []
    parts: list[pd.DataFrame] = []
    problems: list[Problem] = []
    for name in wanted:
        arms = _cases(name, rows)
        controls = pd.DataFrame(columns=["account_id", "day", "arm"])
        if (arms["arm"] == ISSUED).any() and not (arms["arm"] == HELD_OUT).any():
            controls, said = _controls(name, past, outreach, sent)
            problems += said
        cases = pd.concat([arms, controls], ignore_index=True) if len(controls) else arms
        for window in WINDOWS:
            followed = follow(_in_time(cases, sent, window), course, window, goals[name], book.as_of)
            judged.append(judge(name, followed, window, has_goal=goals[name] is not None))
            parts.append(followed[followed["arm"] != CONTROL].assign(message=name, window=float(window)))
    accounts = pd.concat(parts, ignore_index=True)
    return Results(judged=tuple(judged), accounts=accounts, rows=rows, problems=tuple(problems))


def _past(request: Request, book: Book, url: str) -> Iterator[_Then]:
    """The stored runs up to the as-of date, oldest first."""
    for day in snapshot_days(url, request.rules.workspace):
        stored = read_snapshot(url, request.rules.workspace, day) if day <= book.as_of else None
        if stored is not None:
            yield _Then(day, _frame_of(stored, book.config))


def _frame_of(stored: "StoredSnapshot", config: Config) -> pd.DataFrame:
    """Columns, metrics' values, segments, scores. What today's rules cannot make of it is not there."""
    accounts = stored.accounts.reset_index(drop=True)
    columns = stored.columns.reset_index(drop=True)
    try:
        frame = add_columns(columns, config, stored.as_of).frame
    except ConfigError:
        values = stored.values.reset_index(drop=True)  # noqa: PD011 - a snapshot, no frame
        frame = columns.join(values[[name for name in values if name not in columns]])
    segments = pd.DataFrame(accounts["segments"].tolist(), dtype=object)
    added = {str(name): segments[name].to_numpy(object) for name in segments if name not in frame}
    own = {name: accounts[name].to_numpy() for name in ("scorecard", "score", "band", "data_coverage")}
    return frame.assign(**added, **own)


def _course(past: list[_Then], goals: list[str]) -> Course:
    parts = []
    for then in past:
        frame = then.frame
        kept = frame[["account_id", "score", "band", "scorecard"]].assign(day=pd.Timestamp(then.day))
        kept["touch"] = frame.get(_TOUCH, None)
        days = frame["renews_on"] if "renews_on" in frame else pd.Series(pd.NaT, index=frame.index)
        kept["renews_on"] = pd.to_datetime(days).astype("datetime64[us]")
        for goal in goals:
            kept[goal] = frame[goal].astype("float64") if goal in frame else np.nan
        parts.append(kept)
    names = ["account_id", "score", "band", "scorecard", "day", "touch", "renews_on", *goals]
    runs = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)
    runs = runs.assign(
        account_id=runs["account_id"].astype(str), day=pd.to_datetime(runs["day"]).astype("datetime64[us]"),
        renews_on=pd.to_datetime(runs["renews_on"]).astype("datetime64[us]"), score=runs["score"].astype("float64"),
    )  # fmt: skip
    return Course(days=tuple(then.day for then in past), runs=runs)


def _cases(name: str, rows: tuple[SentMessage, ...]) -> pd.DataFrame:
    """Everybody who was issued or held out, on the first day: by what was meant, whatever was opened or done."""
    arms = {State.HELD_OUT: HELD_OUT, **dict.fromkeys(COUNTING, ISSUED)}
    return first_cases(
        (each.account_id, each.as_of, arms[each.state])
        for each in rows
        if each.message == name and each.state in arms
    )


def _controls(
    name: str, past: list[_Then], outreach: Outreach, sent: Sent
) -> tuple[pd.DataFrame, list[Problem]]:
    """Accounts for which the rule held on the day of a run and that had got nothing: each on the first such day."""
    index = [each.name for each in outreach.messages].index(name)
    asked_of, found = 0, []
    names = [each.name for each in outreach.messages]
    for then in past:
        frame = then.frame.join(
            ledger_frame(then.frame["account_id"], names, _until(sent, then.day), then.day)
        )
        try:
            masks = account_masks(frame, outreach, then.day)
        except ConfigError:
            continue  # the run kept other columns
        asked_of += 1
        holds = masks[when_key(index)] & ~masks.get(UNLESS, np.zeros(len(frame), dtype=bool))
        ids = frame["account_id"].astype(str)[holds]
        found += [(account, then.day, CONTROL) for account in ids if not _got(sent, account, then.day)]
    problems = []
    if past and not asked_of:
        problems.append(Problem("outreach.rule_unasked", severity=Severity.WARNING, value=name))
    return first_cases(found), problems


def _until(sent: Sent, day: dt.date) -> Sent:
    """The ledger as it was on that day."""
    rows = [row for rows in sent.of_account.values() for row in rows if row.as_of < day]
    return index_sent(rows)


def _got(sent: Sent, account: str, day: dt.date, days: int = WINDOWS[0]) -> bool:
    """Whether it got anything then, within as many days before or after."""
    span = dt.timedelta(days=days)
    return any(day - span < row.as_of < day + span for row in sent.of_account.get(account, ()))


def _in_time(cases: pd.DataFrame, sent: Sent, window: int) -> pd.DataFrame:
    """Without controls that got the message, or any other, before the window ended."""
    kept = [
        arm != CONTROL or not _got(sent, account, day, window)
        for account, day, arm in zip(cases["account_id"], cases["day"], cases["arm"], strict=True)
    ]
    return cases[kept].reset_index(drop=True)
