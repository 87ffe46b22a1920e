"""Where the metrics come from in time to the sheet `metrics` of the report `check`."""

from collections.abc import Iterable

import numpy as np

from cscli.analysis.scoring.provenance import Provenance, Provenances
from cscli.config.schema import Config
from cscli.reports.kit.labels import column_label, metric_labels
from cscli.reports.kit.model import Column, Meaning, Sheet, Values
from cscli.texts import Language, text

SHORT_METRICS = ("metric_label", "provenance", "because")


def metrics_sheet(config: Config, found: Provenances, language: Language) -> Sheet:
    """One row a metric: metric (its name), metric_label, provenance (dated, snapshot, known_later), because (the columns
    that are not dated, by label).
    """
    labels = {
        each.name.lower(): text(f"check.provenance.{each.name.lower()}", language) for each in Provenance
    }
    because = (
        ", ".join(column_label(column, config, language) for column in found.because.get(name, ()))
        for name in config.metrics
    )
    columns: list[tuple[Column, Values]] = [
        (_column("metric", Meaning.CODE, language), _texts(config.metrics)),
        (_column("metric_label", Meaning.TEXT, language), _texts(metric_labels(config, language))),
        (
            Column(
                id="provenance",
                label=text("check.label.provenance", language),
                meaning=Meaning.TEXT,
                labels=labels,
                definition=text("definition.provenance", language),
            ),
            _texts(found.metrics[name].value for name in config.metrics),
        ),
        (_column("because", Meaning.LONG_TEXT, language), _texts(each or None for each in because)),
    ]
    return Sheet(
        id="metrics",
        title=text("sheet.metrics", language),
        columns=tuple(column for column, _ in columns),
        values=tuple(values for _, values in columns),
    )


def _column(column_id: str, meaning: Meaning, language: Language) -> Column:
    return Column(id=column_id, label=text(f"check.label.{column_id}", language), meaning=meaning)


def _texts(values: Iterable[str | None]) -> Values:
    shown = list(values)
    array = np.empty(len(shown), dtype=object)
    array[:] = shown
    return array
