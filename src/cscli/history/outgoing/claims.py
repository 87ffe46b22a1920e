"""Which process has taken a message, and whether it is no more."""

import os
import socket


def this_process() -> str:
    """What a message is claimed by."""
    return f"{socket.gethostname()}:{os.getpid()}"


def has_ended(claimed_by: str | None) -> bool:
    """Whether the process was one of this computer, and is no more. On Windows the question would end it."""
    host, _, pid = (claimed_by or "").rpartition(":")
    if host != socket.gethostname() or os.name == "nt":
        return False
    if int(pid) == os.getpid():
        return True  # its number was used again: nobody claims twice at once
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
