"""Progress of long work on the terminal: a bar on standard error, gone again at its end; nothing where no one looks."""

import atexit
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from cscli.sources.progress import Progress


def progress_bar() -> "Callable[[Progress], None] | None":
    """What shows a `Progress`; None where standard error is no terminal. The bar appears with the first one."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    bars: list[Bar] = []

    def show(progress: "Progress") -> None:
        if not bars:
            bars.append(_open())
            atexit.register(bars[0].stop)
            bars[0].add_task(progress.what, rate=0.0)
        bar = bars[0]
        if progress.what != bar.tasks[-1].description:
            bar.add_task(progress.what, rate=0.0)
        bar.update(bar.tasks[-1].id, total=progress.total, completed=progress.done, rate=progress.rate)
        if progress.total is not None and progress.done >= progress.total:
            bar.stop()
            bars.clear()

    return show


def _open() -> "Bar":
    from rich.progress import BarColumn, Progress, TextColumn

    from cscli.cli.console import messages

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows, {task.fields[rate]:,.0f}/s"),
    )
    bar = Progress(*columns, console=messages(), transient=True)
    bar.start()
    return bar
