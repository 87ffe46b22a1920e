"""A file's first bytes into its form, compared with what its name claims."""

import codecs
import io
import zipfile
import zlib
from typing import Literal

from cscli.errors import DataError, Problem, Severity
from cscli.sources.tabular.files import FileBytes

Form = Literal["csv", "xlsx", "xlsb", "xls", "ods", "html", "xml"]

_WORKBOOK_SUFFIXES = {
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xltx": "xlsx",
    ".xlsb": "xlsb",
    ".xls": "xls",
    ".ods": "ods",
    ".htm": "html",
    ".html": "html",
    ".xml": "xml",
}
_TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_BIFF = (
    b"\x09\x08\x10\x00\x00\x06",
    b"\x09\x08\x08\x00\x00\x05",
    b"\x09\x04\x06\x00",
    b"\x09\x00\x04\x00",
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FOREIGN = ((b"%PDF", "PDF"), (b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf", "7z"), (b"PAR1", "Parquet"))
_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HTML = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<body", b"<style", b"<div", b"<script")


def decide_form(file: FileBytes) -> tuple[Form, tuple[Problem, ...]]:
    """The form of `file` by its content. DataError if it is empty, encrypted, not a table, or named as
    a form that it is not; another kind of workbook than the name says is read, with a note.
    """
    form = _form_by_content(file)
    suffix = file.path.suffix.lower()
    claimed = _WORKBOOK_SUFFIXES.get(suffix)
    stem = file.path.stem
    if form == "csv" and claimed:
        raise DataError(_refuse(file, "reading.text_named_workbook", suggestion=f"{stem}.csv"))
    if form != "csv" and suffix in _TEXT_SUFFIXES:
        raise DataError(_refuse(file, "reading.workbook_named_text", suggestion=f"{stem}.{form}"))
    if claimed and claimed != form:
        details = {"form": form, "suffix": suffix}
        return form, (
            Problem(
                "reading.form_differs", severity=Severity.NOTE, where=file.place, value=None, details=details
            ),
        )
    return form, ()


def _form_by_content(file: FileBytes) -> Form:
    raw = file.raw
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _form_of_zip(file)
    if raw.startswith((_OLE, *_BARE_BIFF)):
        if _ENCRYPTED in raw:
            raise DataError(_refuse(file, "reading.encrypted"))
        return "xls"
    for magic, kind in _FOREIGN:
        if raw.startswith(magic):
            raise DataError(_refuse(file, "reading.other_format", kind=kind))
    return _form_of_text(file)


def _form_of_zip(file: FileBytes) -> Form:
    try:
        with zipfile.ZipFile(io.BytesIO(file.raw)) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, zlib.error) as error:
        raise DataError(_refuse(file, "reading.damaged_workbook", reason=str(error))) from error
    if any(name.endswith("workbook.bin") for name in names):
        return "xlsb"
    if "content.xml" in names:
        return "ods"
    if any(name.startswith("xl/") for name in names) or "[content_types].xml" in names:
        return "xlsx"
    raise DataError(_refuse(file, "reading.other_format", kind="zip"))


def _form_of_text(file: FileBytes) -> Form:
    """CSV, or markup where the name is that of a workbook or page: under the name of a CSV it is a login
    page or a message of an error, and refused.
    """
    start = file.raw[:4096]
    for bom in _BOMS:
        start = start.removeprefix(bom)
    start = start.replace(b"\0", b"").lstrip().lower()
    if not start and not file.raw.replace(b"\0", b"").strip():
        raise DataError(_refuse(file, "reading.empty_file"))
    if start.startswith((b'{"', b"[{", b"{\n", b"{\r\n")):
        raise DataError(_refuse(file, "reading.other_format", kind="JSON"))
    is_spreadsheet = start.startswith(b"<") and _SPREADSHEET in start
    is_html = start.startswith(_HTML) or (start.startswith((b"<?xml", b"<!--")) and b"<html" in start)
    if not is_html and not is_spreadsheet and not start.startswith((b"<?xml", b"<!--")):
        return "csv"
    may_be_read = file.path.suffix.lower() in _WORKBOOK_SUFFIXES
    if not may_be_read or not (is_html or is_spreadsheet):
        raise DataError(_refuse(file, "reading.markup", kind="HTML" if is_html else "XML"))
    return "xml" if is_spreadsheet else "html"


def _refuse(file: FileBytes, code: str, **details: object) -> Problem:
    return Problem(code, where=file.place, details=details)
