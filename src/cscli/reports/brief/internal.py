"""The page of each account for the team: the same data as the dashboard's, of these accounts alone."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cscli import __version__
from cscli.analysis.scoring.health import UNKNOWN
from cscli.reports.dashboard.model import Json, Material
from cscli.reports.dashboard.report import account_parts
from cscli.reports.dashboard.revenue import worth_part
from cscli.reports.dashboard.trust import inputs_part
from cscli.reports.kit.labels import band_label
from cscli.reports.kit.wording import reasons
from cscli.texts import Language, text

_HEADS = ("name", "account_id", "owner", "band", "score", "reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefLine:
    """An account in words. `why`: what costs it most points."""

    account: str
    account_id: str
    owner: str
    band: str
    score: str
    why: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Briefs:
    """`data`: what the page's scripts read. `lines`, under `heads`: what stands there without scripts, and in the
    terminal.
    """

    language: Language
    title: str
    as_of: dt.date
    heads: tuple[str, ...]
    lines: tuple[BriefLine, ...]
    without_scripts: str
    data: Mapping[str, Json]


def make_briefs(material: Material) -> Briefs:
    """The pages of the accounts of `material`, in the order of its rows."""
    language = material.language
    lines = _lines(material)
    title = text("brief.title", language)
    return Briefs(
        language=language,
        title=f"{lines[0].account} · {title}" if len(lines) == 1 else title,
        as_of=material.context.as_of,
        heads=tuple(text(f"label.{name}", language) for name in _HEADS),
        lines=lines,
        without_scripts=text("page.no_scripts", language),
        data={
            **account_parts(material),
            "version": __version__,
            "worth": worth_part(material),
            "inputs": inputs_part(material),
        },
    )


def _lines(material: Material) -> tuple[BriefLine, ...]:
    frame, config, language = material.scored.frame, material.config, material.language
    scores = material.scored.scores
    why = reasons(frame, scores, config, language)
    bands = {band.name: band_label(band, language) for band in config.bands}
    bands[UNKNOWN] = text("label.band.unknown", language)
    found = []
    for row in material.rows.tolist():
        account = frame.iloc[row]
        account_id = str(account["account_id"])
        name, owner = (None if each != each else each for each in (account["name"], account["owner"]))  # noqa: PLR0124 - NaN is not itself
        found.append(
            BriefLine(
                account=str(name or account_id),
                account_id=account_id,
                owner=str(owner or "–"),
                band=bands[str(scores.band[row])],
                score="–" if np.isnan(scores.score[row]) else f"{scores.score[row]:.1f}",
                why=why[row] or "–",
            )
        )
    return tuple(found)


def say_line(line: BriefLine, language: Language) -> str:
    """An account in one line of the terminal."""
    return text(
        "brief.line", language, name=line.account, id=line.account_id, score=line.score, band=line.band
    )
