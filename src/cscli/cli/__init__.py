"""The command line: its commands, and the one place where errors become text and an exit code."""

import os
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

import typer

from cscli import __version__
from cscli.cli import console
from cscli.cli.crash import write_crash_file
from cscli.cli.manual.faults import FAULTS, tell_fault
from cscli.cli.manual.page import HelpedGroup, in_wing
from cscli.cli.streams import prepare_streams
from cscli.errors import CscliError, ExitCode
from cscli.workspace.signals import catch_signals, exit_code_of_signal, let_signals_go

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "init": "data.init",
        "check": "data.check",
        "score": "health.score",
        "explain": "health.explain",
        "backtest": "health.backtest",
        "plan": "health.plan",
        "diff": "changes.diff",
        "segment": "team.segment",
        "at-risk": "actions.at_risk",
        "opportunities": "actions.opportunities",
        "ltv-report": "revenue.ltv_report",
        "dashboard": "showing.dashboard",
        "brief": "showing.brief",
        "renewals": "revenue.renewals",
        "ledger": "revenue.ledger",
        "journey": "practice.journey",
        "timeline": "practice.timeline",
        "voice": "practice.voice",
        "content": "practice.content",
        "fit": "practice.fit",
        "selfcheck": "practice.selfcheck",
        "initiatives": "practice.initiatives",
        "outreach": "outreach.outreach",
        "alerts": "monday.alerts",
        "run": "monday.run",
        "schedule": "monday.schedule",
        "match": "data.match",
        "inputs": "data.inputs",
        "history": "changes.history",
        "config": "data.config",
        "help": "data.topics",
    }
)
"""The wing and module of each command, which adds itself in `register`."""


def make_app(commands: Iterable[str] = COMMANDS) -> typer.Typer:
    """The application, with these of its commands."""
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
    for command in commands:
        module = import_module(f"cscli.cli.{COMMANDS[command]}")
        with in_wing(COMMANDS[command].partition(".")[0], app):
            module.register(app)
    app.callback(invoke_without_command=True)(_root)
    return app


def _root(*, version: bool = typer.Option(False, "--version", help="Show the version and end.")) -> None:
    if version:
        console.show_line(f"cscli {__version__}")
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
        ended = make_app(_asked(sys.argv[1:]))(standalone_mode=False)
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


def _asked(arguments: Sequence[str]) -> Iterable[str]:
    """The command that stands first, which needs none of the others; else all, for help and for what nearly is one."""
    return arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS


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
