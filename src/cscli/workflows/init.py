"""Exports and a preset to a config file of one's own, checked by a run before it is called good."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cscli.analysis.proposal import Proposal, propose
from cscli.analysis.tables import RawTable
from cscli.config.load import Draft, read_draft
from cscli.errors import CscliError, Location, Problem, Severity, SourceError, UsageError
from cscli.expressions import nearest_name
from cscli.fields import known_field
from cscli.render.publish import publish
from cscli.reports.rules_file import file_path, rules_text, say_without_data
from cscli.sources import ReadOptions, read_table
from cscli.sources.workspace import Rules, preset_text, presets
from cscli.texts import Language
from cscli.workflows.book import read_book
from cscli.workflows.request import Request
from cscli.workflows.scoring import score_book


@dataclass(frozen=True, slots=True)
class NewRules:
    """What was asked: `path` is the file to write. `now`: the one reading of the clock, with its zone."""

    path: Path
    preset: str
    exports: tuple[Path, ...]
    now: dt.datetime
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class WrittenRules:
    """What was written: which file serves which source, files without use, metrics without data (of `metrics`),
    and what a run of the new rules would say; an error among `problems` means that it could not be run.
    """

    path: Path
    language: Language
    used: Mapping[str, str]
    waiting: tuple[str, ...]
    unused: tuple[str, ...]
    without_data: tuple[str, ...]
    metrics: int
    problems: tuple[Problem, ...]


def init(wanted: NewRules) -> WrittenRules:
    """Writes the rules. Raises UsageError for an unknown preset, SourceError where a file stands already or
    an export cannot be read, DataError if no export has a column that could be the account's id.
    """
    _check(wanted)
    text = preset_text(wanted.preset)
    draft = read_draft(text, wanted.preset)
    if wanted.exports:
        return _write_proposal(wanted, text, draft)
    _write(wanted.path, text)
    names = tuple(draft.sources())
    return WrittenRules(
        wanted.path, _language(draft), {}, names, (), (), len(draft.document.mapping("metrics")), ()
    )


def _check(wanted: NewRules) -> None:
    known = presets()
    if wanted.preset not in known:
        details = {"nearest": nearest_name(wanted.preset, known) or "-", "presets": ", ".join(known)}
        raise UsageError(Problem("init.unknown_preset", value=wanted.preset, details=details))
    if wanted.path.exists() and not wanted.overwrite:
        raise SourceError(
            Problem("init.exists", where=Location(file=str(wanted.path)), value=str(wanted.path))
        )


def _write_proposal(wanted: NewRules, text: str, draft: Draft) -> WrittenRules:
    rules = draft.sources()
    tables = _read(wanted.exports)
    proposal = propose([table for table, _ in tables], rules, _names_of(draft))
    folder = wanted.path.parent.resolve()
    paths = {id(table): file_path(str(path.resolve()), str(folder)) for table, path in tables}
    language = _language_of(proposal.sources[0].table, _language(draft))
    text = rules_text(text, proposal.sources, proposal.others, paths, language)
    request = Request(Rules(wanted.path.name, text, folder, folder, remembers=False), wanted.now)
    without_data, problems = _try(request)
    metrics = len(draft.document.mapping("metrics"))
    _write(wanted.path, say_without_data(text, without_data, every=len(without_data) == metrics))
    used = {source.name: paths[id(source.table)] for source in proposal.sources}
    return WrittenRules(
        path=wanted.path, language=language, used=used,
        waiting=tuple(name for name in rules if name not in used), unused=_unused(proposal, paths),
        without_data=without_data, metrics=metrics, problems=problems,
    )  # fmt: skip


def _read(exports: Sequence[Path]) -> list[tuple[RawTable, Path]]:
    once = dict.fromkeys(path.expanduser() for path in exports)
    return [
        (read_table(path, path.stem, ReadOptions(), lambda header: known_field(header) is not None), path)
        for path in once
    ]


def _names_of(draft: Draft) -> frozenset[str]:
    """Names that the rules define, which no column of an export may bear."""
    config = draft.config
    if config is None:
        return frozenset()
    metrics = {name for name, metric in config.metrics.items() if metric.value.plain_column != name}
    rollups = {name for source in config.sources.values() for name in source.rollup}
    return frozenset(metrics | rollups | set(config.derived) | set(config.segments))


def _try(request: Request) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The metrics without data, and every problem, of a run of the rules that are about to be written."""
    try:
        book = read_book(request)
        scored, problems = score_book(request, book)
    except CscliError as error:
        return (), error.problems
    filled = np.count_nonzero(scored.scores.covered, axis=0).tolist()
    names = tuple(name for name, count in zip(scored.scores.metrics, filled, strict=True) if not count)
    looked_at = (problem for problem in (*book.problems, *problems) if problem.severity is not Severity.NOTE)
    return names, tuple(replace(p, severity=Severity.WARNING) for p in looked_at)


def _write(path: Path, text: str) -> None:
    with publish(path) as temporary:
        temporary.write_bytes(text.encode())


def _language(draft: Draft) -> Language:
    return draft.config.language if draft.config else "en"


def _language_of(table: RawTable, otherwise: Language) -> Language:
    """Japanese, where most of the headers that are known are not in ASCII."""
    known = [header for header in table.headers if known_field(header)]
    japanese = [header for header in known if not header.isascii()]
    return "ja" if len(japanese) * 2 > len(known) else otherwise


def _unused(proposal: Proposal, paths: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(paths[id(other.table)] for other in proposal.others)
