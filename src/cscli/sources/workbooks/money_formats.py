"""The currencies that an .xlsx names in the number formats of its cells alone: 1,200 shown as 1.200,00 €."""

import io
import re
import zipfile
from collections import Counter

from cscli.currencies import CURRENCY_CODES
from cscli.sources.workbooks.workbook_xml import column_index
from cscli.workspace.xlsx_package import member_ending

Signs = dict[int, tuple[str, dict[int, str]]]
"""By column from 0: the currency of most of its cells, and by row (from 1) those of the others."""

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\b(numFmtId|formatCode)="([^"]*)"')
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(rb'<(?:\w+:)?xf\b[^>]*?\bnumFmtId="(\d+)"')
_SIGNED = re.compile(r"\[\$([^\]-]+)(?:-[0-9A-Fa-f]*)?\]|\"([^\"]+)\"|\\(.)|([¥￥€£])|(\$)(?![^\[]*\])")
_OF_SIGNS = {
    "¥": "JPY",
    "￥": "JPY",
    "円": "JPY",
    "€": "EUR",
    "£": "GBP",
    "$": "USD",
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
}
_MOST_FORMATS = 2_000


def find_signs(raw: bytes, xml: bytes) -> Signs:
    """The currencies of the cells of a sheet; empty where no format names one."""
    codes = _codes_by_style(raw)
    if not codes:
        return {}
    styles = b"|".join(str(style).encode() for style in codes)
    wanted = re.compile(
        rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})" s="('
        + styles
        + rb')"(?! t="(?:s|str|inlineStr|b|e|d)")[^>/]*>'
    )
    found: dict[int, dict[int, str]] = {}
    for letters, row, style in wanted.findall(xml):
        found.setdefault(column_index(letters.decode()), {})[int(row)] = codes[int(style)]
    return {column: _shortened(rows) for column, rows in found.items()}


def _shortened(rows: dict[int, str]) -> tuple[str, dict[int, str]]:
    most = Counter(rows.values()).most_common(1)[0][0]
    return most, {row: code for row, code in rows.items() if code != most}


def _codes_by_style(raw: bytes) -> dict[int, str]:
    """The currency of each cell style that names one."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        name = member_ending(archive, "styles.xml")
        content = b"" if name is None else archive.read(name)
    formats: dict[int, str] = {}
    for tag in _FORMAT.findall(content)[:_MOST_FORMATS]:
        given = dict(_ATTRIBUTE.findall(tag))
        code = _currency_of(given.get(b"formatCode", b"").decode("utf-8", "replace"))
        if code and given.get(b"numFmtId", b"").isdigit():
            formats[int(given[b"numFmtId"])] = code
    styles = _CELL_FORMATS.search(content)
    if not formats or styles is None:
        return {}
    numbers = map(int, _CELL_FORMAT.findall(styles[0]))
    return {style: formats[number] for style, number in enumerate(numbers) if number in formats}


def _currency_of(form: str) -> str | None:
    """The currency that a format shows; None where it shows none, or one that nobody can tell."""
    plain = form.replace("&quot;", '"').replace("&amp;", "&")
    for parts in _SIGNED.findall(plain):
        sign: str = next(filter(None, parts)).strip()
        if sign in CURRENCY_CODES or sign in _OF_SIGNS:
            return _OF_SIGNS.get(sign) or sign
    return None
