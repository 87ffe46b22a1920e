"""The facts of a message to lines that people read, in the language of the run."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from cscli.analysis.acting.alert_facts import AccountFacts, AlertFacts, MessageFacts, MessageHead, SourceFacts
from cscli.analysis.acting.one_line import one_line
from cscli.reports.kit.context import Context
from cscli.texts import text

SHOWN = 20
"""So many alerts are told in one message; of the others, how many they are."""


def head_line(facts: MessageFacts) -> str:
    """How many alerts of which day; nothing of any account."""
    return text("alerts.message.head", facts.head.language, count=len(facts.alerts), date=facts.head.as_of)


def alert_lines(facts: MessageFacts) -> list[str]:
    """A line for each of the first `SHOWN` alerts, free of anything that could steer a screen; not escaped."""
    return [one_line(" · ".join(_parts(alert, facts)), 500) for alert in facts.alerts[:SHOWN]]


def more_line(facts: MessageFacts) -> str | None:
    """How many more there are, where they are not all told."""
    more = len(facts.alerts) - SHOWN
    return text("alerts.message.more", facts.head.language, count=more) if more > 0 else None


def shortened(facts: MessageFacts) -> dict[str, object]:
    """The facts with the alerts that are told, as JSON has them, and `more`: how many others there are."""
    told = replace(facts, alerts=facts.alerts[:SHOWN])
    return {**told.record(), "more": len(facts.alerts) - len(told.alerts)}


def _parts(alert: AlertFacts, facts: MessageFacts) -> Iterator[str]:
    language = facts.head.language
    yield alert.text
    match alert.about:
        case SourceFacts() as about:
            yield text("alerts.line.source", language, source=about.source)
            yield from (problem.message or problem.code for problem in about.problems[:3])
        case AccountFacts() as about:
            yield from _of_account(about, facts.head)
    if alert.status != "new" and alert.since is not None:
        yield text("alerts.line.since", language, date=alert.since)


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
