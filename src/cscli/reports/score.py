"""Health scores to the report `score`: accounts worst first, their metrics, and a summary by band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.health import UNKNOWN, HealthScores, scorecard_names
from cscli.config.schema import Band, Config, text_in
from cscli.reports.context import Context
from cscli.reports.live import LiveBand, LiveLimit, LiveScore, LiveScorecard
from cscli.reports.model import Chart, ChartKind, Column, Meaning, Report, Sheet, Values
from cscli.reports.wording import default_label, metric_labels, reasons
from cscli.texts import Language, text, text_form

LIVE_ACCOUNTS = 20_000
"""Above, formulas make a workbook slow to open: values are written."""


@dataclass(frozen=True, eq=False)
class ScoredAccounts:
    """`frame`: the accounts with every column, segments and team included, in the order of `scores`.
    `previous`: scores by account_id of the snapshot to compare with.
    """

    frame: pd.DataFrame
    scores: HealthScores
    previous: Mapping[str, float] | None
    left: int


def scorecard_report(scored: ScoredAccounts, config: Config, context: Context) -> Report:
    """The report: sheets accounts, metrics and summary."""
    order = _worst_first(scored)
    accounts = _accounts_sheet(scored, order, config, context.language)
    summary = _summary_sheet(scored, config, context.language)
    live, because = _live(scored, order, config, context)
    return context.report(
        name="score",
        sheets=(accounts, _metrics_sheet(scored, order, config, context.language), summary),
        headline=_headline(scored, summary, config, context),
        short=_short(scored),
        live=live,
        plain_because=because,
    )


def _short(scored: ScoredAccounts) -> tuple[str, ...]:
    change = () if scored.previous is None else ("score_change",)
    money = () if scored.frame["mrr"].isna().all() else ("mrr",)
    return ("account_id", "name", "score", "band", *change, *money, "reasons")


def _worst_first(scored: ScoredAccounts) -> NDArray[np.intp]:
    """Score, then the larger MRR, then the id; accounts whose band is unknown last."""
    scores = scored.scores
    keys = pd.DataFrame(
        {
            "unknown": scores.band == UNKNOWN,
            "score": scores.score,
            "mrr": -scored.frame["mrr"].fillna(0).to_numpy(),
            "id": scored.frame["account_id"],
        }
    )
    return keys.sort_values(["unknown", "score", "mrr", "id"], kind="stable").index.to_numpy(dtype=np.intp)


def _accounts_sheet(
    scored: ScoredAccounts, order: NDArray[np.intp], config: Config, language: Language
) -> Sheet:
    frame, scores = scored.frame, scored.scores
    segments = [*config.segments, *(["team"] if config.teams else [])]
    columns: list[tuple[Column, Values]] = [
        *(_from_frame(frame, name, language) for name in ("account_id", "name", "owner", *segments)),
        *([] if config.teams else [(_column("team", Meaning.TEXT, language), _nothing(len(frame)))]),
        (_column("scorecard", Meaning.TEXT, language), scorecard_names(scores, config)),
        (_column("score", Meaning.SCORE, language), scores.score),
        (_band_column(config, language), scores.band),
        (_column("data_coverage", Meaning.SHARE, language), scores.data_coverage),
        (_column("score_change", Meaning.CHANGE, language), score_change(scored)),
        (_column("capped_by", Meaning.TEXT, language), _capped_by(scores, language)),
        *_group_columns(scores, config, language),
        (_column("reasons", Meaning.LONG_TEXT, language), reasons(frame, scores, config, language)),
        *(_from_frame(frame, name, language) for name in ("mrr", "arr", "renews_on", "days_to_renewal")),
    ]
    return _sheet("accounts", language, columns, order)


def score_change(scored: ScoredAccounts) -> NDArray[np.float64]:
    """Points since the previous snapshot; missing for an account that was not in it."""
    if scored.previous is None:
        return np.full(len(scored.frame), np.nan)
    before = scored.frame["account_id"].map(scored.previous).to_numpy(dtype=np.float64)
    return np.round(scored.scores.score - before, 1) + 0.0  # no -0.0


def _metrics_sheet(
    scored: ScoredAccounts, order: NDArray[np.intp], config: Config, language: Language
) -> Sheet:
    columns = [_from_frame(scored.frame, "account_id", language)]
    points = text_form("label.points_of", language)
    for index, (name, label) in enumerate(zip(config.metrics, metric_labels(config, language), strict=True)):
        values = _as_values(scored.frame[name])
        columns.append(
            (
                Column(
                    name, label, _meaning_of(scored.frame[name]), definition=config.metrics[name].value.text
                ),
                values,
            )
        )
        title = points.format(label=label)
        columns.append((Column(f"{name}_points", title, Meaning.POINTS), scored.scores.points[:, index]))
    return _sheet("metrics", language, columns, order)


def _summary_sheet(scored: ScoredAccounts, config: Config, language: Language) -> Sheet:
    names = [*(band.name for band in _descending(config.bands)), UNKNOWN]
    mask = [scored.scores.band == name for name in names]
    counts = np.array([part.sum() for part in mask], dtype=np.float64)
    money = {name: scored.frame[name].to_numpy(np.float64) for name in ("mrr", "arr")}
    columns: list[tuple[Column, Values]] = [
        (_band_column(config, language), np.array(names, dtype=object)),
        (_column("accounts", Meaning.COUNT, language), counts),
        (_column("share", Meaning.SHARE, language), counts / max(counts.sum(), 1)),
        *(
            (_column(name, Meaning.MONEY, language), np.array([np.nansum(values[part]) for part in mask]))
            for name, values in money.items()
        ),
    ]
    charts = (
        Chart(ChartKind.DOUGHNUT, text("chart.accounts_by_band", language), "band", "accounts"),
        Chart(ChartKind.COLUMNS, text("chart.mrr_by_band", language), "band", "mrr"),
    )
    return _sheet("summary", language, columns, np.arange(len(names)), charts)


def _headline(scored: ScoredAccounts, summary: Sheet, config: Config, context: Context) -> str:
    worst = min(config.bands, key=lambda band: band.from_)
    row = list(summary.column("band")).index(worst.name)
    key = "headline.score" if np.nansum(scored.frame["mrr"]) > 0 else "headline.score_no_mrr"
    total, count = len(scored.frame), int(summary.column("accounts")[row])
    unknown = int(summary.column("accounts")[-1])
    sentence = text(
        key, context.language, count=count, total=total, share=f"{count / total:.0%}",
        band=band_label(worst, context.language), mrr=context.money(float(summary.column("mrr")[row])),
    )  # fmt: skip
    if unknown:
        sentence += " " + text("headline.unknown", context.language, count=unknown)
    if scored.left:
        sentence += " " + text("headline.left", context.language, count=scored.left)
    return sentence


def _live(
    scored: ScoredAccounts, order: NDArray[np.intp], config: Config, context: Context
) -> tuple[LiveScore | None, str | None]:
    if context.plain:
        return None, text("about.plain_asked", context.language)
    if len(order) > LIVE_ACCOUNTS:
        return None, text("about.plain_size", context.language, limit=f"{LIVE_ACCOUNTS:,}")
    scores, language = scored.scores, context.language
    group_labels = tuple(_group_label(name, config, language) for name in scores.group_names)
    bands = tuple(
        LiveBand(band.name, band_label(band, language), band.from_)
        for band in sorted(config.bands, key=lambda band: band.from_)
    )
    live = LiveScore(
        scores.metrics, tuple(metric_labels(config, language)), scores.group_names, group_labels,
        tuple(_live_scorecard(index, scores, config, language) for index in range(len(config.scorecards))),
        bands, text("label.band.unknown", language), config.min_data_coverage,
        scores.points[order], (~scores.covered & ~np.isnan(scores.points))[order], scores.scorecard[order],
        _limits_by_scorecard(scores, len(config.scorecards))[order], scores.score_before_caps[order],
    )  # fmt: skip
    return live, None


def _live_scorecard(index: int, scores: HealthScores, config: Config, language: Language) -> LiveScorecard:
    card = config.scorecards[index]
    groups = [card.groups.get(name) for name in scores.group_names]
    limits = [LiveLimit("at_most", cap.at_most, text_in(cap.reason, language, "")) for cap in card.caps] + [
        LiveLimit("at_least", floor.at_least, text_in(floor.reason, language, "")) for floor in card.floors
    ]
    return LiveScorecard(
        card.name,
        tuple(group.weight if group else None for group in groups),
        tuple(
            tuple(group.metrics.get(name) if group else None for name in scores.metrics) for group in groups
        ),
        tuple(limits),
    )


def _limits_by_scorecard(scores: HealthScores, cards: int) -> NDArray[np.bool_]:
    """`limits_hold` with the limits of each account's own scorecard moved to the front."""
    own = [[i for i, limit in enumerate(scores.limits) if limit.scorecard == card] for card in range(cards)]
    hold = np.zeros((len(scores.scorecard), max(map(len, own), default=0)), dtype=bool)
    for card, columns in enumerate(own):
        members = scores.scorecard == card
        hold[np.ix_(members, range(len(columns)))] = scores.limits_hold[np.ix_(members, columns)]
    return hold


def _capped_by(scores: HealthScores, language: Language) -> NDArray[np.object_]:
    names = [text_in(limit.rule.reason, language, "") for limit in scores.limits]
    shown = np.full(len(scores.score), None, dtype=object)
    for row in np.flatnonzero(scores.limits_changed.any(axis=1)):
        shown[row] = "; ".join(
            name for name, was in zip(names, scores.limits_changed[row], strict=True) if was
        )
    return shown


def _group_columns(scores: HealthScores, config: Config, language: Language) -> list[tuple[Column, Values]]:
    return [
        (
            Column(f"group_{name}", _group_label(name, config, language), Meaning.POINTS),
            scores.groups[:, index],
        )
        for index, name in enumerate(scores.group_names)
    ]


def _group_label(name: str, config: Config, language: Language) -> str:
    labels = [card.groups[name].label for card in config.scorecards if name in card.groups]
    return text_in(next((label for label in labels if label), None), language, default_label(name, language))


def _band_column(config: Config, language: Language) -> Column:
    labels = {band.name: band_label(band, language) for band in _descending(config.bands)}
    return Column(
        "band",
        text("label.band", language),
        Meaning.BAND,
        {**labels, UNKNOWN: text("label.band.unknown", language)},
    )


def band_label(band: Band, language: Language) -> str:
    """What people read for a band: its label in their language, else its name."""
    return (band.label if isinstance(band.label, str) else getattr(band.label, language, None)) or band.name


def _descending(bands: Sequence[Band]) -> list[Band]:
    return sorted(bands, key=lambda band: -band.from_)


_MEANINGS: Mapping[str, Meaning] = {
    "account_id": Meaning.ID, "name": Meaning.TEXT, "owner": Meaning.TEXT, "mrr": Meaning.MONEY,
    "arr": Meaning.MONEY, "renews_on": Meaning.DATE, "days_to_renewal": Meaning.DAYS,
}  # fmt: skip


def _from_frame(frame: pd.DataFrame, name: str, language: Language) -> tuple[Column, Values]:
    meaning = _MEANINGS.get(name) or _meaning_of(frame[name])
    return _column(name, meaning, language), _as_values(frame[name])


def _meaning_of(values: "pd.Series[Any]") -> Meaning:
    if values.dtype == np.float64:
        return Meaning.NUMBER
    return Meaning.DATE if values.dtype.kind == "M" else Meaning.TEXT


def _as_values(values: "pd.Series[Any]") -> Values:
    if values.dtype == np.float64 or values.dtype.kind == "M":
        return values.to_numpy()
    return values.astype(object).where(values.notna(), None).to_numpy(dtype=object)


def _nothing(rows: int) -> Values:
    return np.full(rows, None, dtype=object)


def _column(name: str, meaning: Meaning, language: Language) -> Column:
    return Column(name, default_label(name, language), meaning)


def _sheet(
    sheet_id: str, language: Language, columns: list[tuple[Column, Values]], order: NDArray[np.intp],
    charts: tuple[Chart, ...] = (),
) -> Sheet:  # fmt: skip
    title = text(f"sheet.{sheet_id}", language)
    return Sheet(sheet_id, title, tuple(c for c, _ in columns), tuple(v[order] for _, v in columns), charts)
