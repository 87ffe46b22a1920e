"""Why an account's score changed, in words: the parts that weighed most, each with what moved."""

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cscli.analysis.explaining.changes import PARTS
from cscli.analysis.past.snapshots import relative_metrics
from cscli.analysis.scoring.adjustments import find_limits
from cscli.config.schema import Config
from cscli.reports.history.comparison import Comparison
from cscli.reports.kit.labels import limit_label, metric_labels, own_labels
from cscli.reports.kit.looks import look_of, show_value
from cscli.texts import Language, text

_LEAST = 0.05
_CAUSES = 2
_METRICS = 2


def causes(comparison: Comparison, rows: NDArray[np.intp], language: Language) -> NDArray[np.object_]:
    """One text for each of `rows` of the accounts of both runs; None where nothing changed."""
    found = np.full(len(rows), None, dtype=object)
    wording = _Wording(comparison, language)
    for at, row in enumerate(rows.tolist()):
        found[at] = wording.cause(row)
    return found


class _Wording:
    """The names that the causes need, looked up once."""

    def __init__(self, comparison: Comparison, language: Language) -> None:
        self.comparison, self.language = comparison, language
        config = comparison.start.config
        relative = relative_metrics(config)
        self.labels = [
            text("diff.relative_metric", language, label=label) if name in relative else label
            for name, label in zip(config.metrics, metric_labels(config, language), strict=True)
        ]
        self.looks = [look_of(name, config) for name in config.metrics]
        self.currency = config.currency
        self.cards = [*own_labels(config.scorecards, language).values(), "-"]
        self.before = [comparison.start.measured[name].to_numpy() for name in config.metrics]
        self.after = [comparison.later.measured[name].to_numpy() for name in config.metrics]

    def cause(self, row: int) -> str | None:
        changes = self.comparison.changes
        change = float(changes.change[row])
        if math.isnan(change):
            return self._without_score(row)
        if not change:
            return None
        parts = {name: float(changes.parts[name][row]) for name in PARTS[:-1]}
        same_way = [name for name in parts if parts[name] * change > 0 and abs(parts[name]) >= _LEAST]
        ranked = sorted(same_way, key=lambda name: -abs(parts[name]))[:_CAUSES]
        told = [_TELLERS[name](self, row, parts[name]) for name in ranked]
        return text("reason.join", self.language).join(told) or text("diff.cause.rounding", self.language)

    def _without_score(self, row: int) -> str | None:
        has = ~np.isnan(self.comparison.end.score[self.comparison.changes.after[row]])
        had = ~np.isnan(self.comparison.start.score[self.comparison.changes.before[row]])
        if has == had:
            return None
        return text("diff.cause.scored_again" if has else "diff.cause.no_score", self.language)

    def values(self, row: int, part: float) -> str:
        by_metric = self.comparison.changes.by_metric[row] * math.copysign(1, part)
        moved = [column for column in np.argsort(-by_metric, kind="stable") if by_metric[column] >= _LEAST]
        return text("reason.join", self.language).join(
            text(
                "diff.cause.value",
                self.language,
                label=self.labels[column],
                before=self._value(self.before[column], self.comparison.changes.before[row], column),
                after=self._value(self.after[column], self.comparison.changes.after[row], column),
                part=_signed(math.copysign(by_metric[column], part)),
            )
            for column in moved[:_METRICS]
        ) or text("diff.cause.values", self.language, part=_signed(part))

    def vanished(self, row: int, part: float) -> str:
        return self._data("diff.cause.vanished", self.comparison.changes.vanished[row], part)

    def appeared(self, row: int, part: float) -> str:
        return self._data("diff.cause.appeared", self.comparison.changes.appeared[row], part)

    def scorecard(self, row: int, part: float) -> str:
        before = self.cards[self.comparison.start.scorecard[self.comparison.changes.before[row]]]
        after = self.cards[self.comparison.later.scorecard[self.comparison.changes.after[row]]]
        return text("diff.cause.scorecard", self.language, before=before, after=after, part=_signed(part))

    def config(self, _row: int, part: float) -> str:
        return text("diff.cause.config", self.language, part=_signed(part))

    def limit(self, row: int, part: float) -> str:
        """The limits that came or went, by their reasons."""
        start, end = self.comparison.start, self.comparison.end
        changes = self.comparison.changes
        had = _reasons(start.capped_by[changes.before[row]], start.config, self.language)
        has = _reasons(end.capped_by[changes.after[row]], end.config, self.language)
        came, went = [each for each in has if each not in had], [each for each in had if each not in has]
        said = [text("diff.cause.limit_came", self.language, reason=reason) for reason in came]
        said += [text("diff.cause.limit_went", self.language, reason=reason) for reason in went]
        what = text("reason.join", self.language).join(said) or text("diff.cause.limit", self.language)
        return text("diff.cause.with_part", self.language, what=what, part=_signed(part))

    def _data(self, key: str, which: NDArray[np.bool_], part: float) -> str:
        labels = ", ".join(self.labels[column] for column in np.flatnonzero(which))
        return text(key, self.language, labels=labels, part=_signed(part))

    def _value(self, values: NDArray[Any], row: int, column: int) -> str:
        value = values[row]
        if value is None:
            return text("reason.no_data", self.language)
        return show_value(value, self.looks[column], self.currency, self.language)


def _reasons(keys: Sequence[str], config: Config, language: Language) -> list[str]:
    by_key = {
        limit.key: limit_label(limit.rule, language, limit.key) for limit in find_limits(config.scorecards)
    }
    return [by_key.get(key, text("diff.override", language)) for key in keys]


def _signed(part: float) -> str:
    return f"{part:+.1f}".replace("-", "−")


_TELLERS: Mapping[str, Callable[[_Wording, int, float], str]] = MappingProxyType(
    {
        "values_moved": _Wording.values, "data_vanished": _Wording.vanished, "data_appeared": _Wording.appeared,
        "scorecard_changed": _Wording.scorecard, "config_changed": _Wording.config, "cap_or_override": _Wording.limit,
    }
)  # fmt: skip
