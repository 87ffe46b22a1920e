"""Values and reasons in words, in the report's language."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.health import HealthScores
from cscli.config.blocks.actions import Opportunity, Playbook
from cscli.config.blocks.parts import text_in
from cscli.config.blocks.shown import Rule
from cscli.config.schema import Band, Config, Scorecard
from cscli.texts import Language, label, text, text_form


def metric_labels(config: Config, language: Language) -> list[str]:
    """The label of each metric in the order of the config: its own, else that of its name, else the name."""
    return [
        text_in(metric.label, language, default_label(name, language))
        for name, metric in config.metrics.items()
    ]


def default_label(name: str, language: Language) -> str:
    """The catalogue's label of a column; a person's own name with its underscores as spaces."""
    found = label(name, language)
    return found if found != name else name[:1].upper() + name[1:].replace("_", " ")


def group_label(name: str, config: Config, language: Language) -> str:
    """The label of a group: its own in any scorecard, else that of its name."""
    labels = [card.groups[name].label for card in config.scorecards if name in card.groups]
    return text_in(next((label for label in labels if label), None), language, default_label(name, language))


def band_label(band: Band, language: Language) -> str:
    """What people read for a band."""
    return own_label(band, language)


def own_label(named: Band | Playbook | Opportunity | Rule | Scorecard, language: Language) -> str:
    """What people read for a thing of the config that has a name: its label in their language, else the name with
    its underscores as spaces.
    """
    label = named.label
    return (label if isinstance(label, str) else getattr(label, language, None)) or named.name.replace(
        "_", " "
    )


def reasons(
    frame: pd.DataFrame, scores: HealthScores, config: Config, language: Language
) -> NDArray[np.object_]:
    """One text an account: the metrics that lost most points, with value and loss. No reasons: None."""
    names = metric_labels(config, language)
    shown = [
        shown_values(frame[name], language, is_share=config.metrics[name].points.reads_as_share)
        for name in scores.metrics
    ]
    joined = np.empty(len(frame), dtype=object)
    missing = text("reason.no_data", language)
    join, form = text("reason.join", language), text_form("reason.form", language)
    picks = zip(scores.reason_metrics.tolist(), scores.reason_losses.tolist(), strict=True)
    for row, (metrics, losses) in enumerate(picks):
        parts = [
            form.format(label=names[metric], value=shown[metric][row] or missing, lost=f"{loss:.1f}")
            for metric, loss in zip(metrics, losses, strict=True)
            if metric >= 0
        ]
        joined[row] = join.join(parts) or None
    return joined


def shown_values(values: "pd.Series[Any]", language: Language, *, is_share: bool) -> list[str | None]:
    if values.dtype == np.float64:
        show = show_share if is_share else show_number
        return [None if value != value else show(value) for value in values.tolist()]  # noqa: PLR0124 - NaN
    missing = values.isna().tolist()
    return [
        None if is_missing else _show(value, language)
        for value, is_missing in zip(values.tolist(), missing, strict=True)
    ]


def show_share(value: float) -> str:
    """A share for people: 7%, 0.4%."""
    return f"{value:.0%}" if abs(value) >= 0.01 or value == 0 else f"{value:.1%}"


def show_number(value: float) -> str:
    """A number for people: whole ones with separators, others with as many decimals as tell something."""
    if value.is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _show(value: Any, language: Language) -> str:
    if isinstance(value, dt.date):
        return show_date(value, language)
    return str(value)


def show_date(value: dt.date, language: Language) -> str:
    """A day for people: 2026-10-31, 2026/10/31."""
    return value.strftime("%Y/%m/%d" if language == "ja" else "%Y-%m-%d")
