"""The parts of a workbook to its file: shared texts are written many at a time (XlsxWriter looks at each five times),
and packed at a level that is a seventh larger than zlib's own and takes half its time.
"""

import os
import re
import time
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

_LEVEL = 4
_DAY = (time.mktime((1980, 1, 31, 0, 0, 0, 0, 0, -1)),) * 2  # of every part, as XlsxWriter has it
_CHUNK = 4_096
_BETWEEN = "\n"
_NEEDS_A_LOOK = re.compile("_x[0-9a-fA-F]{4}_|[\0-\x1f\ufffe\uffff]|<r>")
"""What XlsxWriter has rules of its own for: escapes of control characters, line ends too, and parts with a format."""


class PackedWorkbook(Workbook):  # type: ignore[misc]  # XlsxWriter is not typed
    """XlsxWriter's workbook with the same parts byte for byte, its `filename` a buffer in memory."""

    def __init__(self, packed: BytesIO, options: Mapping[str, object]) -> None:
        super().__init__(packed, options)
        self._packager = _Packager()

    def _get_packager(self) -> "_Packager":
        return self._packager

    def _store_workbook(self) -> None:
        super()._store_workbook()  # writes the parts into files, and a package without any
        self.filename.seek(0)
        self.filename.truncate()
        with ZipFile(
            self.filename, "w", ZIP_DEFLATED, allowZip64=self.allow_zip64, compresslevel=_LEVEL
        ) as package:
            for path, name, _ in self._packager.parts:
                os.utime(path, _DAY)
                package.write(path, name)
                Path(path).unlink()


class _Packager(Packager):  # type: ignore[misc]
    parts: Sequence[tuple[str, str, bool]] = ()
    """The file of each part, its name in the package, and whether it is binary."""

    def _create_package(self) -> list[tuple[str, str, bool]]:
        self.parts = super()._create_package()
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
