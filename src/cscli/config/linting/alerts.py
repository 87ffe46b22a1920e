"""Mistakes in alerts that are right in themselves: codes and channels that do not exist, names taken twice."""

from collections.abc import Iterator

from cscli.config.document import Document, Path
from cscli.errors import Problem
from cscli.nearest import nearest_name
from cscli.texts import catalogue

_PROBLEM = "problem."


def check_alerts(document: Document) -> Iterator[Problem]:
    """Problems of `alerts:` and of who gets the Monday page; repeated names are looked for elsewhere."""
    channels = [str(document.at(*path, "name")) for path in document.items("channels")]
    codes = _known_codes()
    named: list[Path] = [("run", "monday", "channels")]
    for path in document.items("alerts"):
        yield from _unknown(
            document, (*path, "problems"), codes, ("config.unknown_problem", "config.unknown_problem_nearest")
        )
        named.append((*path, "channels"))
    for path in named:
        yield from _unknown(
            document, path, channels, ("config.unknown_channel", "config.unknown_channel_nearest")
        )


def covers(pattern: str, code: str) -> bool:
    """Whether `pattern`, a code or `topic.*`, means the problem `code`."""
    return code == pattern or (pattern.endswith(".*") and code.startswith(pattern[:-1]))


def _known_codes() -> list[str]:
    keys = [key.removeprefix(_PROBLEM) for key in catalogue("en") if key.startswith(_PROBLEM)]
    codes = [key for key in keys if not key.endswith(".hint")]
    return [*codes, *sorted({f"{code.split('.', 1)[0]}.*" for code in codes})]


def _unknown(document: Document, path: Path, known: list[str], codes: tuple[str, str]) -> Iterator[Problem]:
    """`codes`: of a name that is not `known`, and of one that is nearly."""
    for place in document.items(*path):
        name = document.at(*place)
        if isinstance(name, str) and name not in known:
            nearest = nearest_name(name, known)
            where, details = document.place(place), {"nearest": nearest or ""}
            yield Problem(codes[bool(nearest)], where=where, value=name, details=details)
