"""Exports and a preset to a config file of one's own, checked by a run before it is called good."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from cscli.analysis.proposing.proposal import Proposal, propose
from cscli.analysis.tables.raw import RawTable
from cscli.config.load import Draft, read_draft
from cscli.config.schema import Config
from cscli.errors import CscliError, DataError, Location, Problem, Severity, SourceError, UsageError
from cscli.fields import known_field
from cscli.nearest import nearest_name
from cscli.rules_text.metrics import add_activity, leave_out_metrics
from cscli.rules_text.rules_file import file_path, say_without_data
from cscli.sources import ReadOptions, read_table
from cscli.texts import Language
from cscli.workflows.book.read import read_book
from cscli.workflows.book.request import Request
from cscli.workflows.init.log import LOG_NAME, split_exports
from cscli.workflows.init.texts import RulesTexts
from cscli.workflows.scores.scoring import score_book
from cscli.workspace.paths import open_home
from cscli.workspace.publish import publish
from cscli.workspace.rules import Rules, preset_text, presets


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
    an export is not there, DataError if none is a table or no export has a column that could be the account's id.
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
    log, exports = split_exports([open_home(str(path)) for path in wanted.exports])
    tables, refused = _read(exports)
    proposal = propose([table for table, _ in tables], rules, _names_of(draft))
    folder = wanted.path.parent.resolve()
    paths = {id(table): file_path(str(path.resolve()), str(folder)) for table, path in tables}
    language = _language_of(proposal.sources[0].table, _language(draft))
    if log:
        paths[id(log)] = file_path(str(log.path.resolve()), str(folder))
    trial = _with_log_or_without(wanted, RulesTexts(text, proposal, paths, language, log))
    _write(wanted.path, trial.text)
    served = (
        *proposal.sources,
        *(source for source in proposal.added if f"\n  {source.name}:" in trial.text),
    )
    used = {source.name: paths[id(source.table)] for source in served}
    if log and f"\n  {LOG_NAME}:\n" in trial.text:
        used[LOG_NAME] = paths[id(log)]
    return WrittenRules(
        path=wanted.path, language=language, used=used,
        waiting=tuple(name for name in rules if name not in used),
        unused=tuple(path for path in paths.values() if path not in used.values()),
        without_data=trial.without_data, metrics=trial.metrics, problems=(*refused, *trial.problems),
    )  # fmt: skip


def _read(exports: Sequence[Path]) -> tuple[list[tuple[RawTable, Path]], list[Problem]]:
    """The tables, and what was said of files that hold none: one such file among others does not end the run."""
    tables: list[tuple[RawTable, Path]] = []
    refused: list[Problem] = []
    for path in dict.fromkeys(open_home(str(path)) for path in exports):
        try:
            table = read_table(path, path.stem, ReadOptions(), lambda header: known_field(header) is not None)
        except DataError as error:
            refused += error.problems
        else:
            tables.append((table, path))
    if not tables:
        raise DataError(*refused)
    return tables, [replace(problem, severity=Severity.WARNING) for problem in refused]


def _names_of(draft: Draft) -> frozenset[str]:
    """Names that the rules define, which no column of an export may bear."""
    config = draft.config
    if config is None:
        return frozenset()
    metrics = {name for name, metric in config.metrics.items() if metric.value.plain_column != name}
    rollups = {name for source in config.sources.values() for name in source.rollup}
    return frozenset(metrics | rollups | set(config.derived) | set(config.segments))


@dataclass(frozen=True, slots=True)
class _Trial:
    """A text, and what a run of it says: metrics without data (of `metrics`) with the columns they miss."""

    text: str
    missing: Mapping[str, str]
    metrics: int
    problems: tuple[Problem, ...]
    runs: bool = True
    formulas: Mapping[str, str] = field(default_factory=dict)

    @property
    def without_data(self) -> tuple[str, ...]:
        return tuple(self.missing)

    @property
    def knows_nothing(self) -> bool:
        return len(self.missing) == self.metrics


def _with_log_or_without(wanted: NewRules, texts: RulesTexts) -> _Trial:
    """The rules with the event log, if there is one that can be read; times without a zone are taken to be of the
    rules' own, which the file says.
    """
    refused: list[Problem] = []
    if texts.log is not None:
        zone = read_draft(texts.preset, wanted.preset).document.at("timezone")
        for naive_times_are in (None, str(zone or "UTC")):
            trial = _first_that_runs(wanted, replace(texts, naive_times_are=naive_times_are))
            if trial.runs:
                return trial
        refused = [replace(each, severity=Severity.WARNING) for each in trial.problems]
    trial = _first_that_runs(wanted, replace(texts, log=None))
    return replace(
        trial, problems=(*trial.problems, *(each for each in refused if each not in trial.problems))
    )


def _first_that_runs(wanted: NewRules, texts: RulesTexts) -> _Trial:
    """The rules with every source and with the scorecard that the exports can fill; of what the preset does not
    allow, less.
    """
    proposal = texts.proposal
    first = _try(wanted, texts.text(proposal.added, proposal.others))
    if not first.runs and proposal.added:
        second = _try(wanted, texts.text((), (*proposal.added, *proposal.others)))
        first = second if second.runs else first
    if first.runs and first.knows_nothing:
        first = _with_activity(wanted, first, proposal)
    said = replace(first, text=say_without_data(first.text, first.without_data, every=first.knows_nothing))
    if not first.runs or first.knows_nothing or not first.missing:
        return said
    reasons = {name: _why(columns) for name, columns in first.missing.items()}
    smaller = leave_out_metrics(said.text, reasons, first.formulas)
    trial = _try(wanted, smaller)
    return replace(first, text=smaller) if trial.runs and not trial.missing else said


def _with_activity(wanted: NewRules, trial: _Trial, proposal: Proposal) -> _Trial:
    """The trial with a metric over the last rows of the accounts, where none of the preset has data."""
    days = [
        rollup.name
        for source in proposal.added
        for rollup in source.rollup
        if rollup.name.endswith("_last_on") and f"\n      {rollup.name}:" in trial.text
    ]
    if not days:
        return trial
    found = _try(
        wanted, add_activity(trial.text, days, "no metric of the preset has data, but rows have days")
    )
    return found if found.runs and not found.knows_nothing else trial


def _why(columns: str) -> str:
    return f"these exports have no {columns}" if columns else "these exports have nothing for it"


def _try(wanted: NewRules, text: str) -> _Trial:
    """What a run of `text` says, which is about to be written."""
    folder = wanted.path.parent.resolve()
    request = Request(Rules(wanted.path.name, text, folder, folder, remembers=False), wanted.now)
    metrics = len(read_draft(text, wanted.path.name).document.mapping("metrics"))
    try:
        book = read_book(request)
        scored, problems = score_book(request, book)
    except CscliError as error:
        return _Trial(text, {}, metrics, error.problems, runs=False)
    filled = np.count_nonzero(scored.scores.covered, axis=0).tolist()
    empty = {str(name) for name in scored.frame.columns[scored.frame.isna().all().to_numpy()]}
    missing = {
        name: ", ".join(sorted({*book.config.metrics[name].value.names} & empty))
        for name, count in zip(scored.scores.metrics, filled, strict=True)
        if not count
    }
    looked_at = (problem for problem in (*book.problems, *problems) if problem.severity is not Severity.NOTE)
    warnings = tuple(replace(p, severity=Severity.WARNING) for p in looked_at)
    return _Trial(text, missing, metrics, warnings, formulas=_formulas(book.config))


def _formulas(config: Config) -> dict[str, str]:
    """The formulas of the metrics that are more than the column of their name."""
    return {
        name: metric.value.text
        for name, metric in config.metrics.items()
        if metric.value.plain_column != name
    }


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
