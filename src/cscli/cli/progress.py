"""Progress of long work on the terminal: a bar on standard error, gone again at its end; nothing where no one looks."""

import atexit
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from cscli.sources.engine.model import OnProgress, Progress


def progress_bar() -> "OnProgress | None":
    """What shows a `Progress`; None where standard error is no terminal. The bar appears with the first one."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    bars: list[Bar] = []

    def show(progress: "Progress") -> None:
        if not bars:
            bars.append(_open(progress.files))
        bars[0].update(
            bars[0].tasks[0].id,
            completed=progress.files_done,
            description=progress.file,
            rows=progress.rows,
            rate=progress.rows_per_second,
        )

    return show


def _open(files: int) -> "Bar":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from cscli.cli.console import messages

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rows]:,} rows, {task.fields[rate]:,.0f}/s"),
    )
    bar = Progress(*columns, console=messages(), transient=True)
    bar.add_task("", total=files, rows=0, rate=0.0)
    bar.start()
    atexit.register(bar.stop)
    return bar
