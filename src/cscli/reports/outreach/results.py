"""What messages came to, to the report `outreach_results`: against those held out, or like accounts; never before against after."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd

from cscli.analysis.outreach.effects import Effect, Method, Verdict
from cscli.analysis.outreach.outcomes import HELD_OUT, ISSUED, Judged
from cscli.analysis.outreach.sent import SentMessage, State
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import choice_column, pairs_of, table_sheet
from cscli.reports.kit.labels import own_labels
from cscli.reports.kit.model import Column as ReportColumn
from cscli.reports.kit.model import Meaning, Report, Sheet, Values
from cscli.reports.outreach.preview import message_labels
from cscli.texts import Language, text

_FAMILY = "results"
_SHORT = ("message", "window", "verdict", "difference", "low", "high")
_SHORT_UNJUDGED = ("message", "window", "issued", "held_out", "verdict")
_TOLD: tuple[Verdict, ...] = ("better", "worse", "no_difference")
_DEFINED = (
    "issued", "held_out", "score_change", "difference", "low", "goal_difference", "churned", "method", "verdict", "dropped",
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Results:
    """`accounts`: message, window, account_id, day, arm, score_before, score_change, goal_change, band_change, churned, renewed."""

    judged: tuple[Judged, ...]
    accounts: pd.DataFrame
    rows: tuple[SentMessage, ...]
    problems: tuple[Any, ...]


def results_report(found: Results, config: Config, context: Context) -> Report:
    """Sheets messages, accounts, states, definitions."""
    language = context.language
    sheets = (
        _messages(found, config, language),
        _accounts(found, config, language),
        _states(found, config, language),
        _definitions(language),
    )
    short = _SHORT if any(each.verdict in _TOLD for each in found.judged) else _SHORT_UNJUDGED
    return context.report(
        name="outreach_results", sheets=sheets, headline=_headline(found, config, language), short=short
    )


def _messages(found: Results, config: Config, language: Language) -> Sheet:
    table = pd.DataFrame([_row(each) for each in found.judged])
    choices = choice_column(_FAMILY, "method", get_args(Method), language)
    verdict = choice_column(_FAMILY, "verdict", get_args(Verdict), language)
    numbers = [
        (name, Meaning.CHANGE)
        for name in ("score_change", "score_change_control", "difference", "low", "high")
    ]
    goals = [
        (name, Meaning.NUMBER)
        for name in ("goal_change", "goal_change_control", "goal_difference", "goal_low", "goal_high")
    ]
    shares = [(name, Meaning.SHARE) for name in ("churned", "churned_control", "churned_low", "churned_high")]
    columns = pairs_of(
        table, _FAMILY, language,
        _named(config, language), ("window", Meaning.DAYS), ("issued", Meaning.COUNT), ("held_out", Meaning.COUNT),
        ("compared", Meaning.COUNT), ("control", Meaning.COUNT), *numbers, choices, verdict, *goals, *shares,
        ("dropped", Meaning.COUNT), ("open", Meaning.COUNT), ("untold", Meaning.COUNT),
    )  # fmt: skip
    return _sheet("results_messages", "messages", language, columns)


def _named(config: Config, language: Language) -> ReportColumn:
    """The column `message`: messages and playbooks as people read them."""
    messages = message_labels(config.outreach, language) if config.outreach else {}
    labels = {
        **own_labels(config.playbooks, language),
        **messages,
    }
    label = text("label.results.message", language)
    return ReportColumn(id="message", label=label, meaning=Meaning.TEXT, labels=labels)


def _row(each: Judged) -> dict[str, Any]:
    nothing = Effect(n_treated=0, n_control=0)
    score, goal, churn = each.score, each.goal or nothing, each.churn
    return {
        "message": each.name, "window": float(each.window), "issued": float(each.issued), "held_out": float(each.held_out),
        "compared": float(score.n_treated), "control": float(score.n_control),
        "score_change": score.treated, "score_change_control": score.control,
        "difference": score.difference, "low": score.low, "high": score.high,
        "goal_change": goal.treated, "goal_change_control": goal.control, "goal_difference": goal.difference,
        "goal_low": goal.low, "goal_high": goal.high,
        "churned": churn.treated, "churned_control": churn.control,
        "churned_low": churn.low if each.method == "holdout" else np.nan,
        "churned_high": churn.high if each.method == "holdout" else np.nan,
        "method": each.method, "verdict": each.verdict, "dropped": float(score.dropped), "open": float(each.open),
        "untold": float(each.untold),
    }  # fmt: skip


def _accounts(found: Results, config: Config, language: Language) -> Sheet:
    table = found.accounts.assign(
        day=pd.to_datetime(found.accounts["day"]).astype("datetime64[us]"),
        churned=_yes(found.accounts["churned"]),
        renewed=_yes(found.accounts["renewed"]),
    )
    answers = ("yes", "no")
    columns = pairs_of(
        table, _FAMILY, language,
        _named(config, language), ("window", Meaning.DAYS), ("account_id", Meaning.ID), ("day", Meaning.DATE),
        choice_column(_FAMILY, "arm", (ISSUED, HELD_OUT), language), ("score_before", Meaning.SCORE), ("score_change", Meaning.CHANGE),
        ("goal_change", Meaning.NUMBER), choice_column(_FAMILY, "band_change", ("up", "same", "down"), language),
        choice_column(_FAMILY, "churned", answers, language), choice_column(_FAMILY, "renewed", answers, language),
    )  # fmt: skip
    return _sheet("results_accounts", "accounts", language, columns)


def _yes(values: "pd.Series[Any]") -> "pd.Series[Any]":
    return values.map({True: "yes", False: "no"}).astype(object).where(values.notna(), None)


def _states(found: Results, config: Config, language: Language) -> Sheet:
    """How many messages are in each state; and the keys of those that a person has to settle."""
    counts = Counter((row.message, row.state.value) for row in found.rows)
    table = pd.DataFrame(
        [{"message": name, "state": state, "count": float(count)} for (name, state), count in sorted(counts.items())],
        columns=["message", "state", "count"],
    )  # fmt: skip
    keys = {
        (name, State.UNKNOWN.value): ", ".join(row.key for row in found.rows if row.message == name and row.state is State.UNKNOWN)
        for name in {row.message for row in found.rows}
    }  # fmt: skip
    table["keys"] = [
        keys.get((name, state)) or None for name, state in zip(table["message"], table["state"], strict=True)
    ]
    columns = pairs_of(
        table, _FAMILY, language,
        _named(config, language), choice_column(_FAMILY, "state", [each.value for each in State], language),
        ("count", Meaning.COUNT), ("keys", Meaning.TEXT),
    )  # fmt: skip
    return _sheet("results_states", "states", language, columns)


def _definitions(language: Language) -> Sheet:
    table = pd.DataFrame(
        {
            "term": [text(f"label.results.{name}", language) for name in _DEFINED],
            "meaning": [text(f"results.definition.{name}", language) for name in _DEFINED],
        },
        dtype=object,
    )
    columns = pairs_of(table, _FAMILY, language, ("term", Meaning.TEXT), ("meaning", Meaning.LONG_TEXT))
    return _sheet("results_definitions", "definitions", language, columns)


def _headline(found: Results, config: Config, language: Language) -> str:
    """The first message that could be judged; else why none could."""
    labels = dict(_named(config, language).labels)
    told = next((each for each in found.judged if each.verdict in _TOLD), None)
    if told is None:
        return text(f"headline.results.{_why_none(found, config)}", language)
    effect = told.score
    return text(
        f"headline.results.{told.verdict}", language, message=labels.get(told.name, told.name), window=told.window,
        difference=f"{effect.difference:+.1f}", low=f"{effect.low:+.1f}", high=f"{effect.high:+.1f}",
        how=text(f"results.how.{told.method}", language),
    )  # fmt: skip


def _why_none(found: Results, config: Config) -> str:
    """Why none could be judged; a holdout is advised only where the message has none."""
    first = found.judged[0] if found.judged else None
    message = config.outreach.message(first.name) if first and config.outreach else None
    if first is None:
        return "not_yet"
    has_lot = message is not None and config.outreach is not None and config.outreach.holdout_of(message) > 0
    return "no_comparison_yet" if first.verdict == "no_comparison" and has_lot else first.verdict


def _sheet(
    title: str, sheet_id: str, language: Language, columns: list[tuple[ReportColumn, Values]]
) -> Sheet:
    made = table_sheet(title, language, columns)
    return Sheet(id=sheet_id, title=made.title, columns=made.columns, values=made.values)
