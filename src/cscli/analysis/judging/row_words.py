"""Texts of cells to what they say of their row: a sum, a note, a unit."""

import re
import unicodedata

from cscli.analysis.tables.raw import Cell

_WORDS = (
    "grand total", "subtotal", "sub-total", "sub total", "total", "totals", "sum", "average", "avg", "mean", "median", "count", "record count",
    "overall", "tax", "vat", "ttl", "result", "overall result", "maximum", "minimum", "合計", "合計額", "最大", "最小", "最大値", "最小値", "中央値", "社数", "総合計", "総計", "計", "小計", "中計", "平均", "件数", "消費税", "累計", "税", "合計金額",
    "summe", "gesamt", "gesamtsumme", "zwischensumme", "insgesamt", "total général", "total general", "sous-total", "somme", "totale", "suma", "totaal",
    "subtotaal", "totalt", "总计", "總計", "合计", "小计", "小計", "합계", "총계", "소계", "평균",
)  # fmt: skip
_SUMMARY = re.compile(
    r"[\[(【「<*\s]*(?:"
    + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
    + r")[\])】」>*\s]*"
    r"(?:[(\[][^)\]]{0,24}[)\]]|[\d,]+\s*(?:社|件|名|行|accounts?|customers?|records?|rows?))?\s*[::]?"
)
_GROUP_SUMMARY = re.compile(
    r".+[\s_-](?:grand total|sub-?total|total|average)s?\s*:?|.+(?:小計|合計|平均)\s*[::]?"
    r"|(?:grand total|sub-?total|total|average)s?(?:\s*[::-]\s*|\s+(?:of|for)\s+|\s+).+|(?:小計|合計|平均)\s*[::(]?.+"
)
_NOTE = re.compile(
    r"[※*#注].*|以上[。.]?|copyright\b.*|confidential\b.*|.*all rights reserved.*|generated (?:by|on|at)\b.*|(?:exported|printed|created|report) (?:by|on|at)\b.*"
    r"|(?:出力|作成|印刷|抽出|更新)(?:日時?|者)\s*[::].*|機密.*|.*再配布禁止.*|end of (?:report|file).*|注記.*|備考.*|note[s]?\s*:.*|source\s*:.*|page \d+.*"
)
UNIT = re.compile(
    r"[(\[].{1,20}[)\]]|千円|百万円|万円|円|%|人|件|社|日|usd|jpy|eur|ids?|text|number|date|string|yyyy.*"
)
FRAGMENTS = (
    "total", "ttl", "result", "maximum", "minimum", "最大", "最小", "中央値", "社数", "sum", "average", "avg", "mean", "median", "count", "overall", "tax", "vat", "計", "平均", "件数", "税", "※", "*",
    "#", "注", "以上", "copyright", "confidential", "all rights", "generated", "exported ", "printed ", "created ", "report ",
    "summ", "gesamt", "somme", "suma", "tota", "总计", "計", "合计", "小计", "계", "평균", "日時", "出力", "作成", "印刷", "抽出", "更新", "機密", "再配布", "end of", "備考", "note", "source", "page ",
)  # fmt: skip


def folded(text: str) -> str:
    """`text` in one width and case."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def is_summary(cell: Cell) -> bool:
    """Whether the cell is a word for a sum, mean or count, alone or of a group."""
    if not isinstance(cell, str) or len(cell) > 60:
        return False
    text = folded(cell)
    return bool(
        _SUMMARY.fullmatch(text)
        or _SUMMARY.fullmatch(text.replace(" ", ""))
        or _GROUP_SUMMARY.fullmatch(text)
    )


def is_plain_summary(label: str) -> bool:
    """Whether the label is such a word alone."""
    return _SUMMARY.fullmatch(folded(label)) is not None


def is_note(cell: Cell) -> bool:
    """Whether the cell is a remark on the table: a footnote, who printed it, its copyright."""
    return isinstance(cell, str) and _NOTE.fullmatch(folded(cell)) is not None
