"""An .xlsx as the archive that it is: where its parts stand, and XML that cannot reach out or grow."""

import zipfile
from posixpath import normpath
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

_PIECE = 64
"""Bytes fed at a time before the first element: no entity can grow in them."""


class DoctypeError(ParseError):
    """An XML document declares a document type, and with it entities; no workbook needs one."""


def parse_xml(raw: bytes) -> Element:
    """The root element. Raises ParseError, and DoctypeError where the document declares its type: entities could
    grow without bound or read other files.
    """
    if _declares_doctype(raw):
        raise DoctypeError("a document type is declared")
    return fromstring(raw)  # noqa: S314 - without a document type there are no entities


def _declares_doctype(raw: bytes) -> bool:
    """Whether a document type comes before the first element; after it none can come."""
    seen: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: seen.append(True)
    parser.StartElementHandler = lambda *_: seen.append(False)
    try:
        for start in range(0, len(raw), _PIECE):
            parser.Parse(raw[start : start + _PIECE], False)
            if seen:
                return seen[0]
    except expat.ExpatError:
        pass  # said by the parser that reads the whole
    return False


def member_ending(archive: zipfile.ZipFile, ending: str) -> str | None:
    """The first member whose name ends so, whatever its case and slashes."""
    return next((name for name in archive.namelist() if _folded(name).endswith(ending)), None)


def sheet_part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The member that holds the worksheet named `sheet`. KeyError if there is none; ParseError."""
    names = {_folded(name): name for name in archive.namelist()}
    workbook = member_ending(archive, "workbook.xml")
    if workbook is None:
        raise KeyError("workbook.xml")
    folder, _, base = _folded(workbook).rpartition("/")
    links = parse_xml(archive.read(names[f"{folder}/_rels/{base}.rels".lstrip("/")]))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    target = targets[_relation_of(parse_xml(archive.read(workbook)), sheet)]
    path = target if target.startswith("/") else normpath(f"{folder}/{target}")
    return names[_folded(path)]


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _relation_of(workbook: Element, sheet: str) -> str:
    for element in workbook.iter():
        if element.tag.rpartition("}")[2] == "sheet" and element.get("name") == sheet:
            return next(value for name, value in element.items() if name.endswith("}id"))
    raise KeyError(sheet)
