"""Checks every name that the config's expressions use: that it exists, and that it exists by then.

Works on the raw document, so that a mistake elsewhere in the file does not hide one here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cscli.config.document import Document, Path
from cscli.errors import Problem
from cscli.expressions import Expression, ExpressionError, nearest_name, parse_expression
from cscli.fields import FIELD_BY_NAME

BUILT_IN = frozenset({"as_of", "tenure_days", "tenure_months", "days_to_renewal"})
AFTER_SCORE = frozenset({"scorecard", "score", "band", "data_coverage", "score_change"})

Space = Literal["rollup", "derived", "metric", "segment", "team", "scorecard"]


@dataclass(frozen=True, slots=True)
class Headers:
    """The column names that each source turned out to have; a source that could not be read is absent."""

    by_source: Mapping[str, frozenset[str]] = field(default_factory=dict)
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """An expression where it stands: `space` and `name` say what it defines, `names` what it reads."""

    path: Path
    space: Space
    name: str
    expression: Expression


def check_names(document: Document, headers: Headers) -> list[Problem]:
    """Problems with names: unknown, used before they exist, circular, or taken twice."""
    uses = list(find_uses(document))
    spaces = _Spaces.of(document, headers, uses)
    problems = _taken_twice(document, headers)
    problems += [problem for use in uses for problem in _check_use(document, use, spaces, headers)]
    for space in ("derived", "metric", "segment"):
        problems += _check_cycles(document, [use for use in uses if use.space == space])
    return [*problems, *_check_percentiles(document, spaces)]


def find_uses(document: Document) -> Iterator[Use]:
    """Every expression of the file that can be parsed, in the order of the file's sections."""
    for source, settings in document.mapping("sources").items():
        for name in document.mapping("sources", source, "rollup") if isinstance(settings, dict) else ():
            yield from _use(document, ("sources", source, "rollup", name), "rollup", name)
    for name in document.mapping("derived"):
        yield from _use(document, ("derived", name), "derived", name)
    for name in document.mapping("metrics"):
        yield from _use(document, ("metrics", name, "value"), "metric", name)
    for name in document.mapping("segments"):
        for index, _ in enumerate(document.sequence("segments", name)):
            yield from _use(document, ("segments", name, index, "when"), "segment", name)
    for index, _ in enumerate(document.sequence("teams")):
        yield from _use(document, ("teams", index, "when"), "team", "team")
    for index, _ in enumerate(document.sequence("scorecards")):
        yield from _use(document, ("scorecards", index, "when"), "scorecard", "")
        for kind in ("caps", "floors"):
            for number, _ in enumerate(document.sequence("scorecards", index, kind)):
                yield from _use(document, ("scorecards", index, kind, number, "when"), "scorecard", "")


def _use(document: Document, path: Path, space: Space, name: str) -> Iterator[Use]:
    text = document.at(*path)
    if isinstance(text, str | int | float) and not isinstance(text, bool):
        try:
            yield Use(path, space, name, parse_expression(str(text), aggregate=space == "rollup"))
        except ExpressionError:
            return  # reported where the schema is checked


@dataclass(frozen=True, slots=True)
class _Spaces:
    """The names by the moment from which they exist."""

    columns: frozenset[str]
    derived: frozenset[str]
    metrics: frozenset[str]
    segments: frozenset[str]
    late_segments: frozenset[str]
    rows: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, document: Document, headers: Headers, uses: list[Use]) -> "_Spaces":
        columns = set(FIELD_BY_NAME) | BUILT_IN
        rows = {}
        for source in document.mapping("sources"):
            own = set(document.mapping("sources", source, "columns")) | headers.by_source.get(
                source, frozenset()
            )
            if document.at("sources", source, "kind") == "rows":
                rows[source] = frozenset(own | {"account_id", "as_of"})
                columns |= set(document.mapping("sources", source, "rollup"))
            else:
                columns |= own
        columns |= headers.by_source.get("accounts", frozenset())
        segments = frozenset(document.mapping("segments"))
        return cls(
            frozenset(columns), frozenset(document.mapping("derived")), frozenset(document.mapping("metrics")),
            segments, late_segments(uses), rows,
        )  # fmt: skip

    def visible(self, use: Use) -> frozenset[str]:
        """The names that `use` may read."""
        before_score = self.columns | self.derived | self.metrics
        early = (self.segments | {"team"}) - self.late_segments
        match use.space:
            case "rollup":
                return self.rows.get(str(use.path[1]), frozenset())
            case "derived":
                return self.columns | self.derived
            case "metric":
                return before_score
            case "segment" | "team":
                own = {use.name} if use.space == "team" else set()
                return (before_score | self.segments | {"team"} | AFTER_SCORE) - own
            case "scorecard":
                return before_score | early

    def all_names(self) -> frozenset[str]:
        return self.columns | self.derived | self.metrics | self.segments | AFTER_SCORE | {"team"}


def late_segments(uses: list[Use]) -> frozenset[str]:
    """The segments (and `team`) that need the score, directly or through another segment."""
    reads: dict[str, set[str]] = {}
    for use in uses:
        if use.space in ("segment", "team"):
            reads.setdefault(use.name, set()).update(use.expression.names)
    late: set[str] = set()
    while True:
        found = {name for name, names in reads.items() if names & (AFTER_SCORE | late)} - late
        if not found:
            return frozenset(late)
        late |= found


def _check_use(document: Document, use: Use, spaces: _Spaces, headers: Headers) -> Iterator[Problem]:
    visible = spaces.visible(use)
    for name in use.expression.names:
        if name in visible:
            continue
        where = document.place(use.path)
        if use.space != "rollup" and name in spaces.all_names():
            yield Problem(
                "config.used_before_it_exists", where=where, value=name, details={"space": use.space}
            )
            continue
        nearest = nearest_name(name, visible)
        if headers.complete or nearest:
            details = {"nearest": nearest or "", "expression": use.expression.text}
            code = "config.unknown_column_nearest" if nearest else "config.unknown_column"
            yield Problem(code, where=where, value=name, details=details)


def _check_cycles(document: Document, uses: list[Use]) -> Iterator[Problem]:
    reads: dict[str, set[str]] = {}
    for use in uses:
        own_column = use.space == "metric" and use.expression.plain_column == use.name
        reads.setdefault(use.name, set()).update(set() if own_column else use.expression.names)
    order = order_names(reads)
    for use in uses:
        if use.name not in order and use.name in reads:
            chain = ", ".join(sorted(set(reads) - set(order)))
            reads.pop(use.name)
            yield Problem(
                "config.circular", where=document.place(use.path), value=use.name, details={"chain": chain}
            )
            return


def order_names(reads: Mapping[str, set[str]]) -> list[str]:
    """The keys of `reads` so that each comes after those it reads; names in a circle are left out."""
    order: list[str] = []
    waiting = dict(reads)
    while True:
        ready = [name for name, names in waiting.items() if not (names & set(waiting))]
        if not ready:
            return order
        order += ready
        for name in ready:
            del waiting[name]


def _taken_twice(document: Document, headers: Headers) -> Iterator[Problem] | list[Problem]:
    taken: dict[str, Path] = {}
    problems = []
    for path, name in _definitions(document):
        plain = document.at(*path, "value")
        if path[0] == "metrics" and plain == name:
            continue
        reserved = name in BUILT_IN | AFTER_SCORE | {"team"}
        in_data = path[0] != "sources" and any(
            name in columns
            for source, columns in headers.by_source.items()
            if document.at("sources", source, "kind") != "rows"
        )
        if name in taken or reserved or in_data:
            first = document.place(taken[name]).line if name in taken else None
            code = (
                "config.name_taken"
                if first
                else "config.name_reserved"
                if reserved
                else "config.name_in_data"
            )
            where = document.place(path)
            problems.append(Problem(code, where=where, value=name, details={"line": first or ""}))
        taken.setdefault(name, path)
    return problems


def _definitions(document: Document) -> Iterator[tuple[Path, str]]:
    for source in document.mapping("sources"):
        rows = document.at("sources", source, "kind") == "rows"
        kind = "rollup" if rows else "columns"
        for name in document.mapping("sources", source, kind):
            if name != "account_id":
                yield ("sources", source, kind, name), name
    for section in ("derived", "metrics", "segments"):
        for name in document.mapping(section):
            yield (section, name), name


def _check_percentiles(document: Document, spaces: _Spaces) -> Iterator[Problem]:
    early = spaces.segments - spaces.late_segments
    for name in document.mapping("metrics"):
        within = document.at("metrics", name, "points", "within")
        if isinstance(within, str) and within not in early:
            nearest = nearest_name(within, early)
            where = document.place(("metrics", name, "points", "within"))
            yield Problem(
                "config.unknown_segment", where=where, value=within, details={"nearest": nearest or "-"}
            )
