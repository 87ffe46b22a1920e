"""Why an account has its score, in the words of the report's language."""

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cscli.analysis.scoring.health import HealthScores
from cscli.config.schema import Config
from cscli.reports.kit.labels import metric_labels
from cscli.reports.kit.looks import look_of, shown_values
from cscli.texts import Language, text, text_form


def reasons(
    frame: pd.DataFrame, scores: HealthScores, config: Config, language: Language
) -> NDArray[np.object_]:
    """One text an account: the metrics that lost most points, with value and loss. No reasons: None."""
    names = metric_labels(config, language)
    shown = [shown_values(frame[name], look_of(name, config), config, language) for name in scores.metrics]
    joined = np.empty(len(frame), dtype=object)
    missing = text("reason.no_data", language)
    join, form = text("reason.join", language), text_form("reason.form", language)

    @cache  # many accounts have the same reason
    def told(metric: int, value: str, loss: float) -> str:
        return form.format(label=names[metric], value=value or missing, lost=f"{loss:.1f}")

    picks = zip(scores.reason_metrics.tolist(), scores.reason_losses.tolist(), strict=True)
    for row, (metrics, losses) in enumerate(picks):
        parts = [
            told(metric, shown[metric][row], loss)
            for metric, loss in zip(metrics, losses, strict=True)
            if metric >= 0
        ]
        joined[row] = join.join(parts) or None
    return joined
