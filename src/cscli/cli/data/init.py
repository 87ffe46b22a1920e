"""`cscli init`: exports in, a commented config of one's own out; or the sample company, to try things on."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cscli.cli import options as o
from cscli.cli.console import printed, show_line, show_text
from cscli.cli.manual.page import HelpedCommand
from cscli.cli.reader import language_of_system

if TYPE_CHECKING:
    from cscli.workflows.init.write import NewRules, WrittenRules

Exports = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[EXPORT or FOLDER]...", help="Exports of any system; default: this folder and exports/."
    ),
]
Preset = Annotated[
    str, typer.Option("--preset", help="The preset to start from (--list shows them), or a file of your own.")
]
ListPresets = Annotated[bool, typer.Option("--list", help="List the presets and end.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")]
Update = Annotated[
    bool,
    typer.Option(
        "--update", help="Add new files and columns to an existing config; what stands there stays."
    ),
]
Sample = Annotated[
    Path | None,
    typer.Option(
        "--sample", metavar="DIR", help="Copy a sample company, exports and rules, to DIR; takes no exports."
    ),
]
SampleLang = Annotated[
    o.Language | None,
    typer.Option("--lang", help="Language of the rules or of the sample; without it that of the headers."),
]
ConfigOutput = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="PATH", help="The file to write, or its folder; default cscli.yaml."
    ),
]
_PRESET = "starter"
_MOST_LEFT = 5


def register(app: typer.Typer) -> None:
    """Adds the command."""
    example = "Example: cscli init --preset coverage-database-activity sample_data/accounts.xlsx sample_data/usage.csv"
    app.command("init", cls=HelpedCommand, epilog=example)(init)


def init(
    exports: Exports = None,
    preset: Preset = _PRESET,
    list_presets: ListPresets = False,
    force: Force = False,
    update: Update = False,
    output: ConfigOutput = None,
    sample: Sample = None,
    lang: SampleLang = None,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Write a commented, useful cscli.yaml from whatever exports are there."""
    import datetime as dt

    if list_presets:
        _list_presets()
        return
    if sample is not None:
        if exports or output or preset != _PRESET:
            raise typer.BadParameter("--sample takes neither EXPORT nor --preset nor --output")
        _copy_sample(sample, lang or o.Language(language_of_system()), force=force, quiet=quiet)
        return

    from cscli.cli import console
    from cscli.workflows.init.write import NewRules
    from cscli.workflows.init.write import init as write_rules
    from cscli.workspace.rules import CONFIG_NAME

    path = o.output_path(output or Path(CONFIG_NAME), CONFIG_NAME, Path())
    now = dt.datetime.now(dt.UTC).astimezone()
    asked = NewRules(
        path=path,
        preset=preset,
        exports=tuple(exports or ()),
        now=now,
        overwrite=force,
        language=lang.value if lang else None,
        of_system=language_of_system(),
    )
    if update:
        _update(asked, quiet=quiet, verbose=verbose)
        return
    written = write_rules(asked)
    console.show_problems(written.problems, written.language, quiet=quiet, verbose=verbose)
    if not quiet:
        _show(written, preset)


def _update(asked: "NewRules", *, quiet: bool, verbose: bool) -> None:
    """Shows the lines that are added, asks where somebody is there to answer, and adds them."""
    import sys

    from cscli.cli import console
    from cscli.texts import text
    from cscli.workflows.init.updating import plan_update, write_update

    found = plan_update(asked)
    console.show_problems(found.problems, found.language, quiet=quiet, verbose=verbose)
    if not found.names:
        if not quiet:
            show_text("init.update_nothing", found.language, path=found.path)
        return
    if not quiet:
        show_line(found.difference)
        asks = sys.stdin.isatty() and sys.stdout.isatty()
        if asks and not typer.confirm(
            text("init.update_ask", printed(found.language), path=found.path), default=True
        ):
            return
    write_update(found)
    if quiet:
        return
    names = text("init.comma", found.language).join(found.names)
    show_text("init.update_wrote", found.language, path=found.path, names=names)


def _list_presets() -> None:
    from cscli.cli.reader import reader_language
    from cscli.texts.columns import in_two_columns
    from cscli.texts.usage.presets import summary_in
    from cscli.workspace.rules import presets

    found = presets()
    said = [(name, summary_in(summary, printed(reader_language()))) for name, summary in found.items()]
    for line in in_two_columns(said, shutil.get_terminal_size().columns, max(map(len, found))):
        show_line(line)


def _copy_sample(folder: Path, lang: o.Language, *, force: bool, quiet: bool) -> None:
    from cscli.workflows.init.sample import init_sample
    from cscli.workspace.sample import SAMPLE_AS_OF

    count = init_sample(folder, lang.value, overwrite=force)
    if not quiet:
        command = f"cscli score --as-of {SAMPLE_AS_OF}"
        show_text("init.sample_wrote", lang.value, count=count, folder=folder)
        show_text("init.sample_next", lang.value, folder=folder, command=command)


def _show(written: "WrittenRules", preset: str) -> None:
    from cscli.texts import text

    language = printed(written.language)
    show_text("init.wrote", language, path=written.path, preset=preset)
    for source, (file, kind) in written.used.items():
        show_text("init.used", language, source=source, file=file, kind=text(f"init.kind.{kind}", language))
    if written.used:
        for source in written.waiting:
            show_text("init.waiting", language, source=source)
    for file, why in list(written.left.items())[:_MOST_LEFT]:
        show_text("init.unused", language, file=file, why=why)
    if len(written.left) > _MOST_LEFT:
        show_text("init.unused_more", language, count=len(written.left) - _MOST_LEFT)
    if written.used:
        _show_scores(written)
    _show_next(written)


def _show_scores(written: "WrittenRules") -> None:
    """How much a score would rest on, and what would help."""
    from cscli.reports.kit.labels import default_label
    from cscli.texts import text

    language = printed(written.language)
    comma = text("init.comma", language)
    if written.scores and written.accounts:
        metrics = comma.join(
            (*written.metrics, *(name for name in written.proposed if name not in written.metrics))
        )
        show_text("init.scored", language, banded=written.banded, accounts=written.accounts, metrics=metrics)
    elif written.accounts:
        show_text("init.no_scores", language, accounts=written.accounts)
    if written.proposed:
        show_text("init.proposed", language, metrics=comma.join(written.proposed))
    if written.helpful:
        labels = comma.join(default_label(name, language) for name in written.helpful)
        show_text("init.helpful", language, columns=labels)


def _show_next(written: "WrittenRules") -> None:
    from cscli.errors import Severity
    from cscli.workspace.rules import CONFIG_NAME

    runs = not any(problem.severity is Severity.ERROR for problem in written.problems) or written.accounts
    verb = "score" if written.scores else "ltv-report" if written.has_revenue else "check"
    command = f"cscli {verb}" if str(written.path) == CONFIG_NAME else f'cscli {verb} -c "{written.path}"'
    key = "init.next_exports" if not written.used else "init.next" if runs else "init.mend_first"
    show_text(key, written.language, command=command)
