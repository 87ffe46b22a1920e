"""Alerts over a scored book: looked for, stored with the run, told to the channels that are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cscli.analysis.acting.alerts import AlertList, AlertRecords, EarlierAlerts, SourceFaults, find_alerts
from cscli.analysis.tables.raw import sources_of_files
from cscli.config.blocks.alerts import Channel
from cscli.config.linting.taken import Headers
from cscli.config.load import read_draft, settle
from cscli.config.schema import Config
from cscli.errors import Location, Problem, Severity, UsageError
from cscli.render import write_report
from cscli.reports.alerts.facts import message_head, outgoing
from cscli.reports.alerts.report import alerts_report, outbox_sheet
from cscli.reports.kit.model import Report
from cscli.texts import Language, text
from cscli.workflows.alerting.posting import Posted, post_open, say_orphans
from cscli.workflows.book.contract import history_of, history_url
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed
from cscli.workflows.scores.scoring import JudgedBook, RunRecords, judge_book, write_and_remember

if TYPE_CHECKING:
    from cscli.analysis.acting.messages import Message

BOOK = "book"
"""What a problem is about that belongs to no source."""


@dataclass(frozen=True, eq=False)
class Alerted:
    """A run of alerts: its report, how many alerts are on, and how many messages are undelivered."""

    report: Report
    active: int
    undelivered: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent: (channel, payload) of each message; and what there is to say."""

    payloads: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]
    language: Language


def alerts(request: Request, output: Path, *, send: bool = False, wait_seconds: float = 0) -> Alerted:
    """The alerts of the as-of date, written to `output`, and stored with the snapshot where the rules have a history.
    `send`: every channel gets one message of the alerts that it has not been told of, and what waits in the outbox;
    meanwhile the workspace is held, after `wait_seconds` at most.

    Raises CscliError with every problem that stops the run; then neither file nor history is changed.
    """
    book = read_book(request)
    with speaking(book.language):
        if not send:
            return _alert(request, judge_book(request, book), output, ())
        needed_outbox(request, book.config)
        from cscli.workspace.lock import hold_workspace

        with hold_workspace(request.rules.workspace, request.now, wait_seconds):
            return _alert(request, judge_book(request, book), output, book.config.channels)


def list_alerts(request: Request, judged: JudgedBook) -> AlertList:
    """The alerts against those of the last run before. Raises ConfigError for a rule that does not fit its columns."""
    book = judged.book
    earlier = _earlier_alerts(request, judged)
    faults = _faults_by_source(judged)
    return placed(
        book.draft, lambda: find_alerts(judged.scored.frame, faults, book.config, book.as_of, earlier)
    )


def alert_records(
    request: Request, judged: JudgedBook, found: AlertList, channels: Sequence[Channel]
) -> tuple[AlertRecords | None, list[Problem]]:
    """What the history keeps of them, with messages for `channels`; None where there is no history. And why a day
    that is past makes no message.
    """
    book = judged.book
    url = history_url(request, book)
    if url is None:
        return None, []
    from cscli.history import last_alerts_on

    last, past = last_alerts_on(url, request.rules.workspace), []
    if channels and last is not None and book.as_of < last:
        details = {"as_of": book.as_of.isoformat(), "last": last.isoformat()}
        past, channels = [Problem("alerts.past_date", severity=Severity.NOTE, details=details)], ()
    told = outgoing(judged.scored.frame, found, book.config, channels, book.language)
    states = found.table[["rule", "kind", "subject", "status", "since"]]
    return AlertRecords(states, message_head(book.as_of, book.config, book.language), told), past


def report_alerts(
    request: Request,
    judged: JudgedBook,
    found: AlertList,
    said: Sequence[Problem] = (),
    *,
    with_outbox: bool = True,
) -> Report:
    """The report `alerts`, with `said` among its problems, and with the outbox as it is now."""
    book = replace(judged.book, problems=(*judged.book.problems, *said))
    url = history_url(request, book)
    messages: list[Message] = []
    if url is not None and with_outbox:
        from cscli.history import messages_of

        messages = messages_of(url, request.rules.workspace, book.as_of)
    outbox = (outbox_sheet(messages, book.config, book.language),) if with_outbox else ()
    return alerts_report(judged.scored.frame, found, outbox, book.config, report_context(request, book))


def report_found(request: Request, judged: JudgedBook, found: AlertList) -> Report:
    """The report `alerts` without the outbox: nothing in it but what follows from the inputs."""
    said = _said(request, judged.book, found)
    return report_alerts(request, judged, found, said, with_outbox=False)


def post_alerts(
    request: Request, config: Config, channels: Sequence[Channel], *, at_once: bool = False
) -> Posted:
    """Delivers what waits for `channels`; `at_once`: also what a server has asked to wait."""
    from cscli.history import open_messages

    url = history_of(request, config)
    if url is None:
        return Posted((), 0)
    posted = post_open(request, url, channels, at_once=at_once)
    orphans = say_orphans(open_messages(url, request.rules.workspace), config.channels)
    return Posted((*posted.problems, *orphans), posted.undelivered + len(orphans))


def preview_alerts(request: Request) -> Preview:
    """Exactly what `--send` would send now, and nothing is stored. Secrets are not even looked up."""
    book = read_book(request)
    with speaking(book.language):
        needed_channels(book.config)
        judged = judge_book(request, book)
        found = list_alerts(request, judged)
        messages = _next_messages(request, judged, found)
    from cscli.delivery import payload_text

    channels = {channel.name: channel for channel in book.config.channels}
    payloads = tuple(
        (message.channel, payload_text(message, channels[message.channel], request.now))
        for message in messages
        if message.channel in channels
    )
    problems = (*judged.book.problems, *_said(request, book, found))
    return Preview(payloads, problems, book.language)


def deliver_waiting(
    request: Request, *, retry: bool = False, wait_seconds: float = 0
) -> tuple[Posted, Language]:
    """Sends what waits in the outbox; the exports are not even read. `retry`: also what was refused or given up.
    The workspace is held meanwhile, after `wait_seconds` at most.
    """
    draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    config, _ = settle(draft, Headers())
    language = request.language or config.language
    with speaking(language):
        url = needed_outbox(request, config)
        from cscli.history import revive
        from cscli.workspace.lock import hold_workspace

        with hold_workspace(request.rules.workspace, request.now, wait_seconds):
            if retry:
                revive(url, request.rules.workspace, request.now)
            return post_alerts(request, config, config.channels, at_once=True), language


def sending_channels(config: Config) -> tuple[Channel, ...]:
    """The channels that a run tells without being asked."""
    return tuple(channel for channel in config.channels if channel.send)


def needed_channels(config: Config) -> None:
    """Raises UsageError where there is nowhere to send to."""
    if not config.channels:
        raise UsageError(Problem("alerts.no_channels"))


def needed_outbox(request: Request, config: Config) -> str:
    """Where messages wait. Raises UsageError where there are no channels, or no history to keep messages in."""
    needed_channels(config)
    url = history_of(request, config)
    if url is None:
        raise UsageError(Problem("alerts.needs_history"))
    return url


def payload_heading(channel: str, language: Language) -> str:
    """The line above a payload that is shown."""
    return text("alerts.payload_for", language, channel=channel)


def _alert(request: Request, judged: JudgedBook, output: Path, channels: Sequence[Channel]) -> Alerted:
    found = list_alerts(request, judged)
    records, past = alert_records(request, judged, found, channels)
    said = (*_said(request, judged.book, found), *past)
    report = report_alerts(request, judged, found, said)
    written = write_and_remember(request, judged, report, output, RunRecords(alerts=records))
    if not channels:
        return Alerted(written, len(found.active), 0)
    posted = post_alerts(request, judged.book.config, channels)
    write_report(report_alerts(request, judged, found, said), output, judged.book.files)
    problems = (*written.problems, *posted.problems)
    return Alerted(replace(written, problems=problems), len(found.active), posted.undelivered)


def _earlier_alerts(request: Request, judged: JudgedBook) -> EarlierAlerts | None:
    url = history_url(request, judged.book)
    if url is None:
        return None
    from cscli.history import earlier_alerts

    return earlier_alerts(url, request.rules.workspace, judged.book.as_of)


def _faults_by_source(judged: JudgedBook) -> SourceFaults:
    book = judged.book
    files = {name: name for name in book.config.sources}  # of a whole log, its name is told
    files |= {file.path.name: name for name, log in book.logs.items() for file in log.files}
    files |= sources_of_files(book.inputs)
    found: dict[str, list[Problem]] = {}
    for problem in book.problems:
        source = _source_of(problem.where, files)
        if source is not None:
            found.setdefault(source, []).append(problem)
    return SourceFaults(found, frozenset(book.inputs))


def _source_of(where: Location, files: dict[str, str]) -> str | None:
    """The source that a problem is about; None for one that is about the rules."""
    if where.key is not None:
        return where.key.split(".")[1] if where.key.startswith("sources.") else None
    return files.get(where.file or "", BOOK)


def _said(request: Request, book: Book, found: AlertList) -> list[Problem]:
    said = [
        Problem("alerts.kept", severity=Severity.NOTE, value=rule, details={"names": ", ".join(names)})
        for rule, names in found.kept.items()
    ]
    if not book.config.alerts:
        said.append(Problem("alerts.no_rules", severity=Severity.NOTE))
    if history_url(request, book) is None:
        said.append(Problem("alerts.no_history", severity=Severity.NOTE))
    return said


def _next_messages(request: Request, judged: JudgedBook, found: AlertList) -> "list[Message]":
    """What waits, then what would be added to it."""
    from cscli.analysis.acting.messages import digest_message, untold
    from cscli.history import open_messages, told_of

    book, folder = judged.book, request.rules.workspace
    url = history_url(request, book)
    told = outgoing(judged.scored.frame, found, book.config, book.config.channels, book.language)
    head = message_head(book.as_of, book.config, book.language)
    messages = open_messages(url, folder) if url else []
    for channel, candidates in told.items():
        new = untold(candidates, told_of(url, folder, channel)) if url else list(candidates)
        if new:
            messages.append(digest_message(channel, head, request.now.isoformat(), new))
    return messages
