"""Commands and the options that they have in common: each is declared once, and reaches a command as `Asked`."""

import datetime as dt
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cscli.cli import options as o
from cscli.cli.console import printed, results, show_known, show_line, show_problems
from cscli.cli.manual.page import HelpedCommand
from cscli.cli.progress import progress_bar
from cscli.cli.reader import language_of_system, reader_language
from cscli.cli.streams import shows

if TYPE_CHECKING:
    from cscli.errors import Problem
    from cscli.reports.kit.model import Report
    from cscli.texts import Language
    from cscli.workflows import Request

FIRST = ("accounts", "config", "as_of", "allow_future", "output", "lang", "overrides")
LAST = ("plain", "no_history", "known_on", "fail_on", "quiet", "verbose")
_SWITCHES = ("allow_future", "plain", "no_history", "quiet", "verbose")
REPORT = (*FIRST, *LAST)
"""What a command that makes a report of the accounts and stores a run understands, beside its own options."""
UNSTORED = tuple(each for each in REPORT if each != "known_on")
"""What one understands that stores none."""
MOST_FINDINGS = 5
"""Findings that are told in full after a run; `cscli check` has all."""
STORED = ("config", "output", "lang", "overrides", "quiet", "verbose")
"""What a command understands that reads the history alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the common options of a command line ask for. `fail_on`: what ends the command with exit code 10."""

    request: "Request"
    output: Path | None
    fail_on: frozenset[str]
    quiet: bool
    verbose: bool

    def path(self, default_name: str) -> Path:
        """Where the report goes: the file that was given, else `default_name` in a folder."""
        return o.output_path(self.output, default_name, self.request.rules.workspace)

    def path_if_given(self, default_name: str) -> Path | None:
        """The same of a command that writes a file only where it is told to."""
        return None if self.output is None else self.path(default_name)

    def tell(
        self,
        problems: "Sequence[Problem]",
        language: "Language",
        sources: "Mapping[str, str] | None" = None,
        *,
        store: bool = True,
    ) -> None:
        """The problems, on standard error: those that are new to the workspace; of the known ones how many they are.
        `sources`: the source of each file; `store`: from then on they are known.
        """
        if self.verbose:
            show_problems(problems, language, quiet=self.quiet, verbose=True)
            return
        from cscli.workflows.telling import tell_apart

        apart = tell_apart(self.request, problems, sources or {}, store=store)
        show_problems(apart.new, language, quiet=self.quiet, verbose=False, most=MOST_FINDINGS)
        if not self.quiet:
            show_known(apart.known, language)

    def show(self, report: "Report", path: Path | None, rows: int = 10) -> None:
        """The problems, the first rows, the sentence that matters, and where the file is."""
        from cscli.render import show_report

        self.tell(report.problems, report.language, sources_in(report))
        if not self.quiet:
            show_report(report, results(report.language), rows=rows)
        self.show_path(path)

    def show_path(self, path: Path | None) -> None:
        """Where the file is, if there is one."""
        if path is not None and not self.quiet:
            show_line(path)

    def end(
        self, problems: "Iterable[Problem]", sources: "Mapping[str, str]", found: Iterable[str] = ()
    ) -> None:
        """Ends the command with exit code 10 if `--fail-on` names something `found`, or a severity of `problems` that the
        rules do not accept. `sources`: the source of each file.
        """
        from cscli.errors import ExitCode, findings
        from cscli.workflows.telling import without_accepted

        counted = without_accepted(self.request, tuple(problems), sources) if self.fail_on else ()
        if self.fail_on & {*findings(counted), *found}:
            raise typer.Exit(ExitCode.FINDINGS)


def sources_in(report: "Report") -> dict[str, str]:
    """The source of each file of a report."""
    return {each.file: each.source for each in report.inputs}


def add_command(
    app: typer.Typer,
    name: str,
    function: Callable[..., None],
    *,
    example: str = "",
    epilog: str = "",
    options: Sequence[str] = REPORT,
    findings: Sequence[str] = (),
    is_for_screen: bool = False,
    **annotations: Any,
) -> None:
    """Adds `function`, which takes `Asked` and its own parameters, as the command `name` that understands the common
    `options` too. `findings`: what `--fail-on` knows beside severities; `annotations`: options of this command
    that have another help than all others; `is_for_screen`: without `-o` it writes nothing but what it prints.
    """
    common = {**o.common_options(tuple(findings)), **annotations}
    options = [*options, *(["allow_future"] if "as_of" in options and "allow_future" not in options else [])]
    parameters = inspect.signature(function, eval_str=True).parameters.values()
    own = [each for each in parameters if each.name != "asked"]
    ordered = [
        *(each for each in own if _is_argument(each)),
        *(_parameter(each, common[each]) for each in FIRST if each in options),
        *(each for each in own if not _is_argument(each)),
        *(_parameter(each, common[each]) for each in options if each in LAST),
    ]

    def run(**values: Any) -> None:
        asked = make_asked(**{each: values.pop(each) for each in options})
        function(_for_screen(asked) if is_for_screen and asked.output is None else asked, **values)

    ordered = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in ordered]
    run.__signature__ = inspect.Signature(ordered)  # type: ignore[attr-defined] # typer reads it
    run.__annotations__ = {each.name: each.annotation for each in ordered}
    run.__doc__ = function.__doc__
    app.command(name, cls=HelpedCommand, epilog=epilog or f"Example: {example}")(run)


def _for_screen(asked: Asked) -> Asked:
    """In English where the terminal cannot hold Japanese."""
    if shows("ja", sys.stdout):
        return asked
    printed(reader_language())  # which says why
    return replace(asked, request=replace(asked.request, language="en"))


def _is_argument(parameter: inspect.Parameter) -> bool:
    kinds = getattr(parameter.annotation, "__metadata__", ())
    return any(type(kind).__name__ == "ArgumentInfo" for kind in kinds)


def _parameter(name: str, annotation: Any) -> inspect.Parameter:
    default: object = [] if name in {"overrides", "fail_on"} else False if name in _SWITCHES else None
    return inspect.Parameter(
        name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation
    )


def make_asked(
    *,
    accounts: Sequence[Path] | None = None,
    config: str | None = None,
    as_of: str | None = None,
    allow_future: bool = False,
    output: Path | None = None,
    lang: o.Language | None = None,
    overrides: Sequence[str] = (),
    plain: bool = False,
    no_history: bool = False,
    known_on: str | None = None,
    fail_on: Sequence[str] = (),
    quiet: bool = False,
    verbose: bool = False,
) -> Asked:
    """The options of a command line together; the clock is read here and nowhere else."""
    from cscli.workflows import Request
    from cscli.workspace.rules import CONFIG_NAME, find_rules

    given = tuple(accounts or ())
    made_now = bool(given) and config is None and not (_here() / CONFIG_NAME).exists()
    if len(given) > 1 and not made_now:
        raise typer.BadParameter("several files only without a config", param_hint="ACCOUNTS")
    request = Request(
        rules=find_rules(config, _here()),
        now=dt.datetime.now(dt.UTC).astimezone(),
        as_of=o.parse_day(as_of),
        accounts=given[0] if given and not made_now else None,
        overrides=tuple(overrides),
        language=lang.value if lang else None,
        of_system=language_of_system(),
        plain=plain,
        known_on=o.parse_day(known_on, "--known-on"),
        remember=not no_history,
        on_progress=progress_bar(),
        allow_future=allow_future,
    )
    if made_now:
        from cscli.workflows.init.in_memory import with_rules_for

        request = with_rules_for(request, given)
    chosen = frozenset(str(each) for each in fail_on)
    return Asked(request=request, output=output, fail_on=chosen, quiet=quiet, verbose=verbose)


def _here() -> Path:
    """The current folder. SourceError where it has been deleted meanwhile."""
    from cscli.errors import Problem, SourceError

    try:
        return Path.cwd()
    except OSError as error:
        raise SourceError(Problem("reading.no_current_folder")) from error
