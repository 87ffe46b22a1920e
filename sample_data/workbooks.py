"""Writes the books in which people of the sample company typed: a sheet of named columns each, in English or Japanese."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter
from promises import Cells

HEADERS: Mapping[str, tuple[str, str]] = {
    "account_id": ("Account ID", "顧客ID"), "name": ("Name", "会社名"), "owner": ("Owner", "担当者"),
    "sold_by": ("Sold by", "営業担当"), "purpose": ("Purpose", "導入目的"),
    "promised_outcome": ("Promised outcome", "約束した成果"), "how_measured": ("How measured", "測り方"),
    "promised_by": ("Promised by", "約束の期日"), "sponsor": ("Sponsor", "役員スポンサー"),
    "champion": ("Champion", "推進責任者"), "decision_history": ("Decision history", "契約までの経緯"),
    "concerns": ("Concerns", "懸念点"), "non_standard_promises": ("Non-standard promises", "標準外の約束"),
    "handed_on": ("Handed on", "引き継ぎ日"), "goal": ("Goal", "顧客の目標"), "measure": ("Measure", "指標"),
    "unit": ("Unit", "単位"), "baseline": ("Baseline", "基準値"), "target": ("Target", "目標値"),
    "due_on": ("Due", "期限"), "owner_customer": ("Owner at the customer", "顧客側の担当者"),
    "agreed_on": ("Agreed on", "合意日"), "agreed_with": ("Agreed with", "合意した相手"),
    "reviewed_on": ("Reviewed on", "確認日"), "next_review_on": ("Next review", "次回レビュー日"),
    "actual": ("Actual", "実績値"), "actual_on": ("Actual on", "実績の日付"), "status": ("Status", "状態"),
    "reason": ("Reason", "理由"), "standard": ("Standard", "標準"), "milestone": ("Milestone", "マイルストーン"),
    "reached_on": ("Reached on", "達成日"), "waived": ("Waived because", "免除の理由"), "note": ("Note", "メモ"),
    "content_id": ("Content ID", "コンテンツID"), "title": ("Title", "タイトル"), "format": ("Format", "形式"),
    "audience": ("Audience", "対象"), "delivery": ("Delivery", "提供方法"),
    "maturity_from": ("Maturity from", "成熟度（下限）"), "maturity_to": ("Maturity to", "成熟度（上限）"),
    "abstraction": ("Abstraction", "抽象度"), "influence": ("Influence", "影響力"),
    "hours": ("Hours", "工数（時間）"), "after": ("After", "前提コンテンツ"),
    "repeat_after_days": ("Repeat after days", "再提供までの日数"), "url": ("URL", "URL"),
    "question_id": ("ID", "ID"), "axis": ("Axis", "軸"), "question": ("Question", "質問"), "level_0": ("Level 0", "レベル0"),
    "level_2": ("Level 2", "レベル2"), "level_4": ("Level 4", "レベル4"), "level": ("Level (0-4)", "レベル（0〜4）"),
    "evidence_note": ("Why", "根拠"), "respondent": ("Respondent", "回答者"), "role": ("Role", "役割"), "version": ("Version", "版"),
}  # fmt: skip
SHEETS: Mapping[str, tuple[str, str]] = {
    "handover": ("Handover", "営業からの引き継ぎ"), "goals": ("Goals", "顧客の目標"),
    "milestones": ("Milestones", "マイルストーン"), "content": ("Content", "コンテンツ"),
    "selfcheck": ("Self-check", "自己診断"),
}  # fmt: skip
WIDE = (
    "name",
    "purpose",
    "promised_outcome",
    "goal",
    "title",
    "url",
    "question",
    "level_0",
    "level_2",
    "level_4",
)


def write_book(path: Path, sheets: Mapping[str, Sequence[Cells]], language: str) -> None:
    """One workbook; `sheets`: rows by the id of their sheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime(2026, 10, 31, 9, 0, tzinfo=dt.UTC), "title": path.stem})
    for name, rows in sheets.items():
        _write_sheet(book, SHEETS[name][language == "ja"], rows, is_ja=language == "ja")
    book.close()


def _write_sheet(book: xlsxwriter.Workbook, title: str, rows: Sequence[Cells], *, is_ja: bool) -> None:
    sheet, bold = book.add_worksheet(title), book.add_format({"bold": True, "text_wrap": True})
    day = book.add_format({"num_format": "yyyy/mm/dd" if is_ja else "yyyy-mm-dd"})
    for column, name in enumerate(rows[0]):
        sheet.write_string(0, column, HEADERS[name][is_ja], bold)
        sheet.set_column(column, column, 34 if name in WIDE else 14)
        for row, cells in enumerate(rows, 1):
            value = cells[name]
            if isinstance(value, dt.date):
                sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value)
    sheet.freeze_panes(1, 2)
