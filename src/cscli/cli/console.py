"""What people see on the terminal: results on standard output, problems and progress on standard error."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from cscli.cli.streams import say_once, shows
from cscli.errors import ConfigError, CscliError, Location, Problem, Severity

if TYPE_CHECKING:
    from rich.console import Console

    from cscli.texts import Language

_SHOWN_EACH = 3
_SHOWN_IN_FAILURE = 20
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def printed(language: "Language") -> "Language":
    """The language in which texts stand on standard output: English where that cannot hold the other, which is said once."""
    return _held(language, sys.stdout)


def show_line(line: object, *, end: str = "\n") -> None:
    """What is in no language, such as a path or a document, on standard output."""
    if sys.stdout is not None:
        sys.stdout.write(f"{line}{end}")
        sys.stdout.flush()


def show_text(key: str, language: "Language", **values: object) -> None:
    """One text of the catalogue on standard output, in a language that it can hold."""
    from cscli.texts import text

    show_line(text(key, printed(language), **values))


def show_words(words: str, language: "Language", *, end: str = "\n") -> None:
    """Words of a report, which exist in its `language` alone, on standard output; nothing where that cannot hold them."""
    if printed(language) == language:
        show_line(words, end=end)


def results(language: "Language") -> "Console":
    """The console of results in `language`, which shows nothing where standard output cannot hold it. A reader who closes the pipe raises
    BrokenPipeError, as with any other output.
    """
    from rich.console import Console

    class Results(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    is_held = printed(language) == language
    return Results(highlight=False, soft_wrap=False, emoji=False, markup=False, quiet=not is_held)


def messages() -> "Console":
    """The console of problems and progress."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)


def say_line(line: str) -> None:
    """One plain line on standard error; nowhere, where that is closed."""
    if sys.stderr is not None:
        sys.stderr.write(line + "\n")


def say(key: str, **values: object) -> None:
    """One text of the catalogue on standard error, in the language of the reader."""
    from cscli.cli.reader import reader_language
    from cscli.texts import text

    say_line(text(key, spoken(reader_language()), **values))


def spoken(language: "Language") -> "Language":
    """The language in which messages are shown: English where standard error cannot hold the other, which is said once."""
    return _held(language, sys.stderr)


def _held(language: "Language", stream: TextIO | None) -> "Language":
    if shows(language, stream):
        return language
    from cscli.texts import text

    say_once(text("run.not_shown", "en", encoding=getattr(stream, "encoding", None)))
    return "en"


def show_failure(error: CscliError) -> None:
    """Every problem that stopped the run, one line each: all of a config, the first twenty of an input."""
    from cscli.cli.reader import reader_language
    from cscli.texts import as_language, text

    language = spoken(as_language(error.language) if error.language else reader_language())
    shown = len(error.problems) if isinstance(error, ConfigError) else _SHOWN_IN_FAILURE
    show_lines(error.problems[:shown], language)
    if len(error.problems) > shown:
        say_line(text("run.more_problems", language, count=len(error.problems) - shown))


def show_problems(
    problems: Sequence[Problem], language: "Language", *, quiet: bool, verbose: bool, most: int | None = None
) -> None:
    """Worst first; of each kind the first few, with how many more there are; what holds for several files in one line; `most` kinds of what is
    not an error.
    """
    from cscli.texts import text

    shown = [problem for problem in problems if not quiet or problem.severity is Severity.ERROR]
    if not shown:
        return
    language = spoken(language)
    ordered = sorted(of_several_files(shown, language), key=lambda problem: _ORDER.index(problem.severity))
    kinds = groupby(ordered, key=lambda problem: (problem.code, problem.where.file, problem.where.column))
    groups = [list(group) for _, group in kinds]
    for same in groups[:most]:
        count = len(same) if verbose else _SHOWN_EACH
        show_lines(same[:count], language)
        if len(same) > count:
            say_line("         " + text("run.more_of_kind", language, count=len(same) - count))
    if most is not None and len(groups) > most:
        say_line("         " + text("run.more_findings", language, count=len(groups) - most))


def of_several_files(problems: Sequence[Problem], language: "Language") -> list[Problem]:
    """The problems, those that say the same of whole files as one of all these files, at the place of the first."""
    from cscli.texts import problem_hint, problem_message, text

    alike: dict[object, list[Problem]] = {}
    for problem in problems:
        is_of_file = problem.where == Location(file=problem.where.file, sheet=problem.where.sheet)
        words = (problem.code, problem_message(problem, language), problem_hint(problem, language))
        alike.setdefault(words if is_of_file else id(problem), []).append(problem)
    comma = text("phrase.comma", language)
    return [
        group[0]
        if len(group) == 1
        else replace(
            group[0], where=Location(file=comma.join(dict.fromkeys(each.where.file or "" for each in group)))
        )
        for group in alike.values()
    ]


def show_known(count: int, language: "Language") -> None:
    """One line for findings that were told before; nothing where there are none."""
    from cscli.texts import text

    if count:
        say_line(text("run.known_findings", spoken(language), count=count))


def show_lines(problems: Iterable[Problem], language: "Language", *, more: int = 0) -> None:
    """One line a problem: place, value, what is wrong, how to mend it; at its end, how many `more` are like it."""
    from rich.text import Text

    from cscli.render.screen.terminal import plain
    from cscli.texts import problem_line, text
    from cscli.texts.columns import padded

    console, language = messages(), spoken(language)
    names = {
        severity: padded(text(f"writing.severity.{severity.value}", language).lower(), 8)
        for severity in Severity
    }
    rest = " " + text("run.more_like_it", language, count=more) if more else ""
    for problem in problems:
        line = Text(f"{names[problem.severity]} ", style=_STYLES[problem.severity])
        line.append(
            plain(problem_line(problem, language)) + rest,
            style="" if problem.severity is not Severity.NOTE else "dim",
        )
        console.print(line)
