"""Mistakes that a valid file can still hold: rules nobody reaches, weights that never count, gaps in bands.

Works on the raw document, so that a mistake elsewhere in the file does not hide one here.
"""

from collections.abc import Iterator

from cscli.config.blocks.events import COLUMNS, event_logs
from cscli.config.blocks.shown import rules_path
from cscli.config.document import Document, Path
from cscli.config.linting.alerts import check_alerts
from cscli.config.linting.brief import check_brief
from cscli.config.linting.effort import check_effort
from cscli.config.linting.fit import check_fit
from cscli.config.linting.names import OF_ROWS, Use, find_uses
from cscli.config.linting.outreach import check_outreach
from cscli.config.linting.taken import TRENDS
from cscli.config.linting.types import check_types
from cscli.config.schema import DEFAULT_BANDS
from cscli.config.work.practice import DEFAULT_FIT_BANDS
from cscli.errors import Problem, Severity
from cscli.nearest import nearest_name

_BEFORE_SCORE = frozenset({*OF_ROWS, "derived", "metric", "promise", "scorecard"})


def lint(document: Document) -> list[Problem]:
    """Every such mistake; those that cannot change a result wrongly are warnings."""
    return [
        *_check_scorecards(document),
        *_check_bands(document),
        *_check_reach(document),
        *_check_unused_metrics(document),
        *_check_actions(document),
        *check_effort(document),
        *_check_event_logs(document),
        *check_alerts(document),
        *check_brief(document),
        *check_fit(document),
        *check_outreach(document),
        *check_types(document),
        *_check_own_names(document),
    ]


def _check_own_names(document: Document) -> Iterator[Problem]:
    """Comparisons with a band, segment, team or scorecard that the file does not define."""
    known = _own_names(document)
    for use in find_uses(document):
        for column, text in use.expression.texts:
            if column in known and text not in known[column] and not _comes_too_early(use, column):
                details = {
                    "column": column,
                    "nearest": nearest_name(text, known[column]) or ", ".join(known[column]),
                }
                yield Problem(
                    "config.unknown_value", where=document.place(use.path), value=text, details=details
                )


def _comes_too_early(use: Use, column: str) -> bool:
    """Whether the column does not exist yet where it is used, which is told by itself."""
    return column in ("band", "band_before", "scorecard", "trend") and use.space in _BEFORE_SCORE


def _own_names(document: Document) -> dict[str, list[str]]:
    bands = [str(document.at(*path, "name")) for path in document.items("bands")] or [
        name for name, _ in DEFAULT_BANDS
    ]
    lists: dict[str, Path] = {name: rules_path(document, name) for name in document.mapping("segments")}
    lists |= {"team": ("teams",), "scorecard": ("scorecards",)}
    found = {
        name: [str(document.at(*path, "name")) for path in document.items(*key)]
        for name, key in lists.items()
    }
    fits = [str(document.at(*path, "name")) for path in document.items("fit", "bands")]
    if document.items("fit", "criteria"):
        found["fit"] = [*(fits or DEFAULT_FIT_BANDS), "unknown"]
    return {
        **{name: names for name, names in found.items() if names},
        "band": [*bands, "unknown"],
        "band_before": [*bands, "unknown"],
        "trend": [*TRENDS],
    }


def _check_event_logs(document: Document) -> Iterator[Problem]:
    logs = event_logs(document)
    for name in logs[1:]:
        yield Problem("config.one_event_log", where=document.place(("sources", name, "kind")), value=logs[0])
    for path in (
        ("sources", name, "columns", column)
        for name in logs
        for column in document.mapping("sources", name, "columns")
    ):
        if path[-1] not in COLUMNS:
            details = {"nearest": nearest_name(path[-1], COLUMNS) or "-", "allowed": ", ".join(COLUMNS)}
            yield Problem(
                "config.not_a_log_column", where=document.place(path), value=path[-1], details=details
            )


def _check_scorecards(document: Document) -> Iterator[Problem]:
    for index, _ in enumerate(document.sequence("scorecards")):
        path: Path = ("scorecards", index)
        groups = document.mapping(*path, "groups")
        for name in groups:
            yield from _check_group(document, (*path, "groups", name))
        weights = [document.at(*path, "groups", name, "weight") for name in groups]
        counts = [
            weight
            for weight, name in zip(weights, groups, strict=True)
            if weight and _counts(document, path, name)
        ]
        if groups and not counts:
            yield Problem("config.no_weight", where=document.place((*path, "groups")))
    names = [
        document.at("scorecards", index, "name") for index, _ in enumerate(document.sequence("scorecards"))
    ]
    yield from _check_repeats(document, "scorecards", names)


def _counts(document: Document, scorecard: Path, group: str) -> bool:
    return any(weight for weight in document.mapping(*scorecard, "groups", group, "metrics").values())


def _check_group(document: Document, path: Path) -> Iterator[Problem]:
    metrics = document.mapping("metrics")
    weights = document.mapping(*path, "metrics")
    for name, weight in weights.items():
        place = document.place((*path, "metrics", name))
        if name not in metrics:
            nearest = nearest_name(name, metrics)
            code = "config.unknown_metric_nearest" if nearest else "config.unknown_metric"
            yield Problem(code, where=place, value=name, details={"nearest": nearest or ""})
        elif weight == 0 and type(weight) is not bool:
            yield Problem("config.weight_never_counts", severity=Severity.WARNING, where=place, value=name)
    if document.at(*path, "weight") == 0 or (weights and not any(weights.values())):
        place = document.place((*path, "weight"))
        yield Problem(
            "config.weight_never_counts", severity=Severity.WARNING, where=place, value=str(path[-1])
        )


def _check_bands(document: Document) -> Iterator[Problem]:
    bands = document.sequence("bands")
    edges = [document.at("bands", index, "from") for index, _ in enumerate(bands)]
    numbers = [edge for edge in edges if isinstance(edge, int | float) and not isinstance(edge, bool)]
    if len(numbers) < len(bands) or not bands:
        return  # reported where the schema is checked
    if min(numbers) > 0:
        place = document.place(("bands", numbers.index(min(numbers)), "from"))
        yield Problem("config.band_gap", where=place, value=f"{min(numbers):g}")
    ascending = sorted(numbers)
    if numbers not in (ascending, ascending[::-1]):
        yield Problem("config.bands_out_of_order", where=document.place(("bands",)))
    for index, edge in enumerate(numbers):
        if edge in numbers[:index]:
            yield Problem(
                "config.band_never_reached", where=document.place(("bands", index, "from")), value=f"{edge:g}"
            )
    names = [document.at("bands", index, "name") for index, _ in enumerate(bands)]
    yield from _check_repeats(document, "bands", names)
    if "unknown" in names:
        place = document.place(("bands", names.index("unknown"), "name"))
        yield Problem("config.name_reserved", where=place, value="unknown")


def _check_repeats(document: Document, section: str, names: list[object]) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name is not None and name in names[:index]:
            first = document.place((section, names.index(name), "name")).line
            place = document.place((section, index, "name"))
            yield Problem("config.name_taken", where=place, value=str(name), details={"line": first or ""})


def _check_reach(document: Document) -> Iterator[Problem]:
    chains: list[Path] = [rules_path(document, name) for name in document.mapping("segments")]
    for path in [*chains, ("teams",), ("scorecards",), ("playbooks",)]:
        catch_all: Path | None = None
        for index, rule in enumerate(document.sequence(*path)):
            if catch_all is not None:
                first = document.place((*catch_all, "name")).line
                name = str(rule.get("name")) if isinstance(rule, dict) else str(index)
                place = document.place((*path, index))
                yield Problem(
                    "config.rule_never_reached", where=place, value=name, details={"line": first or ""}
                )
            elif isinstance(rule, dict) and rule.get("when") is None:
                catch_all = (*path, index)


def _check_unused_metrics(document: Document) -> Iterator[Problem]:
    used: set[str] = set()
    for use in find_uses(document):
        own = {use.name} if use.space == "metric" else set()
        used |= set(use.expression.names) - own if use.space not in OF_ROWS else set()
    for index, _ in enumerate(document.sequence("scorecards")):
        for group in document.mapping("scorecards", index, "groups"):
            used |= set(document.mapping("scorecards", index, "groups", group, "metrics"))
    for name in document.mapping("metrics"):
        if name not in used:
            place = document.place(("metrics", name))
            yield Problem("config.metric_unused", severity=Severity.WARNING, where=place, value=name)


def _check_actions(document: Document) -> Iterator[Problem]:
    bands = [document.at("bands", index, "name") for index, _ in enumerate(document.sequence("bands"))]
    known = [*(str(name) for name in bands or (name for name, _ in DEFAULT_BANDS)), "unknown"]
    for band in document.mapping("at_risk", "churn_probability"):
        if band not in known:
            nearest = nearest_name(band, known)
            code = "config.unknown_band_nearest" if nearest else "config.unknown_band"
            place = document.place(("at_risk", "churn_probability", band))
            details = {"nearest": nearest or "", "allowed": ", ".join(known)}
            yield Problem(code, where=place, value=band, details=details)
    for section in ("playbooks", "opportunities", "alerts", "channels", "initiatives"):
        names = [document.at(*path, "name") for path in document.items(section)]
        yield from _check_repeats(document, section, names)
