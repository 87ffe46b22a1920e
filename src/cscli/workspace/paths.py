"""Names of files as people wrote them into paths: a home folder opened, signs of patterns taken for what they are."""

import glob
import os
import stat
from pathlib import Path, PureWindowsPath

CROSSWALK, OPT_OUTS = Path("inputs") / "crosswalk.csv", Path("inputs") / "optout.csv"
"""Where people's decisions about ids are in a workspace, and who wants no mail."""
_IS_WINDOWS = os.name == "nt"
_LONGEST = 247  # Windows: 260 for a file, 12 fewer for a folder, since a short name must still fit into it


def open_home(name: str) -> Path:
    """`name` with a `~` at its beginning as the home folder; of a user that there is not, as it is."""
    path = Path(name)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def within_limits(path: Path) -> Path:
    """The path in a form that the system opens however long it is: Windows takes 260 characters, and more where the
    name says that it is to be taken as it stands.
    """
    if not _IS_WINDOWS:
        return path
    return Path(taken_as_it_stands(PureWindowsPath(os.path.abspath(path))))  # noqa: PTH100 - links stay links


def taken_as_it_stands(path: PureWindowsPath) -> str:
    """The name of an absolute path of Windows; a long one in the form that has no limit.

    Source: Microsoft, "Maximum Path Length Limitation" (Win32 file naming).
    """
    name = str(path)
    if len(name) <= _LONGEST or name.startswith("\\\\?\\"):
        return name
    return f"\\\\?\\UNC\\{name[2:]}" if name.startswith("\\\\") else f"\\\\?\\{name}"


def is_there(path: Path) -> bool:
    """Whether something of that name exists; a name that no file can have does not."""
    try:
        return path.exists()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether a folder of that name exists."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_ordinary(path: Path) -> bool:
    """Whether reading the file comes to an end: not of a device, a pipe or a socket. OSError if there is none."""
    return stat.S_ISREG(path.stat().st_mode)


def find_matches(pattern: str, folder: Path, *, recursive: bool = False) -> list[Path]:
    """The files and folders that `pattern` stands for, seen from `folder`. Leading parts that are there as they are
    written are no patterns, whatever signs they hold.
    """
    parts = open_home(pattern).parts
    root, at = folder, 0
    while at < len(parts) and is_there(root / parts[at]):
        root, at = root / parts[at], at + 1
    rest = parts[at:]
    if not rest:
        return [root]
    found = glob.glob(str(Path(*rest)), root_dir=root, recursive=recursive)  # noqa: PTH207 - `**` and hidden files as ever
    return [root / name for name in found]
