"""The facts of a message to lines that people read, in the language of the run."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from cscli.analysis.acting.message_facts import (
    AccountFacts,
    AlertFacts,
    DigestFacts,
    Facts,
    MessageHead,
    PageFacts,
    SourceFacts,
)
from cscli.analysis.acting.one_line import one_line
from cscli.reports.kit.context import Context
from cscli.reports.kit.looks import show_date
from cscli.texts import Language, text

SHOWN = 20
"""So many alerts are told in one message; of the others, how many they are."""


_LONGEST = 500
_LONGEST_SENTENCE = 1_000


def head_line(facts: Facts) -> str:
    """How many alerts of which day, or the page's title; nothing of any account."""
    if isinstance(facts, PageFacts):
        return one_line(facts.title, _LONGEST)
    return text(
        "alerts.message.head",
        facts.head.language,
        count=len(facts.alerts),
        date=_day(facts.head.as_of, facts.head.language),
    )


def told_lines(facts: Facts) -> list[str]:
    """A line for each of the first `SHOWN` alerts, or each sentence of the page, free of anything that could steer a
    screen; not escaped.
    """
    if isinstance(facts, PageFacts):
        return [one_line(line, _LONGEST_SENTENCE) for line in facts.lines]
    return [one_line(" · ".join(_parts(alert, facts)), _LONGEST) for alert in facts.alerts[:SHOWN]]


def more_line(facts: Facts) -> str | None:
    """How many more alerts there are, where they are not all told."""
    more = 0 if isinstance(facts, PageFacts) else len(facts.alerts) - SHOWN
    return text("alerts.message.more", facts.head.language, count=more) if more > 0 else None


def shortened(facts: Facts) -> dict[str, object]:
    """The facts with the alerts that are told, as JSON has them, and `more`: how many others there are."""
    if isinstance(facts, PageFacts):
        return facts.record()
    told = replace(facts, alerts=facts.alerts[:SHOWN])
    return {**told.record(), "more": len(facts.alerts) - len(told.alerts)}


def name_of(facts: Facts) -> str:
    """What the message is, in a few words: so many alerts of a day, or its Monday page."""
    language = facts.head.language
    date = _day(facts.head.as_of, language)
    if isinstance(facts, PageFacts):
        return text("alerts.what.page", language, date=date)
    return text("alerts.what.alerts", language, date=date, count=len(facts.alerts))


def _parts(alert: AlertFacts, facts: DigestFacts) -> Iterator[str]:
    language = facts.head.language
    yield alert.text
    match alert.about:
        case SourceFacts() as about:
            yield text("alerts.line.source", language, source=about.source)
            yield from (problem.message or problem.code for problem in about.problems[:3])
        case AccountFacts() as about:
            yield from _of_account(about, facts.head)
    if alert.status != "new" and alert.since is not None:
        yield text("alerts.line.since", language, date=_day(alert.since, language))


def _of_account(about: AccountFacts, head: MessageHead) -> Iterator[str]:
    language, name = head.language, about.names.name if about.names else None
    yield text("alerts.line.named", language, name=name, id=about.account_id) if name else about.account_id
    if about.score is not None:
        yield text("alerts.line.score", language, score=f"{about.score:.1f}", band=about.band_label)
    if about.score_change is not None:
        yield text("alerts.line.change", language, change=f"{about.score_change:+.1f}")
    if about.arr is not None:
        money = Context(
            language=language,
            as_of=dt.date.fromisoformat(head.as_of),
            currency=head.currency,
            config_digest="",
            inputs=(),
            problems=(),
        )
        yield text("alerts.line.arr", language, amount=money.money(about.arr))
    if about.days_to_renewal is not None:
        yield text("alerts.line.renewal", language, days=f"{about.days_to_renewal:.0f}")


def _day(iso: str, language: Language) -> str:
    return show_date(dt.date.fromisoformat(iso), language)
