"""Alerts to the report `alerts`: what is new, what goes on, what has cleared, and the messages that tell of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.acting.alerts import ACCOUNT, CLEARED, NEW, ONGOING, AlertList
from cscli.analysis.acting.message_facts import PageFacts
from cscli.analysis.acting.messages import OPEN, Message
from cscli.config.schema import Config
from cscli.reports.alerts.facts import fault_line, rule_text
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import own_label
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.sheets import as_values, band_column, make_sheet, plain_column, trend_of
from cscli.texts import Language, paragraph, text

_SHORT = ("status", "rule", "account_id", "name", "score", "band", "score_change")
_SHORT_WITH_SOURCES = ("status", "rule", "source", "account_id", "name", "score", "band")
_SHORT_OF_SOURCES = ("status", "rule", "source", "text")


def alerts_report(
    frame: pd.DataFrame, alerts: AlertList, outbox: tuple[Sheet, ...], config: Config, context: Context
) -> Report:
    """The report: the sheet alerts, then those of `outbox`. `frame`: the scored accounts, with every column."""
    sheets = (_alerts_sheet(frame, alerts, config, context.language), *outbox)
    is_account = alerts.table["kind"] == ACCOUNT
    some = _SHORT_WITH_SOURCES if is_account.any() else _SHORT_OF_SOURCES
    short = _SHORT if is_account.all() else some
    return context.report(name="alerts", sheets=sheets, headline=_headline(alerts, context), short=short)


def outbox_sheet(messages: Sequence[Message], config: Config, language: Language) -> Sheet:
    """One row a message: what became of it, and what waits. The Monday page has no number of alerts."""
    is_open = [message.state in OPEN for message in messages]
    facts = [message.facts for message in messages]
    counts = np.array(
        [np.nan if isinstance(told, PageFacts) else len(told.alerts) for told in facts], dtype=np.float64
    )
    tries = np.array([message.tries for message in messages], dtype=np.float64)
    days = np.array([message.as_of for message in messages], dtype="datetime64[us]")
    kinds = {channel.name: channel.kind for channel in config.channels}
    next_tries = [
        message.next_try_at if waits else None for message, waits in zip(messages, is_open, strict=True)
    ]
    columns: list[tuple[Column, Values]] = [
        (plain_column("channel", Meaning.TEXT, language), _texts([m.channel for m in messages])),
        (_labelled("kind", language), _texts([kinds.get(m.channel) for m in messages])),
        (plain_column("as_of", Meaning.DATE, language), days),
        (_labelled("alerts", language, Meaning.COUNT), counts),
        (_state_column(language), _texts([m.state.value for m in messages])),
        (_labelled("tries", language, Meaning.COUNT), tries),
        (_labelled("next_try", language), _texts(next_tries)),
        (_labelled("last_error", language, Meaning.LONG_TEXT), _texts([m.last_error for m in messages])),
        (_labelled("key", language), _texts([m.key for m in messages])),
    ]
    return make_sheet("outbox", language, columns, np.arange(len(messages)))


def _alerts_sheet(frame: pd.DataFrame, alerts: AlertList, config: Config, language: Language) -> Sheet:
    table = alerts.table
    accounts = frame.reset_index(drop=True).reindex(table["row"].where(table["row"] >= 0))
    is_account = table["kind"] == ACCOUNT
    ids, sources = (as_values(table["subject"].where(mask)) for mask in (is_account, ~is_account))
    columns: list[tuple[Column, Values]] = [
        (_rule_column(config, language), table["rule"].to_numpy(object)),
        (plain_column("account_id", Meaning.ID, language), ids),
        (_labelled("source", language), sources),
        *(
            (plain_column(name, Meaning.TEXT, language), as_values(accounts[name]))
            for name in ("name", "owner")
        ),
        (_status_column(language), table["status"].to_numpy(object)),
        (_labelled("since", language, Meaning.DATE), table["since"].to_numpy("datetime64[us]")),
        (plain_column("score", Meaning.SCORE, language), accounts["score"].to_numpy(np.float64)),
        (band_column(config, language), as_values(accounts["band"])),
        (
            plain_column("score_change", Meaning.CHANGE, language),
            accounts["score_change"].to_numpy(np.float64),
        ),
        *trend_of(accounts, language),
        (plain_column("arr", Meaning.MONEY, language), accounts["arr"].to_numpy(np.float64)),
        (plain_column("text", Meaning.LONG_TEXT, language), _texts(_said(alerts, config, language))),
    ]
    return make_sheet("alerts", language, columns, np.arange(len(table)))


def _said(alerts: AlertList, config: Config, language: Language) -> list[str]:
    """The rule's text; of a source what is wrong with it."""
    lines = {key: fault_line(problems, language) for key, problems in alerts.faults.items()}
    pairs = zip(alerts.table["rule"], alerts.table["subject"], strict=True)
    return [lines.get(pair) or rule_text(pair[0], config, language) for pair in pairs]


def _labelled(name: str, language: Language, meaning: Meaning = Meaning.TEXT) -> Column:
    return Column(id=name, label=text(f"label.alerts.{name}", language), meaning=meaning)


def _rule_column(config: Config, language: Language) -> Column:
    labels = {
        rule.name: own_label(rule, language) if rule.label else rule_text(rule.name, config, language)
        for rule in config.alerts
    }
    return Column(id="rule", label=text("label.alerts.rule", language), meaning=Meaning.TEXT, labels=labels)


def _status_column(language: Language) -> Column:
    labels = {
        NEW: text("status.new", language),
        ONGOING: text("status.ongoing", language),
        CLEARED: text("status.cleared", language),
    }
    definition = text("definition.alerts.status", language)
    return Column(
        id="status",
        label=text("label.status", language),
        meaning=Meaning.TEXT,
        labels=labels,
        definition=definition,
    )


def _state_column(language: Language) -> Column:
    states = ("waiting", "sending", "sent", "refused", "expired")
    labels = {state: text(f"alerts.state.{state}", language) for state in states}
    definition = text("definition.alerts.state", language)
    return Column(
        id="state",
        label=text("label.alerts.state", language),
        meaning=Meaning.TEXT,
        labels=labels,
        definition=definition,
    )


def _texts(values: list[Any]) -> Values:
    texts = np.empty(len(values), dtype=object)
    texts[:] = values
    return texts


def _headline(alerts: AlertList, context: Context) -> str:
    language, status = context.language, alerts.table["status"]
    if not len(alerts.table):
        return text("headline.alerts_none", language)
    if status.isna().all():
        return text("headline.alerts_plain", language, count=len(status))
    counts = {name: int((status == name).sum()) for name in (NEW, ONGOING, CLEARED)}
    sentence = text("headline.alerts", language, **counts)
    if alerts.last_as_of is not None:
        since = text("headline.alerts_since", language, date=show_date(alerts.last_as_of, language))
        sentence = paragraph(language, sentence, since)
    return sentence
