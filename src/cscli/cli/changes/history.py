"""`cscli history`: the course of an account or of the book, the runs that are stored, and what to do with them."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cscli.cli import options as o
from cscli.cli.command import STORED, Asked, add_command
from cscli.cli.console import printed, results, show_line, show_text, show_words
from cscli.cli.manual.page import HelpedGroup

if TYPE_CHECKING:
    import datetime as dt

    from cscli.reports.kit.model import Report
    from cscli.texts import Language

_ROWS = 20
_WIDTH = 52
Last = Annotated[
    int | None,
    typer.Option("--last", metavar="N", min=1, help="The last N weeks; default all that is stored."),
]
Account = Annotated[
    str | None, typer.Argument(help="One account; default the whole book.", show_default=False)
]
ExportFile = Annotated[
    Path | None, typer.Option("--output", "-o", help="A file (.csv .json .xlsx) or a folder.")
]
Keep = Annotated[int | None, typer.Option("--keep", metavar="N", min=1, help="Keep the newest N runs.")]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Keep the runs of this day and later.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would go; change nothing.")]


Day = Annotated[str | None, typer.Argument(metavar="[DATE]", help="The day of a run.", show_default=False)]
OfAccount = Annotated[str | None, typer.Option("--account", metavar="ID", help="An account, in every run.")]
Folders = Annotated[
    list[Path],
    typer.Argument(help="Folders of old exports with a date in their names, or one that holds such folders."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


class _Group(HelpedGroup):
    """A group whose first command is meant where none is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["show", *args])


def register(app: typer.Typer) -> None:
    """Adds the group of commands."""
    group = typer.Typer(
        cls=_Group,
        help="Show the course of the book, or of one account: cscli history [ACCOUNT_ID].",
        epilog="Example: cscli history A0028 --last 26 -o course.xlsx",
    )
    add_command(
        group, "show", show, example="cscli history A-001 --last 26", options=STORED, is_for_screen=True
    )
    add_command(group, "runs", runs, example="cscli history runs", options=STORED, is_for_screen=True)
    add_command(
        group,
        "backfill",
        backfill,
        example="cscli history backfill exports/2026-*/",
        options=("config", "lang", "overrides", "quiet", "verbose"),
    )
    add_command(
        group,
        "export",
        export,
        example="cscli history export -o history.csv",
        options=("config", "output", "lang", "overrides", "quiet"),
        output=ExportFile,
    )
    add_command(
        group,
        "prune",
        prune,
        example="cscli history prune --keep 104 --dry-run",
        options=("config", "lang", "overrides", "quiet"),
    )
    add_command(
        group,
        "forget",
        forget,
        example="cscli history forget 2027-01-05",
        options=("config", "lang", "overrides", "quiet"),
    )
    app.add_typer(group, name="history", rich_help_panel=None)


def show(asked: Asked, account_id: Account = None, *, last: Last = None) -> None:
    """Show scores, bands and revenue run by run (this is what `cscli history` alone does).

    Exit code 5 where there is no history yet, 4 for an account that no run had.
    """
    from cscli import workflows

    path = asked.path_if_given("history.xlsx")
    if account_id is None:
        _show(asked, workflows.show_book(asked.request, last, path), path)
    else:
        _show(asked, workflows.show_account(asked.request, account_id, last, path), path)


def runs(asked: Asked) -> None:
    """List the runs that are stored: day, when it was known, whether that is evidence, rules, files, version."""
    from cscli import workflows

    path = asked.path_if_given("runs.xlsx")
    _show(asked, workflows.show_runs(asked.request, path), path)


def backfill(asked: Asked, folders: Folders) -> None:
    """Score old exports as of the day in each folder's name, known on that day, and store them as evidence.

    Every file of the rules is looked for in the folder, as the rules name it or by its name alone. A day that has
    evidence stays as it is, so that a second call changes nothing.
    """
    from cscli import workflows
    from cscli.cli.console import say_line, show_problems
    from cscli.errors import ExitCode, worst_code
    from cscli.render.screen.terminal import plain

    done, language = [], asked.request.language or "en"
    for each, language in workflows.backfill(asked.request, folders):
        done.append(each)
        line = plain(workflows.say_backfilled(each, language))
        if each.outcome == "refused":
            say_line(line)
        elif not asked.quiet:
            show_words(line, language)
        if asked.verbose and each.outcome == "stored":
            show_problems(each.problems, language, quiet=asked.quiet, verbose=True)
    counts = {name: sum(each.outcome == name for each in done) for name in ("stored", "there", "refused")}
    if not asked.quiet:
        show_text("backfill.done", language, **counts)
    code = worst_code(each.code for each in done)
    if code is not ExitCode.DONE:
        raise typer.Exit(code)


def export(asked: Asked, *, last: Last = None) -> None:
    """Write every snapshot as one table: a row an account and run, with every metric's value and points."""
    from cscli import workflows

    path = asked.path("history.csv")
    workflows.export_history(asked.request, path, last)
    asked.show_path(path)


def prune(asked: Asked, *, keep: Keep = None, since: Since = None, dry_run: DryRun = False) -> None:
    """Remove old runs, with their call lists and event weeks; the newest run always stays."""
    from cscli import workflows

    if (keep is None) == (since is None):
        raise typer.BadParameter("give either --keep N or --since DATE")
    day = o.parse_day(since, "--since")
    pruned, language = workflows.prune_history(asked.request, keep, day, dry_run=dry_run)
    if asked.quiet:
        return
    details: dict[str, object] = {"kept": len(pruned.kept), "count": len(pruned.removed)}
    if not pruned.removed:
        show_text("history.nothing_to_prune", language, **details)
        return
    details |= _span(pruned.removed, language)
    key = "history.would_prune" if dry_run else "history.pruned"
    show_text(key, language, **details)
    if pruned.evidence:
        lost = _span(pruned.evidence, language)
        show_text(f"{key}_evidence", language, count=len(pruned.evidence), **lost)


def _span(days: "Sequence[dt.date]", language: "Language") -> "dict[str, str]":
    """The first and the last of these days, as people write them."""
    from cscli.reports.kit.looks import show_date

    return {"first": show_date(days[0], language), "last": show_date(days[-1], language)}


def forget(
    asked: Asked, date: Day = None, *, account: OfAccount = None, yes: Yes = False, dry_run: DryRun = False
) -> None:
    """Remove one run, or one account from every run, for good: from snapshots, call lists, alerts and messages.

    It says how much that is and asks first. Exports, inputs and reports stay: they are files of yours.
    """
    from cscli import workflows
    from cscli.reports.kit.looks import show_date
    from cscli.texts import text

    if (date is None) == (account is None):
        raise typer.BadParameter("give either DATE or --account ID")
    day = o.parse_day(date, "DATE")
    found, language = workflows.forget(asked.request, day, account, dry_run=True)
    what = account or (show_date(day, language) if day else "")
    counts = {
        name: f"{getattr(found, name):,}"
        for name in ("runs", "accounts", "calls", "alerts", "weeks", "forecasts", "messages", "outreach")
    }
    show_text("history.would_forget", language, what=what, **counts)
    if dry_run:
        return
    if not (yes or _agrees(text("history.forget_question", printed(language), what=what))):
        show_text("history.forget_not", language)
        return
    workflows.forget(asked.request, day, account, dry_run=False)
    if not asked.quiet:
        show_text("history.forgotten", language, what=what)


def _agrees(question: str) -> bool:
    """Whether a person at the terminal says yes. BadParameter where there is none to ask."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise typer.BadParameter("nobody can be asked here; add --yes")
    show_line(f"{question} [y/N] ", end="")
    return sys.stdin.readline().strip().casefold() in ("y", "yes", "はい")


def _show(asked: Asked, report: "Report", path: Path | None) -> None:
    asked.tell(report.problems, report.language)
    if not asked.quiet:
        _draw(report)
    asked.show_path(path)


def _draw(report: "Report") -> None:
    """The course in one line, the newest rows, and the sentence."""
    from dataclasses import replace

    from rich.text import Text

    from cscli.render.screen.sparkline import sparkline
    from cscli.render.screen.terminal import show_sentence, show_sheet
    from cscli.texts import text

    out, sheet = results(report.language), report.sheets[0]
    trend = {"course": ("history.trend", "score"), "bands": ("history.trend_mean", "mean_score")}.get(
        sheet.id
    )
    if trend and len(sheet) > 1:
        has_unicode = out.encoding.lower().startswith("utf")
        line = sparkline(sheet.column(trend[1]).tolist(), _WIDTH, has_unicode=has_unicode)
        out.print(Text(f"{text(trend[0], report.language)}  {line}"))
    newest = replace(sheet, values=tuple(values[-_ROWS:] for values in sheet.values))
    show_sheet(report, newest, report.short, out, rows=_ROWS)
    if len(sheet) > _ROWS:
        out.print(
            Text(text("history.earlier", report.language, count=f"{len(sheet) - _ROWS:,}"), style="dim")
        )
    show_sentence(report.headline, out)
