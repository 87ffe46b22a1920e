"""What customers say to the report `voice`: the sheet for the meeting with product, and who is to be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cscli.analysis.comparing.difference import Difference
from cscli.analysis.comparing.groups import difference_table
from cscli.analysis.conversations.voices import TO_TELL, TOLD
from cscli.analysis.inputs.books import THEME_STATUSES
from cscli.config.schema import Config
from cscli.reports.kit.context import Context
from cscli.reports.kit.families import choice_column, family_column, pairs_of, table_sheet
from cscli.reports.kit.labels import chosen_label, column_label, value_labels
from cscli.reports.kit.model import Chart, ChartKind, Column, Meaning, Report, Sheet
from cscli.reports.practice.columns import difference_pairs
from cscli.texts import Language, text

_FAMILY = "voice"
_SHORT = ("theme", "voices", "accounts", "arr", "largest_share", "lost_accounts", "trend", "status")
_MOST_TEXT = 200
_ONE = 0.5


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class VoiceTables:
    """As `analysis.conversations` gives them; `themes` with status and owner. `texts`: how many lie in the window; `share_themed`: of them with a theme; `leaving`: of each of
    `themes`, who spoke of it against who did not.
    """

    frame: pd.DataFrame
    themes: pd.DataFrame
    accounts: pd.DataFrame
    segments: pd.DataFrame
    tell: pd.DataFrame
    unmatched: pd.DataFrame
    candidates: pd.DataFrame
    rules: pd.DataFrame
    leaving: Sequence[Difference]
    texts: int
    share_themed: float


def voice_report(tables: VoiceTables, config: Config, context: Context) -> Report:
    """Sheets themes, accounts, segments, leaving, tell, unmatched, candidates, rules."""
    language = context.language
    theme = Column(
        id="theme",
        label=text("label.voice.theme", language),
        meaning=Meaning.TEXT,
        labels=theme_labels(config, language),
    )
    sheets = (
        _themes(tables, theme, language),
        _accounts(tables, theme, language),
        _segments(tables, theme, config, language),
        _leaving(tables, theme, language),
        _tell(tables, theme, language),
        _unmatched(tables, language),
        table_sheet(
            "candidates", language,
            pairs_of(tables.candidates, _FAMILY, language, ("word", Meaning.TEXT), ("accounts", Meaning.COUNT), ("arr", Meaning.MONEY)),
        ),
        table_sheet(
            "theme_rules", language,
            pairs_of(tables.rules, _FAMILY, language, theme, ("term", Meaning.TEXT), ("texts", Meaning.COUNT)),
        ),
    )  # fmt: skip
    return context.report(
        name="voice", sheets=sheets, headline=_headline(tables, config, context), short=_SHORT
    )


def theme_labels(config: Config, language: Language) -> dict[str, str]:
    """What people read for each theme."""
    themes = config.voice.themes if config.voice else ()
    return {theme.name: chosen_label(theme.label, language, theme.name.replace("_", " ")) for theme in themes}


def _themes(tables: VoiceTables, theme: Column, language: Language) -> Sheet:
    """One page for the meeting: each theme with what it is worth and one text word for word."""
    latest = (
        tables.accounts.sort_values("last_on")
        .drop_duplicates("theme", keep="last")
        .set_index("theme")["text"]
    )
    table = tables.themes.assign(text=_cut_all(latest.get(name) for name in tables.themes["theme"]))
    status = choice_column("themes", "status", THEME_STATUSES, language)
    pairs = pairs_of(
        table, _FAMILY, language, theme, ("voices", Meaning.COUNT), ("accounts", Meaning.COUNT), ("arr", Meaning.MONEY),
        ("share_of_arr", Meaning.SHARE), ("largest_share", Meaning.SHARE), ("lost_accounts", Meaning.COUNT), ("lost_arr", Meaning.MONEY),
        ("accounts_before", Meaning.COUNT), ("trend", Meaning.CHANGE), status, ("owner", Meaning.TEXT), ("text", Meaning.LONG_TEXT),
    )  # fmt: skip
    chart = Chart(
        kind=ChartKind.BARS, title=text("chart.voice_themes", language), categories="theme", values="arr"
    )
    return table_sheet("themes", language, pairs, (chart,))


def _cut(words: object) -> str | None:
    if not isinstance(words, str):
        return None
    return words if len(words) <= _MOST_TEXT else words[:_MOST_TEXT] + "…"


def _cut_all(texts: Iterable[object]) -> "pd.Series[Any]":
    return pd.Series([_cut(each) for each in texts], dtype=object)


def _told(tables: VoiceTables, table: pd.DataFrame, *names: str) -> pd.DataFrame:
    accounts, ids = tables.frame.set_index("account_id"), table["account_id"]
    return table.assign(**{
        name: accounts[name].reindex(ids).to_numpy() if name in accounts else np.full(len(ids), None, dtype=object) for name in names
    })  # fmt: skip


def _accounts(tables: VoiceTables, theme: Column, language: Language) -> Sheet:
    table = _told(tables, tables.accounts, "name", "owner", "renews_on")
    table = table.assign(text=_cut_all(table["text"]))
    pairs = pairs_of(
        table, _FAMILY, language, theme, ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT), ("arr", Meaning.MONEY),
        ("renews_on", Meaning.DATE), ("voices", Meaning.COUNT), ("first_on", Meaning.DATE), ("last_on", Meaning.DATE),
        ("text", Meaning.LONG_TEXT),
    )  # fmt: skip
    return table_sheet("voice_accounts", language, pairs)


def _segments(tables: VoiceTables, theme: Column, config: Config, language: Language) -> Sheet:
    names = list(dict.fromkeys(tables.segments["segment"]))
    segment = family_column(_FAMILY, "segment", Meaning.TEXT, language)
    shown = Column(
        id="segment",
        label=segment.label,
        meaning=Meaning.TEXT,
        labels={name: column_label(name, config, language) for name in names},
    )
    value = family_column(_FAMILY, "value", Meaning.TEXT, language)
    labelled = Column(
        id="value", label=value.label, meaning=Meaning.TEXT, labels=value_labels(names, config, language)
    )
    pairs = pairs_of(
        tables.segments,
        _FAMILY,
        language,
        theme,
        shown,
        labelled,
        ("accounts", Meaning.COUNT),
        ("arr", Meaning.MONEY),
    )
    return table_sheet("voice_segments", language, pairs)


def _leaving(tables: VoiceTables, theme: Column, language: Language) -> Sheet:
    """Who had spoken of a theme against who had not: how many left afterwards."""
    table = difference_table(tables.themes[["theme"]], tables.leaving)
    pairs = [*pairs_of(table, _FAMILY, language, theme), *difference_pairs(table, _FAMILY, language)]
    return table_sheet("voice_leaving", language, pairs)


def _tell(tables: VoiceTables, theme: Column, language: Language) -> Sheet:
    """Who is to be told: closing the loop."""
    table = _told(tables, tables.tell, "name", "owner")
    pairs = pairs_of(
        table, _FAMILY, language, theme, choice_column("themes", "status", THEME_STATUSES, language), ("status_on", Meaning.DATE),
        ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("owner", Meaning.TEXT), ("arr", Meaning.MONEY), ("told_on", Meaning.DATE),
        choice_column(_FAMILY, "loop", (TO_TELL, TOLD), language),
    )  # fmt: skip
    return table_sheet("tell", language, pairs)


def _unmatched(tables: VoiceTables, language: Language) -> Sheet:
    table = _told(tables, tables.unmatched, "name")
    table = table.assign(text=_cut_all(table["text"]))
    pairs = pairs_of(
        table, _FAMILY, language, ("account_id", Meaning.ID), ("name", Meaning.TEXT), ("at", Meaning.DATE), ("text", Meaning.LONG_TEXT),
        ("arr", Meaning.MONEY),
    )  # fmt: skip
    return table_sheet("unmatched", language, pairs)


def _headline(tables: VoiceTables, config: Config, context: Context) -> str:
    """What is worth most, whether one account is most of it, who is to be told, and how much no rule knows."""
    language, labels = context.language, theme_labels(config, context.language)
    if not tables.texts:
        return text("headline.voice_nothing", language)
    first = tables.themes.iloc[0]
    said = [
        text(
            "headline.voice_first",
            language,
            theme=labels[str(first["theme"])],
            accounts=int(first["accounts"]),
            arr=context.money(float(first["arr"])),
        )
    ]
    one = tables.themes[tables.themes["largest_share"] > _ONE]
    one = one[one["accounts"] > 1]
    if len(one):
        row = one.iloc[0]
        said.append(
            text(
                "headline.voice_one",
                language,
                theme=labels[str(row["theme"])],
                share=f"{float(row['largest_share']):.0%}",
            )
        )
    waiting = int((tables.tell["loop"] == TO_TELL).sum())
    if waiting:
        said.append(text("headline.voice_tell", language, count=waiting))
    said.append(
        text("headline.voice_share", language, share=f"{tables.share_themed:.0%}", texts=tables.texts)
    )
    return text("journey.join", language).join(said)
