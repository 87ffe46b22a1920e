"""Bytes of a text file into text: byte order mark, then UTF-8, CP932, EUC-JP and CP1252, each strict."""

import codecs
import re
from dataclasses import dataclass

from cscli.errors import DataError, Problem, Scope, Severity
from cscli.sources.tabular.files import FileBytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_TITLES = {"cp932": "CP932 (Shift-JIS)", "euc_jp": "EUC-JP", "cp1252": "CP1252 (Western)"}
_CONTROL_BYTES = bytes({*range(32), 127} - {9, 10, 13})
_WIDE_CONTROLS = re.compile("[\x80-\x9f\u2028\u2029]")
_FOREIGN_RUN = re.compile(r"(.?)([^\x00-\x7f]+)(.?)", re.DOTALL)
_ACCENTED = re.compile(r"[À-ÖØ-öø-ÿ’]{1,2}")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text without its byte order mark and control characters."""

    text: str
    raw: bytes
    """The same in bytes of an encoding whose ASCII is one byte each."""
    encoding: str
    problems: tuple[Problem, ...]


def decode_text(file: FileBytes, pinned: str | None = None) -> DecodedText:
    """The text of `file`. A choice that could be wrong is said. DataError if no encoding fits."""
    raw, encoding, problems = _choose_encoding(file, pinned)
    text = _decode(file, raw, encoding)
    if encoding.startswith("utf-16"):
        raw = text.encode("utf-8", "replace")
    kept = raw.translate(None, _CONTROL_BYTES)
    removed = len(raw) - len(kept)
    if removed:
        text = _decode(file, kept, "utf-8" if encoding.startswith("utf-16") else encoding)
    if _may_hold_wide_controls(text, kept, encoding) and _WIDE_CONTROLS.search(text):
        text, wide = _WIDE_CONTROLS.subn("", text)
        removed += wide
    if removed:
        controls = Problem(
            "reading.controls_removed", severity=Severity.WARNING, where=file.place, value=str(removed)
        )
        problems = (*problems, controls)
    return DecodedText(text, kept, encoding, problems)


def _may_hold_wide_controls(text: str, kept: bytes, encoding: str) -> bool:
    """Spares a look at every character where a look at the bytes is enough."""
    if text.isascii():
        return False
    return encoding != "utf-8" or b"\xc2" in kept or b"\xe2\x80" in kept


def _choose_encoding(file: FileBytes, pinned: str | None) -> tuple[bytes, str, tuple[Problem, ...]]:
    raw = file.raw
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :], encoding, ()
    if pinned:
        return raw, _known_codec(file, pinned), ()
    if raw.count(0) * 4 > len(raw):
        encoding = "utf-16-be" if raw[0] == 0 else "utf-16-le"
        return raw, encoding, (_say(file, "reading.encoding_doubtful", encoding.upper(), "UTF-8"),)
    if raw.isascii() or _fits(raw, "utf-8") is not None:
        return raw, "utf-8", ()
    encoding, doubted = _choose_legacy(file)
    if doubted:
        return raw, encoding, (_say(file, "reading.encoding_doubtful", _TITLES[encoding], _TITLES[doubted]),)
    return raw, encoding, (_say(file, "reading.encoding_assumed", _TITLES[encoding], encoding),)


def _choose_legacy(file: FileBytes) -> tuple[str, str | None]:
    """The encoding below UTF-8, and the one it was preferred to where the order alone would mislead."""
    texts = {name: text for name in _TITLES if (text := _fits(file.raw, name)) is not None}
    if not texts:
        raise DataError(Problem("reading.no_encoding", where=file.place))
    first = next(iter(texts))
    if first != "cp1252" and "cp1252" in texts and _reads_as_western(texts["cp1252"]):
        return "cp1252", first
    if first == "cp932" and "euc_jp" in texts and _reads_as_euc(texts["cp932"], texts["euc_jp"]):
        return "euc_jp", first
    return first, None


def _reads_as_western(text: str) -> bool:
    """Whether everything outside ASCII is one or two accented letters inside a Latin word: `Désirée` is
    valid CP932 too, with a rare kanji for `és`, while Japanese text stands in longer runs.
    """
    runs = _FOREIGN_RUN.findall(text)
    return all(
        _ACCENTED.fullmatch(run)
        and (_is_ascii_letter(before) or _is_ascii_letter(after))
        and ("’" not in run or (_is_ascii_letter(before) and _is_ascii_letter(after)))
        for before, run, after in runs
    )


def _is_ascii_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _reads_as_euc(as_cp932: str, as_euc: str) -> bool:
    """EUC-JP's hiragana and katakana read as half-width punctuation in CP932, which has kana of its own."""
    foreign = sum(not character.isascii() for character in as_cp932)
    half_width = len(_HALF_WIDTH.findall(as_cp932))
    return half_width * 2 >= foreign and not _KANA.search(as_cp932) and bool(_KANA.search(as_euc))


def _known_codec(file: FileBytes, pinned: str) -> str:
    name = {"shift_jis": "cp932", "sjis": "cp932"}.get(pinned.lower().replace("-", "_"), pinned)
    try:
        codec = codecs.lookup(name)
    except LookupError as error:
        raise DataError(Problem("reading.unknown_encoding", where=file.place, value=pinned)) from error
    return "utf-16-le" if codec.name == "utf-16" else codec.name


def _fits(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode(file: FileBytes, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        place = file.place
        raise DataError(Problem("reading.encoding_failed", where=place, value=encoding)) from error


def _say(file: FileBytes, code: str, taken: str, other: str) -> Problem:
    severity = Severity.WARNING if code.endswith("doubtful") else Severity.NOTE
    return Problem(
        code, severity=severity, where=file.place, value=taken, details={"other": other}, scope=Scope.ENCODING
    )
