"""The figures that stand without scripts, and in the terminal: the sentence that matters most, tiles, first calls."""

from dataclasses import dataclass

import numpy as np

from cscli.analysis.scoring.adjustments import Floats
from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.blocks.parts import text_in
from cscli.reports.dashboard.model import Call, Material, Tile
from cscli.reports.dashboard.words import long_day
from cscli.reports.kit.compact import compact_money
from cscli.reports.kit.labels import band_label, own_label
from cscli.reports.kit.looks import show_date
from cscli.reports.kit.sheets import best_first
from cscli.reports.kit.wording import reasons
from cscli.texts import text

_CALLS = 20
_RENEWAL_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of the accounts of the page. `arr`, `worst_arr`, `loss`, `renewing`, `doubtful`: money, NaN where none is known.
    `doubtful`: of `renewing`, what is not in the best band. `fell`, `rose`: None without an earlier run.
    """

    accounts: int
    worst: int
    calls: int
    arr: float
    worst_arr: float
    loss: float
    renewing: float
    doubtful: float
    renewals: int
    score: float
    fell: int | None
    rose: int | None


def find_figures(material: Material) -> Figures:
    """The figures of the headline and the tiles."""
    frame, rows = material.frame, material.rows
    band = material.scored.scores.band[rows]
    arr = frame["arr"].to_numpy(np.float64)
    order = best_first(material.config.bands)
    worst = band == order[-1].name
    days = frame["days_to_renewal"].to_numpy(np.float64)
    renews = (days >= 0) & (days <= _RENEWAL_DAYS)
    on = material.places()[material.calls.rows] >= 0
    fell, rose = _moves(material)
    score = material.scored.scores.score[rows]
    return Figures(
        accounts=len(rows),
        worst=int(worst.sum()),
        calls=int(on.sum()),
        arr=_sum(arr),
        worst_arr=_sum(arr[worst], arr),
        loss=_sum(material.calls.arr_at_risk[on], arr),
        renewing=_sum(arr[renews], arr),
        doubtful=_sum(arr[renews & (band != order[0].name)], arr),
        renewals=int(renews.sum()),
        score=_mean_point(score),
        fell=fell,
        rose=rose,
    )


def _sum(values: Floats, among: Floats | None = None) -> float:
    """Their sum; NaN where nothing is known of any of `among`."""
    known = values if among is None else among
    return float(np.nansum(values)) if (~np.isnan(known)).any() else float("nan")


def _mean_point(score: Floats) -> float:
    """In tenths, which add up exactly; a half goes up, as in the page."""
    tenths = np.rint(10 * score[~np.isnan(score)])
    return float(np.floor(tenths.sum() / len(tenths) + 0.5) / 10) if len(tenths) else float("nan")


def _moves(material: Material) -> tuple[int | None, int | None]:
    comparison = material.comparison
    if comparison is None:
        return None, None
    kinds, here = comparison.kinds(), material.places()[comparison.changes.after] >= 0
    return int((here & (kinds == "down")).sum()), int((here & (kinds == "up")).sum())


def headline(material: Material, figures: Figures) -> str:
    """The sentence that matters most, as the page has it without a filter."""
    language = material.language

    def money(amount: float) -> str:
        return compact_money(amount, material.context.currency, language)

    if not figures.accounts:
        return text("page.head.nobody", language)
    worst = best_first(material.config.bands)[-1]
    band = band_label(worst, language)
    has_money = not np.isnan(figures.arr)
    part = "_part" if material.choice else ""
    share = f"{figures.worst_arr / figures.arr:.0%}" if has_money and figures.arr else "–"
    parts = [
        _say("head.worst", material, count=figures.worst, total=f"{figures.accounts:,}", band=band)
        + (
            _say(f"head.worst_arr{part}", material, arr=money(figures.worst_arr), share=share)
            if has_money
            else ""
        )
        + text("page.head.end", language),
        _say("head.calls", material, count=figures.calls)
        + (_say("head.loss", material, loss=money(figures.loss)) if has_money and figures.calls else "")
        + text("page.head.end", language),
    ]
    if material.since is not None:
        since = long_day(material.since, language)
        parts.append(_say("head.moved", material, since=since, fell=figures.fell, rose=figures.rose))
    return text("page.head.join", language).join(parts)


def _say(key: str, material: Material, **values: object) -> str:
    """A text of the page with its fields; its marks of emphasis are left out."""
    return text(f"page.{key}", material.language, **values).replace("*", "")


def find_tiles(material: Material, figures: Figures) -> tuple[Tile, ...]:
    """The tiles that hold without a filter; those of money only where some is known."""
    language = material.language

    def money(amount: float) -> str:
        return compact_money(amount, material.context.currency, language)

    worst = band_label(best_first(material.config.bands)[-1], language)
    accounts = _say("n_accounts", material, count=figures.accounts)
    score = Tile(
        label=text("page.tile.score", language),
        value="–" if np.isnan(figures.score) else f"{figures.score:.1f}",
        note=accounts,
    )
    if np.isnan(figures.arr):
        return (
            score,
            Tile(
                label=text("page.tile.worst", language, band=worst), value=f"{figures.worst:,}", note=accounts
            ),
            Tile(label=text("page.tile.calls", language), value=f"{figures.calls:,}", note=accounts),
        )
    return (
        Tile(label=text("page.tile.arr", language), value=money(figures.arr), note=accounts),
        score,
        Tile(
            label=text("page.tile.worst_arr", language, band=worst),
            value=money(figures.worst_arr),
            note=_say("n_accounts", material, count=figures.worst),
        ),
        Tile(
            label=text("page.tile.loss", language),
            value=money(figures.loss),
            note=_say("tile.loss_note", material, count=figures.calls),
        ),
        Tile(
            label=text("page.tile.renewals", language),
            value=money(figures.renewing),
            note=_say("tile.renewals_note", material, count=figures.renewals, arr=money(figures.doubtful)),
        ),
    )


def first_calls(material: Material) -> tuple[Call, ...]:
    """The first twenty of the call list in words."""
    calls, frame, config = material.calls, material.scored.frame, material.config
    language, currency = material.language, material.context.currency
    on = np.flatnonzero(material.places()[calls.rows] >= 0)[:_CALLS]
    why = reasons(frame, material.scored.scores, config, language)
    bands = {band.name: band_label(band, language) for band in config.bands}
    bands[UNKNOWN] = text("label.band.unknown", language)
    found = []
    for at in on.tolist():
        row = int(calls.rows[at])
        account, book = frame.iloc[row], int(calls.playbook[at])
        due = calls.due_on[at]
        score = material.scored.scores.score[row]
        found.append(
            Call(
                account=_or_none(account["name"]) or str(account["account_id"]),
                owner=_or_none(account["owner"]) or "–",
                band=bands[str(material.scored.scores.band[row])],
                score="–" if np.isnan(score) else f"{score:.1f}",
                why=why[row] or "–",
                action=_action(material, book),
                due="–" if np.isnat(due) else show_date(due.astype("datetime64[D]").item(), language),
                stake=compact_money(float(calls.arr_at_risk[at]), currency, language),
            )
        )
    return tuple(found)


def _action(material: Material, book: int) -> str:
    if book < 0:
        return "–"
    playbook, language = material.config.playbooks[book], material.language
    return f"{own_label(playbook, language)}: {text_in(playbook.text, language, '')}"


def _or_none(value: object) -> str | None:
    return None if value is None or value != value else str(value)  # noqa: PLR0124 - NaN is not itself
