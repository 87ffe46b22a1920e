"""The parts of a workbook to its file: shared texts are written many at a time (XlsxWriter looks at each five times), and every
part is packed while it is written, without a file of its own.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

_MANY_CELLS, _VERY_MANY_CELLS = 1_000_000, 4_000_000
_FAST, _SMALL = 1, 4
"""Levels of zlib. Beside its own, 6, the first takes a quarter of the time and makes files a third larger, the second half the time
and a seventh: with many cells a file has to fit into a mail. (isal is faster by as much again, and its files are a third larger at any level.)
"""
_BUFFERED = 1 << 18
_CHUNK = 4_096
_BETWEEN = "\n"
_NEEDS_A_LOOK = re.compile("_x[0-9a-fA-F]{4}_|[\0-\x1f\ufffe\uffff]|<r>")
"""What XlsxWriter has rules of its own for: escapes of control characters, line ends too, and parts with a format."""


class PackedWorkbook(Workbook):  # type: ignore[misc]  # XlsxWriter is not typed
    """XlsxWriter's workbook with the same parts byte for byte, in a buffer in memory."""

    def __init__(self, packed: BytesIO, options: Mapping[str, object]) -> None:
        super().__init__(BytesIO(), options)  # into which XlsxWriter puts a package without any part
        self._packed, self._packager = packed, _Packager()

    def _get_packager(self) -> "_Packager":
        return self._packager

    def _store_workbook(self) -> None:
        cells = sum((sheet.dim_rowmax or 0) * (sheet.dim_colmax or 1) for sheet in self.worksheets())
        with (
            ZipFile(
                self._packed,
                "w",
                ZIP_DEFLATED,
                allowZip64=self.allow_zip64,
                compresslevel=_FAST if cells < _MANY_CELLS else _SMALL,
            ) as package,
            self._packager.packing(package, is_huge=self.allow_zip64 and cells >= _VERY_MANY_CELLS),
        ):
            super()._store_workbook()


class _Part(StringIO):
    """A part of the package, packed as it is written. XlsxWriter writes into whatever is a StringIO, a few characters at a time."""

    def __init__(self, package: ZipFile, name: str, *, is_huge: bool) -> None:
        super().__init__()
        self._packed = package.open(name, "w", force_zip64=is_huge)

    def write(self, text: str) -> int:
        if len(text) < _BUFFERED:
            super().write(text)
        if self.tell() + len(text) >= _BUFFERED:
            self._pack()
        if len(text) >= _BUFFERED:
            self._packed.write(text.encode())
        return len(text)

    def close(self) -> None:
        if not self.closed:
            self._pack()
            self._packed.close()
        super().close()

    def _pack(self) -> None:
        self._packed.write(self.getvalue().encode())
        self.seek(0)
        self.truncate()


class _Packager(Packager):  # type: ignore[misc]
    """Begins each part where XlsxWriter asks for a file, and ends it where it asks for the next."""

    _package: ZipFile
    _part: _Part | None = None
    _is_huge = False

    @contextmanager
    def packing(self, package: ZipFile, *, is_huge: bool) -> Iterator[None]:
        """In the block parts go into `package`. `is_huge`: one may be larger than 2 GB, which is to be said before it begins."""
        self._package, self._is_huge = package, is_huge
        try:
            yield
        finally:
            self._end_part()

    def _end_part(self) -> None:
        if self._part is not None:
            part, self._part = self._part, None
            part.close()

    def _filename(self, name: str) -> _Part:
        self._end_part()
        self._part = _Part(self._package, name, is_huge=self._is_huge)
        return self._part

    def _create_package(self) -> list[tuple[str, str, bool]]:
        left = super()._create_package()
        if left:
            raise TypeError(f"parts that are files: {left}")
        return []

    def _write_shared_strings_file(self) -> None:
        table = self.workbook.str_table
        if not table.count:
            return
        texts = _SharedTexts()
        texts.string_table = table
        texts._set_xml_writer(self._filename("xl/sharedStrings.xml"))  # noqa: SLF001 - as in Packager
        texts._assemble_xml_file()  # noqa: SLF001


class _SharedTexts(SharedStrings):  # type: ignore[misc]
    def _write_sst_strings(self) -> None:
        every = self.string_table.string_array
        for start in range(0, len(every), _CHUNK):
            chunk = every[start : start + _CHUNK]
            plain = _BETWEEN.join(chunk)
            if _NEEDS_A_LOOK.search(plain.replace(_BETWEEN, "")) or plain.count(_BETWEEN) >= len(chunk):
                for text in chunk:
                    self._write_si(text)
            else:
                self.fh.write("".join(map(_element, self._escape_data(plain).split(_BETWEEN))))


def _element(escaped: str) -> str:
    mark = "" if escaped == escaped.strip() else ' xml:space="preserve"'
    return f"<si><t{mark}>{escaped}</t></si>"
