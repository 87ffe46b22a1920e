"""The URL of a database into its parts, whatever signs the password holds."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

_FORM = re.compile(r"(?P<kind>[A-Za-z][\w+.-]*)://(?P<rest>.*)", re.DOTALL)
_PLACE = re.compile(
    r"(?:\[(?P<literal>[0-9A-Fa-f:.]+)\]|(?P<host>[\w.-]*))(?::(?P<port>\d{1,5}))?(?:/(?P<name>[^/?@\s]*))?(?:\?(?P<query>[^@\s]*))?"
)
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_PORTS = range(1, 65_536)


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class DatabaseUrl:
    """A server and a database on it; `query`: names and values after the question mark."""

    kind: str
    user: str | None
    password: str | None
    host: str | None
    port: int | None
    name: str | None
    query: tuple[tuple[str, str], ...]


def parse_database_url(text: str) -> DatabaseUrl | None:
    """The parts of `text`; None where it is no URL, or one that could be read in two ways. The last `@` ends the
    password, the first `:` begins it; what is percent-encoded as a whole is decoded.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        return None
    before, at, after = form["rest"].rpartition("@")
    place = _PLACE.fullmatch(after)
    if place is None or (at and "/" in before.partition(":")[0]):
        return None
    port = int(place["port"]) if place["port"] else None
    if port is not None and port not in _PORTS:
        return None
    user, colon, password = before.partition(":")
    pairs = tuple(
        (unquote(name), unquote(value))
        for name, _, value in (each.partition("=") for each in (place["query"] or "").split("&") if each)
    )
    return DatabaseUrl(
        kind=form["kind"],
        user=_decoded(user) if at else None,
        password=_decoded(password) if at and colon else None,
        host=place["literal"] or place["host"] or None,
        port=port,
        name=unquote(place["name"]) if place["name"] else None,
        query=pairs,
    )


def _decoded(text: str) -> str:
    """A percent sign that begins no code is one of the password's own; then none is decoded."""
    return unquote(text) if "%" in text and not _PERCENT.sub("", text).count("%") else text
