"""Signals that ask the program to end: it ends with 128 + n, whatever library was at work, and publishes nothing."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP")
_came: list[int] = []


def ending_signals() -> tuple[int, ...]:
    """Those that this system has."""
    return tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


def catch_signals() -> None:
    """From now on each of them ends the program in good order. A hang-up that is ignored (nohup) stays ignored."""
    for number in ending_signals():
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def let_signals_go() -> None:
    """The work is done: from now on they end the process as they would end any other."""
    for number in ending_signals():
        if signal.getsignal(number) is _end:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def handlers_kept() -> Iterator[None]:
    """After the block the handlers are those of before: Spark puts one of its own in the place of SIGINT's."""
    before = {number: signal.getsignal(number) for number in ending_signals()}
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            for number, handler in before.items():
                signal.signal(number, handler)


def exit_code_of_signal() -> int | None:
    """128 + n after signal n; None where none came."""
    return 128 + _came[0] if _came else None


def stop_if_signalled() -> None:
    """Raises SystemExit where a signal came whose SystemExit a library has swallowed: DuckDB makes a RuntimeError
    of it, what Python calls while it collects garbage ignores it.
    """
    code = exit_code_of_signal()
    if code is not None:
        raise SystemExit(code)


@contextmanager
def signals_wait() -> Iterator[None]:
    """Signals that would end the program are handled after the block."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    before = {number: signal.getsignal(number) for number in ending_signals()}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number, frame in came:
        handler = before[number]
        if callable(handler):
            handler(number, frame)


def _end(number: int, _frame: FrameType | None) -> None:
    _came.append(number)
    raise SystemExit(128 + number)
