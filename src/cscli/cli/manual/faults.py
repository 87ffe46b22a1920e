"""Faults of a command line, in the language of its reader."""

from typing import Any

from typer.exceptions import Abort, TyperException

from cscli.cli.console import say_line, spoken
from cscli.cli.manual.page import usage_line
from cscli.cli.reader import reader_language
from cscli.errors import ExitCode
from cscli.texts.usage import fault_in, frame_in

FAULTS = (TyperException, Abort)
"""What the parser of the command line raises."""


def tell_fault(fault: Any) -> int:
    """Says what is wrong with the command line, on standard error; the exit code."""
    context: Any = getattr(fault, "ctx", None)
    if type(fault).__name__ == "NoArgsIsHelpError":
        say_line(context.get_help())
        return ExitCode.USAGE
    language = spoken(reader_language())
    if context is not None:
        say_line(usage_line(context, language))
        say_line(frame_in("usage.try", language, command=context.command_path) + "\n")
    message = frame_in("usage.aborted", language) if isinstance(fault, Abort) else fault.format_message()
    say_line(f"{frame_in('usage.error', language)} {fault_in(message, language)}")
    return ExitCode.USAGE
