"""A file of the program's own that cannot be read: put aside under another name, so that the next run begins anew."""

import errno
import os
from itertools import count
from pathlib import Path


def set_aside(path: Path) -> Path | None:
    """Gives the file a name beside it that no other has, and gives that; None where its folder takes no changes."""
    for number in count(1):
        other = path.with_name(f"{path.name}.damaged" + (f"-{number}" if number > 1 else ""))
        if other.exists():
            continue
        try:
            os.rename(path, other)  # noqa: PTH104 - Path.rename says the same
        except OSError as error:
            if error.errno == errno.EEXIST:
                continue
            return None
        return other
    return None
