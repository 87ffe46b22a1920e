"""`cscli run`: every report that the rules list, in one go, quiet enough for cron."""

import datetime as dt
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cscli.cli.command import LAST, Asked, add_command
from cscli.cli.console import show_line, show_text, show_words

if TYPE_CHECKING:
    from cscli.errors import CscliError, Problem
    from cscli.texts import Language
    from cscli.workflows.run.running import RunOptions, RunOutcome

_CODES = """Ends with the worst of its steps, in this order: 1 an error in cscli itself, 5 a file or the history
could not be read or written, 3 config, 2 usage, 4 input data, 7 messages wait in the outbox, 10 findings that
--fail-on names, 0 done. 6: another run holds the workspace; 128 + n: ended by signal n."""


Wait = Annotated[
    float, typer.Option("--wait", min=0, metavar="SECONDS", help="Wait so long for another run to end.")
]
Replay = Annotated[
    str | None,
    typer.Option(
        "--replay", metavar="RUN", help="Make an old run again (its date, or its run.json) and compare."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print what was done as one JSON document.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Print the summary and every problem, terminal or not.")
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "run",
        run,
        epilog=f"{_CODES}\n\nExample: cscli run --as-of 2026-10-31",
        options=("config", "as_of", "lang", "overrides", *LAST),
        findings=("at-risk", "alert"),
        verbose=Verbose,
    )


def run(asked: Asked, *, wait: Wait = 0, replay: Replay = None, as_json: Json = False) -> None:
    """Make every report that the config lists, into out/DATE and out/latest; without a terminal, say only what matters."""
    import warnings

    from cscli.cli import crash
    from cscli.errors import CscliError
    from cscli.workflows.run.running import RunOptions
    from cscli.workflows.run.running import run as make_reports

    options = RunOptions(wait, asked.fail_on, crash.write_crash_file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # those of libraries are of no use in a mail from cron
            if replay is not None:
                _replay(asked, replay, options, as_json=as_json)
                return
            outcome = make_reports(asked.request, options)
    except CscliError as error:
        if as_json:
            _print_json(_failure(error))
        raise
    _show(outcome, asked, as_json=as_json)
    if outcome.code:
        raise typer.Exit(outcome.code)


def _replay(asked: Asked, name: str, options: "RunOptions", *, as_json: bool) -> None:
    from cscli.cli import console
    from cscli.reports.kit.looks import show_date
    from cscli.texts import problem_line
    from cscli.workflows.run.replaying import replay

    replayed = replay(asked.request, name, options)
    said = (*replayed.differences, *replayed.problems)
    if as_json:
        messages = [problem_line(problem, replayed.language) for problem in said]
        document = {"schema_version": 1, "status": "different" if replayed.differences else "identical"}
        document |= {"exit_code": int(replayed.code), "replay_of": replayed.manifest.run}
        _print_json({**document, "folder": str(replayed.folder), "noteworthy": messages})
    else:
        console.show_lines(said, replayed.language)
        if not (asked.quiet or replayed.differences):
            as_of = show_date(dt.date.fromisoformat(replayed.manifest.as_of), replayed.language)
            show_text("run.replay_same", replayed.language, count=len(replayed.files), as_of=as_of)
        if not asked.quiet:
            show_text("run.replay_folder", replayed.language, folder=_shown(replayed.folder))
    if replayed.code:
        raise typer.Exit(replayed.code)


def _show(outcome: "RunOutcome", asked: Asked, *, as_json: bool) -> None:
    from rich.text import Text

    from cscli.cli import console
    from cscli.texts.columns import wrapped

    if as_json:
        _print_json(_summary(outcome))
        return
    if asked.verbose:
        console.show_problems(outcome.problems, outcome.language, quiet=False, verbose=True)
    else:
        _show_kinds(outcome.kinds, outcome.language, quiet=asked.quiet)
    if asked.quiet:
        return
    if not asked.verbose:
        console.show_known(outcome.known, outcome.language)
    if asked.verbose or (sys.stdout is not None and sys.stdout.isatty()):
        for line in _overview(outcome):
            show_words(line, outcome.language)
    screen = console.results(outcome.language)
    for line in _news(outcome):
        for part in wrapped(line, screen.width):
            screen.print(Text(part))


def _show_kinds(kinds: "Iterable[Sequence[Problem]]", language: "Language", *, quiet: bool) -> None:
    """One line for problems that are alike; the worst first."""
    from cscli.cli import console
    from cscli.errors import Severity

    for severity in (Severity.ERROR, Severity.WARNING):
        for group in kinds:
            if group[0].severity is severity and not (quiet and severity is Severity.WARNING):
                console.show_lines(group[:1], language, more=len(group) - 1)


def _overview(outcome: "RunOutcome") -> Iterable[str]:
    """A line a step, and the figures of the run."""
    from cscli.reports.kit.looks import show_date
    from cscli.texts import text

    language, manifest = outcome.language, outcome.manifest
    for step in manifest.steps:
        files = [each.file for each in manifest.outputs if each.step == step.step]
        status = text(f"run.step.{step.status}", language)
        seconds = text("run.step.seconds", language, seconds=f"{step.seconds:6.1f}")
        yield f"{step.step:<14} {status}  {seconds}  {' '.join(files)}".rstrip()
    counts, problems = manifest.counts, manifest.problems.counts
    day = show_date(dt.date.fromisoformat(manifest.as_of), language)
    parts = [text("run.counts", language, count=counts.accounts, as_of=day)]
    if at_risk := counts.at_risk:
        parts.append(text("run.counts.at_risk", language, at_risk=at_risk.accounts, new=at_risk.new))
    found = {f"{severity}s": count for severity, count in problems.items()}
    yield " · ".join(parts)
    yield text("run.counts.problems", language, **found)
    yield _shown(outcome.folder) if outcome.folder else text("run.nothing_made", language)


def _news(outcome: "RunOutcome") -> Iterable[str]:
    from cscli.render.screen.terminal import plain
    from cscli.texts import text

    if outcome.news is not None:
        yield plain(outcome.news)
    if outcome.new_alerts:
        language = outcome.language
        said = (
            text("run.alerts_of_rule", language, name=each.label, number=each.count)
            for each in outcome.new_alerts
        )
        yield plain(text("run.new_alerts", language, alerts=text("run.list_join", language).join(said)))


def _summary(outcome: "RunOutcome") -> dict[str, object]:
    from cscli.texts import problem_line

    said = [
        {
            "severity": group[0].severity.value,
            "count": len(group),
            "message": problem_line(group[0], outcome.language),
        }
        for group in outcome.kinds
    ]
    failed = any(step.status == "failed" for step in outcome.manifest.steps)
    return {
        **outcome.manifest.record(),
        "status": "failed" if failed else "done",
        "folder": str(outcome.folder) if outcome.folder else None,
        "new_at_risk": list(outcome.new_at_risk),
        "new_alerts": {each.rule: each.count for each in outcome.new_alerts},
        "noteworthy": said,
    }


def _failure(error: "CscliError") -> dict[str, object]:
    """The document of a run that made nothing."""
    from cscli.errors import ExitCode
    from cscli.texts import as_language, problem_line

    language = as_language(error.language)
    said = [
        {"severity": problem.severity.value, "code": problem.code, "message": problem_line(problem, language)}
        for problem in error.problems
    ]
    status = "locked" if error.exit_code is ExitCode.LOCKED else "failed"
    return {"schema_version": 1, "status": status, "exit_code": int(error.exit_code), "noteworthy": said}


def _print_json(document: dict[str, object]) -> None:
    show_line(json.dumps(document, ensure_ascii=False, indent=1))


def _shown(folder: Path) -> str:
    return os.path.relpath(folder)
