"""The facts of a message to lines that people read, in the language of the run."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from cscli.delivery.cleaning import one_line
from cscli.reports.kit.context import Context
from cscli.texts import Language, as_language, text

SHOWN = 20
"""So many alerts are told in one message; of the others, how many they are."""

Facts = Mapping[str, Any]


def language_of(facts: Facts) -> Language:
    """The language of the run."""
    return as_language(facts.get("language"))


def head_line(facts: Facts) -> str:
    """How many alerts of which day; nothing of any account."""
    return text(
        "alerts.message.head", language_of(facts), count=len(facts["alerts"]), date=str(facts["as_of"])
    )


def alert_lines(facts: Facts) -> list[str]:
    """A line for each of the first `SHOWN` alerts, free of anything that could steer a screen; not escaped."""
    return [one_line(" · ".join(_parts(alert, facts)), 500) for alert in facts["alerts"][:SHOWN]]


def more_line(facts: Facts) -> str | None:
    """How many more there are, where they are not all told."""
    more = len(facts["alerts"]) - SHOWN
    return text("alerts.message.more", language_of(facts), count=more) if more > 0 else None


def shortened(facts: Facts) -> dict[str, Any]:
    """The facts with the alerts that are told, and `more`: how many others there are."""
    return {
        **facts, "alerts": list(facts["alerts"][:SHOWN]), "more": max(len(facts["alerts"]) - SHOWN, 0),
    }  # fmt: skip


def _parts(alert: Facts, facts: Facts) -> Iterator[str]:
    language = language_of(facts)
    yield str(alert["text"])
    if "source" in alert:
        yield text("alerts.line.source", language, source=alert["source"])
        yield from (str(problem.get("message") or problem["code"]) for problem in alert["problems"][:3])
    else:
        yield from _of_account(alert, facts, language)
    if alert["status"] != "new" and alert["since"] is not None:
        yield text("alerts.line.since", language, date=alert["since"])


def _of_account(alert: Facts, facts: Facts, language: Language) -> Iterator[str]:
    identity = str(alert["account_id"])
    named = text("alerts.line.named", language, name=alert.get("name"), id=identity)
    yield named if alert.get("name") else identity
    if alert["score"] is not None:
        band = alert["band_label"]
        yield text("alerts.line.score", language, score=f"{alert['score']:.1f}", band=band)
    if alert["score_change"] is not None:
        yield text("alerts.line.change", language, change=f"{alert['score_change']:+.1f}")
    if alert["arr"] is not None:
        money = Context(language, dt.date.fromisoformat(facts["as_of"]), facts["currency"], "", (), ())
        yield text("alerts.line.arr", language, amount=money.money(alert["arr"]))
    if alert["days_to_renewal"] is not None:
        yield text("alerts.line.renewal", language, days=f"{alert['days_to_renewal']:.0f}")
