"""Opportunities to the report `opportunities`: whom to offer more, what it could bring, and why it fits."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.acting.opportunities import Opportunities
from cscli.config.blocks.actions import Opportunity
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.labels import column_label, own_label, value_labels
from cscli.reports.kit.looks import look_of, shown_values
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet, Values
from cscli.reports.kit.sheets import from_frame, make_sheet, plain_column
from cscli.reports.score.report import ScoredAccounts
from cscli.texts import Language, paragraph, text

KINDS = ("upsell", "cross_sell", "advocate")
_SHORT = ("rank", "account_id", "name", "owner", "play", "kind", "potential_mrr")


def opportunities_report(
    scored: ScoredAccounts, found: Opportunities, config: Config, context: Context
) -> Report:
    """The report: sheets opportunities and plays."""
    sheets = (_found_sheet(scored, found, config, context), _plays_sheet(found, config, context.language))
    return context.report(
        name="opportunities", sheets=sheets, headline=_headline(found, config, context), short=_SHORT
    )


def _found_sheet(scored: ScoredAccounts, found: Opportunities, config: Config, context: Context) -> Sheet:
    language = context.language
    frame = scored.frame.iloc[found.rows]
    plays, kinds = _play_columns(config, language)
    potential = Column(
        id="potential_mrr",
        label=text("label.potential_mrr", language),
        meaning=Meaning.MONEY,
        definition=text("definition.potential_mrr", language),
    )
    columns: list[tuple[Column, Values]] = [
        (plain_column("rank", Meaning.COUNT, language), np.arange(1.0, len(frame) + 1)),
        *(from_frame(frame, name, language) for name in ("account_id", "name", "owner")),
        (plays, _named(config, "name")[found.play]),
        (kinds, _named(config, "kind")[found.play]),
        (potential, found.potential_mrr),
        (plain_column("score", Meaning.SCORE, language), frame["score"].to_numpy(np.float64)),
        (_reasons_column(language), _reasons(scored.frame, found, config, context)),
    ]
    return make_sheet("opportunities", language, columns, np.arange(len(frame)))


def _reasons_column(language: Language) -> Column:
    definition = text("definition.play_reasons", language)
    return Column(
        id="reasons", label=text("label.reasons", language), meaning=Meaning.LONG_TEXT, definition=definition
    )


def _plays_sheet(found: Opportunities, config: Config, language: Language) -> Sheet:
    """By play, in the order of the config: how many accounts, and their potential."""
    count = len(config.opportunities)
    plays, kinds = _play_columns(config, language)
    potential = np.bincount(found.play, np.nan_to_num(found.potential_mrr), minlength=count).astype(
        np.float64
    )
    known = np.bincount(found.play, ~np.isnan(found.potential_mrr), minlength=count) > 0
    potential[~known & (np.bincount(found.play, minlength=count) > 0)] = np.nan
    columns: list[tuple[Column, Values]] = [
        (plays, _named(config, "name")),
        (kinds, _named(config, "kind")),
        (
            plain_column("accounts", Meaning.COUNT, language),
            np.bincount(found.play, minlength=count).astype(np.float64),
        ),
        (plain_column("potential_mrr", Meaning.MONEY, language), potential),
    ]
    chart = Chart(
        kind=ChartKind.BARS,
        title=text("chart.potential_by_play", language),
        categories="play",
        values="potential_mrr",
    )
    return make_sheet("plays", language, columns, np.arange(count), (chart,))


def _play_columns(config: Config, language: Language) -> tuple[Column, Column]:
    names = {play.name: own_label(play, language) for play in config.opportunities}
    kinds = {kind: text(f"kind.{kind}", language) for kind in KINDS}
    return (
        Column(id="play", label=text("label.play", language), meaning=Meaning.TEXT, labels=names),
        Column(id="kind", label=text("label.kind", language), meaning=Meaning.TEXT, labels=kinds),
    )


def _named(config: Config, key: str) -> NDArray[np.object_]:
    return np.array([getattr(play, key) for play in config.opportunities], dtype=object)


def _reasons(
    frame: pd.DataFrame, found: Opportunities, config: Config, context: Context
) -> NDArray[np.object_]:
    """Why each play fits: the values that its rule reads, in words."""
    words = np.full(len(found.rows), None, dtype=object)
    for index, play in enumerate(config.opportunities):
        mine = np.flatnonzero(found.play == index)
        words[mine] = _play_reasons(frame.iloc[found.rows[mine]], play, config, context)
    return words


def _play_reasons(
    frame: pd.DataFrame, play: Opportunity, config: Config, context: Context
) -> list[str | None]:
    language = context.language
    join = text("reason.join", language)
    parts = []
    for name in _in_order(play):
        label = column_label(name, config, language)
        values = _shown(frame, name, config, context)
        parts.append([None if value is None else f"{label} {value}" for value in values])
    return [join.join(filter(None, row)) or None for row in zip(*parts, strict=True)]


def _in_order(play: Opportunity) -> list[str]:
    """The names that the rule reads, as they come in it."""
    return sorted(play.when.names, key=lambda name: (play.when.text.lower().find(name.lower()), name))


def _shown(frame: pd.DataFrame, name: str, config: Config, context: Context) -> list[str | None]:
    if name in ("band", "team", "scorecard", *config.segments):
        labels = value_labels([name], config, context.language)
        return [None if pd.isna(value) else labels.get(value, value) for value in frame[name]]
    return shown_values(frame[name], look_of(name, config), config, context.language)


def _headline(found: Opportunities, config: Config, context: Context) -> str:
    language = context.language
    if not config.opportunities:
        return text("headline.opportunities_no_rules", language)
    if not len(found.rows):
        return text("headline.opportunities_none", language)
    potential = context.money(float(np.nansum(found.potential_mrr)))
    is_known = bool((~np.isnan(found.potential_mrr)).any())
    sentence = text(
        "headline.opportunities" if is_known else "headline.opportunities_no_mrr",
        language,
        count=len(found.rows),
        accounts=len(np.unique(found.rows)),
        potential=potential,
    )
    if found.held_back:
        held = text("headline.opportunities_held_back", language, count=found.held_back)
        sentence = paragraph(language, sentence, held)
    return sentence
