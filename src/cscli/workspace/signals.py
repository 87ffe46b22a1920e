"""Signals that ask the program to end: it ends with 128 + n, whatever library was at work, and publishes nothing."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP")
_came: list[int] = []
_GRACE = 10.0  # seconds to end in good order
_held: list[bool] = []
_pipe: list[int] = []


def ending_signals() -> tuple[int, ...]:
    """Those that this system has."""
    return tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


def catch_signals() -> None:
    """From now on each of them ends the program in good order. A hang-up that is ignored (nohup) stays ignored."""
    for number in ending_signals():
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)
    if threading.current_thread() is threading.main_thread() and not _watching():
        _watch()


def let_signals_go() -> None:
    """The work is done: from now on they end the process as they would end any other."""
    for number in ending_signals():
        if signal.getsignal(number) is _end:
            signal.signal(number, signal.SIG_DFL)
    _watch_no_more()


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
    _held.append(True)
    try:
        yield
    finally:
        _held.pop()
        for number, handler in before.items():
            signal.signal(number, handler)
    for number, frame in came:
        handler = before[number]
        if callable(handler):
            handler(number, frame)


def _watching() -> bool:
    return bool(_pipe)


def _watch() -> None:
    """A thread ends the process where a signal has not done so in good order, because a library swallowed its
    SystemExit and works on, or never comes back to Python: nothing of the run is published then either.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    _pipe.append(writer)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_watch_no_more)
    threading.Thread(target=_end_late, args=(reader,), daemon=True).start()


def _watch_no_more() -> None:
    if _watching():
        signal.set_wakeup_fd(-1)
        os.close(_pipe.pop())


def _end_late(reader: int) -> None:
    with open(reader, "rb", buffering=0) as came:
        while number := came.read(1):
            if number[0] in ending_signals():
                time.sleep(_GRACE)
                while _held:
                    time.sleep(0.01)
                if _watching():
                    os._exit(128 + number[0])


def _end(number: int, _frame: FrameType | None) -> None:
    _came.append(number)
    raise SystemExit(128 + number)
