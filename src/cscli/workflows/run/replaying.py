"""An old run made again from its manifest: the same files where the inputs are the same, else what differs."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cscli import __version__
from cscli.config.load import read_draft
from cscli.errors import DataError, ExitCode, Location, Problem, Severity, SourceError, UsageError, worst_code
from cscli.render.compare import different_sheets
from cscli.sources import FoundFile
from cscli.texts import Language, problem_line
from cscli.texts.records import problem_of
from cscli.workflows.book.read import speaking
from cscli.workflows.book.reading import SourceReader, effective_sources, read_parts
from cscli.workflows.book.request import Request
from cscli.workflows.run.manifest import (
    RULES,
    StepResult,
    make_manifest,
    rules_text,
    text_digest,
    write_beside,
)
from cscli.workflows.run.running import RunOptions, do_steps, hold_alone, log_end
from cscli.workflows.whole.book import WholeBook
from cscli.workspace.manifest import MANIFEST, InputFile, Manifest, file_digest, is_damaged, read_manifest
from cscli.workspace.publish import writing_fault
from cscli.workspace.run_log import RunLog
from cscli.workspace.staging import (
    mark_complete,
    move_into_place,
    refuse_unwritable,
    staged,
)

FOLDER = "replay"
_OF_PEOPLE = ("inputs", "crosswalk")


@dataclass(frozen=True, eq=False, kw_only=True)
class Replayed:
    """The files of the old run, made again in `folder`. `differences`: one problem for each that is not the same;
    `problems`: what else is to be said.
    """

    code: ExitCode
    language: Language
    folder: Path
    files: tuple[str, ...]
    differences: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    manifest: Manifest


def replay(request: Request, name: str, options: RunOptions) -> Replayed:
    """Makes the run `name` (its date, or the path of its manifest) again with its own rules, beside its files; the
    history is read and not changed.

    Raises UsageError where there is no such run, DataError where its inputs or rules are not what they were, and
    as `run` does.
    """
    folder = _find(request.rules.workspace, name)
    manifest = read_manifest(folder)
    if manifest is None and is_damaged(folder):
        raise SourceError(Problem("run.damaged_manifest", where=Location(file=str(folder / MANIFEST))))
    if manifest is None:
        raise DataError(Problem("run.no_manifest", where=Location(file=str(folder / MANIFEST))))
    language = manifest.language
    run_id = request.now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    log = RunLog(request.rules.workspace, request.now, run_id)
    with speaking(language), log_end(log), hold_alone(request, options, log):
        _refuse_changed(manifest, request.rules.workspace)
        old = _request_of(manifest, folder, request)
        whole = WholeBook(old, _reader(manifest, old))
        return _replay(whole, manifest, folder, log, options)


def _find(workspace: Path, name: str) -> Path:
    given = Path(name)
    places = (workspace / "out" / name, given, given.parent)
    for place in places:
        if (place / MANIFEST).is_file() and (place is not places[2] or given.name == MANIFEST):
            return place
    known = sorted(path.parent.name for path in (workspace / "out").glob(f"*-*-*/{MANIFEST}"))
    details = {"known": ", ".join(known[-5:]) or "-"}
    raise UsageError(Problem("run.no_such_run", value=name, details=details))


def _refuse_changed(manifest: Manifest, workspace: Path) -> None:
    """DataError with every input that is not what it was."""
    found = list(_changed(manifest, workspace))
    if found:
        raise DataError(*found, *_other_version(manifest))


def _changed(manifest: Manifest, workspace: Path) -> Iterator[Problem]:
    for given in manifest.inputs:
        path, before = workspace / given.path, given.sha256
        if given.form == "events" and _is_untouched(path, given):
            continue  # a log may be too large to be hashed again
        now = file_digest(path) if path.is_file() else None
        if now == before:
            continue
        details = {"before": (before or "-")[:12], "now": (now or "-")[:12]}
        code = "run.input_gone" if now is None else "run.input_new" if before is None else "run.input_changed"
        yield Problem(code, where=Location(file=given.path), value=given.source, details=details)


def _is_untouched(path: Path, given: InputFile) -> bool:
    if not path.is_file():
        return False
    found = path.stat()
    return (found.st_size, found.st_mtime) == (given.size_bytes, given.modified)


def _other_version(manifest: Manifest) -> Iterator[Problem]:
    then = manifest.versions.get("cscli", "?")
    if then != __version__:
        yield Problem("run.other_version", severity=Severity.NOTE, value=then, details={"now": __version__})


def _request_of(manifest: Manifest, folder: Path, request: Request) -> Request:
    """What the old run was asked. Its rules lost their passwords; where those of today are else the same, they
    have them. DataError where the rules beside the manifest are not those of the run.
    """
    path = folder / RULES
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        text = ""
    if text_digest(text) != manifest.config.sha256:
        raise DataError(Problem("run.rules_changed", where=Location(file=str(path))))
    arguments = manifest.arguments
    is_same = rules_text(request) == text
    return replace(
        request,
        rules=replace(
            request.rules,
            name=manifest.config.name,
            text=request.rules.text if is_same else text,
            remembers=True,
        ),
        as_of=dt.date.fromisoformat(manifest.as_of),
        allow_future=True,
        overrides=arguments.set,
        plain=arguments.plain,
        remember=arguments.history,
        language=manifest.language,
    )


def _reader(manifest: Manifest, request: Request) -> SourceReader:
    """Has read the files of the manifest, and found no others: as old as they were then, and chosen as then."""
    draft = read_draft(request.rules.text, request.rules.name, request.overrides)
    sources = effective_sources(draft, None)
    found: dict[str, FoundFile | None] = dict.fromkeys(
        name for name, source in sources.items() if source.optional
    )
    tables = {}
    logs: dict[str, tuple[Path, ...]] = {}
    for name in dict.fromkeys(given.source for given in manifest.inputs):
        if name in _OF_PEOPLE or name not in sources:
            continue
        every = [given for given in manifest.inputs if given.source == name]
        paths = tuple(request.rules.workspace / given.path for given in every)
        if sources[name].by_engine:
            logs[name] = paths
            continue
        table = read_parts(paths, name, sources[name])
        modified = max(given.modified or 0.0 for given in every)
        tables[name] = replace(table, facts=replace(table.facts, modified=modified))
        found[name] = FoundFile(paths[0], tuple(_said(every[0])), paths[1:])
    return SourceReader(found, tables, logs)


def _said(given: InputFile) -> Iterator[Problem]:
    """What was said of the choice of a file. SourceError for words that this program does not have."""
    for each in given.said:
        problem = problem_of(each.model_dump())
        try:
            problem_line(problem, "en")
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            place = Location(file=MANIFEST)
            raise SourceError(Problem("run.damaged_manifest", where=place)) from error
        yield problem


def _replay(
    whole: WholeBook, manifest: Manifest, original: Path, log: RunLog, options: RunOptions
) -> Replayed:
    out, day = whole.request.rules.workspace / "out", manifest.as_of
    names = [step.step for step in manifest.steps if step.status == "done"]
    with staged(out) as tree:
        folder = tree / day / FOLDER
        results = do_steps(whole, folder, options.on_bug, log, names)
        differences = tuple(_differences(manifest, original, folder))
        problems = tuple(each for result in results if result.status == "failed" for each in result.problems)
        code = worst_code([_code(result) for result in results])
        code = code or (ExitCode.FINDINGS if differences else ExitCode.DONE)
        _write_manifest(whole, manifest, results, folder, code)
        refuse_unwritable(out, tree)
        mark_complete(tree)
    move_into_place(out)
    log.write("replayed", of=manifest.run, different=len(differences), exit_code=int(code))
    return Replayed(
        code=code,
        language=whole.book.language,
        folder=out / day / FOLDER,
        files=tuple(each.file for each in manifest.outputs),
        differences=differences,
        problems=(*problems, *_other_version(manifest)),
        manifest=manifest,
    )


def _code(result: StepResult) -> ExitCode:
    """A step that was made counts by its files alone."""
    return result.code if result.status == "failed" else ExitCode.DONE


def _differences(manifest: Manifest, original: Path, folder: Path) -> Iterator[Problem]:
    for output in manifest.outputs:
        old, new = original / output.file, folder / output.file
        place = Location(file=output.file)
        if not new.is_file():
            yield Problem("run.replay_missing", where=place, value=output.step)
        elif file_digest(new) != output.sha256:
            if old.is_file() and file_digest(old) == output.sha256:
                sheets = ", ".join(different_sheets(old, new)) or "-"
                yield Problem("run.replay_differs", where=place, details={"sheets": sheets})
            else:
                yield Problem("run.replay_differs_from_hash", where=place)


def _write_manifest(
    whole: WholeBook, manifest: Manifest, results: list[StepResult], folder: Path, code: ExitCode
) -> None:
    problems = [each for result in results for each in result.problems]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = make_manifest(whole, manifest.run, results, problems)
        made = made.model_copy(update={"is_replay": True, "exit_code": int(code)})
        write_beside(folder, made, whole.request)
    except OSError as error:
        raise SourceError(writing_fault(folder, error)) from error
