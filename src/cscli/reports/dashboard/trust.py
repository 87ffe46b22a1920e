"""What the page rests on: problems with their hints, inputs, rules, and what every figure means."""

from cscli.errors import Severity
from cscli.reports.dashboard.metrics import metric_definitions
from cscli.reports.dashboard.model import Json, Material
from cscli.reports.kit.grouping import GroupedProblem, group_problems
from cscli.texts import text

_FIGURES = ("arr", "mean", "loss", "renewals", "retention", "lost_points", "load", "course", "usual")
_SHOWN = 2


def trust_part(material: Material) -> dict[str, Json]:
    """`problems`, `inputs` and `definitions` for the view of the data; `warned`: what stands above the figures."""
    context, language = material.context, material.language
    groups = group_problems(context.problems, language)
    return {
        "problems": [
            {
                "severity": group.severity.value,
                "count": group.count,
                "where": group.places,
                "message": group.message,
                "hint": group.hint or "",
            }
            for group in groups
        ],
        "inputs": inputs_part(material),
        "definitions": [
            *metric_definitions(material),
            *(
                [text(f"figure.{name}", language), text(f"figure.{name}.means", language)]
                for name in _FIGURES
            ),
        ],
        "warned": _warned(groups),
    }


def inputs_part(material: Material) -> Json:
    """The files that the page was made from: source, name, rows, hash."""
    return [[each.source, each.file, each.rows, each.sha256] for each in material.context.inputs]


def _warned(groups: tuple[GroupedProblem, ...]) -> Json:
    """How many problems may make a figure wrong, else how many changed one, and what the first two say."""
    for severity in (Severity.ERROR, Severity.WARNING):
        found = [group for group in groups if group.severity is severity]
        if found:
            shown: list[Json] = [
                " · ".join(filter(None, (group.places, group.message))) for group in found[:_SHOWN]
            ]
            return {"severity": severity.value, "count": len(found), "shown": shown}
    return None
