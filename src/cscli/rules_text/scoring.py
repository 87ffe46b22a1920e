"""Metrics and scorecards of a preset with the user's own added, and with those marked that wait for their column."""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

import yaml

from cscli.analysis.proposing.own_metrics import OwnMetric
from cscli.rules_text.scalars import formula, in_comment, number, quoted
from cscli.rules_text.sections import LOADER, body_of
from cscli.rules_text.sources import say
from cscli.texts import LANGUAGES, Language, text

if TYPE_CHECKING:
    from ruamel.yaml import YAML

_WEIGHTS = {"usage": 60, "satisfaction": 20, "support": 10, "commercial": 10}
"""Of groups that the preset does not have: what people do says more than what they answer."""
_EACH = 40


def marked_metrics(part: str, idle: Sequence[str]) -> str:
    """The section `metrics:` with `optional: true` at those that have no data yet."""
    if not idle:
        return part
    lines = _lines_to_add(part, idle)
    return marked_by_document(part, idle) if lines is None else _with_lines(part, lines)


def _lines_to_add(part: str, idle: Sequence[str]) -> dict[int, str] | None:
    """By the line before which it belongs, what marks a metric; None where one is not written as a key a line."""
    found: dict[int, str] = {}
    metrics = _children(_children(yaml.compose(part, Loader=LOADER))["metrics"])
    for name in idle:
        metric = metrics[name]
        if not isinstance(metric, yaml.MappingNode) or metric.flow_style:
            return None
        keys = [key for key, _ in metric.value]
        if any(key.value == "optional" for key in keys):
            continue
        if len(keys) < 2 or keys[1].start_mark.line != keys[0].start_mark.line + 1:
            return None
        mark = keys[1].start_mark
        found[mark.line] = f"{' ' * mark.column}optional: true\n"
    return found


def _children(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _with_lines(part: str, added: Mapping[int, str]) -> str:
    lines = enumerate(part.splitlines(keepends=True))
    return "".join(added.get(number, "") + line for number, line in lines)


def marked_by_document(part: str, idle: Sequence[str]) -> str:
    """As `marked_metrics`, by a document that is loaded and written again: right for every way to write YAML, and slow."""
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
        from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415 - loaded for metrics of one's own alone

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


def _yaml() -> "YAML":
    from ruamel.yaml import YAML  # noqa: PLC0415 - loaded where a document is changed, not only added to

    document = YAML()
    document.preserve_quotes = True
    document.width = 4096
    document.indent(mapping=2, sequence=4, offset=2)
    return document


def _load(part: str) -> Any:
    return _yaml().load(part)


def _dump(document: Any) -> str:
    stream = StringIO()
    _yaml().dump(document, stream)
    return stream.getvalue()
