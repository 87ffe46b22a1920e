"""What customers ask for, who, how much ARR, and whether they were answered."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from cscli.analysis.conversations.folding import fold_texts
from cscli.analysis.conversations.rule_help import agreement, candidates, overlaps, term_table
from cscli.analysis.conversations.voices import (
    Voices,
    account_table,
    leaving_after,
    segment_table,
    tell_table,
    theme_table,
    unmatched,
)
from cscli.analysis.scoring.columns import add_columns
from cscli.errors import ConfigError, Location, Problem, Severity
from cscli.render import write_report
from cscli.reports.kit.model import Report
from cscli.reports.practice.voice import VoiceTables, voice_report
from cscli.workflows.book.read import Book, read_book, report_context, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.book.stages import placed

_STRATA = "touch"
"""The segmentation over which a comparison is adjusted, where the rules have it."""


def voice(request: Request, output: Path) -> Report:
    """What customers say by theme, written to `output`. Raises CscliError with every problem that stops the run; then no file is written."""
    book = read_book(request, of_revenue=True)
    with speaking(book.language):
        report = report_voice(request, book)
        write_report(report, output, book.files)
        return report


def report_voice(request: Request, book: Book) -> Report:
    """The report `voice` of a book that has those too that have left. Raises ConfigError where the rules have no themes."""
    config, voices = book.config, book.practice.voices
    if config.voice is None or voices is None:
        raise ConfigError(Problem("voice.no_rules", where=Location(file=request.rules.name)))
    frame = placed(book.draft, lambda: add_columns(book.frame, config, book.as_of, book.practice.nodes)).frame
    statuses = book.practice.rows["themes"].frame
    themes = theme_table(voices).merge(statuses[["theme", "status", "owner"]], on="theme", how="left")
    owners = {theme.name: theme.owner for theme in config.voice.themes}
    given = [
        owners[name] if pd.isna(each) else each
        for name, each in zip(themes["theme"], themes["owner"], strict=True)
    ]
    themes = themes.assign(
        owner=pd.Series(given, dtype=object), status=themes["theme"].map(status_of_themes(book))
    )
    by_account = frame.set_index("account_id")
    names = [name for name in config.segment_rules if name in frame]
    missing = unmatched(voices)
    strata = frame[_STRATA] if _STRATA in frame else pd.Series(None, index=frame.index, dtype=object)
    leaving = dict(zip(voices.themes, leaving_after(voices, frame, strata), strict=True))
    folded = fold_texts(voices.texts["text"])
    by_theme = account_table(voices, themes["theme"].tolist())
    tables = VoiceTables(
        frame=frame, themes=themes, accounts=by_theme,
        segments=segment_table(by_theme, [by_account[name].rename(name) for name in names]),
        leaving=[leaving[name] for name in themes["theme"]],
        tell=tell_table(voices, statuses, book.practice.rows["tell"].frame), unmatched=missing, candidates=candidates(missing),
        rules=term_table(folded, voices.hits, config.voice.themes), texts=int(voices.within().sum()), share_themed=_share_themed(voices),
    )  # fmt: skip
    context = report_context(request, book)
    said = (*book.problems, *_said(book, voices))
    return voice_report(tables, config, replace(context, problems=said))


def status_of_themes(book: Book) -> dict[str, str]:
    """The status of each theme of the rules; of which nobody typed one, open."""
    rules = book.config.voice
    typed = book.practice.rows["themes"].frame
    known = typed.dropna(subset=["status"]).set_index("theme")["status"].to_dict()
    return {theme.name: str(known.get(theme.name, "open")) for theme in (rules.themes if rules else ())}


def _share_themed(voices: Voices) -> float:
    within = voices.within()
    return float(voices.hits[within].any(axis=1).mean()) if within.any() else np.nan


def _said(book: Book, voices: Voices) -> list[Problem]:
    """Themes that overlap, terms that never hit are in the sheet; and how far codes agree with texts."""
    if book.config.voice is None:
        return []
    found = [
        Problem(
            "voice.overlap",
            severity=Severity.NOTE,
            value=one,
            details={"other": other, "share": f"{share:.0%}"},
        )
        for one, other, share in overlaps(voices.hits, book.config.voice.themes)
    ]
    for given in book.config.voice.texts:
        if given.code is not None:
            mine = (voices.texts["source"] == given.source).to_numpy(bool)
            v, p, count = agreement(voices.texts["code"][mine].reset_index(drop=True), voices.hits[mine])
            if not np.isnan(v):
                details = {"v": f"{v:.2f}", "p": f"{p:.2g}", "count": count, "code": given.code}
                found.append(
                    Problem("voice.codes", severity=Severity.NOTE, value=given.source or "", details=details)
                )
    return found
