"""Everything that a Monday needs, in one go: read once, every report, one snapshot, and all files at once."""

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cscli import __version__
from cscli.analysis.quality.findings import drop_accepted
from cscli.analysis.tables.raw import sources_of_files
from cscli.config.load import Draft
from cscli.errors import (
    CscliError,
    ExitCode,
    LockedError,
    Problem,
    Scope,
    Severity,
    SourceError,
    distinct,
    findings,
    worst_code,
)
from cscli.texts import Language
from cscli.workflows.book.read import draft_of, read_book, speaking
from cscli.workflows.book.request import Request
from cscli.workflows.run.damaged import put_damaged_aside
from cscli.workflows.run.manifest import (
    StepResult,
    make_manifest,
    problem_kinds,
    sources_of,
)
from cscli.workflows.run.steps import NewAlerts, RunStep, new_alerts, parts_of, say_calls, steps_of
from cscli.workflows.run.storing import put_in_place, tell
from cscli.workflows.telling import tell_apart
from cscli.workflows.whole.book import WholeBook
from cscli.workspace.manifest import Manifest
from cscli.workspace.run_log import RunLog
from cscli.workspace.signals import stop_if_signalled
from cscli.workspace.staging import (
    clear_leftovers,
    move_into_place,
    staged,
)


@dataclass(frozen=True, slots=True)
class RunOptions:
    """`wait_seconds`: how long to wait for another run. `fail_on`: `error`, `warning`, `at-risk`, `alert`. `on_bug` is called
    while an error in cscli itself is handled, and gives the file that tells of it.
    """

    wait_seconds: float = 0
    fail_on: frozenset[str] = frozenset()
    on_bug: Callable[[], str] = field(default=lambda: "-")


@dataclass(frozen=True, eq=False, kw_only=True)
class RunOutcome:
    """What a run has done. `kinds`: the problems that somebody should see, alike ones together; `known`: how many others
    were told before; `new_at_risk`: ids of the accounts that have come onto the call list; `news`: who they are, in a sentence; `new_alerts`: by rule. `folder`: where the files are; None: none were made.
    """

    code: ExitCode
    language: Language
    manifest: Manifest
    kinds: tuple[tuple[Problem, ...], ...]
    known: int
    new_at_risk: tuple[str, ...]
    news: str | None
    new_alerts: tuple[NewAlerts, ...]
    problems: tuple[Problem, ...]
    folder: Path | None


def run(request: Request, options: RunOptions) -> RunOutcome:
    """Makes every report that the rules list, in `out/DATE` and `out/latest`, and stores one snapshot.

    A step that fails does not stop the others; what it would have made stays as it was. Raises LockedError while
    another run holds the workspace, and CscliError where nothing can be made; then no output and no history is
    changed.
    """
    draft = draft_of(request)
    if draft.config is None:  # the next raises, with what the headers of the exports add to the message
        read_book(request, draft=draft)
    run_id = request.now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    log = RunLog(request.rules.workspace, request.now, run_id)
    with speaking(request.language_of(draft)), log_end(log), hold_alone(request, options, log):
        return _run(request, draft, options, log, run_id)


@contextmanager
def log_end(log: RunLog) -> Iterator[None]:
    """Says in the log how a run that did not get through has ended."""
    try:
        yield
    except LockedError:
        log.write("locked")
        raise
    except CscliError as error:
        for problem in error.problems:
            log.write_problem(problem)
        log.write("ended", exit_code=int(error.exit_code), seconds=round(log.seconds, 3))
        raise
    except BaseException as error:
        code = error.code if isinstance(error, SystemExit) else int(ExitCode.BUG)
        log.write("ended", exit_code=code, seconds=round(log.seconds, 3), error=type(error).__name__)
        raise


@contextmanager
def hold_alone(request: Request, options: RunOptions, log: RunLog) -> Iterator[None]:
    """The workspace, to itself and without what killed runs have left."""
    from cscli.workspace.lock import hold_workspace

    with hold_workspace(request.rules.workspace, request.now, options.wait_seconds) as left_by:
        log.rotate()
        log.write("started", version=__version__, pid=os.getpid(), config=request.rules.name)
        if left_by is not None:
            log.write("stale_lock", pid=left_by.pid, host=left_by.host, since=left_by.since)
        if clear_leftovers(request.rules.workspace / "out", request.now):
            log.write("finished_earlier_run")
        put_damaged_aside(request.rules.workspace / "out")
        yield


def _run(request: Request, draft: Draft, options: RunOptions, log: RunLog, run_id: str) -> RunOutcome:
    out = request.rules.workspace / "out"
    whole = WholeBook(request, draft=draft)
    book = whole.book
    log.write("read", as_of=book.as_of.isoformat(), accounts=len(book.frame), sources=len(book.inputs))
    with staged(out) as tree:
        folder = tree / book.as_of.isoformat()
        results = do_steps(whole, folder, options.on_bug, log)
        problems = distinct([*book.problems, *(each for result in results for each in result.problems)])
        parts = parts_of(result.step for result in results if result.status == "done")
        manifest = make_manifest(whole, run_id, results, problems)
        code = worst_code([*(result.code for result in results), _findings(problems, whole, options.fail_on)])
        manifest = manifest.model_copy(update={"seconds": round(log.seconds, 3), "exit_code": int(code)})
        is_made = any(result.files for result in results)
        if is_made:
            put_in_place(whole, results, tree, manifest)
    if is_made:
        move_into_place(out)
    posted = tell(whole, results)
    problems += posted.problems
    code = worst_code([code, ExitCode.OUTBOX if posted.undelivered else ExitCode.DONE])
    manifest = manifest.model_copy(update={"exit_code": int(code)})
    for problem in problems:
        log.write_problem(problem)
    log.write("ended", exit_code=int(code), seconds=round(log.seconds, 3))
    kinds, known = _tell_news(whole, problems, results)
    return RunOutcome(
        code=code,
        language=book.language,
        manifest=manifest,
        kinds=kinds,
        known=known,
        new_at_risk=tuple(whole.new_at_risk() if "calls" in parts else ()),
        news=say_calls(whole) if "calls" in parts else None,
        new_alerts=new_alerts(whole) if "alerts" in parts else (),
        problems=tuple(problems),
        folder=out / book.as_of.isoformat() if is_made else None,
    )


def do_steps(
    whole: WholeBook, folder: Path, on_bug: Callable[[], str], log: RunLog, names: Sequence[str] | None = None
) -> list[StepResult]:  # fmt: skip
    """Each step with its files in `folder`; `names`: of these only. Raises SourceError where a file cannot be
    written.
    """
    results = []
    for step in steps_of(whole, names):
        begun = time.perf_counter()
        result = _do(step, whole, folder, on_bug)
        stop_if_signalled()
        result = replace(result, seconds=time.perf_counter() - begun)
        log.write(
            "step", step=step.name, status=result.status, exit_code=int(result.code),
            seconds=round(result.seconds, 3), files=len(result.files),
        )  # fmt: skip
        results.append(result)
    return results


def _do(step: RunStep, whole: WholeBook, folder: Path, on_bug: Callable[[], str]) -> StepResult:
    try:
        made = step.make(whole)
        files, said = made.write(folder)
    except SourceError as error:
        if any(problem.scope is Scope.WORKSPACE for problem in error.problems):
            raise  # no room, no permission: what stops one step for such a reason stops the run
        return _failed(step, error.exit_code, error.problems)
    except CscliError as error:
        return _failed(step, error.exit_code, error.problems)
    except Exception as error:  # noqa: BLE001 - a bug in one report does not keep the others back
        stop_if_signalled()
        details = {"error": type(error).__name__, "file": on_bug()}
        return _failed(step, ExitCode.BUG, (Problem("run.bug", value=step.name, details=details),))
    return StepResult(
        step=step.name, status="done", code=made.code, seconds=0, files=files, problems=(*made.problems, *said)
    )  # fmt: skip


def _failed(step: RunStep, code: ExitCode, problems: Sequence[Problem]) -> StepResult:
    said = Problem("run.step_failed", value=step.name)
    return StepResult(
        step=step.name, status="failed", code=code, seconds=0, files=(), problems=(said, *problems)
    )


def _findings(problems: Sequence[Problem], whole: WholeBook, fail_on: frozenset[str]) -> ExitCode:
    """FINDINGS where `fail_on` names something that is there, whichever steps the rules list."""
    accepted = whole.book.config.acknowledge
    found = set(findings(drop_accepted(problems, accepted, _source_of_files(whole))))
    try:
        if "at-risk" in fail_on and len(whole.calls.rows):
            found.add("at-risk")
        if "alert" in fail_on and len(whole.alerts.active):
            found.add("alert")
    except CscliError as error:
        return error.exit_code
    return ExitCode.FINDINGS if found & fail_on else ExitCode.DONE


def _source_of_files(whole: WholeBook) -> dict[str, str]:
    return sources_of_files(whole.book.inputs)


def _tell_news(
    whole: WholeBook, problems: Sequence[Problem], results: Sequence[StepResult]
) -> tuple[tuple[tuple[Problem, ...], ...], int]:
    """The errors and warnings that the workspace was not told of, alike ones together; and how many others there are.
    What made a step fail is told each time.
    """
    grave = [each for each in problems if each.severity is not Severity.NOTE]
    failed = [each for result in results if result.status == "failed" for each in result.problems]
    others, accepted = [each for each in grave if each not in failed], whole.book.config.acknowledge
    apart = tell_apart(whole.request, others, _source_of_files(whole), accepted=accepted)
    kinds = problem_kinds([*failed, *apart.new], sources_of(whole))
    return tuple(map(tuple, kinds.values())), apart.known
