"""One pass over a text log, in pieces: its hash, lines and encoding; and a UTF-8 copy where DuckDB needs one."""

import codecs
import hashlib
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from cscli.errors import DataError, Location, Problem, Scope, Severity, SourceError
from cscli.sources.engine.log_files import is_packed, open_log, open_text, say_unreadable
from cscli.sources.tabular.encoding import decode_text
from cscli.sources.tabular.files import FileBytes

_PIECE_BYTES = 1 << 20
_SAMPLE_BYTES = 1 << 22
_CANDIDATES = ("utf-8", "cp932", "euc_jp", "cp1252")
_CONTROLS = {code: None for code in (*range(32), 127) if code not in (9, 10, 13)}
_UTF8 = ("utf-8", "utf8", "utf_8", "utf-8-sig")
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class TextScan:
    """A text file as DuckDB may read it: `readable` is the file itself, or a copy in UTF-8.

    `lines` of it, with the header.
    """

    readable: Path
    sha256: str
    lines: int
    problems: tuple[Problem, ...] = ()


@dataclass(kw_only=True)
class _Counts:
    """What a pass over the bytes has found; `sample` are whole lines beyond ASCII, or the start of wide text."""

    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    breaks: int = 0
    returns: int = 0
    pairs: int = 0
    nulls: int = 0
    last: bytes = b""
    is_utf8: bool = True
    sample: bytearray = field(default_factory=bytearray)
    decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def add(self, piece: bytes) -> None:
        self.digest.update(piece)
        nulls, returns = piece.count(0), piece.count(b"\r")
        if piece.startswith(_WIDE_BOMS) or nulls * 4 > len(piece):
            self.sample = self.sample or bytearray(piece[: len(piece) // 2 * 2])
        elif not piece.isascii() or self.decoder.getstate()[0]:
            self._look(piece)
        self.nulls += nulls
        self.breaks += piece.count(b"\n")
        self.returns += returns
        self.pairs += piece.count(b"\r\n") if returns else 0
        self.pairs += self.last == b"\r" and piece.startswith(b"\n")
        self.last = piece[-1:]

    def end(self) -> None:
        self.is_utf8 = self.is_utf8 and not self.decoder.getstate()[0]

    def _look(self, piece: bytes) -> None:
        if len(self.sample) < _SAMPLE_BYTES:
            lines = piece.splitlines(keepends=True)
            whole = lines[bool(self.last) : len(lines) - (len(piece) == _PIECE_BYTES)]
            self.sample += b"".join(line for line in whole if not line.isascii())
        if self.is_utf8:
            try:
                self.decoder.decode(piece)
            except UnicodeDecodeError:
                self.is_utf8 = False

    @property
    def are_lines_alike(self) -> bool:
        """Whether every line ends in the same way, and in one that DuckDB takes for the end of a line."""
        return not self.returns or self.pairs == self.returns == self.breaks


def hash_file(path: Path) -> str:
    """The SHA-256 of a file. SourceError if it cannot be read."""
    try:
        with open_log(path) as file:
            digest = hashlib.sha256()
            for piece in iter(lambda: file.read(_PIECE_BYTES), b""):
                digest.update(piece)
            return digest.hexdigest()
    except OSError as error:
        raise SourceError(say_unreadable(path, error)) from error


def scan_text(path: Path, encoding: str | None, scratch: Path) -> TextScan:
    """Counts and checks a text log. A packed one, one in another encoding than UTF-8, with mixed line ends or with
    null characters is copied into `scratch`. SourceError if it cannot be read, DataError if no encoding fits.
    """
    try:
        if not is_packed(path):
            return _scan(path, path, encoding, scratch)
        plain = scratch / "unpacked.csv"
        with open_text(path) as packed, plain.open("wb") as copy:
            shutil.copyfileobj(packed, copy, _PIECE_BYTES)
        return replace(_scan(path, plain, encoding, scratch), sha256=hash_file(path))
    except (EOFError, zlib.error, OSError) as error:
        raise SourceError(say_unreadable(path, error)) from error


def _scan(path: Path, plain: Path, encoding: str | None, scratch: Path) -> TextScan:
    counts = _Counts()
    with plain.open("rb") as file:
        for piece in iter(lambda: file.read(_PIECE_BYTES), b""):
            counts.add(piece)
    counts.end()
    digest = counts.digest.hexdigest()
    is_utf8 = counts.is_utf8 and (encoding is None or encoding.lower() in _UTF8)
    if is_utf8 and not counts.nulls and counts.are_lines_alike:
        return TextScan(plain, digest, counts.breaks + (counts.last not in {b"\n", b""}))
    copy = scratch / "readable.csv"
    for codec, problems in _choices(path, encoding, counts):
        try:
            lines, removed = _transcode(plain, codec, copy)
        except UnicodeDecodeError:
            continue
        controls = Problem(
            "reading.controls_removed", severity=Severity.WARNING, where=_place(path), value=str(removed)
        )
        return TextScan(copy, digest, lines, (*problems, controls) if removed else problems)
    code = "reading.encoding_failed" if encoding else "reading.no_encoding"
    raise DataError(Problem(code, where=_place(path), value=encoding))


def _choices(path: Path, pinned: str | None, counts: _Counts) -> Iterator[tuple[str, tuple[Problem, ...]]]:
    """The encodings to try: what the sample is taken for first, then the others in their order."""
    found = decode_text(FileBytes(path, bytes(counts.sample) or b"\n", "", 0.0), pinned)
    said = tuple(problem for problem in found.problems if problem.scope is Scope.ENCODING)
    yield found.encoding, said
    if not pinned:
        for name in _CANDIDATES:
            if name != found.encoding:
                assumed = Problem(
                    "reading.encoding_assumed",
                    severity=Severity.NOTE,
                    where=_place(path),
                    value=name,
                    details={"other": name},
                )
                yield name, (assumed,)


def _transcode(plain: Path, codec: str, copy: Path) -> tuple[int, int]:
    """Writes a copy in UTF-8 with plain line ends; its lines, and how many control characters were left out."""
    lines, removed, last = 0, 0, "\n"
    with plain.open(encoding=codec) as source, copy.open("w", encoding="utf-8", newline="\n") as target:
        for piece in iter(lambda: source.read(_PIECE_BYTES), ""):
            text = piece.translate(_CONTROLS)
            removed += len(piece) - len(text)
            text = text.removeprefix("\ufeff") if last == "\n" else text
            lines += text.count("\n")
            last = text[-1:] or last
            target.write(text)
    return lines + (last != "\n"), removed


def _place(path: Path) -> Location:
    return Location(file=path.name)
