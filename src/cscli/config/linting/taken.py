"""Names that the rules define: none twice, none that cscli has for itself, none that a file has already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cscli.config.blocks.events import columns_of_log, event_logs
from cscli.config.blocks.kinds import is_apart, rolls_up
from cscli.config.document import Document, Path
from cscli.config.linting.given import HANDOVER_COLUMNS, given_columns
from cscli.errors import Problem
from cscli.fields import IDENTIFYING, PEOPLE_FIELDS

BUILT_IN = frozenset(
    {"as_of", "tenure_days", "tenure_months", "days_to_renewal", "notice_given", "notice_by"}
)
PEOPLE = frozenset(entry.name for entry in PEOPLE_FIELDS)
TRENDS = ("falling", "steady", "rising")
AFTER_SCORE = frozenset(
    {"scorecard", "score", "band", "data_coverage", "score_change", "band_before", "trend", "trend_change"}
)


@dataclass(frozen=True, slots=True)
class Headers:
    """The column names that each source turned out to have; a source that could not be read is absent."""

    by_source: Mapping[str, frozenset[str]] = field(default_factory=dict)
    complete: bool = False


def taken_twice(document: Document, headers: Headers) -> Iterator[Problem]:
    """A problem for each name that is taken."""
    taken: dict[str, Path] = {}
    reserved = BUILT_IN | AFTER_SCORE | {"team"} | (given_columns(document) - set(HANDOVER_COLUMNS))
    for path, name in _definitions(document):
        if path[0] == "metrics" and document.at(*path, "value") == name:
            continue
        where = document.place(path)
        if name in taken:
            first = document.place(taken[name])
            yield Problem(
                "config.name_taken", where=where, value=name, details={"line": first.line or first.file}
            )
        elif name in reserved or (name in PEOPLE and not _may_be_peoples(path)):
            yield Problem("config.name_reserved", where=where, value=name)
        elif path[0] != "sources" and _is_in_data(name, document, headers):
            yield Problem("config.name_in_data", where=where, value=name)
        taken.setdefault(name, path)


def _may_be_peoples(path: Path) -> bool:
    """An export may have such a column for as long as nobody types any; only an override needs its workbook."""
    return path[0] == "sources" and path[2] == "columns" and not str(path[3]).startswith("override_")


def _is_in_data(name: str, document: Document, headers: Headers) -> bool:
    return any(
        name in columns
        for source, columns in headers.by_source.items()
        if not is_apart(document, source)
        and not rolls_up(document, source)
        and document.at("sources", source, "kind") != "events"
    )


def _definitions(document: Document) -> Iterator[tuple[Path, str]]:
    for source in document.mapping("sources"):
        kind = "rollup" if rolls_up(document, source) else "columns"
        if is_apart(document, source):
            continue
        if document.at("sources", source, "kind") == "events":
            if source == event_logs(document)[0]:  # of a further log it is said that there can be one only
                yield from ((("sources", source), name) for name in columns_of_log(document, source))
            continue
        for name in document.mapping("sources", source, kind):
            if name != "account_id" and (kind == "rollup" or source == "accounts" or name not in IDENTIFYING):
                yield ("sources", source, kind, name), name
    for section in ("derived", "metrics", "segments"):
        for name in document.mapping(section):
            yield (section, name), name
