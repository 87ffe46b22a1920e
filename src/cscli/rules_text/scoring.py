"""Metrics and scorecards of a preset with the user's own added, and with those marked that wait for their column."""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from cscli.analysis.proposing.own_metrics import OwnMetric
from cscli.rules_text.scalars import formula, in_comment, number, quoted
from cscli.rules_text.sections import body_of
from cscli.rules_text.sources import say
from cscli.texts import LANGUAGES, Language, text

_WEIGHTS = {"usage": 60, "satisfaction": 20, "support": 10, "commercial": 10}
"""Of groups that the preset does not have: what people do says more than what they answer."""
_EACH = 40


def marked_metrics(part: str, idle: Sequence[str]) -> str:
    """The section `metrics:` with `optional: true` at those that have no data yet."""
    if not idle:
        return part
    document = _load(part)
    for name in idle:
        metric = document["metrics"][name]
        if "optional" not in metric:
            metric.insert(1, "optional", True)
    return _dump(document)


def own_metric_lines(metrics: Sequence[OwnMetric], language: Language) -> Iterator[str]:
    """The lines of the user's own metrics, below those of the preset."""
    for metric in metrics:
        how = text("init.comment.scale" if metric.scaled else "init.comment.percentiles", language)
        yield f"  {metric.name}:   # {text('init.comment.proposed', language)}: {say(metric.why, language)}"
        yield f"    label: {_label(metric)}"
        yield f"    value: {formula(metric.value)}"
        corners = ", ".join(f"[{number(value)}, {number(points)}]" for value, points in metric.at)
        yield f"    points: {{kind: piecewise, at: [{corners}]}}   # {how}"
        yield "    optional: true"


def _label(metric: OwnMetric) -> str:
    """The header, as the user's own people know it; of what is added up a text in both languages."""
    if metric.label is None:
        return quoted(in_comment(metric.header))
    said = {
        language: in_comment(
            text(
                f"init.label.{metric.label.code}", language, value=metric.label.value, what=metric.label.what
            )
        )
        for language in LANGUAGES
    }
    return (
        "{"
        + ", ".join(f"{language}: {json.dumps(each, ensure_ascii=False)}" for language, each in said.items())
        + "}"
    )


def grown_scorecards(part: str, metrics: Sequence[OwnMetric]) -> str:
    """The section `scorecards:` with `metrics` in the groups that they speak of."""
    if not metrics:
        return part
    document = _load(part)
    for card in document["scorecards"]:
        for metric in metrics:
            _add(card["groups"], metric)
    return body_of(_dump(document)) + "\n"


def _add(groups: Any, metric: OwnMetric) -> None:
    group = groups.get(metric.concept.group)
    if group is None:
        labels = CommentedMap(
            {each: text(f"init.group.{metric.concept.group}", each) for each in ("en", "ja")}
        )
        labels.fa.set_flow_style()
        group = CommentedMap(
            {"label": labels, "weight": _WEIGHTS[metric.concept.group], "metrics": CommentedMap()}
        )
        group["metrics"].fa.set_flow_style()
        groups[metric.concept.group] = group
    weights = [float(weight) for weight in group["metrics"].values()]
    weight = sum(weights) / len(weights) if weights else _EACH
    group["metrics"][metric.name] = int(weight) if weight == int(weight) else weight


def with_thresholds(part: str, changed: Mapping[str, str]) -> str:
    """The section `segments:` with conditions in place of others."""
    for before, after in changed.items():
        part = part.replace(before, after, 1)
    return part


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _load(part: str) -> Any:
    return _yaml().load(part)


def _dump(document: Any) -> str:
    stream = StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()
