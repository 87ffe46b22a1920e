"""Messages sent now, one after the other, each at most once: booked, handed to the server, recorded.

Who is killed between the booking and the recording leaves the message in doubt: it is `unknown` then, and never sent again
by itself. A person looks, and says what became of it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cscli.analysis.outreach.addresses import is_within
from cscli.analysis.outreach.sent import State
from cscli.config.work.outreach import MailServer, Outreach
from cscli.delivery.letters import Posting, letter_bytes
from cscli.delivery.outcome import Outcome, Verdict
from cscli.delivery.smtp import Mail, Server, send_mail
from cscli.errors import Problem, Severity, UsageError
from cscli.history import (
    Change,
    Ledger,
    LedgerEntry,
    book_messages,
    claim_message,
    give_up_sending,
    key_mark,
    record_message,
)
from cscli.reports.outreach.drafts import Draft
from cscli.reports.outreach.merge import Keyed
from cscli.texts import Language
from cscli.workflows.book.read import speaking
from cscli.workflows.book.request import Request
from cscli.workflows.outreach.booking import Booking, book_of_run, check_expected, needed_history
from cscli.workflows.outreach.gathering import Environment, Planned
from cscli.workflows.outreach.settling import ledger_at
from cscli.workspace.lock import hold_workspace
from cscli.workspace.paths import OPT_OUTS
from cscli.workspace.told import write_ledger_day

DEADLINE_SECONDS = 30.0
"""For one mail, from the first packet to the end of the answer."""
MOST_REFUSALS = 3
"""In a row; then something is wrong that a person has to look at."""
MOST_REHEARSED = 5
_PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """`rehearse`: one of our own addresses that gets a few of them in place of the customers. `pause`: waits so many seconds."""

    expect: int | None = None
    rehearse: str | None = None
    ask: Callable[[int], bool] | None = None
    environment: Environment = field(default_factory=dict)
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOut:
    """How many were sent, failed for now (`waiting`), failed for good, may have arrived (`unknown`); and how many of an earlier
    process are unknown since now. `problems`: of the book and its rules; `failures`: what was not sent, and why.
    """

    sent: int = 0
    waiting: int = 0
    refused: int = 0
    unknown: int = 0
    left_over: int = 0
    is_rehearsal: bool = False
    problems: tuple[Problem, ...] = ()
    failures: tuple[Problem, ...] = ()
    language: Language = "en"
    sources: Mapping[str, str] = field(default_factory=dict)


def send(request: Request, options: SendOptions, plan: Callable[[Request], Planned]) -> SentOut:
    """Sends what would go. `plan`: makes the decisions. Raises CscliError where nothing can be sent; then nothing is booked."""
    workspace = request.rules.workspace
    with hold_workspace(workspace, request.now):
        url, _ = ledger_at(request)
        left_over = give_up_sending(url, workspace, request.now)
        opt_outs = _opt_outs_now(workspace)
        planned = plan(request)
        with speaking(planned.book.language):
            server = replace(
                _server(planned.outreach, options.environment, workspace), language=planned.book.language
            )
            told = SentOut(
                left_over=len(left_over), language=planned.book.language,
                problems=(*planned.book.problems, *map(planned.book.draft.place, planned.problems)),
                failures=tuple(_say_left(left_over)),
                sources={facts.file: name for name, facts in planned.book.inputs.items()},
            )  # fmt: skip
            if options.rehearse is not None:
                return _rehearse(request, planned, server, options, told)
            needed_history(request, planned)
            check_expected(planned, options.expect, is_asked=options.ask is not None)
            if options.expect is None and not (options.ask and options.ask(len(planned.going))):
                return told
            booking = book_of_run(request, planned, State.SENDING)
            return _Round(request, planned, booking, server, options, opt_outs).send_all(told)


class _Round:
    """One sending: where it is, and what has become of the messages so far."""

    def __init__(
        self, request: Request, planned: Planned, booking: Booking, server: Server, options: SendOptions, opt_outs: bytes | None
    ) -> None:  # fmt: skip
        self.opt_outs = opt_outs
        self.request, self.planned, self.booking = request, planned, booking
        self.server, self.options = server, options
        self.stamp = (planned.ledger or Ledger()).stamp
        self.mark = key_mark(booking.key)
        self.began = time.monotonic()
        smtp = planned.outreach.smtp
        self.seconds_apart = 60.0 / smtp.per_minute if smtp else 0.0

    def send_all(self, told: SentOut) -> SentOut:
        """One after the other; stops after a few refusals in a row, where a person has to mend something first, and where somebody
        has written into the list of who wants no mail since this was decided.
        """
        entries = {entry.key: entry for entry in self.booking.entries}
        self._hold_out([entry for entry in entries.values() if entry.state is State.HELD_OUT])
        in_a_row, failures = 0, list(told.failures)
        for number, message in enumerate(self.booking.messages):
            if number:
                self.options.pause(self.seconds_apart)
            if _opt_outs_now(self.request.rules.workspace) != self.opt_outs:
                left = len(self.booking.messages) - number
                failures.append(
                    Problem("outreach.opt_outs_changed", value=OPT_OUTS.as_posix(), details={"count": left})
                )
                told = replace(told, waiting=told.waiting + left)
                break
            outcome = self._send(message, entries[message.key])
            told = _counted(told, outcome)
            if outcome.verdict is Verdict.SENT:
                in_a_row = 0
                continue
            in_a_row += 1
            failures.append(_say(outcome, message))
            if in_a_row >= MOST_REFUSALS or outcome.verdict is Verdict.LATER:
                left = len(self.booking.messages) - number - 1
                failures.append(Problem("outreach.stopped_sending", details={"count": left}))
                break
        return replace(told, failures=tuple(failures))

    def _hold_out(self, entries: list[LedgerEntry]) -> None:
        if entries:
            ledger = replace(self.planned.ledger or Ledger(), stamp=self.stamp)
            workspace = self.request.rules.workspace
            self.stamp = book_messages(self.booking.url, workspace, entries, ledger, self.mark)

    def _send(self, message: Keyed, entry: LedgerEntry) -> Outcome:
        """Booked first: whatever happens from here on, it is not sent a second time."""
        url, workspace = self.booking.url, self.request.rules.workspace
        self.stamp = claim_message(url, workspace, entry, self.stamp, self.mark)
        write_ledger_day(workspace, f"{self.request.now:%Y-%m-%d}")
        outcome = _hand_over(message.draft, self.server, self._posting(message))
        self.stamp = record_message(url, workspace, message.key, _change(outcome), self.request.now)
        return outcome

    def _posting(self, message: Keyed) -> Posting:
        domain = message.draft.sender.address.rpartition("@")[2]
        return Posting(now=self.request.now, message_id=f"<{message.key}@{domain}>")


def _opt_outs_now(workspace: Path) -> bytes | None:
    """What the list of who wants no mail says; None where it cannot be read."""
    try:
        return (workspace / OPT_OUTS).read_bytes()
    except OSError:
        return None


def _hand_over(draft: Draft, server: Server, posting: Posting) -> Outcome:
    content = letter_bytes(draft, posting)
    recipient = posting.to or draft.email
    mail = Mail(draft.sender.address, (recipient,), content, content)
    return send_mail(mail, server, DEADLINE_SECONDS)


def _change(outcome: Outcome) -> Change:
    if outcome.verdict is Verdict.SENT:
        return Change(to=State.SENT, tried=True)
    if outcome.may_have_arrived:
        return Change(to=State.UNKNOWN, reason=outcome.reason, tried=True)
    may_retry = outcome.verdict is not Verdict.REFUSED
    return Change(to=State.FAILED, reason=outcome.reason, may_retry=may_retry, tried=True)


def _counted(told: SentOut, outcome: Outcome) -> SentOut:
    if outcome.verdict is Verdict.SENT:
        return replace(told, sent=told.sent + 1)
    if outcome.may_have_arrived:
        return replace(told, unknown=told.unknown + 1)
    if outcome.verdict is Verdict.REFUSED:
        return replace(told, refused=told.refused + 1)
    return replace(told, waiting=told.waiting + 1)


def _say(outcome: Outcome, message: Keyed) -> Problem:
    code = "outreach.send_unknown" if outcome.may_have_arrived else "outreach.send_failed"
    details = {"reason": outcome.reason, "account": message.draft.account_id, "name": message.draft.message}
    severity = Severity.ERROR if outcome.may_have_arrived else Severity.WARNING
    return Problem(code, severity=severity, value=message.key, details=details)


def _say_left(keys: list[str]) -> list[Problem]:
    return [Problem("outreach.send_left", value=key) for key in keys]


def _rehearse(request: Request, planned: Planned, server: Server, options: SendOptions, told: SentOut) -> SentOut:  # fmt: skip
    """A few of the messages to one of our own addresses; nothing is booked."""
    address = (options.rehearse or "").strip()
    domain = address.rpartition("@")[2].lower()
    if "@" not in address or not any(
        is_within(domain, each.lower()) for each in planned.outreach.sender.domains
    ):
        raise UsageError(Problem("outreach.rehearse_elsewhere", value=address))
    told, failures = replace(told, is_rehearsal=True), list(told.failures)
    for number, decision in enumerate(planned.going[:MOST_REHEARSED]):
        if decision.draft is None:
            continue
        message_id = f"<rehearsal-{number}-{request.now:%Y%m%d%H%M%S}@{domain}>"
        posting = Posting(now=request.now, message_id=message_id, to=address)
        outcome = _hand_over(decision.draft, server, posting)
        told = _counted(told, outcome)
        if outcome.verdict is not Verdict.SENT:
            failures.append(_say(outcome, Keyed("-", decision.draft)))
    return replace(told, failures=tuple(failures))


def _server(outreach: Outreach, environment: Environment, workspace: Path) -> Server:
    """Where mail is handed over. UsageError where the rules name no server, or a variable that it needs is not set."""
    smtp: MailServer | None = outreach.smtp
    if smtp is None:
        raise UsageError(Problem("outreach.no_server"))
    names = [name for name in (smtp.user_env, smtp.password_env) if name]
    unset = [name for name in names if not environment.get(name, "").strip()]
    if unset:
        raise UsageError(Problem("outreach.unset", value=", ".join(unset)))
    return Server(
        host=smtp.host,
        port=smtp.port or _PORTS[smtp.security],
        security=smtp.security,
        user=environment[smtp.user_env].strip() if smtp.user_env else None,
        password=environment[smtp.password_env].strip() if smtp.password_env else None,
        ca_file=workspace / smtp.ca_file if smtp.ca_file else None,
    )
