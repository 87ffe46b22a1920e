"""How a workbook looks: its fonts, colours, and the number format of each meaning."""

from collections.abc import Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from cscli.render.text.bands import Tone
from cscli.render.text.display import decimals_of, money_of
from cscli.reports.kit.model import Column, Meaning, Values
from cscli.texts import Language

ACCENT = "#1F3A5F"
BAR = "#C5D6EA"
LINE = "#DDE2E8"
MUTED = "#5B6673"
COLD, MILD, WARM = "#F4B6AE", "#FFFFFF", "#9CCBA8"
INPUT = "#FFF6D6"
_FONTS: Mapping[Language, str] = {"en": "Calibri", "ja": "Yu Gothic"}
_FIXED = {
    Meaning.SCORE: "0.0",
    Meaning.POINTS: "0.0",
    Meaning.CHANGE: "+0.0;-0.0;0.0",
    Meaning.COUNT: "#,##0",
    Meaning.DAYS: "#,##0",
    Meaning.SHARE: "0%",
    Meaning.RATE: "0.0%",
    Meaning.ID: "@",
}


def default_font(language: Language) -> dict[str, str | int]:
    return {"font_name": _FONTS[language], "font_size": 10}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook, currency: str | None, language: Language) -> None:
        self._workbook = workbook
        self._currency = currency
        self._language = language
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.title = self.make(bold=True, font_size=16, font_color=ACCENT)
        self.plain = self.make(font_color=MUTED, text_wrap=True, valign="top")
        self.subtitle = self.make(font_color=MUTED, text_wrap=True, valign="top")
        self.section = self.make(bold=True, font_size=12, font_color=ACCENT)
        head = {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "valign": "vcenter"}
        self.head = self.make(**head, indent=1)
        self.head_right = self.make(**head, align="right", indent=2)
        self.head_input = self.make(**head, text_wrap=True, indent=1)
        self.head_key = self.make(**{**head, "bg_color": "#6B7C93"}, text_wrap=True, indent=1)
        self.head_muted = self.make(**{**head, "bg_color": "#6B7C93"}, align="right", indent=2)
        line = {"valign": "top", "bottom": 1, "bottom_color": LINE, "indent": 1}
        self.text = self.make(**line, align="left")
        self.wrapped = self.make(**line, align="left", text_wrap=True)
        self.count = self.make(**line, align="right", num_format="#,##0")
        self.term = self.make(valign="top", align="left", indent=1, font_color=MUTED)
        self.beside = self.make(valign="top", align="left", indent=1, text_wrap=True)
        self.derived = self.make(**line, align="right", num_format="0.0%", font_color=MUTED)
        self.entry = self._entry("General")
        self.entry_share = self._entry("0%")

    def make(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def of_column(self, column: Column, values: Values) -> Format:
        """The format of a column's cells, by what its values mean."""
        shown: dict[str, Any] = {"num_format": self._number_format(column, values)}
        if column.meaning is Meaning.PROSE:
            shown |= {"text_wrap": True}
        shown |= {"align": "left" if values.dtype.kind == "O" else "right", "indent": 1}
        return self.make(**shown, valign="top", bottom=1, bottom_color=LINE)

    def of_band(self, tone: Tone) -> Format:
        return self.make(bg_color=tone.fill, font_color=tone.ink, bold=True)

    def _entry(self, number_format: str) -> Format:
        return self.make(
            num_format=number_format,
            bg_color=INPUT,
            font_color="#1F4FA3",
            align="right",
            indent=1,
            border=1,
            border_color="#E3D9B0",
        )

    def _number_format(self, column: Column, values: Values) -> str:
        given = column.decimals
        match column.meaning:
            case Meaning.MONEY:
                money = money_of(self._currency, given)
                whole = f'"{money.symbol}"#,##0' if money.symbol else "#,##0"
                return whole + _decimals(money.decimals)
            case Meaning.DATE:
                return "yyyy-mm-dd" if self._language == "en" else "yyyy/mm/dd"
            case Meaning.NUMBER:
                return "#,##0" + _decimals(decimals_of(values) if given is None else given)
            case Meaning.SHARE if given:
                return f"0{_decimals(given)}%"
            case Meaning.DAYS if given:
                return "#,##0" + _decimals(given)
            case _:
                return _FIXED.get(column.meaning, "General")


def _decimals(count: int) -> str:
    return "." + "0" * count if count else ""
