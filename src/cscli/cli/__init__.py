"""The command line: its commands, and the one place where errors become text and an exit code."""

import contextlib
import os
import signal
import sys
from types import FrameType

import typer

from cscli import __version__
from cscli.cli import console
from cscli.cli.actions import at_risk, opportunities
from cscli.cli.changes import diff, history
from cscli.cli.crash import write_crash_file
from cscli.cli.data import check, config, init, inputs, match
from cscli.cli.health import explain, score
from cscli.cli.monday import alerts, run, schedule
from cscli.cli.revenue import ltv_report
from cscli.cli.team import segment
from cscli.errors import CscliError, ExitCode

COMMANDS = (
    init,
    check,
    score,
    explain,
    diff,
    segment,
    at_risk,
    opportunities,
    ltv_report,
    alerts,
    run,
    schedule,
    match,
    inputs,
    history,
    config,
)
"""One module a command; each adds itself in `register`."""

app = typer.Typer(
    name="cscli",
    help="Customer success from the command line: health scores that explain themselves, from the exports you have.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in COMMANDS:
    command.register(app)


@app.callback(invoke_without_command=True)
def _root(*, version: bool = typer.Option(False, "--version", help="Show the version and end.")) -> None:
    if version:
        typer.echo(f"cscli {__version__}")
        raise typer.Exit


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    _prepare_streams()
    for number in (signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, _end_by_signal)
    sys.exit(_run())


def _run() -> int:
    try:
        app()
    except SystemExit as end:
        return _flush(end.code if isinstance(end.code, int) else 0 if end.code is None else 1)
    except CscliError as error:
        console.show_failure(error)
        return _flush(error.exit_code)
    except BrokenPipeError:
        return _drop_output()
    except OSError as error:  # standard output on a full disk, or closed
        console.say_line(f"cscli: could not write the output: {error.strerror or error}")
        return ExitCode.FILES
    except Exception as error:  # noqa: BLE001 - the boundary: a bug becomes one line and a file to report
        console.say_line(
            f"cscli: an error in cscli itself ({type(error).__name__}); details in {write_crash_file()}"
        )
        return ExitCode.BUG
    return _flush(ExitCode.DONE)


def _prepare_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # replaced or closed streams
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]


def _end_by_signal(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _flush(code: int) -> int:
    """`code`, unless what was printed cannot be delivered."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        return _drop_output()
    except (OSError, ValueError):
        return code or ExitCode.FILES
    return code


def _drop_output() -> int:
    """The reader of a pipe has gone: that is its right."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.DONE
