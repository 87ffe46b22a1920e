"""Checks every name that the config's expressions use: that it exists, and that it exists by then.

Works on the raw document, so that a mistake elsewhere in the file does not hide one here.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from cscli.config.blocks.events import columns_of_log
from cscli.config.blocks.kinds import is_apart, rolls_up
from cscli.config.blocks.shown import formula_path, rules_path
from cscli.config.document import Document, Path
from cscli.config.linting.given import given_columns, given_formulas, given_reads, row_formulas
from cscli.config.linting.messages import (
    EXPORTED,
    contact_columns,
    ledger_names,
    message_formulas,
    message_values,
)
from cscli.config.linting.taken import AFTER_SCORE, BUILT_IN, PEOPLE, Headers, taken_twice
from cscli.errors import Problem, Severity
from cscli.expressions import Expression, ExpressionError, parse_expression
from cscli.fields import FIELD_BY_NAME
from cscli.nearest import nearest_name

OF_ROWS = ("rollup", "keep", "row")
"""What reads the rows of one source, not the accounts."""
Space = Literal[
    "rollup", "keep", "row", "derived", "metric", "segment", "team", "promise", "scorecard", "measure", "rest", "outreach",
    "contact", "letter", "export",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """An expression where it stands: `space` and `name` say what it defines, `names` what it reads."""

    path: Path
    space: Space
    name: str
    expression: Expression

    @property
    def source(self) -> str:
        """Whose rows it reads, of one that reads rows."""
        return self.name if self.space == "row" else str(self.path[1])


def check_names(document: Document, headers: Headers) -> list[Problem]:
    """Problems with names: unknown, used before they exist, circular, or taken twice."""
    uses = list(find_uses(document))
    spaces = _Spaces.of(document, headers, uses)
    problems = list(taken_twice(document, headers))
    problems += [problem for use in uses for problem in _check_use(document, use, spaces, headers)]
    for spaces_together in ({"derived"}, {"metric"}, {"segment", "team"}):
        problems += _check_cycles(document, [use for use in uses if use.space in spaces_together], {})
    given = given_reads(document)
    before_score = [use for use in uses if use.space in ("derived", "metric", "segment", "team", "promise")]
    problems += _check_cycles(document, before_score, given) if given and not problems else []
    return [*problems, *_check_percentiles(document, spaces)]


def find_uses(document: Document) -> Iterator[Use]:
    """Every expression of the file that can be parsed, in the order of the file's sections."""
    for path, space, name in _formula_places(document):
        yield from _use(document, path, space, name)


def _formula_places(document: Document) -> Iterator[tuple[Path, Space, str]]:
    for source in document.mapping("sources"):
        yield ("sources", source, "keep"), "keep", source
        if rolls_up(document, source):
            yield ("sources", source, "at"), "keep", source
        for name in document.mapping("sources", source, "rollup"):
            yield formula_path(document, ("sources", source, "rollup", name)), "rollup", name
    for name in document.mapping("derived"):
        yield formula_path(document, ("derived", name)), "derived", name
    for name in document.mapping("metrics"):
        yield ("metrics", name, "value"), "metric", name
    for name in document.mapping("segments"):
        yield from (
            ((*path, "when"), "segment", name) for path in document.items(*rules_path(document, name))
        )
    for path in document.items("teams"):
        yield (*path, "when"), "team", "team"
    for path in document.items("scorecards"):
        for rule in (path, *document.items(*path, "caps"), *document.items(*path, "floors")):
            yield (*rule, "when"), "scorecard", ""
    yield from ((path, "promise", node) for path, node in given_formulas(document))
    yield from ((path, "row", source) for path, source in row_formulas(document))
    yield from _action_places(document)


def _action_places(document: Document) -> Iterator[tuple[Path, Space, str]]:
    yield ("at_risk", "when"), "rest", ""
    for path in (*document.items("playbooks"), *document.items("opportunities")):
        yield (*path, "when"), "rest", ""
    for path in document.items("opportunities"):
        yield (*path, "potential_mrr"), "rest", ""
    for path in document.items("alerts"):
        yield (*path, "when"), "rest", ""
    for path in document.items("initiatives"):
        yield (*path, "for"), "rest", ""
        yield from (((*step, "measure"), "measure", "") for step in document.items(*path, "chain"))
    yield from message_formulas(document)


def _use(document: Document, path: Path, space: Space, name: str) -> Iterator[Use]:
    text = document.at(*path)
    if isinstance(text, str | int | float) and not isinstance(text, bool):
        with suppress(ExpressionError):  # reported where the schema is checked
            yield Use(
                path, space, name, parse_expression(str(text), aggregate=space in ("rollup", "measure"))
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spaces:
    """The names by the moment from which they exist."""

    columns: frozenset[str]
    derived: frozenset[str]
    metrics: frozenset[str]
    segments: frozenset[str]
    late_segments: frozenset[str]
    rows: Mapping[str, frozenset[str]]
    ledger: frozenset[str]
    contacts: frozenset[str]
    values: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, document: Document, headers: Headers, uses: list[Use]) -> "_Spaces":
        columns = set(FIELD_BY_NAME) | BUILT_IN | PEOPLE
        rows = {}
        for source in document.mapping("sources"):
            own = set(document.mapping("sources", source, "columns")) | headers.by_source.get(
                source, frozenset()
            )
            rows[source] = frozenset(own | {"account_id", "as_of"})
            if rolls_up(document, source):
                columns |= set(document.mapping("sources", source, "rollup"))
            elif document.at("sources", source, "kind") == "events":
                columns.update(columns_of_log(document, source))
            elif not is_apart(document, source):
                columns |= own
        columns |= headers.by_source.get("accounts", frozenset()) | given_columns(document)
        return cls(
            columns=frozenset(columns),
            derived=frozenset(document.mapping("derived")),
            metrics=frozenset(document.mapping("metrics")),
            segments=frozenset(document.mapping("segments")),
            late_segments=late_segments(uses),
            rows=rows,
            ledger=ledger_names(document),
            contacts=contact_columns(document, headers.by_source),
            values=message_values(document),
        )

    def visible(self, use: Use) -> frozenset[str]:
        """The names that `use` may read."""
        before_score = self.columns | self.derived | self.metrics
        early = (self.segments | {"team"}) - self.late_segments
        match use.space:
            case "rollup" | "keep" | "row":
                return self.rows.get(use.source, frozenset())
            case "derived":
                return self.columns | self.derived
            case "metric":
                return before_score
            case "segment" | "team":
                own = {use.name} if use.space == "team" else set()
                return (before_score | self.segments | {"team"} | AFTER_SCORE) - own
            case "scorecard" | "promise":
                return before_score | early
            case _:
                return self._of_messages(use)

    def _of_messages(self, use: Use) -> frozenset[str]:
        """Of rules that come after all columns: of actions and messages."""
        if use.space == "export":
            return EXPORTED
        more = {
            "outreach": self.ledger,
            "contact": self.contacts,
            "letter": self.contacts | self.values.get(use.name, frozenset()),
        }
        return self.all_names() | more.get(use.space, frozenset())

    def all_names(self) -> frozenset[str]:
        return self.columns | self.derived | self.metrics | self.segments | AFTER_SCORE | {"team"}


def late_segments(uses: list[Use]) -> frozenset[str]:
    """The segments (and `team`) that need the score, directly or through another segment."""
    reads: dict[str, set[str]] = {}
    for use in uses:
        if use.space in ("segment", "team"):
            reads.setdefault(use.name, set()).update(use.expression.names)
    return names_after_score(reads)


def names_after_score(reads: Mapping[str, set[str]]) -> frozenset[str]:
    """The keys of `reads` that need the score, directly or through another of them."""
    late: set[str] = set()
    for name in order_names(reads):
        if reads[name] & (AFTER_SCORE | late):
            late.add(name)
    return frozenset(late)


def _check_use(document: Document, use: Use, spaces: _Spaces, headers: Headers) -> Iterator[Problem]:
    visible = spaces.visible(use)
    if use.space in OF_ROWS and use.source not in headers.by_source:
        return  # an optional source without a file, or files that were not read: nobody knows its columns
    for name in use.expression.names:
        if name in visible:
            continue
        where = document.place(use.path)
        if use.space not in OF_ROWS and name in spaces.all_names():
            yield Problem("config.used_before_it_exists", where=where, value=name)
            continue
        nearest = nearest_name(name, visible)
        if headers.complete or nearest:
            details = {"nearest": nearest or "", "expression": use.expression.text}
            code = _code_of_unknown(name, use, nearest)
            yield Problem(code, severity=_certainty(headers), where=where, value=name, details=details)


def _certainty(headers: Headers) -> Severity:
    """An own header may look like a known one: whoever has not read the accounts can only warn."""
    return Severity.ERROR if headers.complete or "accounts" in headers.by_source else Severity.WARNING


def _code_of_unknown(name: str, use: Use, nearest: str | None) -> str:
    """Text in double quotes is a name in SQL; in spreadsheets it is text."""
    if f'"{name}"' in use.expression.text:
        return "config.unknown_column_quoted"
    return "config.unknown_column_nearest" if nearest else "config.unknown_column"


def _check_cycles(document: Document, uses: list[Use], given: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Circles of names; `given`: what each column of promises reads."""
    reads: dict[str, set[str]] = {name: set(names) for name, names in given.items()}
    for use in uses:
        own_column = use.space == "metric" and use.expression.plain_column == use.name
        reads.setdefault(use.name, set()).update(set() if own_column else use.expression.names)
    stuck = set(reads) - set(order_names(reads))
    told: set[str] = set()
    for use in uses:
        circle = _follow(use.name, {name: min(reads[name] & stuck) for name in stuck})
        if use.name in circle and use.name not in told:
            told.update(circle)
            details = {"chain": " → ".join([*circle, circle[0]])}
            yield Problem("config.circular", where=document.place(use.path), value=use.name, details=details)


def _follow(start: str, reads: Mapping[str, str]) -> list[str]:
    """The circle of names from `start` back to it; empty where the way does not lead back."""
    way: list[str] = []
    name = start
    while name in reads and name not in way:
        way.append(name)
        name = reads[name]
    return way if name == start else []


def order_names(reads: Mapping[str, set[str]]) -> list[str]:
    """The keys of `reads` so that each comes after those it reads; names in a circle are left out."""
    place = {name: at for at, name in enumerate(reads)}
    sorter = TopologicalSorter({name: names & reads.keys() for name, names in reads.items()})
    with suppress(CycleError):  # what is not in a circle is ordered all the same
        sorter.prepare()
    order: list[str] = []
    while ready := sorted(sorter.get_ready(), key=place.__getitem__):
        order += ready
        sorter.done(*ready)
    return order


def _check_percentiles(document: Document, spaces: _Spaces) -> Iterator[Problem]:
    early = spaces.segments - spaces.late_segments
    for name in document.mapping("metrics"):
        within = document.at("metrics", name, "points", "within")
        if isinstance(within, str) and within not in early:
            nearest = nearest_name(within, early)
            where = document.place(("metrics", name, "points", "within"))
            code = "config.unknown_segment_nearest" if nearest else "config.unknown_segment"
            code = "config.late_segment" if within in spaces.segments else code
            yield Problem(code, where=where, value=within, details={"nearest": nearest or ""})
