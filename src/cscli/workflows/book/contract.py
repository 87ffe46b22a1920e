"""The exports of a run against those of the last one: what each holds now, and how that differs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cscli.config.schema import Config
from cscli.errors import Problem
from cscli.workflows.book.read import Book
from cscli.workflows.book.request import Request, history_at
from cscli.workflows.book.stages import zone_of

if TYPE_CHECKING:
    from cscli.analysis.quality.profile import SourceProfile


@dataclass(frozen=True, slots=True)
class InspectedInputs:
    """The profile of each source, and what has changed since the last run."""

    profiles: "Mapping[str, SourceProfile]"
    drift: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class LastRun:
    """The exports of the last run, of `as_of`; and the hashes of one at least some days back, where there is one."""

    as_of: dt.date
    profiles: "Mapping[str, SourceProfile]"
    hashes_as_of: dt.date | None
    hashes: Mapping[str, str]


def history_url(request: Request, book: Book) -> str | None:
    """Where snapshots are kept; None where they are not: under a built-in preset, or with --no-history."""
    return history_of(request, book.config)


def history_of(request: Request, config: Config) -> str | None:
    """The same of rules whose accounts are not there yet."""
    if not (request.remember and request.rules.remembers):
        return None
    return history_at(config)


def inspect_inputs(request: Request, book: Book) -> InspectedInputs:
    """The inputs of a run that will be stored; nothing where the rules have no history. Columns without a name
    are looked at only where they are new: one of them may be a column that is gone.
    """
    if history_url(request, book) is None:
        return InspectedInputs({}, ())
    from cscli.analysis.quality.profile import profile_rollup, profile_table

    last = read_last(request, book.config, book.as_of)
    profiles = {}
    for name, table in book.tables.raw.items():
        before = last.profiles.get(name) if last else None
        known = before.headers if before else table.headers
        profiles[name] = profile_table(table, book.typed[name], zone_of(book.config), known)
    profiles |= {name: profile_rollup(log.table) for name, log in book.logs.items()}
    return InspectedInputs(profiles, drift_since(last, profiles, book.config))


def read_last(request: Request, config: Config, as_of: dt.date) -> LastRun | None:
    """The last stored run before `as_of`; None where there is none, or no history."""
    url = history_of(request, config)
    if url is None:
        return None
    from cscli.analysis.quality.profile import read_profiles
    from cscli.history import last_inputs

    found = last_inputs(url, request.rules.workspace, as_of)
    if found is None:
        return None
    return LastRun(found.as_of, read_profiles(found.profiles), found.hashes_as_of, found.hashes)


def drift_since(
    last: LastRun | None, profiles: "Mapping[str, SourceProfile]", config: Config
) -> tuple[Problem, ...]:
    """What has changed since the last run, and files that have not changed at all."""
    if last is None:
        return ()
    from cscli.analysis.quality.drift import find_drift, find_unrefreshed

    limits = {name: source.max_row_drop for name, source in config.sources.items()}
    changed = find_drift(profiles, last.profiles, limits, last.as_of.isoformat())
    if last.hashes_as_of is None:
        return changed
    return (*find_unrefreshed(profiles, last.hashes, last.hashes_as_of.isoformat()), *changed)
