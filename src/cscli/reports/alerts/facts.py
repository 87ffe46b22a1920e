"""Alerts to the plain facts that messages tell of them: names, and values of the exports, only where they may go out."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.acting.alerts import ACCOUNT, AlertList
from cscli.analysis.acting.message_facts import (
    AccountFacts,
    AlertFacts,
    MessageHead,
    Names,
    SourceFacts,
    ToldProblem,
)
from cscli.analysis.acting.messages import ChannelAlert
from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.blocks.alerts import AlertRule, Channel
from cscli.config.blocks.parts import text_in
from cscli.config.schema import Config
from cscli.errors import Problem
from cscli.reports.kit.labels import band_label, own_label
from cscli.texts import Language, problem_line, text

_NUMBERS = ("score", "score_change", "mrr", "arr", "days_to_renewal")


def outgoing(
    frame: pd.DataFrame, alerts: AlertList, config: Config, channels: Sequence[Channel], language: Language
) -> dict[str, tuple[ChannelAlert, ...]]:
    """By channel: the alerts that are on and go there, in the order of the list."""
    rules = {rule.name: rule for rule in config.alerts}
    return {
        channel.name: tuple(_candidates(frame, alerts, config, channel, language))
        for channel in channels
        if any(_goes_to(rule, channel) for rule in rules.values())
    }


def message_head(as_of: dt.date, config: Config, language: Language) -> MessageHead:
    """What every message says of its run."""
    return MessageHead(as_of=as_of.isoformat(), language=language, currency=config.currency)


def rule_text(rule: str, config: Config, language: Language) -> str:
    """What people read for a rule: its text, else its label."""
    texts = {entry.name: text_in(entry.text, language, own_label(entry, language)) for entry in config.alerts}
    return texts.get(rule, rule)


def fault_line(problems: Sequence[Problem], language: Language) -> str:
    """The first of the problems of a source, and how many more there are."""
    line = problem_line(problems[0], language)
    return (
        f"{line} {text('alerts.more_problems', language, count=len(problems) - 1)}" if problems[1:] else line
    )


def _goes_to(rule: AlertRule, channel: Channel) -> bool:
    return rule.channels is None or channel.name in rule.channels


def _candidates(
    frame: pd.DataFrame, alerts: AlertList, config: Config, channel: Channel, language: Language
) -> Iterator[ChannelAlert]:
    wanted = {rule.name for rule in config.alerts if _goes_to(rule, channel)}
    labels = {band.name: band_label(band, language) for band in config.bands}
    labels[UNKNOWN] = text("label.band.unknown", language)
    on = alerts.active
    accounts = _account_facts(frame.iloc[on["row"].to_numpy()], labels, with_names=channel.include_names)
    for row, account in zip(on.to_dict("records"), accounts, strict=True):
        if row["rule"] not in wanted:
            continue
        since = None if pd.isna(row["since"]) else row["since"].date().isoformat()
        found = alerts.faults.get((row["rule"], row["subject"]), ())
        of_source = SourceFacts(source=row["subject"], problems=_problems(found, channel, language))
        facts = AlertFacts(
            rule=row["rule"],
            text=rule_text(row["rule"], config, language),
            status=row["status"],
            since=since,
            about=account if row["kind"] == ACCOUNT else of_source,
        )
        yield ChannelAlert(
            rule=row["rule"], kind=row["kind"], subject=row["subject"], since=since or "", facts=facts
        )


def _account_facts(
    accounts: pd.DataFrame, labels: Mapping[str, str], *, with_names: bool
) -> Iterator[AccountFacts]:
    """The facts of each row: missing ones as None."""
    table = accounts[["account_id", "name", "owner", "band", *_NUMBERS]].astype(object)
    for row in table.where(table.notna(), None).to_dict("records"):
        plain: dict[str, Any] = {
            str(key): float(value) if isinstance(value, np.floating) else value for key, value in row.items()
        }
        names = Names(name=plain.pop("name"), owner=plain.pop("owner"))
        band = plain["band"]
        yield AccountFacts(
            names=names if with_names else None,
            band_label=None if band is None else labels.get(band, band),
            **plain,
        )


def _problems(found: Sequence[Problem], channel: Channel, language: Language) -> tuple[ToldProblem, ...]:
    """A message is told where it shows nothing of the exports, or may."""
    return tuple(
        ToldProblem(
            code=problem.code,
            severity=problem.severity.value,
            message=problem_line(problem, language) if channel.include_names or not problem.value else None,
        )
        for problem in found
    )
