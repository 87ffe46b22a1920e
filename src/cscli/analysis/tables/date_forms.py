"""One cell of a column of dates to its day, once it is known how the column writes them."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

_TIME = r"(?:[T\s]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\Z"
_WEEKDAY = re.compile(
    r"\s*\([月火水木金土日](?:曜日?)?\)\s*|^[A-Za-z]{3,9},\s+(?=\d)|(?<=\d)(?:st|nd|rd|th)\b"
)
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _TIME)
MONTH_ALONE = re.compile(r"(\d{4})\s*(?:年\s*(\d{1,2})\s*月(?P<last>末日?)?|[-/.]\s*(0?[1-9]|1[0-2]))\Z")
SHORT_YEAR_FIRST = re.compile(r"(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})" + _TIME)
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME)
_MONTH_NAME = re.compile(r"(\d{1,2})[-\s.]+([A-Za-z]{3,9})\.?[-\s,.]+(\d{4})" + _TIME)
_NAME_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})" + _TIME)
_ERA = re.compile(
    r"(令和|平成|昭和|[RHSrhs])\s*(\d{1,2}|元)\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?\Z"
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?\Z")
_ERA_START = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIAL_DAY_0 = dt.date(1899, 12, 30)
_LAST_SERIAL = 2_958_465  # 9999-12-31
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?\Z")


class Order(StrEnum):
    """How day and month stand in dates such as 1/2/2026."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    AMBIGUOUS = "ambiguous"
    MIXED = "mixed"
    SWAPPED = "swapped"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DateForm:
    """How a column writes its dates, as far as it is known from elsewhere. `pattern`: strptime, or epoch_s, epoch_ms,
    swapped. `order`: that of other columns of the file. `year_first`: 26/4/1 has the year first, as in Japan.
    `is_end`: a month alone means its last day.
    """

    pattern: str | None = None
    order: Order | None = None
    year_first: bool = False
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads cells by `form`, with the `order` that was found; `epoch`: units a second, where cells count from 1970."""

    form: DateForm
    order: Order
    zone: ZoneInfo | None
    epoch: int = 0

    def read(self, cell: object) -> dt.date | None:
        """The day in `cell`, or None."""
        try:
            if isinstance(cell, dt.date):
                day = cell.date() if isinstance(cell, dt.datetime) else cell
                return dt.date(day.year, day.day, day.month) if self.form.pattern == "swapped" else day
            if self.epoch:
                number = epoch_number(cell)
                return None if number is None else self._from_epoch(number)
            if isinstance(cell, float | int) and not isinstance(cell, bool):
                return _from_number(float(cell))
            return self._from_text(folded(cell)) if isinstance(cell, str) else None
        except (ValueError, OverflowError):
            return None

    def _from_text(self, text: str) -> dt.date | None:
        if self.form.pattern == "swapped":
            return self._swapped(text)
        if self.form.pattern:
            return dt.datetime.strptime(text, self.form.pattern).date()  # noqa: DTZ007 - only the day is used
        text = _WEEKDAY.sub("", text.removeprefix("'"))
        if match := MONTH_ALONE.match(text):
            return self._month_alone(match)
        numbers = self._from_numbers(text)
        return _from_words(text) if numbers is None else self._moved(*numbers)

    def _from_numbers(self, text: str) -> tuple[re.Match[str], dt.date | None] | None:
        """The match and the day of a text of three numbers, or of a month's name and two."""
        if match := YEAR_FIRST.match(text) or _COMPACT.match(text):
            return match, dt.date(int(match[1]), int(match[2]), int(match[3]))
        if self.form.year_first and (match := SHORT_YEAR_FIRST.match(text)):
            return match, dt.date(2000 + int(match[1]), int(match[2]), int(match[3]))
        if match := YEAR_LAST.match(text):
            return match, self._year_last(match)
        if match := _MONTH_NAME.match(text):
            return match, dt.date(int(match[3]), _month(match[2]), int(match[1]))
        if match := _NAME_FIRST.match(text):
            return match, dt.date(int(match[3]), _month(match[1]), int(match[2]))
        return None

    def _from_epoch(self, number: float) -> dt.date:
        return dt.datetime.fromtimestamp(number / self.epoch, tz=self.zone or dt.UTC).date()

    def _swapped(self, text: str) -> dt.date | None:
        """Of a half-converted column: text has the part above 12 as the day, ISO texts are swapped."""
        pair, match = day_and_month(text), YEAR_LAST.match(text)
        if pair and match:
            year = int(match[4]) + (0 if int(match[4]) > 99 else 2000)
            return dt.date(year, pair[1], pair[0]) if pair[0] > 12 else dt.date(year, pair[0], pair[1])
        real = real_day(text)
        return dt.date(real.year, real.day, real.month) if real else None

    def _month_alone(self, match: re.Match[str]) -> dt.date:
        year, month = int(match[1]), int(match[2] or match[4])
        first = dt.date(year, month, 1)
        if not (match["last"] or self.form.is_end):
            return first
        return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)

    def _year_last(self, match: re.Match[str]) -> dt.date | None:
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        if match[2] == "." or self.order is Order.DAY_FIRST:
            return dt.date(year, second, first)
        return dt.date(year, first, second) if self.order is Order.MONTH_FIRST else None

    def _moved(self, match: re.Match[str], day: dt.date | None) -> dt.date | None:
        """`day` as the calendar of `zone` has it, where the text bears a time with an offset."""
        if day is None or self.zone is None or not match["zone"]:
            return day
        offset = "+00:00" if match["zone"] in ("Z", "UTC", "GMT") else match["zone"]
        time = match["time"] if match["time"][2] == ":" else "0" + match["time"]
        return dt.datetime.fromisoformat(f"{day}T{time}{offset}").astimezone(self.zone).date()


def _from_number(number: float) -> dt.date | None:
    """An Excel serial, or a date written as the number 20260131."""
    if 1 <= number <= _LAST_SERIAL:
        return _SERIAL_DAY_0 + dt.timedelta(days=int(number))
    if number.is_integer() and 19_000_101 <= number <= 22_001_231:
        return dt.date(int(number) // 10_000, int(number) // 100 % 100, int(number) % 100)
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].casefold()) + 1


def _from_words(text: str) -> dt.date | None:
    """The day of an Excel serial, or of an era's year."""
    if _SERIAL.match(text):
        return _from_number(float(text))
    if match := _ERA.match(text):
        year = 1 if match[2] == "元" else int(match[2])
        start = _ERA_START[match[1].upper()]
        return dt.date(start + year, int(match[3]), int(match[4])) if year else None
    return None


def real_day(cell: object) -> dt.date | None:
    """The day of a real date, or of a text that begins with the year."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    match = YEAR_FIRST.match(folded(cell)) if isinstance(cell, str) else None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def day_and_month(text: str) -> tuple[int, int] | None:
    """The first two numbers of 1/2/2026; None of other texts."""
    match = YEAR_LAST.match(text)
    return (int(match[1]), int(match[3])) if match and match[2] != "." else None


def epoch_number(cell: object) -> float | None:
    """The number in a cell that may count from 1970."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return float(cell)
    text = folded(cell) if isinstance(cell, str) else ""
    return float(text) if _EPOCH.match(text) else None


def folded(text: str) -> str:
    """`text` in plain width, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def is_serial(cell: object) -> bool:
    """Whether a cell may be one of Excel's day numbers."""
    if isinstance(cell, str):
        return _SERIAL.match(folded(cell)) is not None
    return isinstance(cell, float | int) and cell <= _LAST_SERIAL
