"""Movements of MRR and what was kept of it to the sheets movements, bridge and retention."""

from dataclasses import replace

import numpy as np
import pandas as pd

from cscli.analysis.lifetime.ltv import ALL
from cscli.analysis.revenue.movements import MOVEMENTS
from cscli.reports.kit.model import Chart, ChartKind, Meaning, Sheet
from cscli.reports.kit.periods import period_label
from cscli.reports.revenue.parts import Subject, tabulate
from cscli.texts import text

_MOVEMENTS = {
    "month": Meaning.TEXT,
    **dict.fromkeys(("opening", *MOVEMENTS, "fx", "closing"), Meaning.MONEY),
    **dict.fromkeys(("nrr", "grr", "logo_churn"), Meaning.RATE),
    "quick_ratio": Meaning.NUMBER,
    **dict.fromkeys(("accounts_opening", "accounts_churned"), Meaning.COUNT),
}
_RETENTION = {
    "window": Meaning.TEXT,
    "segment": Meaning.TEXT,
    "opening_mrr": Meaning.MONEY,
    **dict.fromkeys(("nrr", "nrr_low", "nrr_high", "grr", "grr_low", "grr_high", "logo_churn"), Meaning.RATE),
    "n": Meaning.COUNT,
    "opening_month": Meaning.TEXT,
    "closing_month": Meaning.TEXT,
    "note": Meaning.PROSE,
}
_LOSSES = ("contraction", "churn")


def knows_moves(subject: Subject) -> bool:
    """Whether it is known of any month what was paid and what moved."""
    return subject.study.knows_moves and knows_money(subject.study.movements)


def knows_money(movements: pd.DataFrame) -> bool:
    """Whether any account has paid in any month; else nothing is known of MRR, which is not 0."""
    return bool((movements[["opening", "closing"]] != 0).to_numpy().any())


def movements_sheet(subject: Subject) -> Sheet:
    """One row a month; none where no MRR is known."""
    table = subject.study.movements
    return tabulate(subject, "movements", table if knows_moves(subject) else table.iloc[:0], _MOVEMENTS)


def retention_sheet(subject: Subject) -> Sheet:
    """One row a window and segment."""
    table = subject.study.retention
    notes = [subject.note(remarks) for remarks in table["remarks"]]
    return tabulate(subject, "retention", table.assign(note=pd.Series(notes, dtype=object)), _RETENTION)


def by_band_sheet(subject: Subject) -> Sheet | None:
    """Whether health showed in money: what was kept of each band of the score; None where no run of then is stored."""
    table = subject.by_band
    if table is None:
        return None
    notes = [subject.note(remarks) for remarks in table["remarks"]]
    table = table.assign(band=table["segment"], note=pd.Series(notes, dtype=object))
    meanings = {
        "band": Meaning.TEXT,
        **{name: each for name, each in _RETENTION.items() if name not in ("window", "segment")},
    }
    title = text("chart.nrr_by_band", subject.language)
    chart = Chart(
        kind=ChartKind.COLUMNS, title=title, categories="band", values="nrr", low="nrr_low", high="nrr_high"
    )
    sheet = tabulate(subject, "retention_by_band", table, meanings, (chart,))
    words = {ALL: text("label.ltv.all", subject.language), **subject.bands}
    band = replace(sheet.columns[0], labels=words)
    return replace(sheet, columns=(band, *sheet.columns[1:]))


def bridge_sheet(subject: Subject) -> Sheet:
    """From the MRR at the opening of the last 12 months (or of the given window) to that at their end."""
    table = _bridge(*_span(subject))
    table = table if knows_moves(subject) else table.iloc[:0]
    steps = {name: text(f"label.ltv.{name}", subject.language) for name in table["step"]}
    table = table.assign(step=table["step"].map(steps))
    meanings = {
        "step": Meaning.TEXT,
        **dict.fromkeys(("amount", "base", "total", "gain", "loss"), Meaning.MONEY),
    }
    first, last = subject.study.movements["month"].iloc[[0, -1]] if len(subject.study.movements) else ("", "")
    window = subject.study.window
    opening = window.window.opening if window else first
    closing = window.window.closing if window else last
    span = {
        "opening": period_label(opening, subject.language),
        "closing": period_label(closing, subject.language),
    }
    title = text("chart.mrr_bridge", subject.language, **span)
    chart = Chart(
        kind=ChartKind.BRIDGE,
        title=title,
        categories="step",
        values="total",
        low="base",
        more=("gain", "loss"),
    )
    return tabulate(subject, "bridge", table, meanings, (chart,) if table["amount"].abs().sum() else ())


def _span(subject: Subject) -> tuple[float, pd.DataFrame]:
    """MRR at the start, and the months after it."""
    movements, window = subject.study.movements, subject.study.window
    if window is None:
        return float(movements["opening"].iloc[0]), movements
    after = movements["month"] > window.window.opening
    rows = movements[after & (movements["month"] <= window.window.closing)]
    return float(rows["opening"].iloc[0]), rows


def _bridge(opening: float, months: pd.DataFrame) -> pd.DataFrame:
    signed = {name: months[name].sum() * (-1 if name in _LOSSES else 1) for name in (*MOVEMENTS, "fx")}
    if not signed["fx"]:
        del signed["fx"]
    amounts = np.array([opening, *signed.values()], dtype=np.float64)
    ends = np.cumsum(amounts)
    starts = np.concatenate([[0.0], ends[:-1]])
    between = np.full(len(amounts) - 1, np.nan)
    rise, fall = amounts[1:] > 0, amounts[1:] < 0
    nothing = [np.nan]
    return pd.DataFrame(
        {
            "step": ["opening", *signed, "closing"],
            "amount": [*amounts, ends[-1]],
            "base": [*nothing, *np.minimum(starts, ends)[1:], *nothing],
            "total": [opening, *between, ends[-1]],
            "gain": [*nothing, *np.where(rise, amounts[1:], np.nan), *nothing],
            "loss": [*nothing, *np.where(fall, -amounts[1:], np.nan), *nothing],
        }
    )
