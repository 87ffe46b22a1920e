"""Columns that promises, records and voices give to the accounts, and the expressions they are made of.

Works on the raw document, so that a mistake elsewhere in the file does not hide one here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cscli.config.document import Document, Path

GOAL_COLUMNS = (
    "goals_open",
    "goals_measured",
    "goals_behind",
    "goals_stale",
    "goals_reached",
    "goal_progress",
)
HANDOVER_COLUMNS = (
    "sold_by", "purpose", "promised_outcome", "how_measured", "promised_by", "sponsor", "champion", "decision_history",
    "concerns", "non_standard_promises", "handed_on",
)  # fmt: skip
NEXT_COLUMNS = ("next_content", "next_content_title", "next_content_url")
RFM_COLUMNS = ("rfm", "rfm_recency", "rfm_frequency", "rfm_monetary")
RESTARTED = "restarted_on"
WINDOW_DAYS = 180


@dataclass(frozen=True, slots=True)
class GivenNode:
    """Columns that are made together: `gives`. `name`: such as no column can have. `formulas`: where the expressions stand that they read; `plain`: columns they
    read by name. A node without either needs nothing but the files.
    """

    name: str
    gives: tuple[str, ...]
    formulas: tuple[Path, ...] = ()
    plain: tuple[str, ...] = ()


def given_nodes(document: Document) -> list[GivenNode]:
    """Every node that the rules ask for."""
    return [
        *_standards(document),
        *_goals(document),
        *_records(document),
        *_timeline(document),
        *_voice(document),
        *_orders(document),
        *_content(document),
        *_fit(document),
    ]


def given_columns(document: Document) -> frozenset[str]:
    """The columns of all of them."""
    return frozenset(name for node in given_nodes(document) for name in node.gives)


def given_formulas(document: Document) -> Iterator[tuple[Path, str]]:
    """Where each of their expressions stands, with the node that reads it."""
    for node in given_nodes(document):
        yield from ((path, node.name) for path in node.formulas)


def row_formulas(document: Document) -> Iterator[tuple[Path, str]]:
    """Where expressions stand that read the rows of a source, with that source."""
    for path in document.items("timeline", "events"):
        source = document.at(*path, "source")
        yield from (((*path, key), str(source)) for key in ("kind", "text", "two_way"))
    if (used := document.at("content", "use", "source")) is not None:
        yield ("content", "use", "when"), str(used)


def given_reads(document: Document) -> Mapping[str, set[str]]:
    """What each given column reads: its node; and each node, the columns that it reads by name."""
    nodes = given_nodes(document)
    reads = {column: {node.name} for node in nodes for column in node.gives}
    return {**reads, **{node.name: set(node.plain) for node in nodes}}


def _standards(document: Document) -> Iterator[GivenNode]:
    counted = False
    typed: list[str] = []
    for path in document.items("journey", "standards"):
        name = str(document.at(*path, "name"))
        gives, formulas, plain = [f"{name}_state", f"{name}_overdue", f"{name}_days_late"], [], []
        for milestone in document.items(*path, "milestones"):
            step = document.at(*milestone)
            step = step if isinstance(step, dict) else {}
            if isinstance(step.get("on"), str):
                plain.append(str(step["on"]))
            elif "when" in step:
                gives.append(f"{step.get('name')}_on")
            else:
                typed.append(f"{step.get('name')}_on")
            formulas += [(*milestone, key) for key in ("when", "for") if key in step]
        if document.at(*path, "value") is not None and not counted:
            gives, counted = [*gives, "days_to_value"], True
        own = tuple((*path, key) for key in ("start", "when") if document.at(*path, key) is not None)
        yield GivenNode(f"journey.{name}", tuple(gives), (*own, *formulas), tuple(plain))
    if document.items("journey", "standards"):
        yield GivenNode("journey typed", (*typed, RESTARTED))


def _goals(document: Document) -> Iterator[GivenNode]:
    if isinstance(document.at("goals"), dict):
        formulas = (("goals", "when"),) if document.at("goals", "when") is not None else ()
        yield GivenNode("goals:", GOAL_COLUMNS, formulas)


def _records(document: Document) -> Iterator[GivenNode]:
    paths = list(document.items("records"))
    if paths:
        formulas = tuple(
            (*path, key)
            for path in paths
            for key in ("present", "when")
            if document.at(*path, key) is not None
        )
        plain = tuple(
            str(document.at(*path, "name")) for path in paths if document.at(*path, "present") is None
        )
        starts = tuple(str(start) for path in paths if isinstance(start := document.at(*path, "from"), str))
        yield GivenNode("records:", ("records_missing",), formulas, (*plain, *starts))
        yield GivenNode("handover:", HANDOVER_COLUMNS)


def _timeline(document: Document) -> Iterator[GivenNode]:
    if isinstance(document.at("timeline"), dict):
        yield GivenNode("timeline:", ("days_silent",))
        if not list(document.items("records")):
            yield GivenNode("handover:", HANDOVER_COLUMNS)


def _voice(document: Document) -> Iterator[GivenNode]:
    if isinstance(document.at("voice"), dict):
        window = document.at("voice", "window_days")
        days = window if isinstance(window, int) else WINDOW_DAYS
        names = [str(document.at(*path, "name")) for path in document.items("voice", "themes")]
        yield GivenNode("voice:", (f"voices_{days}d", *(f"voice_{name}_{days}d" for name in names)))


def _orders(document: Document) -> Iterator[GivenNode]:
    if any(document.at("sources", source, "kind") == "orders" for source in document.mapping("sources")):
        yield GivenNode("orders:", RFM_COLUMNS)


def _content(document: Document) -> Iterator[GivenNode]:
    if isinstance(document.at("content"), dict):
        by = document.at("content", "by")
        yield GivenNode(
            "content:",
            NEXT_COLUMNS,
            (("content", "maturity"),),
            (by if isinstance(by, str) else "touch",),
        )


def _fit(document: Document) -> Iterator[GivenNode]:
    paths = list(document.items("fit", "criteria"))
    if paths:
        yield GivenNode("fit:", ("fit_score", "fit"), tuple((*path, "when") for path in paths))
