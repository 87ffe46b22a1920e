"""Whether messages and playbooks helped: those that got them against those held out, or against accounts that were like them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.outreach.candidates import UNLESS, account_masks, when_key
from cscli.analysis.outreach.outcomes import CONTROL, HELD_OUT, ISSUED, WINDOWS, first_cases, follow, judge
from cscli.analysis.outreach.sent import COUNTING, Sent, SentMessage, State, index_sent, ledger_frame
from cscli.config.work.outreach import Outreach
from cscli.errors import Problem, Severity, SourceError, UsageError
from cscli.history import read_ledger
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.outreach.results import Results, results_report
from cscli.workflows.book.contract import history_url
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import zone_of
from cscli.workflows.outreach.gathering import needed_outreach
from cscli.workflows.outreach.past import Got, Holds, Then, course_of, like_cases, stored_runs
from cscli.workflows.outreach.plays import play_cases, play_holds, plays_done


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class _Treatment:
    """Something that accounts got: `cases` (account_id, day, arm); for whom it is meant; whether an account got anything of the kind."""

    name: str
    goal: str | None
    cases: pd.DataFrame
    holds: Holds
    got: Got


def results(request: Request, message: str | None, output: Path | None) -> Report:
    """What the messages came to, and the playbooks that people did, at `output`, if there is one. Raises CscliError with every problem
    that stops the run.
    """
    book = read_book(request)
    with speaking(book.language):
        outreach = needed_outreach(book.config)
        names = [each.name for each in outreach.messages]
        if message is not None and message not in names:
            details = {"names": ", ".join(names)}
            raise UsageError(Problem("outreach.unknown_message", value=message, details=details))
        url = history_url(request, book)
        if url is None:
            raise UsageError(Problem("outreach.needs_history"))
        ledger = read_ledger(url, request.rules.workspace, zone_of(book.config))
        past = list(stored_runs(request, book, url))
        found = _judge_all(book, past, ledger.rows, [message] if message is not None else None)
        problems = (*book.problems, *found.problems)
        context = report_context(request, replace(book, problems=problems))
        report = results_report(found, book.config, context)
        if output is not None:
            write_report(report, output, book.files)
        return report


def _judge_all(
    book: Book, past: list[Then], rows: tuple[SentMessage, ...], wanted: list[str] | None
) -> Results:
    """`wanted`: messages alone; None: all, and the playbooks."""
    outreach = needed_outreach(book.config)
    sent = index_sent(rows)
    names = wanted or [each.name for each in outreach.messages]
    treatments = list(_messages(names, outreach, rows, sent))
    if wanted is None:
        treatments += _plays(book, past)
    if not any(len(each.cases) for each in treatments):
        raise SourceError(Problem("outreach.nothing_booked"))
    course = course_of(past, sorted({each.goal for each in treatments if each.goal}))
    judged, parts, problems = [], [], list[Problem]()
    for each in treatments:
        for window in WINDOWS:
            cases, said = _with_controls(each, past, window)
            problems += said if window == WINDOWS[0] else []
            followed = follow(cases, course, window, each.goal, book.as_of)
            judged.append(judge(each.name, followed, window, has_goal=each.goal is not None))
            parts.append(followed[followed["arm"] != CONTROL].assign(message=each.name, window=float(window)))
    accounts = pd.concat(parts, ignore_index=True)
    return Results(judged=tuple(judged), accounts=accounts, rows=rows, problems=tuple(problems))


def _messages(
    names: Sequence[str], outreach: Outreach, rows: tuple[SentMessage, ...], sent: Sent
) -> Iterator[_Treatment]:
    def got(account: str, day: dt.date, window: int) -> bool:
        span = dt.timedelta(days=window)
        return any(day - span < row.as_of < day + span for row in sent.of_account.get(account, ()))

    for each in outreach.messages:
        if each.name in names:
            yield _Treatment(
                name=each.name, goal=each.goal, cases=_cases(each.name, rows), holds=_rule(each.name, outreach, sent), got=got
            )  # fmt: skip


def _cases(name: str, rows: tuple[SentMessage, ...]) -> pd.DataFrame:
    """Everybody who was issued or held out, on the first day: by what was meant, whatever was opened or done."""
    arms = {State.HELD_OUT: HELD_OUT, **dict.fromkeys(COUNTING, ISSUED)}
    return first_cases(
        (each.account_id, each.as_of, arms[each.state])
        for each in rows
        if each.message == name and each.state in arms
    )


def _rule(name: str, outreach: Outreach, sent: Sent) -> Holds:
    """Whom a message is meant for, by the ledger of that day."""
    names = [each.name for each in outreach.messages]
    index = names.index(name)

    def holds(frame: pd.DataFrame, day: dt.date) -> NDArray[np.bool_]:
        known = index_sent(row for rows in sent.of_account.values() for row in rows if row.as_of < day)
        masks = account_masks(frame.join(ledger_frame(frame["account_id"], names, known, day)), outreach, day)
        return masks[when_key(index)] & ~masks.get(UNLESS, np.zeros(len(frame), dtype=bool))

    return holds


def _plays(book: Book, past: list[Then]) -> Iterator[_Treatment]:
    """The playbooks that people did. Nobody who had any of them done is like those that had none."""
    config = book.config
    done = plays_done(past, book.frame, config)
    days: dict[str, list[dt.date]] = {}
    for account, day in (each for plays in done.values() for each in plays):
        days.setdefault(account, []).append(day)

    def got(account: str, day: dt.date, window: int) -> bool:
        return any(abs((other - day).days) < window for other in days.get(account, ()))

    for play in config.playbooks:
        if play.name in done:
            yield _Treatment(
                name=play.name,
                goal=None,
                cases=play_cases(done[play.name]),
                holds=play_holds(play, config),
                got=got,
            )


def _with_controls(each: _Treatment, past: list[Then], window: int) -> tuple[pd.DataFrame, list[Problem]]:
    """The cases; where none was held out, with accounts that were like them."""
    if not (each.cases["arm"] == ISSUED).any() or (each.cases["arm"] == HELD_OUT).any():
        return each.cases, []
    controls = like_cases(past, each.holds, each.got, window)
    if controls is None:
        said = [Problem("outreach.rule_unasked", severity=Severity.WARNING, value=each.name)] if past else []
        return each.cases, said
    return pd.concat([each.cases, controls], ignore_index=True), []
