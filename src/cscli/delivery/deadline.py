"""A limit for a whole exchange with a server, however slowly it drips: timeouts of sockets count from byte to byte."""

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


class Deadline:
    """So many seconds from now, and the sockets that are cut off when they are over."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._cut = False
        self._sockets: list[socket.socket] = []
        self._guard = threading.Lock()

    def left(self) -> float:
        """The seconds that are left. Raises TimeoutError where there are none: what comes next must not happen."""
        left = self._end - time.monotonic()
        if left <= 0 or self._cut:
            raise TimeoutError
        return left

    def watch(self, connection: socket.socket) -> None:
        """Cuts `connection` off at the end. Raises TimeoutError where that has come already."""
        with self._guard:
            self.left()
            self._sockets.append(connection)

    def cut(self) -> None:
        """Ends every exchange that is under way."""
        with self._guard:
            self._cut = True
            for connection in self._sockets:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(
                        connection, socket.SHUT_RDWR
                    )  # beneath TLS, which would say goodbye


def within(seconds: float, exchange: Callable[[Deadline], Result]) -> Result:
    """What `exchange` gives, or the exception it raises. Raises TimeoutError after `seconds`, whatever it waits for;
    it may then go on for a while, but finds no connection and no time left.
    """
    deadline = Deadline(seconds)
    answer: queue.Queue[tuple[Result | None, BaseException | None]] = queue.Queue()
    thread = threading.Thread(target=lambda: answer.put(_tried(exchange, deadline)), daemon=True)
    thread.start()
    try:
        result, error = answer.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    finally:
        deadline.cut()
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # without an error it is what `exchange` gave


def _tried(
    exchange: Callable[[Deadline], Result], deadline: Deadline
) -> tuple[Result | None, BaseException | None]:
    try:
        return exchange(deadline), None
    except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
        return None, error
