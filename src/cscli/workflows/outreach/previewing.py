"""Who would get what, before anybody does: a report, a page, or one draft. Nothing is booked."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cscli.analysis.acting.one_line import one_line
from cscli.analysis.outreach.candidates import UNLESS, when_key
from cscli.analysis.outreach.deciding import Decision
from cscli.analysis.outreach.reasons import Stop
from cscli.config.work.outreach import Message
from cscli.errors import DataError, Problem, UsageError
from cscli.nearest import nearest_name
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.outreach.drafts import Draft
from cscli.reports.outreach.preview import Preview, message_labels, outreach_report, say_about, stop_label
from cscli.texts import Language, text
from cscli.workflows.book.read import read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.outreach.gathering import Planned, needed_outreach, plan_messages
from cscli.workflows.scores.scoring import JudgedBook, check_scorecards, judge_book
from cscli.workspace.publish import publish, refuse_inputs


@dataclass(frozen=True, eq=False, slots=True)
class Previewed:
    """The report, and how many messages would go."""

    report: Report
    count: int


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Shown:
    """One account, message by message: each rule with its outcome, and the drafts. `lines`: for a terminal."""

    lines: tuple[str, ...]
    drafts: tuple[Draft, ...]
    problems: tuple[Problem, ...]
    sources: Mapping[str, str]
    language: Language


def preview_messages(request: Request, output: Path) -> Previewed:
    """The preview at `output`. Raises CscliError with every problem that stops the run; then no file is written."""
    planned = planned_of(request)
    with speaking(planned.book.language):
        report = report_planned(request, planned)
        if output.suffix.lower() == ".html":
            write_page(planned, report, output)
        else:
            write_report(report, output, planned.book.files)
        return Previewed(report, len(planned.going))


def planned_of(request: Request) -> Planned:
    """Every decision, from the exports. Raises CscliError."""
    check_scorecards(request)
    book = read_book(request)
    with speaking(book.language):
        needed_outreach(book.config)
        return plan_messages(request, judge_book(request, book), os.environ)


def report_outreach(request: Request, judged: JudgedBook) -> Report:
    """The report `outreach` of a judged book. Raises CscliError as `preview_messages` does."""
    return report_planned(request, plan_messages(request, judged, os.environ))


def report_planned(request: Request, planned: Planned) -> Report:
    """The report `outreach`."""
    book = planned.book
    problems = tuple(map(book.draft.place, planned.problems))
    context = report_context(request, replace(book, problems=(*book.problems, *problems)))
    return outreach_report(preview_of(planned), context)


def preview_of(planned: Planned) -> Preview:
    """What a report shows."""
    nobody = np.zeros(len(planned.frame), dtype=bool)
    return Preview(
        frame=planned.frame,
        pairs=planned.pairs,
        decisions=planned.decisions,
        outreach=planned.outreach,
        left=planned.left,
        unless=planned.situation.masks.get(UNLESS, nobody),
    )


def write_page(planned: Planned, report: Report, output: Path) -> None:
    """The preview as one HTML file, for its owner alone."""
    from cscli.render.dashboard.outreach import preview_html

    refuse_inputs(output, planned.book.files)
    html = preview_html(report, [each.draft for each in planned.going if each.draft is not None])
    with publish(output, private=True) as temporary:
        temporary.write_text(html, encoding="utf-8", newline="\n")


def show_drafts(request: Request, account_id: str, message: str | None, output: Path | None) -> Shown:
    """What an account gets, rule by rule; its first draft at `output` (.html or .eml), if one is given. UsageError for a message
    that there is not, DataError for such an account or where there is no draft to be written.
    """
    if output is not None and output.suffix.lower() not in (".html", ".eml"):
        raise UsageError(Problem("outreach.page_form", value=str(output.suffix)))
    planned = planned_of(request)
    language = planned.book.language
    with speaking(language):
        messages = _messages(planned, message)
        row = _row(planned, account_id)
        own = [each for each in planned.decisions if each.account == row]
        lines = [_title(planned, row)]
        for each in messages:
            lines += _rules(
                planned, each, row, [decision for decision in own if decision.message == each.name]
            )
        names = {each.name for each in messages}
        drafts = tuple(each.draft for each in own if each.draft is not None and each.message in names)
        if output is not None:
            _write_draft(planned, drafts, _why_none(own, names, language), account_id, output)
        sources = {each.file: each.source for each in report_context(request, planned.book).inputs}
        problems = (*planned.book.problems, *map(planned.book.draft.place, planned.problems))
        return Shown(lines=tuple(lines), drafts=drafts, problems=problems, sources=sources, language=language)


def draft_lines(draft: Draft, language: Language) -> list[str]:
    """A draft as a terminal shows it."""
    return [
        text("outreach.from_line", language, sender=f"{draft.sender.name} <{draft.sender.address}>"),
        text("outreach.to_line", language, to=draft.email),
        text("outreach.subject_line", language, subject=draft.subject),
        "",
        *draft.plain.splitlines(),
    ]


def _messages(planned: Planned, name: str | None) -> list[Message]:
    messages = planned.outreach.messages
    if name is None:
        return list(messages)
    found = planned.outreach.message(name)
    if found is None:
        names = ", ".join(each.name for each in messages)
        raise UsageError(Problem("outreach.unknown_message", value=name, details={"names": names}))
    return [found]


def _row(planned: Planned, account_id: str) -> int:
    ids = [str(each) for each in planned.frame["account_id"]]
    if account_id not in ids:
        nearest = nearest_name(account_id, ids)
        code = "outreach.unknown_account_nearest" if nearest else "outreach.unknown_account"
        raise DataError(Problem(code, value=account_id, details={"nearest": nearest or ""}))
    return ids.index(account_id)


def _title(planned: Planned, row: int) -> str:
    """Whose messages they are."""
    account = planned.frame.iloc[row]
    name, key = one_line(_text(account.get("name"))), one_line(str(account["account_id"]))
    return text("outreach.account", planned.book.language, name=name, account=key) if name else key


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _rules(planned: Planned, message: Message, row: int, decisions: list[Decision[Draft]]) -> list[str]:
    """The message, and what was asked of it in order up to what stopped it."""
    language = planned.book.language
    yes, no = text("outreach.outcome.yes", language), text("outreach.outcome.no", language)
    masks, index = planned.situation.masks, planned.outreach.messages.index(message)
    lines = [message_labels(planned.outreach, language)[message.name]]
    unless = planned.outreach.unless
    if unless is not None:
        outcome = no if masks[UNLESS][row] else yes
        lines.append(f"  {text('outreach.rule', language, outcome=outcome, rule=f'unless: {unless.text}')}")
    outcome = yes if masks[when_key(index)][row] else no
    lines.append(f"  {text('outreach.rule', language, outcome=outcome, rule=f'when: {message.when.text}')}")
    for each in decisions:
        outcome = yes if each.stop is None else no
        person = planned.pairs.frame.iloc[each.pair] if each.pair is not None else None
        who = (
            one_line(f"{person['contact_name'] or ''} <{person['email'] or ''}>") + " "
            if person is not None
            else ""
        )
        why = "" if each.stop is None else _reason(each, each.stop, language)
        lines.append(f"  {text('outreach.rule', language, outcome=outcome, rule=f'{who}{why}'.strip())}")
    return lines


def _reason(decision: Decision[Draft], stop: Stop, language: Language) -> str:
    about = say_about(decision, language)
    until = f" ({decision.until.isoformat()})" if decision.until else ""
    return stop_label(stop, language) + (f": {about}" if about else "") + until


def _why_none(own: list[Decision[Draft]], names: set[str], language: Language) -> str:
    """What stopped the messages of an account: the text itself, if one came so far, else the last of them."""
    stopped = [(each, each.stop) for each in own if each.message in names and each.stop is not None]
    if not stopped:
        return stop_label(Stop.WHEN, language)
    texts = [pair for pair in stopped if pair[1] is Stop.REFUSED]
    return _reason(*(texts or stopped[-1:])[0], language)


def _write_draft(
    planned: Planned, drafts: tuple[Draft, ...], why: str, account_id: str, output: Path
) -> None:
    from cscli.delivery.letters import letter_bytes, letter_page

    if not drafts:
        raise DataError(Problem("outreach.no_draft", value=account_id, details={"why": why}))
    refuse_inputs(output, planned.book.files)
    data = letter_bytes(drafts[0])
    if output.suffix.lower() == ".html":
        data = letter_page(drafts[0]).encode()
    with publish(output, private=True) as temporary:
        temporary.write_bytes(data)
