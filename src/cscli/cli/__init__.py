"""The command line: its commands, and the one place where errors become text and an exit code."""

import os
import signal
import sys

import typer

from cscli import __version__
from cscli.cli import console
from cscli.cli.actions import at_risk, opportunities
from cscli.cli.changes import diff, history
from cscli.cli.crash import write_crash_file
from cscli.cli.data import check, config, init, inputs, match, topics
from cscli.cli.health import backtest, explain, plan, score
from cscli.cli.manual.faults import FAULTS, tell_fault
from cscli.cli.manual.page import HelpedGroup, in_wing
from cscli.cli.monday import alerts, run, schedule
from cscli.cli.outreach import outreach
from cscli.cli.practice import content, fit, initiatives, journey, selfcheck, timeline, voice
from cscli.cli.revenue import ledger, ltv_report, renewals
from cscli.cli.showing import brief, dashboard
from cscli.cli.streams import prepare_streams
from cscli.cli.team import segment
from cscli.errors import CscliError, ExitCode
from cscli.workspace.signals import catch_signals, exit_code_of_signal, let_signals_go

COMMANDS = (
    init,
    check,
    score,
    explain,
    backtest,
    plan,
    diff,
    segment,
    at_risk,
    opportunities,
    ltv_report,
    dashboard,
    brief,
    renewals,
    ledger,
    journey,
    timeline,
    voice,
    content,
    fit,
    selfcheck,
    initiatives,
    outreach,
    alerts,
    run,
    schedule,
    match,
    inputs,
    history,
    config,
    topics,
)
"""One module a command; each adds itself in `register`."""

app = typer.Typer(
    name="cscli",
    cls=HelpedGroup,
    help="Customer success from the command line: health scores that explain themselves, from the exports you have.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in COMMANDS:
    with in_wing(command.__name__.split(".")[-2], app):
        command.register(app)


@app.callback(invoke_without_command=True)
def _root(*, version: bool = typer.Option(False, "--version", help="Show the version and end.")) -> None:
    if version:
        typer.echo(f"cscli {__version__}")
        raise typer.Exit


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    catch_signals()
    prepare_streams()
    code = _run()
    let_signals_go()
    sys.exit(code)


def _run() -> int:
    try:
        code = _run_app()
    except SystemExit:  # a signal, while what went wrong was told
        code = ExitCode.BUG
    return exit_code_of_signal() or code


def _run_app() -> int:
    try:
        ended = app(standalone_mode=False)
    except FAULTS as fault:
        return tell_fault(fault)
    except SystemExit as end:
        if type(sys.stdout).__name__ == "PacifyFlushWrapper":  # of click, which ends with 1 for a closed pipe
            return _drop_output()
        return _flush(end.code if isinstance(end.code, int) else 0 if end.code is None else 1)
    except KeyboardInterrupt:  # Spark has a handler of its own
        return 128 + signal.SIGINT
    except BaseException as error:  # noqa: BLE001 - the boundary
        return exit_code_of_signal() or _tell(error)
    return _flush(ended if isinstance(ended, int) else ExitCode.DONE)


def _is_shown(error: CscliError) -> bool:
    """Says why the command ended; False where even that fails."""
    try:
        console.show_failure(error)
    except Exception:  # noqa: BLE001 - the boundary of the boundary
        return False
    return True


def _tell(error: BaseException) -> int:
    """Says in one line what ended the command; its exit code."""
    match error:
        case CscliError() if _is_shown(error):
            return _flush(error.exit_code)
        case BrokenPipeError():
            return _drop_output()
        case OSError() if error.filename is not None:
            console.say_line(f"cscli: {error.filename}: {error.strerror or error}")
            return ExitCode.FILES
        case OSError():  # standard output on a full disk, or closed
            console.say("run.output_failed", reason=error.strerror or error)
            return ExitCode.FILES
    console.say("run.bug", kind=type(error).__name__, file=write_crash_file())
    return ExitCode.BUG


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
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return ExitCode.DONE
