"""What customers said: texts of exports and of people's workbook, with their themes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cscli.analysis.conversations.folding import fold_texts
from cscli.analysis.conversations.themes import themes_of
from cscli.analysis.conversations.voices import TEXTS, Voices
from cscli.config.work.voice import Voice, VoiceTexts
from cscli.errors import ConfigError, Location, Problem, Severity

if TYPE_CHECKING:
    from cscli.analysis.tables.conform import TypedTable

_DAMAGE = "\ufffd"
_MOST_HIT = 0.9


def voices_of(
    voice: Voice, tables: "Mapping[str, TypedTable]", frame: pd.DataFrame, day: pd.Timestamp
) -> tuple[Voices, list[Problem]]:
    """The texts up to `day` with their themes, and what is to be said. `frame`: the accounts, those too that have left, with what people typed. Raises ConfigError for
    a column that there is not, or a regular expression that cannot be read.
    """
    problems: list[Problem] = []
    parts = []
    for number, given in enumerate(voice.texts):
        part = _texts(given, f"voice.texts[{number}]", tables, frame, day)
        if part is None:
            problems.append(Problem("timeline.no_rows", severity=Severity.NOTE, value=given.source or ""))
            continue
        problems += _say(part, given)
        parts.append(part)
    parts = [part for part in parts if len(part)]
    texts = pd.concat(parts, ignore_index=True) if parts else _nothing()
    texts = texts[(texts["at"] <= day).to_numpy(bool)].reset_index(drop=True)
    hits = themes_of(fold_texts(texts["text"]), voice.themes)
    names = tuple(theme.name for theme in voice.themes)
    for number, name in enumerate(names):
        if len(texts) and hits[:, number].mean() > _MOST_HIT:
            where = Location(key=f"voice.themes[{number}]")
            problems.append(
                Problem(
                    "voice.matches_all",
                    severity=Severity.WARNING,
                    where=where,
                    value=name,
                    details={"share": f"{hits[:, number].mean():.0%}"},
                )
            )
    accounts = frame[["account_id", "arr", "churned_on"]]
    voices = Voices(
        texts=texts, hits=hits, themes=names, accounts=accounts, day=day, window_days=voice.window_days
    )
    return voices, problems


def _texts(
    given: VoiceTexts, key: str, tables: "Mapping[str, TypedTable]", frame: pd.DataFrame, day: pd.Timestamp
) -> pd.DataFrame | None:
    if given.people is not None:
        notes = (
            frame[given.people] if given.people in frame else pd.Series(None, index=frame.index, dtype=object)
        )
        table = pd.DataFrame({"account_id": frame["account_id"], "at": day, "text": notes, "code": None})
        return _filled(table, given.people)
    read = tables.get(str(given.source))
    if read is None:
        return None
    rows = read.frame
    for name in (str(given.at), *given.columns, *([given.code] if given.code else [])):
        if name not in rows:
            details: dict[str, object] = {"known": ", ".join(map(str, rows.columns)), "source": given.source}
            raise ConfigError(
                Problem("voice.no_column", where=Location(key=key), value=name, details=details)
            )
    if rows[str(given.at)].dtype.kind != "M":
        raise ConfigError(Problem("journey.not_a_date", where=Location(key=f"{key}.at"), value=given.at))
    parts = [[("" if pd.isna(cell) else str(cell)) for cell in rows[name]] for name in given.columns]
    joined = pd.Series(
        [" / ".join(filter(None, cells)) for cells in zip(*parts, strict=True)],
        index=rows.index,
        dtype=object,
    )
    code = rows[given.code].astype(object) if given.code else pd.Series(None, index=rows.index, dtype=object)
    table_of = pd.DataFrame(
        {"account_id": rows["account_id"], "at": rows[str(given.at)], "text": joined, "code": code}
    )
    return _filled(table_of, str(given.source))


def _filled(table: pd.DataFrame, source: str) -> pd.DataFrame:
    """The rows with an account and a text."""
    has_text = np.array([isinstance(cell, str) and bool(cell.strip()) for cell in table["text"]], dtype=bool)
    kept = table[has_text & table["account_id"].notna().to_numpy(bool) & table["at"].notna().to_numpy(bool)]
    return kept.assign(source=source, at=kept["at"].astype("datetime64[us]"))[list(TEXTS)].reset_index(
        drop=True
    )


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([], dtype=object) for name in TEXTS}).assign(
        at=pd.to_datetime(pd.Series([], dtype=object))
    )


def _say(texts: pd.DataFrame, given: VoiceTexts) -> list[Problem]:
    """Texts that an export damaged, and a column without any."""
    source = given.source or str(given.people)
    if not len(texts):
        return [Problem("voice.no_texts", severity=Severity.NOTE, value=source)]
    damaged = texts["text"].str.contains(_DAMAGE, regex=False).mean()
    details = {"share": f"{damaged:.0%}"}
    return (
        [Problem("voice.damaged", severity=Severity.WARNING, value=source, details=details)]
        if damaged > 0
        else []
    )
