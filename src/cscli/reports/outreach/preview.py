"""Decisions about messages to the report `outreach`: who gets what, who does not and why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.outreach.candidates import Pairs
from cscli.analysis.outreach.deciding import Decision
from cscli.analysis.outreach.reasons import WAITS, Stop
from cscli.config.work.outreach import Outreach
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import choice_column, pairs_of, table_sheet
from cscli.reports.kit.labels import chosen_label
from cscli.reports.kit.model import Column, Meaning, Report, Sheet, Values
from cscli.reports.outreach.drafts import Draft
from cscli.texts import Language, text

FAMILY = "outreach"
_SHORT = ("account_id", "name", "contact_name", "message", "subject")
_FIRST = ("account_id", "name", "subject", "body", "contact_name", "message")
_MOST_REASONS = 3
_ORDER = {stop: place for place, stop in enumerate(Stop)}


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Preview:
    """`frame`: the accounts; `left`: ids of those that are none any more. `has_unless`: rows for which `unless` holds."""

    frame: pd.DataFrame
    pairs: Pairs
    decisions: Sequence[Decision[Draft]]
    outreach: Outreach
    left: Sequence[str]
    unless: "np.ndarray[tuple[int], np.dtype[np.bool_]]"

    @property
    def drafts(self) -> list[Draft]:
        """What would go, in its order."""
        return [each.draft for each in self.decisions if each.draft is not None]


def outreach_report(preview: Preview, context: Context) -> Report:
    """Sheets messages, stopped, nothing, reasons, summary."""
    language = context.language
    sheets = (
        _messages(preview, language),
        _stopped(preview, language),
        _nothing(preview, language),
        _reasons(preview, language),
        _summary(preview, language),
    )
    return context.report(name="outreach", sheets=sheets, headline=headline(preview, language), short=_SHORT)


def headline(preview: Preview, language: Language) -> str:
    """How many go, wait, and are refused, and what for."""
    refused = Counter(say_about(each, language) for each in preview.decisions if each.stop is Stop.REFUSED)
    counts = _counts(preview, refused.total(), language)
    if not refused:
        return counts
    most = sorted(refused.items(), key=lambda each: (-each[1], each[0]))
    told = [f"{why} ({count})" for why, count in most[:_MOST_REASONS]]
    more = ["..."] if len(most) > _MOST_REASONS else []
    return f"{counts} {text('outreach.refused_for', language, reasons=', '.join([*told, *more]))}"


def _counts(preview: Preview, refused: int, language: Language) -> str:
    drafts = preview.drafts
    waiting = sum(each.stop in WAITS for each in preview.decisions)
    if not drafts:
        return text("headline.outreach_none", language, waiting=waiting, refused=refused)
    accounts = len({draft.account_id for draft in drafts})
    return text(
        "headline.outreach", language, count=len(drafts), accounts=accounts, waiting=waiting, refused=refused
    )


def say_about(decision: Decision[Draft], language: Language) -> str:
    """What the reason is about, in words."""
    if decision.refused is not None:
        return text(f"outreach.refused.{decision.refused.code}", language, about=decision.refused.about)
    if decision.stop is Stop.SUPPRESSED and decision.about:
        return text("outreach.refused_by_server", language, message=decision.about)
    return decision.about


def stop_label(stop: Stop, language: Language) -> str:
    """The reason in words."""
    return text(f"outreach.stop.{stop.value}", language)


def message_labels(outreach: Outreach, language: Language) -> dict[str, str]:
    """By name, what people read for each message."""
    return {
        each.name: chosen_label(each.label, language, each.name.replace("_", " "))
        for each in outreach.messages
    }


def draft_table(drafts: Iterable[Draft]) -> pd.DataFrame:
    """account_id, name, owner, contact_name, email, message, kind, language, sender, subject, body."""
    rows = [
        {
            "account_id": each.account_id, "name": each.name, "owner": each.owner, "contact_name": each.contact_name,
            "email": each.email, "message": each.message, "kind": each.kind, "language": each.language,
            "sender": each.sender.address, "subject": each.subject, "body": each.plain,
        }
        for each in drafts
    ]  # fmt: skip
    columns = ["account_id", "name", "owner", "contact_name", "email", "message", "kind", "language", "sender", "subject", "body"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns, dtype=object)


def named_messages(outreach: Outreach, language: Language) -> Column:
    """The column `message`, its names as people read them."""
    labels = message_labels(outreach, language)
    label = text("label.outreach.message", language)
    return Column(id="message", label=label, meaning=Meaning.TEXT, labels=labels)


def _messages(preview: Preview, language: Language) -> Sheet:
    table = draft_table(preview.drafts)
    columns = pairs_of(
        table, FAMILY, language,
        ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("contact_name", Meaning.TEXT), ("email", Meaning.TEXT),
        named_messages(preview.outreach, language), ("subject", Meaning.LONG_TEXT), ("body", Meaning.PROSE),
        choice_column(FAMILY, "kind", ("service", "promotion"), language),
        choice_column(FAMILY, "language", ("en", "ja"), language),
        ("owner", Meaning.TEXT), ("sender", Meaning.TEXT),
    )  # fmt: skip
    return replace(_sheet("outreach_messages", "messages", language, columns), first=_FIRST)


def _stopped(preview: Preview, language: Language) -> Sheet:
    """What a message was meant for and does not go."""
    people, accounts = preview.pairs.frame, _accounts(preview)
    names, addresses = people["contact_name"].tolist(), people["email"].tolist()
    rows: list[dict[str, Any]] = []
    for each in preview.decisions:
        if each.stop is None:
            continue
        rows.append(
            {
                **accounts[each.account],
                "message": each.message,
                "contact_name": names[each.pair] if each.pair is not None else None,
                "email": addresses[each.pair] if each.pair is not None else None,
                "reason": each.stop.value,
                "about": say_about(each, language) or None,
                "until": pd.Timestamp(each.until) if each.until else pd.NaT,
            }
        )
    table = pd.DataFrame(rows, columns=["account_id", "name", "owner", "message", "contact_name", "email", "reason", "about", "until"])  # fmt: skip
    columns = pairs_of(
        _typed(table), FAMILY, language,
        ("account_id", Meaning.ID), ("name", Meaning.TEXT), named_messages(preview.outreach, language),
        ("contact_name", Meaning.TEXT), ("email", Meaning.TEXT), _reason(language), ("about", Meaning.TEXT),
        ("until", Meaning.DATE), ("owner", Meaning.TEXT),
    )  # fmt: skip
    return _sheet("outreach_stopped", "stopped", language, columns)


def _nothing(preview: Preview, language: Language) -> Sheet:
    """Every account that gets no message, with the reason that came last in the order."""
    going = {each.account for each in preview.decisions if each.stop is None}
    furthest: dict[int, Decision[Draft]] = {}
    for each in preview.decisions:
        if each.stop is not None and (
            each.account not in furthest
            or _ORDER[each.stop] > _ORDER[furthest[each.account].stop or Stop.LEFT]
        ):
            furthest[each.account] = each
    accounts = _accounts(preview)
    rows = [
        {**accounts[row], **_why(preview, row, furthest.get(row), language)}
        for row in range(len(preview.frame))
        if row not in going
    ]
    rows += [
        {"account_id": each, "name": None, "owner": None, "reason": Stop.LEFT.value, "message": None, "about": None, "until": pd.NaT}
        for each in preview.left
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["account_id", "name", "owner", "reason", "message", "about", "until"])
    columns = pairs_of(
        _typed(table), FAMILY, language,
        ("account_id", Meaning.ID), ("name", Meaning.TEXT), _reason(language), named_messages(preview.outreach, language),
        ("about", Meaning.TEXT), ("until", Meaning.DATE), ("owner", Meaning.TEXT),
    )  # fmt: skip
    return _sheet("outreach_nothing", "nothing", language, columns)


def _why(preview: Preview, row: int, found: Decision[Draft] | None, language: Language) -> dict[str, Any]:
    if found is None or found.stop is None:
        stop = Stop.UNLESS if preview.unless[row] else Stop.WHEN
        return {"reason": stop.value, "message": None, "about": None, "until": pd.NaT}
    until = pd.Timestamp(found.until) if found.until else pd.NaT
    about = say_about(found, language) or None
    return {"reason": found.stop.value, "message": found.message, "about": about, "until": until}


def _accounts(preview: Preview) -> list[dict[str, Any]]:
    """account_id, name, owner of each account."""
    names = ("account_id", "name", "owner")
    nothing = [None] * len(preview.frame)
    columns = [preview.frame[name].tolist() if name in preview.frame else nothing for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _reasons(preview: Preview, language: Language) -> Sheet:
    """How often each reason stops each message."""
    rows = list(_counted(preview))
    table = pd.DataFrame(rows, columns=["message", "reason", "accounts"]).astype({"accounts": "float64"})
    columns = pairs_of(
        table, FAMILY, language,
        named_messages(preview.outreach, language), _reason(language), ("accounts", Meaning.COUNT),
    )  # fmt: skip
    return _sheet("outreach_reasons", "reasons", language, columns)


def _counted(preview: Preview) -> Iterator[dict[str, Any]]:
    unless = int(preview.unless.sum())
    for message in preview.outreach.messages:
        own = [each for each in preview.decisions if each.message == message.name]
        meant = len({each.account for each in own})
        counts: dict[Stop, int] = {
            Stop.LEFT: len(preview.left),
            Stop.UNLESS: unless,
            Stop.WHEN: len(preview.frame) - unless - meant,
        }
        stopped = {(each.stop, each.account) for each in own if each.stop is not None}
        for stop, _ in stopped:
            counts[stop] = counts.get(stop, 0) + 1
        for stop in Stop:
            if counts.get(stop):
                yield {"message": message.name, "reason": stop.value, "accounts": float(counts[stop])}


def _summary(preview: Preview, language: Language) -> Sheet:
    rows = []
    for message in preview.outreach.messages:
        own = [each for each in preview.decisions if each.message == message.name]
        rows.append(
            {
                "message": message.name,
                "kind": message.kind,
                "meant": float(len({each.account for each in own})),
                "going": float(sum(each.stop is None for each in own)),
                "waiting": float(sum(each.stop in WAITS for each in own)),
                "held_out": float(sum(each.stop is Stop.HELD_OUT for each in own)),
                "refused": float(sum(each.stop is Stop.REFUSED for each in own)),
            }
        )
    columns = pairs_of(
        pd.DataFrame(rows), FAMILY, language,
        named_messages(preview.outreach, language), choice_column(FAMILY, "kind", ("service", "promotion"), language),
        *((name, Meaning.COUNT) for name in ("meant", "going", "waiting", "held_out", "refused")),
    )  # fmt: skip
    return _sheet("outreach_summary", "summary", language, columns)


def _reason(language: Language) -> Column:
    labels = {stop.value: stop_label(stop, language) for stop in Stop}
    label = text("label.outreach.reason", language)
    return Column(id="reason", label=label, meaning=Meaning.TEXT, labels=labels)


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    days = pd.to_datetime(table["until"]).astype("datetime64[us]")
    return table.drop(columns="until").astype(object).assign(until=days)


def _sheet(title: str, sheet_id: str, language: Language, columns: list[tuple[Column, Values]]) -> Sheet:
    """A sheet of this family: its id is short, its title of its own."""
    made = table_sheet(title, language, columns)
    return Sheet(id=sheet_id, title=made.title, columns=made.columns, values=made.values)
