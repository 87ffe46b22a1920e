"""Mistakes in `effort`: a segmentation that is not there, names of it without hours, hours for names it has not."""

from collections.abc import Iterator

from cscli.config.blocks.shown import rules_path
from cscli.config.document import Document, Path
from cscli.errors import Problem
from cscli.nearest import nearest_name

_HOURS: Path = ("effort", "hours_per_month")


def check_effort(document: Document) -> Iterator[Problem]:
    """Every such mistake; each is an error, as hours would be missing in silence."""
    by = document.at("effort", "by")
    if not isinstance(by, str):
        return  # reported where the schema is checked
    known = [*document.mapping("segments"), *(["team"] if document.sequence("teams") else [])]
    if by in known:
        yield from _check_hours(document, by)
        return
    nearest = nearest_name(by, known)
    code = "config.unknown_segment_nearest" if nearest else "config.unknown_segment"
    yield Problem(code, where=document.place(("effort", "by")), value=by, details={"nearest": nearest or ""})


def _check_hours(document: Document, by: str) -> Iterator[Problem]:
    rules: Path = ("teams",) if by == "team" else rules_path(document, by)
    names = [document.at(*path, "name") for path in document.items(*rules)]
    known = list(dict.fromkeys(name for name in names if isinstance(name, str)))
    hours = document.mapping(*_HOURS)
    missing = [name for name in known if name not in hours]
    for name in hours:
        if name not in known:
            nearest = nearest_name(name, missing or known)
            code = "config.hours_of_unknown_nearest" if nearest else "config.hours_of_unknown"
            details = {"by": by, "nearest": nearest or ""}
            yield Problem(code, where=document.place((*_HOURS, name)), value=name, details=details)
    if missing and hours:
        details = {"by": by}
        where = document.place(_HOURS)
        yield Problem("config.hours_missing", where=where, value=", ".join(missing), details=details)
